"""The digest: who wants it, what stands in it, and what became of planning it.

    Subscription ── Section (saved searches)
    Digest ── DigestSection ── DigestGroup ── DigestItem ── DigestStory ── DigestArticle

All times are aware UTC unless the name says `local`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal, Protocol

from models.mail import MailState
from models.query import Note
from models.story import Relation
from models.tags import Role

Language = Literal["vi", "en"]
Grouping = Literal["province", "topic", "none"]
Frequency = Literal["daily", "weekly", "hourly"]
LatePolicy = Literal["send", "drop"]
Format = Literal["both", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A saved search. An empty field does not restrict; values of one field are alternatives, fields all
    have to hold. Provinces and topics are as the subscriber wrote them (names or codes, old or new);
    `mute_*` take stories away again. `limit` caps the stories that are shown."""

    title: str
    query: str = ""
    provinces: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    mute_keywords: tuple[str, ...] = ()
    mute_outlets: tuple[str, ...] = ()
    group_by: Grouping = "province"
    limit: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who gets which digest when.

    `cutoff` and `send_at` are local times in `timezone`; a cut-off later than the send time is that of
    the day before. `days` are ISO weekdays (1 is Monday) of the send time; days left out roll into the
    next one. `frequency` weekly has one day and begins with a week of news; hourly makes a watch-list
    alert: at most one mail an hour, only with news. `format` text leaves the HTML part out.
    """

    slug: str
    title: str
    recipients: tuple[str, ...]
    sections: tuple[Section, ...]
    language: Language = "vi"
    timezone: str = "Asia/Ho_Chi_Minh"
    cutoff: time = time(6, 0)
    send_at: time = time(6, 30)
    days: frozenset[int] = frozenset(range(1, 8))
    frequency: Frequency = "daily"
    limit: int = 40
    highlights: int = 5
    update_outlets: int = 2
    send_empty: bool = False
    late: LatePolicy = "send"
    format: Format = "both"
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestArticle:
    """One article as the digest needs it. `text` is only used to cut an own excerpt from when there is no
    `lead`. `origin` is the credited agency or outlet, else empty. `backfilled`: read from an archive long
    after it appeared, no news."""

    url: str
    title: str
    outlet: str
    outlet_name: str
    language: str
    first_seen_at: datetime
    published_at: datetime | None = None
    lead: str = ""
    text: str = ""
    relation: Relation = Relation.INDEPENDENT
    origin: str = ""
    backfilled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestProvince:
    """A province of a story. `old_names` are those of the former units that the text decides."""

    code: str
    name_vi: str
    name_en: str
    role: Role = Role.ABOUT
    old_codes: tuple[str, ...] = ()
    old_names: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        return self.name_vi if language == "vi" else self.name_en


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestTopic:
    """A topic of a story."""

    id: str
    label_vi: str
    label_en: str

    def label(self, language: str) -> str:
        return self.label_vi if language == "vi" else self.label_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The words of an article that spoke for a tag; `url` and `language` are the article's."""

    words: str
    language: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Why a story is in a section: what of the saved search it met, and the words that spoke for it, of each
    article at most one quote. `value` is the code of the story's province or topic that met it."""

    kind: Literal["province", "topic", "watchlist", "keyword", "outlet", "origin", "section"]
    label_vi: str
    label_en: str
    quotes: tuple[Quote, ...] = ()
    value: str = ""

    def label(self, language: str) -> str:
        return self.label_vi if language == "vi" else self.label_en

    def quote(self, shown: DigestArticle) -> Quote | None:
        """The words of the article shown, else of one in its language, else of any."""

        def distance(quote: Quote) -> tuple[bool, bool]:
            return quote.url != shown.url, quote.language != shown.language

        return min(self.quotes, key=distance, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestStory:
    """One event with all its articles first seen up to the end of the window, whatever their age."""

    id: str
    articles: tuple[DigestArticle, ...]
    provinces: tuple[DigestProvince, ...] = ()
    topics: tuple[DigestTopic, ...] = ()
    why: Sequence[Match] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """An outlet that could not be read for part of the window. `reason` is a `Reason` value."""

    outlet: str
    outlet_name: str
    since: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a subscription was already told of a story: up to which cut-off."""

    story: str
    until: datetime
    headline_url: str = ""


class StoryReader(Protocol):
    """What the digest asks of the store."""

    def stories(self, since: datetime, until: datetime, section: Section) -> Sequence[DigestStory]:
        """Stories with an article that meets `section` and was first seen in `(since, until]`, each with
        all its articles first seen up to `until`, any order."""
        ...

    def faults(self, section: Section) -> Sequence[Note]:
        """What of the section's search cannot be understood."""
        ...

    def outages(self, since: datetime, until: datetime) -> Sequence[Outage]:
        """Outlets that could not be read during the window, longest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One occasion for a digest: `key` is unique for the subscription (the local date, or the UTC hour of
    an alert); the window is `(since, until]`."""

    key: str
    local_date: date
    since: datetime
    until: datetime
    send_at: datetime
    late: bool = False
    shortened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestItem:
    """A story as it stands in the mail. `others` are further articles, one of each outlet, in the
    headline's language; `versions` those in another language, the nearest to the headline first.
    `new_articles` counts those of the window."""

    story: DigestStory
    headline: DigestArticle
    excerpt: str
    others: tuple[DigestArticle, ...]
    versions: tuple[DigestArticle, ...]
    new_articles: int
    outlets: int
    why: tuple[Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestGroup:
    """The items of a section that share a province or topic. `label` is empty in an ungrouped section."""

    label: str
    items: tuple[DigestItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A story that a section has found but that stands in another place of the same mail: the highlights
    (`section` empty) or an earlier section."""

    title: str
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSection:
    """One saved search's part of the mail. `more` counts stories that were found and are not shown; `faults`
    say what of the search cannot be understood. `updated`: it found a story told before that has gone on."""

    title: str
    groups: tuple[DigestGroup, ...]
    elsewhere: tuple[Elsewhere, ...] = ()
    more: int = 0
    index: int = 0
    faults: tuple[Note, ...] = ()
    updated: bool = False

    @property
    def items(self) -> tuple[DigestItem, ...]:
        return tuple(item for group in self.groups for item in group.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A story that was told before and has grown. `item` stands under the headline that was told; `latest` is
    the article that tells what is new, a `development` when it goes on with the event or states another toll;
    `new_outlets` are the names of further outlets that joined, first seen first; `excerpt` is of `latest`.
    A `leading` update stands among the highlights and counts as a story."""

    item: DigestItem
    told_until: datetime
    latest: DigestArticle
    development: bool = False
    new_outlets: tuple[str, ...] = ()
    excerpt: str = ""
    leading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvinceCount:
    """How many stories of the mail are about a province."""

    code: str
    name: str
    stories: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Everything that a mail says, as a value; both parts of the mail are written from it.

    `stories` and `articles` count what the mail shows (`stories` with the leading updates, which come first
    in `updates`; `articles` the new ones of the shown stories and updates); `found` counts all stories of
    the window, shown or not. `quiet` counts articles that joined a story told before without making it
    news. `usual` is the median of articles in earlier digests.
    """

    subscription: Subscription
    slot: Slot
    sections: tuple[DigestSection, ...]
    highlights: tuple[DigestItem, ...] = ()
    updates: tuple[Update, ...] = ()
    more_updates: int = 0
    provinces: tuple[ProvinceCount, ...] = ()
    outages: tuple[Outage, ...] = ()
    stories: int = 0
    articles: int = 0
    outlets: int = 0
    found: int = 0
    quiet: int = 0
    usual: int | None = None

    @property
    def items(self) -> tuple[DigestItem, ...]:
        """The stories told as news, in the order of the mail."""
        return self.highlights + tuple(item for section in self.sections for item in section.items)

    @property
    def leading(self) -> tuple[Update, ...]:
        """The updates that stand among the highlights."""
        return tuple(update for update in self.updates if update.leading)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell: no story, no update, nothing left out."""
        return not self.items and not self.updates and not self.found

    @property
    def faulty(self) -> tuple[DigestSection, ...]:
        """The sections whose search somebody has to mend."""
        return tuple(section for section in self.sections if section.faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedDigest:
    """A digest in words. `digest` is what was really written, after trimming to the size limit."""

    subject: str
    html: str
    text: str
    digest: Digest


class RunState(StrEnum):
    """How planning a slot ended. A failed run (no mail of it could be delivered) gives its window and its
    stories back to the next one."""

    PLANNED = "planned"
    SKIPPED_EMPTY = "skipped_empty"
    SKIPPED_LATE = "skipped_late"
    SKIPPED_NOBODY = "skipped_nobody"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What planning did for one slot. `mails` counts the queued mails, `reason` says why there are none;
    `faults` are what an administrator has to mend."""

    subscription: str
    key: str
    state: RunState
    reason: str = ""
    subject: str = ""
    stories: int = 0
    mails: int = 0
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestStatus:
    """One planned slot and what became of its mails."""

    subscription: str
    key: str
    state: RunState
    reason: str
    since: datetime
    until: datetime
    planned_at: datetime
    subject: str
    stories: int
    articles: int
    late: bool
    mails: dict[MailState, int]
    problems: tuple[str, ...]

    @property
    def forgotten(self) -> bool:
        """Whether the outbox knows its mails no more: a digest that was planned had at least one."""
        return not self.mails and self.state in (RunState.PLANNED, RunState.FAILED)
