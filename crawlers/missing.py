"""What a host answers for an article that does not exist, learnt by asking for one (heritrix3#729).

    made_up(url)          an address of the same form that cannot be an article's
    learnt(…)             what its answer was
    seen_through(…)       why another answer of the host is that page again
    Trials                asks, once for each host of a run, and holds its pages until it has answered

One question a host in `ASK_AGAIN`; most answer 404, and nothing more is needed of them. The others serve a
notice, their front or a section for whatever is asked, with links that change by the hour: such a page is
known by its body, by its title and heading, or by where the host leads to. The title alone would not do: some
outlets give all their pages one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.disguise import SAYS_ARTICLE
from crawlers.endpoints import headers_of
from crawlers.refusal import Refused
from crawlers.run import Run
from crawlers.sameness import fingerprint
from crawlers.verdict import failed_status
from models.outcome import Reason
from models.outlet import Outlet
from models.ports import MissingPage, MissingPages

ASK_AGAIN = timedelta(days=30)
_FIRST = 100
_BUSY = {200, 429, 503}
"""With these statuses a page is no answer to the question, once it is a failure: a notice that the site is
down, too many requests."""
_log = logging.getLogger(__name__)
_LASTING = {Reason.ROBOTS, Reason.OFFSITE, Reason.REDIRECT_LOOP, Reason.TOO_LARGE}
_WORDS = "bai-viet-khong-co-that"
_NUMBER = re.compile(r"(?:^|[-_])([a-z]*\d+)$", re.IGNORECASE)
_NAMES = (
    re.compile(rb"<title\b[^>]{0,200}>(.{1,1000}?)</title>", re.IGNORECASE | re.DOTALL),
    re.compile(
        rb"<meta\b[^>]{0,200}?\bog:title[\"']?\s[^>]{0,20}?\bcontent\s*=\s*[\"']([^\"'>]{1,500})",
        re.IGNORECASE,
    ),
    re.compile(rb"<h1\b[^>]{0,500}>(.{1,2000}?)</h1>", re.IGNORECASE | re.DOTALL),
)
_TAG = re.compile(rb"<[^>]*>")


@dataclass(slots=True, kw_only=True)
class Trial:
    """A host being asked for an address that does not exist; the pages of it that wait for the answer."""

    outlet: Outlet
    url: str
    waiting: list[Request] = field(default_factory=list)
    own_hosts: frozenset[str] = frozenset()


class Trials:
    """What hosts say of pages that do not exist, as far as this run needs to know."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._ask = run.options.missing
        self._known: dict[str, MissingPage] = {}
        self._under_way: dict[str, Trial] = {}
        self._tried: set[str] = set()

    def seen_through(self, final_url: str, body: bytes) -> str:
        """Why an answer is what its host says when there is nothing; empty if that is not known."""
        known = self._known.get(host_key(final_url))
        return seen_through(known, final_url=final_url, body=body) if known is not None else ""

    async def ready(self, pages: Sequence[Request]) -> list[Request]:
        """The pages that can be asked for now. Those of a host of which it is not known what it answers for
        nothing wait until it was asked; the question is among the requests instead."""
        if self._ask is None:
            return list(pages)
        ready: list[Request] = []
        for page in pages:
            host = host_key(page.url)
            if host in self._tried:
                ready.append(page)
            elif host in self._under_way:
                self._under_way[host].waiting.append(page)
            else:
                ready += await self._try(self._ask, host, page)
        return ready

    async def _try(self, ask: MissingPages, host: str, page: Request) -> list[Request]:
        trial = Trial(outlet=page.meta["job"].outlet, url=made_up(page.url), waiting=[page])
        self._under_way[host] = trial
        try:
            known = await ask.missing_page(host)
        except Exception as error:  # noqa: BLE001  the sink's failure ends the run, with its cause
            self._run.fail(error)
            known = None
        if known is not None and self._run.now() - known.asked_at < ASK_AGAIN:
            return self._ended(host, known)
        meta = {"job": trial, "max_bytes": self._run.options.max_page_bytes}
        return [Request(trial.url, callback=self._answered, errback=self._failed, priority=_FIRST, meta=meta)]

    async def _answered(self, response: Response) -> list[Request]:
        asked = response.meta["job"].url
        try:
            failed = failed_status(response.status, headers_of(response), response.body)
            if failed and (failed[0] is Reason.CHALLENGE or response.status in _BUSY):
                return self._ended(host_key(asked), None)  # asked again in the next run
            page = learnt(
                asked,
                status=response.status,
                final_url=response.url,
                body=response.body,
                now=self._run.now(),
            )
        except Exception:  # noqa: BLE001 # an error of this program must not keep the host's pages
            _log.exception("an error of this program over %s", asked)
            return self._ended(host_key(asked), None)
        return await self._learn(page)

    async def _failed(self, failure: Failure) -> list[Request]:
        asked = failure.request.meta["job"].url  # type: ignore[attr-defined]
        if isinstance(failure.value, Refused) and failure.value.reason in _LASTING:
            now = self._run.now()
            return await self._learn(MissingPage(host=host_key(asked), url=asked, status=0, asked_at=now))
        return self._ended(host_key(asked), None)  # asked again in the next run

    async def _learn(self, page: MissingPage) -> list[Request]:
        try:
            if self._ask is not None:
                await self._ask.remember_missing(page)
        except Exception as error:  # noqa: BLE001  as above
            self._run.fail(error)
        return self._ended(page.host, page)

    def _ended(self, host: str, known: MissingPage | None) -> list[Request]:
        self._tried.add(host)
        if known is not None:
            self._known[host] = known
        return self._under_way.pop(host).waiting


