"""Named points between planning and sent, at which tests end the process to prove that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

Point = Callable[[str], None]
POINTS = (
    "plan.read",
    "plan.run_written",
    "plan.items_written",
    "plan.mails_written",
    "plan.committed",
    "deliver.recovered",
    "deliver.claimed",
    "smtp.connected",
    "smtp.recipient_accepted",
    "smtp.data_accepted",
    "deliver.answered",
    "deliver.finished",
)


def passing(point: str) -> None:
    """The default: nothing happens at any point."""
