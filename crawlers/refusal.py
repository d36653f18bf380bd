"""How the parts of the crawl say that a request came to nothing."""

from __future__ import annotations

from datetime import timedelta

from scrapy.exceptions import IgnoreRequest

from models.outcome import Reason


class Refused(IgnoreRequest):
    """A request that ends with `reason`. `transient` tells whether asking once more at once may help, `wait`
    how long the host wants to be left alone, if it said so."""

    def __init__(
        self, reason: Reason, detail: str = "", *, transient: bool = False, wait: timedelta | None = None
    ) -> None:
        super().__init__(detail or reason.value)
        self.reason = reason
        self.detail = detail
        self.transient = transient
        self.wait = wait


class Stopped(IgnoreRequest):
    """The run is ending; the request was not made and its URL has no outcome yet."""
