"""A close look at one outlet: what robots.txt says, which feeds and sitemaps it announces, how each of its
endpoints answers, whether an article can be read.

A probe is a crawl of one outlet with all its endpoints, the disabled ones too, and its home page, that
fetches a single article and stores nothing; so every rule of the crawl holds for it, and it can be replayed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from crawlers.archive import Recorded
from crawlers.candidates import newest_first
from crawlers.crawl import CrawlOptions, PollReport, crawl
from crawlers.decoding import charset_of, decode
from crawlers.endpoints import reader_of
from crawlers.feeds import ParsedFeed
from crawlers.gate import MAX_REDIRECTS, REDIRECTS
from crawlers.health import State, cause_of, in_section, moved_to
from crawlers.parsing import Unparsed
from crawlers.plain import one_line
from crawlers.politeness import Politeness
from crawlers.words import NOTHING, failure, say
from models.document import RawDocument
from models.errors import DiemBaoError
from models.outcome import Outcome, Reason
from models.outlet import Endpoint, EndpointKind, Grade, Outlet
from models.ports import Candidate, Choice, EndpointState, Named
from models.query import Note
from pipeline.limits import beyond_limits
from pipeline.urls import asked_url

STALE_AFTER = timedelta(days=14)
_ENOUGH = 3
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_MAX_ANNOUNCED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An article that was tried: how it ended, and what was read of it."""

    url: str
    reason: Reason
    detail: str = ""
    title: str = ""
    published_at: datetime | None = None
    words: int = 0
    profile: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """One endpoint's answer. `announced` tells that the outlet names it and its file does not."""

    endpoint: Endpoint
    url: str
    state: State
    reason: Note
    entries: int
    newest: datetime | None
    announced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeReport:
    """What a probe found. `title` and `language` are the home page's own, `trouble` tells why it could not be
    had."""

    outlet: Outlet
    robots: Note
    endpoints: tuple[Probed, ...]
    sample: Sample | None
    title: str = ""
    language: str = ""
    trouble: Note | None = None

    @property
    def verdict(self) -> tuple[State, Note]:
        """The outlet's state: OK if an endpoint answers well and the article, if one was tried, could be
        read; else the commonest trouble of its configured endpoints."""
        own = [each for each in self.endpoints if not each.announced] or list(self.endpoints)
        if not own and self.trouble:
            return State.FAILING, _at(self.outlet.homepage, self.trouble)
        if not own:
            return State.EMPTY, say("no_endpoint")
        well = [each for each in own if each.state is State.OK]
        if well and self.sample is not None and self.sample.reason not in _READ:
            return State.FAILING, failure(self.sample.reason.value, self.sample.detail, self.sample.url)
        if well:
            return State.OK, say("well", well=len(well), all=len(own))
        worst = min(own, key=lambda each: list(State).index(each.state))
        return worst.state, _at(worst.url, worst.reason)


def _at(url: str, note: Note) -> Note:
    return Note(f"{url}: {note.vi}", f"{url}: {note.en}")


_READ = {Reason.STORED, Reason.TEASER}
ReadPage = Callable[[RawDocument], Sample]


@dataclass
class _Recorder:
    """Keeps the answers of a live crawl that the probe reads itself, and of where they lead."""

    wanted: set[str]
    found: dict[str, Recorded] = field(default_factory=dict)

    def write(self, response: Recorded) -> None:
        if response.url in self.wanted:
            self.found[response.url] = response
            if target := _target(response):
                self.wanted.add(target)


@dataclass
class _Sink:
    """Takes one article of the crawl and remembers what the endpoints said."""

    read: ReadPage
    sample: Sample | None = None
    chosen: str = ""
    states: dict[str, EndpointState] = field(default_factory=dict)
    named: dict[str, Sequence[Named]] = field(default_factory=dict)

    async def endpoint_state(self, outlet: str, endpoint: Endpoint, url: str) -> EndpointState | None:
        return None

    async def choose(self, candidates: Sequence[Candidate]) -> Choice:
        if self.chosen or not candidates:
            return Choice([], {})
        first = newest_first(candidates)[0]
        self.chosen = first.url
        return Choice([first], {})

    async def document(self, document: RawDocument) -> Reason:
        self.sample = self.read(document)
        return self.sample.reason

    async def outcome(self, outcome: Outcome) -> None:
        if outcome.url == self.chosen:
            self.sample = Sample(url=outcome.url, reason=outcome.reason, detail=outcome.detail)

    async def polled(self, state: EndpointState, named: Sequence[Named]) -> None:
        self.states[state.url] = state
        self.named[state.url] = named


