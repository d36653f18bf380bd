"""The numbers and fingerprints that an article is known by. Pure."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import xxhash

from models.document import Article

_SHIFT = 20
_MASK = (1 << _SHIFT) - 1
_LAST_SECOND = (1 << 33) - 1  # an id stays below 2^53, which JSON readers keep exactly
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_URL = 2000  # bytes; PostgreSQL's btree takes no longer key


def url_key(url: str) -> str:
    """The URL as it is kept: one that is too long for an index is cut and told apart by a fingerprint."""
    url = storable(url)
    if len(url) <= _MAX_URL // 4 or len(url.encode()) <= _MAX_URL:
        return url
    cut = url.encode()[: _MAX_URL - 40].decode(errors="ignore")
    return f"{cut}#{xxhash.xxh3_128_hexdigest(url)}"


def claim_key(url: str) -> str:
    """What stands among the addresses of an article whose page says that it is the one at `url`, until the
    page there has been read: nothing that an endpoint could name, so that a false claim hides no article."""
    return url_key(f"canonical:{url}")


def storable(value: Any) -> Any:
    """`value` with what no database takes removed from its texts: NUL and lone surrogates. Of an article it
    is asked before the taggers read it, so that the offsets of their evidence hold in what is stored."""
    if isinstance(value, str):
        if "\x00" in value:
            value = value.replace("\x00", "")
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-8", "ignore").decode()
        return value
    if isinstance(value, dict):
        return {storable(key): storable(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([storable(each) for each in value])
    if isinstance(value, Article):
        return replace(value, **{each.name: storable(getattr(value, each.name)) for each in fields(value)})
    return value


def aware(moment: datetime | None) -> datetime | None:
    """The moment in UTC; a naive one is taken to be UTC."""
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def listed_at(published_at: datetime | None, first_seen_at: datetime) -> datetime:
    """The moment that an article counts for in lists: when it was published, unless that is unknown or
    claimed to be after we saw it."""
    return first_seen_at if published_at is None or published_at > first_seen_at else published_at


def first_id(moment: datetime) -> int:
    """The smallest id that an article of `moment` or later can have. Ids hold whole seconds, so a moment
    within a second counts as the next one's start, as do all bounds of searches."""
    whole = (moment - _EPOCH) // timedelta(seconds=1)
    if _EPOCH + timedelta(seconds=whole) < moment:
        whole += 1
    return min(max(whole, 0), _LAST_SECOND + 1) << _SHIFT


def article_id(url: str, published_at: datetime | None, first_seen_at: datetime) -> int:
    """The id that an article gets if no other has it; see models.tables.ArticleRow."""
    moment = listed_at(published_at, first_seen_at)
    second = min(max((moment - _EPOCH) // timedelta(seconds=1), 1), _LAST_SECOND)
    return second << _SHIFT | xxhash.xxh32_intdigest(url.encode()) & _MASK


def next_id(taken: int) -> int:
    """Another id for the same second."""
    return taken & ~_MASK | (taken + 1) & _MASK


def moment_of(number: int) -> datetime:
    """The moment that an id holds."""
    return _EPOCH + timedelta(seconds=number >> _SHIFT)


def day_expression(column: str) -> str:
    """SQL for the day in Vietnam (+07:00, no daylight saving), counted from 1970-01-01."""
    return f"((({column}) >> {_SHIFT}) + 25200) / 86400"


def content_hash(article: Article) -> str:
    """A fingerprint of title, lead and text, blind to how they are spaced."""
    parts = (" ".join(part.split()) for part in (article.title, article.lead, article.text))
    return xxhash.xxh3_128_hexdigest("\x1f".join(parts).encode("utf-8", "ignore"))
