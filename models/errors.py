"""Every error the program raises on purpose.

    DiemBaoError
    ├── ConfigError      a file or setting is wrong; names the file, the key and the reason
    ├── ExtractError     bytes could not be read as a page
    ├── StoreError       the database refused or is not there
    │   └── ValueRefused     it is there, and does not take these values
    └── DeliveryError    a mail could not be handed over

An error says what happened, to what, and what to do about it.
"""

from __future__ import annotations


class DiemBaoError(Exception):
    """Base of all errors raised on purpose.

    `about` names the thing concerned (a file, URL, address); `hint` says what to do;
    `retry` tells whether the same call may succeed later.
    """

    def __init__(self, what: str, *, about: str = "", hint: str = "", retry: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.about = about
        self.hint = hint
        self.retry = retry

    def __str__(self) -> str:
        """One line, though what a library says may have several."""
        text = f"{self.about}: {self.what}" if self.about else self.what
        return " ".join((f"{text} ({self.hint})" if self.hint else text).splitlines())


class ConfigError(DiemBaoError):
    """A configuration file or setting is wrong."""


class ExtractError(DiemBaoError):
    """Bytes could not be read as a page."""


class StoreError(DiemBaoError):
    """The database refused, is locked, or is not there."""


class ValueRefused(StoreError):
    """The database is well and takes other values, but not these: too long, or of another type."""


class DeliveryError(DiemBaoError):
    """A mail could not be handed over."""