async def probe(outlet: Outlet, read: ReadPage, options: CrawlOptions) -> ProbeReport:
    """Probe an outlet. `read` turns the sample's page into what can be read of it. Raises ConfigError."""
    front = Endpoint(kind=EndpointKind.LISTING, url=outlet.homepage, grade=Grade.C)
    robots_url = urljoin(outlet.homepage, "/robots.txt")
    recorder = _Recorder({outlet.homepage, robots_url})
    sink = _Sink(read)
    has_front = any(each.url == outlet.homepage for each in outlet.endpoints)
    own = tuple(replace(each, enabled=True) for each in outlet.endpoints)
    first = replace(outlet, active=True, endpoints=own if has_front else (*own, front))
    # One for both crawls: what the host asked for in the first holds in the second.
    live = replace(options, archive=recorder, politeness=options.politeness or Politeness())
    report = await crawl([first], sink, options=live)
    seen = _answers(options, recorder, robots_url), _answers(options, recorder, outlet.homepage)
    page = await _front(seen[1], first, options)
    known = {each.url for each in outlet.endpoints}
    news = [each for each in (*page.feeds, *sitemaps_of(seen[0])) if each.url not in known][:_MAX_ANNOUNCED]
    polls = [(poll, False) for poll in report.polls if has_front or poll.url != front.url]
    if news:
        second = await crawl([replace(first, endpoints=tuple(news))], sink, options=live)
        polls += [(poll, True) for poll in second.polls]
    declared = {each.url: each for each in (*outlet.endpoints, *news)}
    return ProbeReport(
        outlet=replace(outlet, homepage=urljoin(outlet.homepage, "/")) if page.is_feed else outlet,
        robots=_robots_words(seen[0], report.polls),
        endpoints=tuple(_probed(poll, new, declared, sink, outlet, options.now()) for poll, new in polls),
        sample=sink.sample,
        title=page.title,
        language=page.language,
        trouble=_trouble(report.polls, front.url),
    )


def _trouble(polls: Sequence[PollReport], url: str) -> Note | None:
    found = next((poll for poll in polls if poll.url == url and poll.reason is not None), None)
    return failure(found.reason.value, found.detail) if found and found.reason else None


def _answers(options: CrawlOptions, recorder: _Recorder, url: str) -> Recorded | None:
    """What was answered at an address, redirects followed."""
    answer = None
    for _ in range(MAX_REDIRECTS + 1):
        if options.replay is not None:
            answer = options.replay.lookup(url, options.now())
        else:
            answer = recorder.found.get(url)
        if answer is None or not (url := _target(answer)):
            break
    return answer


def _target(answer: Recorded) -> str:
    """Where a redirect leads; empty for any other answer."""
    if answer.status not in REDIRECTS:
        return ""
    headers = {name.lower(): value for name, value in answer.headers}
    try:
        return urljoin(answer.url, headers.get("location", "")).partition("#")[0]
    except ValueError:
        return ""


def _robots_words(robots: Recorded | None, polls: Sequence[PollReport]) -> Note:
    refused = [poll.url for poll in polls if poll.reason is Reason.ROBOTS]
    if refused:
        return say("robots_forbids", refused=len(refused), all=len(polls))
    if robots is None:
        return say("robots_silent")
    if robots.status == 200:
        return say("robots_allows")
    failing = robots.status >= 500 or robots.status == 429
    return say("robots_failing" if failing else "robots_absent", status=robots.status)


def _probed(
    poll: PollReport, new: bool, declared: dict[str, Endpoint], sink: _Sink, outlet: Outlet, now: datetime
) -> Probed:
    named = sink.named.get(poll.url, ())
    endpoint = declared.get(poll.url) or next(
        (each for each in outlet.endpoints if poll.url.startswith(each.url.partition("{")[0])),
        Endpoint(kind=poll.kind, url=poll.url, grade=Grade.C),
    )
    sections = {each.section for each in outlet.endpoints if each.section}
    newest = max((each.published_at for each in named if each.published_at), default=None)
    fits = [in_section(endpoint.section, sections, each.url) for each in named] if endpoint.section else []
    state, reason = judge(poll, sink.states.get(poll.url), len(named), newest, fits, now)
    return Probed(
        endpoint=endpoint,
        url=poll.url,
        state=state,
        reason=reason,
        entries=len(named),
        newest=newest,
        announced=new,
    )


