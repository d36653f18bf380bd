"""Options of several signed values: `--province +48 -79`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from typer.core import TyperCommand

from models.errors import ConfigError

_SIGNS = {"+": True, "-": False, "\u2212": False}
_SIGNED = frozenset({"--province", "--topic"})


class SignedCommand(TyperCommand):
    """A command whose options `--province` and `--topic` take all signed words that follow them. The usual
    parser would take `-79` for an option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The words as the usual parser reads them: one option for each signed value."""
        return super().parse_args(ctx, list(gathered(args)))


def gathered(args: Sequence[str]) -> Iterator[str]:
    """`--province +48 -79` → `--province=+48 --province=-79`."""
    option = ""
    for place, word in enumerate(args):
        following = args[place + 1] if place + 1 < len(args) else ""
        if word in _SIGNED and is_signed(following):
            option = word
        elif option and is_signed(word):
            yield f"{option}={word}"
        else:
            option = ""
            yield word


def is_signed(word: str) -> bool:
    """Whether a word is a value with its sign, and no option."""
    return len(word) > 1 and word[0] in _SIGNS and not word.startswith("--")


def read_signed(option: str, values: Iterable[str], *, bare: bool = False) -> list[tuple[bool, str]]:
    """Each value with whether it is added (else taken away).

    Raises ConfigError for one without a sign, unless it may stand `bare`, which counts as added.
    """
    read = []
    for value in values:
        if bare and not is_signed(value):
            read.append((True, value.strip()))
            continue
        if not is_signed(value):
            raise ConfigError(
                f"{value!r} has no sign",
                about=option,
                hint=f"write {option} +NAME to add and {option} -NAME to take away",
            )
        read.append((_SIGNS[value[0]], value[1:].strip()))
    return read
