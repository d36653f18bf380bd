"""The values of filters: names to codes, with what the user should be told."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from models.query import Among, AnyOf, Between, Facet, Meaning, Node, Note, Query, Resolver
from pipeline.search.dates import read_span
from pipeline.vietnamese import fold

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")

_LANGUAGES = {
    **dict.fromkeys(("vi", "vn", "viet", "tieng viet", "vietnamese"), "vi"),
    **dict.fromkeys(("en", "anh", "tieng anh", "english"), "en"),
    **dict.fromkeys(("other", "khac"), "other"),
}
_FACETS = {
    "province": Facet.PROVINCE,
    "mentions": Facet.PROVINCE,
    "topic": Facet.TOPIC,
    "outlet": Facet.OUTLET,
    "language": Facet.LANGUAGE,
    "origin": Facet.ORIGIN,
    "watchlist": Facet.WATCHLIST,
}
_NOUNS = {
    "province": Note("tỉnh, thành phố", "province"),
    "mentions": Note("tỉnh, thành phố", "province"),
    "topic": Note("chủ đề", "topic"),
    "outlet": Note("báo", "outlet"),
    "language": Note("ngôn ngữ", "language"),
    "origin": Note("nguồn", "origin"),
    "watchlist": Note("danh sách theo dõi", "watch-list"),
    "saved": Note("tìm kiếm đã lưu", "saved search"),
}


class CodesOnly:
    """A resolver that knows no names: codes, ids and slugs stand for themselves."""

    def province(self, text: str) -> Meaning | None:
        """`vn34:NN` or `vn63:NN`."""
        if re.fullmatch(r"vn34:\d\d", text.lower()):
            return Meaning((text.lower(),))
        return Meaning((), (text.lower(),)) if re.fullmatch(r"vn63:\d\d", text.lower()) else None

    def topic(self, text: str) -> Meaning | None:
        """Any id with a colon in it."""
        return Meaning((text.lower(),)) if re.fullmatch(r"[a-z]+:[\w-]+", text.lower()) else None

    def outlet(self, text: str) -> Meaning | None:
        """Any slug."""
        return Meaning((text.lower(),)) if re.fullmatch(r"[a-z0-9][a-z0-9-]*", text.lower()) else None

    origin = watchlist = outlet


def unknown(field: str, typed: str) -> Note:
    """That a value is not known, and so fits no article."""
    if field in ("since", "until"):
        why = Note("không phải là ngày hợp lệ", "not a valid date")
    else:
        noun = _NOUNS[field]
        why = Note(f"không có {noun.vi} nào tên như vậy", f"no {noun.en} of that name")
    return Note(f"không khớp bài nào: {typed} ({why.vi})", f"matches nothing: {typed} ({why.en})")


def condition(
    field: str, text: str, resolver: Resolver, now: datetime, zone: tzinfo = HANOI
) -> tuple[Node, Note | None] | None:
    """The filter that `field` with the value `text` stands for and what to tell of it; None if the value is
    not known."""
    if field in ("since", "until"):
        span = read_span(text, now, zone)
        if span is None:
            return None
        return (Between(since=span[0]) if field == "since" else Between(until=span[1])), None
    if field == "language":
        language = _LANGUAGES.get(" ".join(fold(text).replace("-", " ").split()))
        return (Among(Facet.LANGUAGE, (language,)), None) if language else None
    meaning = _ask(resolver, field)(text)
    if meaning is None or not (meaning.values or meaning.old):
        return None
    return Among(_FACETS[field], meaning.values, meaning.old, field == "mentions"), meaning.note


def _ask(resolver: Resolver, field: str) -> Callable[[str], Meaning | None]:
    asks = {
        "province": resolver.province,
        "mentions": resolver.province,
        "topic": resolver.topic,
        "outlet": resolver.outlet,
        "origin": resolver.origin,
        "watchlist": resolver.watchlist,
    }
    return asks[field]


def filtered(
    query: Query,
    resolver: Resolver,
    *,
    now: datetime,
    zone: tzinfo = HANOI,
    provinces: Sequence[str] = (),
    mentions: Sequence[str] = (),
    topics: Sequence[str] = (),
    outlets: Sequence[str] = (),
    languages: Sequence[str] = (),
    origins: Sequence[str] = (),
    since: str | None = None,
    until: str | None = None,
) -> Query:
    """`query` narrowed by options given beside the text. Several values of one option are alternatives; one
    of which none is known matches nothing, so that a misspelt `--province` never lists everything."""
    options = {
        "province": provinces,
        "mentions": mentions,
        "topic": topics,
        "outlet": outlets,
        "language": languages,
        "origin": origins,
        "since": [] if since is None else [since],
        "until": [] if until is None else [until],
    }
    parts: list[Node] = []
    notes, explanations = list(query.notes), list(query.explanations)
    for field, values in options.items():
        found = [(value, condition(field, value, resolver, now, zone)) for value in values]
        notes += [unknown(field, value or '""') for value, answer in found if answer is None]
        explanations += [answer[1] for _, answer in found if answer is not None and answer[1] is not None]
        known = tuple(answer[0] for _, answer in found if answer is not None)
        if found:
            parts.append(known[0] if len(known) == 1 else AnyOf(known))
    narrowed = query.narrowed(*parts) if parts else query
    return Query(text=query.text, where=narrowed.where, notes=tuple(notes), explanations=tuple(explanations))