def judge(
    poll: PollReport,
    state: EndpointState | None,
    articles: int,
    newest: datetime | None,
    fits: Sequence[bool | None],
    now: datetime,
) -> tuple[State, Note]:
    """What one endpoint's answer amounts to, and why. Pure. `articles` counts the entries that are of
    article form; `fits` tells of each whether it is of the endpoint's section."""
    if poll.reason is not None:
        return (cause_of(state) if state else State.FAILING), failure(poll.reason.value, poll.detail)
    untidy = say("untidy", problems="; ".join(poll.problems)) if poll.problems else NOTHING
    if not articles:
        return State.EMPTY, untidy if poll.problems else say("no_article_form", entries=poll.entries)
    if newest is not None and now - newest > STALE_AFTER:
        return State.STALE, say("old", days=(now - newest).days)
    known = [fit for fit in fits if fit is not None]
    if len(known) >= _ENOUGH and known.count(False) > len(known) / 2:
        return State.WRONG_SECTION, say("other_sections", foreign=known.count(False), all=len(known))
    to = next((to for problem in poll.problems if (to := moved_to(problem))), "")
    return State.OK, say("moved_for_good", to=to) if to else untidy


@dataclass(frozen=True, slots=True)
class _Front:
    """What a home page says of its outlet; or a feed, where the address of one was given for it."""

    title: str
    language: str
    feeds: tuple[Endpoint, ...]
    is_feed: bool = False


async def _front(answer: Recorded | None, outlet: Outlet, options: CrawlOptions) -> _Front:
    """Read the recorded home page."""
    if answer is None or answer.status != 200:
        return _Front("", "", ())
    url = answer.url
    headers = {name.lower(): value for name, value in answer.headers}
    content_type = headers.get("content-type", "")
    try:
        feed = await reader_of(options)(Unparsed(EndpointKind.FEED, answer.body, url, content_type, outlet))
    except DiemBaoError:  # it took too long, and ended its process
        return _Front("", "", ())
    if isinstance(feed, ParsedFeed) and feed.entries:
        endpoint = Endpoint(kind=EndpointKind.FEED, url=url, grade=Grade.C)
        return _Front(feed.title, "", (endpoint,), is_feed=True)
    text, _ = decode(answer.body, charset=charset_of(content_type))
    if beyond_limits(text.encode("utf-8", "replace")):
        return _Front("", "", ())
    tree = LexborHTMLParser(text)
    name = tree.css_first("meta[property='og:site_name']")
    title = (name.attributes.get("content") if name else "") or ""
    if not title and (node := tree.css_first("title")):
        title = node.text()
    html = tree.css_first("html")
    language = (html.attributes.get("lang") or "") if html else ""
    return _Front(one_line(title), language.lower()[:2], announced_feeds(tree, url))


def announced_feeds(tree: LexborHTMLParser, url: str) -> tuple[Endpoint, ...]:
    """The feeds that a page announces with `<link rel=alternate>`, of its own host, each once."""
    found: dict[str, Endpoint] = {}
    for node in tree.css("link[rel~=alternate][href]"):
        kind = (node.attributes.get("type") or "").partition(";")[0].strip().lower()
        address = asked_url(node.attributes.get("href") or "", url)
        if kind in _FEED_TYPES and address:
            found.setdefault(address, Endpoint(kind=EndpointKind.FEED, url=address, grade=Grade.C))
    return tuple(found.values())


def sitemaps_of(robots: Recorded | None) -> list[Endpoint]:
    """The sitemaps that a robots.txt names (RFC 9309 leaves the line to sitemaps.org)."""
    if robots is None or robots.status != 200:
        return []
    lines = robots.body.decode("utf-8", "replace").splitlines()
    urls = [line.partition(":")[2].strip() for line in lines if line.lower().startswith("sitemap:")]
    good = dict.fromkeys(map(asked_url, urls))
    return [Endpoint(kind=EndpointKind.SITEMAP, url=url, grade=Grade.C) for url in good if url]
