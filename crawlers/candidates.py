"""What endpoints name, as candidates: an address is judged once in a run, whoever names it first.

    meet(poll, entry, base)   the entry as a candidate, if nobody has named it yet
    choose(poll, candidates)  those that the sink wants
    decide(candidates)        all is settled: whoever waited for one of them goes on

Between the first and the last of these other polls may name the same address: they wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crawlers.outlets import article_verdict
from crawlers.run import Found, Poll, Run
from models.document import Entry
from models.outcome import Reason, Stage
from models.ports import Candidate
from pipeline.urls import asked_url, host_of, outlet_url


class Candidates:
    """The candidates of one run. What is known of each stands in `run.found`."""

    def __init__(self, run: Run) -> None:
        self._run = run

    async def meet(self, poll: Poll, entry: Entry, base: str) -> Candidate | None:
        """The entry as a candidate; None if it has ended already or was met before in this run."""
        poll.entries += 1
        when = entry.published_at or entry.updated_at
        if when is not None:
            poll.times.append(when)
        if not entry.link:
            poll.note("entry without an address")
            return None
        url = outlet_url(poll.outlet, entry.link, base)
        section = poll.endpoint.section
        found = self._run.found.get(url or entry.link)
        if found is not None:
            found.met_again(entry, section, poll)
            if found.is_article:
                poll.name(url, entry)
            return None
        candidate = Candidate(
            url=url or entry.link, outlet=poll.outlet.slug, endpoint=poll.url, entry=entry, section=section
        )
        if not url:
            reason: Reason | None = Reason.NOT_AN_ARTICLE
            detail = "not an http or https address"
        else:
            reason, detail = article_verdict(poll.outlet, url), ""
        found = self._run.found[candidate.url] = Found(candidate, poll.rank)
        if reason is None:
            poll.name(url, entry)
            return candidate
        found.is_article = False
        found.decided.set()
        await self._run.outcome(poll.outlet, candidate.url, Stage.DISCOVER, reason, detail, poll.url)
        return None

    async def choose(self, poll: Poll, fresh: Sequence[Candidate]) -> list[Candidate]:
        """Those that the sink wants."""
        if not fresh:
            return []
        choice = await self._run.sink.choose(fresh)
        self._run.reasons.update(choice.passed)
        poll.later += choice.later
        wanted = list(choice.wanted)
        chosen = {candidate.url for candidate in wanted}
        for candidate in fresh:
            found = self._run.found[candidate.url]
            found.judged, found.known = True, candidate.url not in chosen
        poll.wanted += len(wanted)
        return wanted

    def decide(self, candidates: Sequence[Candidate]) -> list[Poll]:
        """The polls that waited for pages which are not to be fetched, each as often as it did. What an error
        left unjudged is met as if for the first time by the next endpoint that names it, and by these polls'
        next."""
        freed: list[Poll] = []
        for candidate in candidates:
            found = self._run.found[candidate.url]
            if not found.judged:
                del self._run.found[candidate.url]
                for poll in found.waiting:
                    poll.reasons.add(Reason.FAULT)
            found.decided.set()
            if found.page is None:
                freed += found.waiting
        return freed

    async def any_new(self, urls: Iterable[str]) -> bool:
        """Whether any of the addresses was not known before this run."""
        for url in urls:
            found = self._run.found.get(url)
            if found is None:
                return True
            await found.decided.wait()  # another endpoint may be asking the sink about it
            if not found.known:
                return True
        return False


def fetch_address(candidate: Candidate, base: str) -> str:
    """Where to ask for a candidate: the address as named, if it stands on the canonical one's host or on one
    that differs by `www.` alone; else the canonical one, which replaces old and mobile hosts."""
    named = asked_url(candidate.entry.link, base)
    same = host_of(named).removeprefix("www.") == host_of(candidate.url).removeprefix("www.")
    return named if named and same else candidate.url


def newest_first(candidates: Sequence[Candidate]) -> list[Candidate]:
    """By date, newest first; those without one keep their place behind the others."""
    dated = [c for c in candidates if c.entry.published_at or c.entry.updated_at]
    dated.sort(key=lambda c: c.entry.published_at or c.entry.updated_at, reverse=True)  # type: ignore[arg-type,return-value]
    return [*dated, *(c for c in candidates if not (c.entry.published_at or c.entry.updated_at))]
