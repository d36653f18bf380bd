"""How every discovered URL ends: exactly one counted outcome, with a reason anyone can list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Reason(StrEnum):
    """The one list of reasons. The words are stable: they stand in the database and in exports."""

    # kept
    STORED = "stored"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    # not fetched
    KNOWN = "known"  # stored earlier and nothing says it changed
    DUPLICATE = "duplicate"  # another address of an article already met
    NOT_AN_ARTICLE = "not_an_article"  # the URL is not of the outlet's article form
    OFFSITE = "offsite"  # not on one of the outlet's hosts
    ROBOTS = "robots"
    BLOCKED_ADDRESS = "blocked_address"  # private, loopback or otherwise not public
    NOT_IN_ARCHIVE = "not_in_archive"  # replay only
    # fetched in vain
    UNREACHABLE = "unreachable"  # no name, no connection
    TIMEOUT = "timeout"
    HTTP_ERROR = "http_error"
    MISSING = "missing"  # 404, 410
    TOO_LARGE = "too_large"
    REDIRECT_LOOP = "redirect_loop"
    NOT_HTML = "not_html"
    FETCH_ERROR = "fetch_error"
    # read in vain
    CHALLENGE = "challenge"  # a bot check instead of the page
    SOFT_404 = "soft_404"
    TEASER = "teaser"  # paywalled: title and lead are stored, text is not complete
    TOO_SHORT = "too_short"
    NO_TITLE = "no_title"
    GARBLED = "garbled"  # undecodable or in a legacy font encoding
    EXTRACT_TIMEOUT = "extract_timeout"
    PARSE_ERROR = "parse_error"
    # by no fault of the outlet's
    FAULT = "fault"  # an error of this program; its traceback is logged


class Stage(StrEnum):
    """Where in the flow an outcome fell."""

    DISCOVER = "discover"
    FETCH = "fetch"
    EXTRACT = "extract"
    STORE = "store"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one URL ended. `endpoint` is the feed, sitemap or listing that named it; for an endpoint that
    failed itself, `url` is its own address and `endpoint` is empty. `not_before` is when the host wants to
    be asked for it again at the earliest, if it said so. Times are aware UTC."""

    url: str
    outlet: str
    stage: Stage
    reason: Reason
    at: datetime
    detail: str = ""
    endpoint: str = ""
    not_before: datetime | None = None