def host_key(url: str) -> str:
    """What is asked once: a host with its port."""
    return urlsplit(url).netloc.lower()


def made_up(url: str) -> str:
    """An address of the form of `url` whose words nobody wrote and whose number was never given: all nines,
    so that a host which looks at nothing but the number does not find an article."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    folder, _, last = path.rpartition("/")
    stem, dot, suffix = last.rpartition(".") if "." in last else (last, "", "")
    number = _NUMBER.search(stem)
    words = f"{_WORDS}-{_nines(number[1])}" if number else _WORDS
    slash = parts.path[len(path) :]
    made = f"{folder}/{words}{dot}{suffix}{slash}"
    return urlunsplit((parts.scheme, parts.netloc, made, _nines(parts.query), ""))


def _nines(text: str) -> str:
    return re.sub(r"\d", "9", text)


def learnt(asked: str, *, status: int, final_url: str, body: bytes, now: datetime) -> MissingPage:
    """What the answer to a made-up address says of its host."""
    return MissingPage(
        host=host_key(asked),
        url=asked,
        status=status,
        final_url=final_url,
        title=names_of(body) if status == 200 else "",
        fingerprint=fingerprint(final_url, body).hex() if status == 200 else "",
        asked_at=now,
    )


def seen_through(known: MissingPage, *, final_url: str, body: bytes) -> str:
    """Why this answer is what the host says when there is nothing; empty if it may be a page of its own."""
    if known.status != 200:
        return ""
    if known.final_url != known.url and final_url == known.final_url:
        return "led to where the host leads whatever does not exist"
    if fingerprint(final_url, body).hex() == known.fingerprint:
        return "the page that the host serves for what does not exist"
    if known.title and names_of(body) == known.title and not SAYS_ARTICLE.search(body):
        return "has title and heading of the page that the host serves for what does not exist"
    return ""


def names_of(body: bytes) -> str:
    """What a page is called: the bytes of its title, of the title that it gives to networks and of its first
    heading, each on a line with single spaces, as ASCII: only ever compared. Empty without a title."""
    found = [pattern.search(body[:262_144]) for pattern in _NAMES]
    if found[0] is None:
        return ""
    names = (b" ".join(_TAG.sub(b" ", each[1]).split()) if each else b"" for each in found)
    return "\n".join(name.decode("ascii", "backslashreplace")[:500] for name in names)
