"""Storing articles: what is new, what changed, what is the same.

`decide` says what becomes of one article; `save` does it for a batch within the caller's transaction, so
that an article, its text index, its tags and its outcome are there together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from models.correction import corrected
from models.document import Article, Completeness
from models.outcome import Outcome, Reason, Stage
from models.tables import DigestItemRow
from models.tags import Tags
from pipeline.store import clues, corrections, index, outcomes, stories
from pipeline.store.identity import article_id, aware, claim_key, next_id, storable, url_key
from pipeline.store.ready import Ready, ready_of, written_tags
from pipeline.store.sql import insert_new, rows_in, table_of
from pipeline.store.sqltables import ALIAS, ARTICLE, BODY, OLD_PROVINCE, PROVINCE, REVISION, TOPIC, WATCHLIST
from pipeline.store.tagrows import (
    old_province_rows,
    province_rows,
    tags_value,
    topic_rows,
    watchlist_rows,
)
from pipeline.store.values import NewArticle
from pipeline.vietnamese import exact

DIGEST_ITEM = table_of(DigestItemRow)

_REPLACED = (
    *("outlet", "title", "lead", "authors", "published_from", "section", "language", "image_url"),
    *("credit", "method", "profile"),
)
_TAG_ROWS = {
    PROVINCE: province_rows,
    OLD_PROVINCE: old_province_rows,
    TOPIC: topic_rows,
    WATCHLIST: watchlist_rows,
}
_KEEP_ENTRY_HASHES = 8  # several endpoints may each say something else of one article
_SAME_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Present:
    """What `decide` needs of an article that is stored."""

    id: int
    url: str
    title: str
    lead: str
    text: str
    content_hash: str
    completeness: str
    entry_hashes: tuple[str, ...]
    revisions: int
    updated_at: datetime
    published_at: datetime | None = None


def decide(present: Present | None, new: NewArticle, *, asked_before: bool) -> Reason:
    """What becomes of `new`, which is ready, given what is stored under its identity. Pure.

    `asked_before` tells that one of the asked addresses was known to lead to the article.
    """
    teaser = new.article.completeness is Completeness.TEASER
    if present is None:
        return Reason.TEASER if teaser else Reason.STORED
    if present.content_hash == _ready(new).content_hash and (
        teaser or present.completeness == Completeness.FULL
    ):
        return Reason.UNCHANGED if asked_before else Reason.DUPLICATE
    elsewhere = not asked_before and present.url != url_key(new.article.url)
    if elsewhere and present.completeness == Completeness.FULL:
        return Reason.DUPLICATE  # as another section or a page for print has it: no new version of it
    if teaser and present.completeness == Completeness.FULL:
        return Reason.UNCHANGED  # a page that is behind a paywall today takes no text away
    return Reason.REVISED


def save(connection: Connection, batch: Sequence[NewArticle], now: datetime) -> list[Reason]:
    """Store the batch and record its outcomes; the reasons are in its order."""
    reasons: list[Reason] = []
    ended: list[Outcome] = []
    batch = [new if new.ready else _prepared(new) for new in batch]
    for part in _distinct(batch):
        reasons += _save_distinct(connection, part, now)
    for new, reason in zip(batch, reasons, strict=True):
        ended += _outcomes(new, reason, now)
    outcomes.record(connection, ended)
    return reasons


def _prepared(new: NewArticle) -> NewArticle:
    """An article that no worker made ready for the store."""
    article = storable(new.article)
    return replace(new, article=article, ready=ready_of(article, new.tags))


def _distinct(batch: Sequence[NewArticle]) -> Iterable[list[NewArticle]]:
    """The batch cut before each article that shares an address with one before it."""
    part: list[NewArticle] = []
    met: set[str] = set()
    for new in batch:
        addresses = {*_addresses(new), *_claims(new)}
        if part and addresses & met:
            yield part
            part, met = [], set()
        part.append(new)
        met |= addresses
    if part:
        yield part


def _addresses(new: NewArticle) -> list[str]:
    return list(dict.fromkeys(url_key(url) for url in (new.article.url, *new.asked_urls)))


def _aliases(new: NewArticle) -> list[str]:
    """What leads to the article from now on."""
    return [*_addresses(new), *([claim_key(new.canonical)] if new.canonical else [])]


def _claims(new: NewArticle) -> list[str]:
    """Keys under which an article may stand that this one is by what its page, or that one's, says."""
    named = [url_key(new.canonical), claim_key(new.canonical)] if new.canonical else []
    return [claim_key(new.article.url), *named]


def _save_distinct(connection: Connection, part: Sequence[NewArticle], now: datetime) -> list[Reason]:
    known = owners(connection, [url for new in part for url in (*_addresses(new), *_claims(new))])
    present = load_present(connection, list(known.values()))
    reasons, fresh, revised = [], [], []
    for new in part:
        old = _stored_as(new, known, present)
        asked = [url_key(url) for url in new.asked_urls] or [url_key(new.article.url)]
        reason = decide(old, new, asked_before=old is not None and any(known.get(u) == old.id for u in asked))
        reasons.append(reason)
        if old is None:
            fresh.append(new)
        else:
            _note_meeting(connection, old, new, known)
            if _is_new_home(connection, old, new, known):
                _move(connection, old, url_key(new.article.url))
            if reason is Reason.REVISED:
                revised.append((old, new))
    _insert(connection, fresh, now)
    for old, new in revised:
        _keep_revision(connection, old, now)
        rewrite(connection, old, new.article, new.tags, new.ready)
        connection.execute(
            update(ARTICLE).where(ARTICLE.c.id == old.id).values(updated_at=now, revisions=old.revisions + 1)
        )
    stories.refresh_of(connection, [old.id for old, _ in revised])
    return reasons


def _stored_as(new: NewArticle, known: Mapping[str, int], present: Mapping[int, Present]) -> Present | None:
    """The stored article that `new` is: the one at its address; else one that a page's own canonical link
    leads to, if it says the same, for careless templates give one canonical link to all pages; else one whose
    address led to it, if they are of one minute, for what is removed may lead to anything."""
    own = known.get(url_key(new.article.url))
    if own is not None:
        return present.get(own)
    named, led = (
        [present[known[key]] for key in keys if known.get(key) in present]
        for keys in (_claims(new), _addresses(new))
    )
    found = [old for old in named if says_same(old, new)] + [old for old in led if _same_moment(old, new)]
    return next(iter(found), None)


def says_same(old: Present, new: NewArticle) -> bool:
    """Whether `new`, which is ready, has the content of a stored article, or its title and minute. Pure."""
    if old.content_hash == _ready(new).content_hash:
        return True
    return _same_moment(old, new) and exact(old.title) == exact(new.article.title)


def _same_moment(old: Present, new: NewArticle) -> bool:
    then, now = aware(old.published_at), aware(new.article.published_at)
    return then is not None and now is not None and abs(now - then) <= _SAME_MOMENT


def _is_new_home(connection: Connection, old: Present, new: NewArticle, known: Mapping[str, int]) -> bool:
    """Whether the address that gave `new` takes the place of the stored article's own: the page there named
    it as the canonical one, leads to it or is gone, or a feed gave it in the place of the old one."""
    url = url_key(new.article.url)
    if new.canonical or url == old.url:
        return False
    if known.get(claim_key(new.article.url)) == old.id or old.url in _addresses(new):
        return True
    stands = {each.url: each for each in outcomes.standing_of(connection, [url, old.url])}
    gone = old.url in stands and stands[old.url].last_reason is Reason.MISSING
    relinked = url in stands and (stands[url].stage, stands[url].reason) == (Stage.DISCOVER, Reason.DUPLICATE)
    return gone or relinked


def _move(connection: Connection, old: Present, url: str) -> None:
    """Let a stored article stand at another address: its old one leads to it, and what digests told under
    that stays told."""
    connection.execute(delete(ALIAS).where(ALIAS.c.url.in_([url, claim_key(url)])))
    connection.execute(update(ARTICLE).where(ARTICLE.c.id == old.id).values(url=url))
    insert_new(connection, ALIAS, [{"url": old.url, "article_id": old.id}])
    told = update(DIGEST_ITEM).where(DIGEST_ITEM.c.headline_url == old.url)
    connection.execute(told.values(headline_url=url))


def owners(connection: Connection, urls: Sequence[str]) -> dict[str, int]:
    """The article that each known address belongs to; its own address goes before an alias."""
    aliases = rows_in(
        urls, lambda piece: select(ALIAS.c.url, ALIAS.c.article_id).where(ALIAS.c.url.in_(piece)), connection
    )
    owners: dict[str, int] = {row.url: row.article_id for row in aliases}
    own = rows_in(
        urls, lambda piece: select(ARTICLE.c.url, ARTICLE.c.id).where(ARTICLE.c.url.in_(piece)), connection
    )
    owners.update({row.url: row.id for row in own})
    return owners


def load_present(connection: Connection, ids: Sequence[int]) -> dict[int, Present]:
    """The stored articles with these ids, as far as saving needs them."""
    names = ("id", "url", "title", "lead", "content_hash", "completeness", "entry_hashes", "revisions")
    times = (ARTICLE.c.updated_at, ARTICLE.c.published_at)
    columns = [*(ARTICLE.c[name] for name in names), *times, BODY.c.text]
    query = select(*columns).join(BODY, BODY.c.article_id == ARTICLE.c.id)
    found = {}
    for row in rows_in(ids, lambda piece: query.where(ARTICLE.c.id.in_(piece)), connection):
        fields = dict(row._mapping)
        fields["entry_hashes"] = tuple(fields["entry_hashes"])
        found[row.id] = Present(**fields)
    return found


def still_same(connection: Connection, known: Mapping[int, datetime]) -> set[int]:
    """Those of the known articles, by id and `updated_at`, that took no other version since."""
    query = select(ARTICLE.c.id, ARTICLE.c.updated_at)
    rows = rows_in(list(known), lambda piece: query.where(ARTICLE.c.id.in_(piece)), connection)
    return {row.id for row in rows if row.updated_at == known[row.id]}


def _note_meeting(connection: Connection, old: Present, new: NewArticle, owners: dict[str, int]) -> None:
    """Remember further addresses of a stored article, and what an endpoint says of it by now."""
    fresh = [url for url in _aliases(new) if url not in owners and url != old.url]
    insert_new(connection, ALIAS, [{"url": url, "article_id": old.id} for url in fresh])
    if new.entry_hash and new.entry_hash not in old.entry_hashes:
        others = [each for each in old.entry_hashes if _but_time(each) != _but_time(new.entry_hash)]
        hashes = [storable(new.entry_hash), *others][:_KEEP_ENTRY_HASHES]
        connection.execute(update(ARTICLE).where(ARTICLE.c.id == old.id).values(entry_hashes=hashes))


def _but_time(entry_hash: str) -> str:
    """A fingerprint without its last part, the latest time: of times only the newest is kept, so that an
    endpoint that stamps all anew does not drive out what others say."""
    return entry_hash.rpartition(".")[0] or entry_hash


def _insert(connection: Connection, fresh: Sequence[NewArticle], now: datetime) -> None:
    """Write articles that are not there, with everything that belongs to them."""
    if not fresh:
        return
    ids = _free_ids(
        connection, [(url_key(new.article.url), aware(new.article.published_at)) for new in fresh], now
    )
    heads, bodies, aliases = [], [], []
    for number, new in zip(ids, fresh, strict=True):
        heads.append(_head(new, number, now))
        bodies.append(
            {"article_id": number, "story_evidence": [], **_body(new.article, new.tags, _ready(new))}
        )
        aliases += [{"url": url, "article_id": number} for url in _aliases(new)[1:]]
    connection.execute(insert(ARTICLE), heads)
    connection.execute(insert(BODY), bodies)
    insert_new(connection, ALIAS, aliases)
    _insert_tags(connection, [(number, new.tags) for number, new in zip(ids, fresh, strict=True)])
    index.add(
        connection,
        [
            index.Indexed(head["id"], head["title"], head["lead"], body["text"], _ready(new).forms)
            for head, body, new in zip(heads, bodies, fresh, strict=True)
        ],
    )


def _free_ids(
    connection: Connection, articles: Sequence[tuple[str, datetime | None]], now: datetime
) -> list[int]:
    """An id for each article, given its URL and time of publication, that no other has."""
    ids: list[int] = []
    for url, published_at in articles:
        number = article_id(url, published_at, now)
        while number in ids:
            number = next_id(number)
        ids.append(number)
    query = select(ARTICLE.c.id)
    taken = {row.id for row in rows_in(ids, lambda piece: query.where(ARTICLE.c.id.in_(piece)), connection)}
    for position, number in enumerate(ids):
        while number in taken:
            number = next_id(number)
            if number in ids or connection.scalar(query.where(ARTICLE.c.id == number)) is not None:
                taken.add(number)
        ids[position] = number
    return ids


def _head(new: NewArticle, number: int, now: datetime) -> dict[str, Any]:
    asked = new.asked_urls[0] if new.asked_urls else new.article.url
    return {
        "id": number,
        "url": url_key(new.article.url),
        "asked_url": storable(asked),
        "first_seen_at": now,
        "updated_at": now,
        "entry_hashes": [storable(new.entry_hash)] if new.entry_hash else [],
        "endpoint": storable(new.endpoint),
        "revisions": 0,
        "backfill": new.backfill,
        "story_id": None,
        "relation": "",
        "origin": "",
        **_content(new.article, _ready(new)),
    }


def _ready(new: NewArticle) -> Ready:
    assert new.ready is not None
    return new.ready


def _content(article: Article, ready: Ready) -> dict[str, Any]:
    """The columns of `article` that a new version replaces."""
    return {name: getattr(article, name) for name in _REPLACED} | {
        "published_at": aware(article.published_at),
        "modified_at": aware(article.modified_at),
        "completeness": article.completeness.value,
        "content_hash": ready.content_hash,
    }


def _body(article: Article, tags: Tags, ready: Ready) -> dict[str, Any]:
    """The columns of `article_body` that a new version replaces."""
    names = ("text", "credit_text", "dateline", "captions", "keywords", "origins")
    return {name: getattr(article, name) for name in names} | {
        "tags": ready.tags,
        "tagged_by": tags.tagger,
    }


def _insert_tags(connection: Connection, tagged: Sequence[tuple[int, Tags]]) -> None:
    for table, rows_of in _TAG_ROWS.items():
        rows = [row for number, tags in tagged for row in rows_of(number, tags)]
        if rows:
            connection.execute(insert(table), rows)


def _keep_revision(connection: Connection, old: Present, now: datetime) -> None:
    values = {
        "article_id": old.id,
        "number": old.revisions + 1,
        "seen_at": old.updated_at,
        "replaced_at": now,
        "title": old.title,
        "lead": old.lead,
        "text": old.text,
        "content_hash": old.content_hash,
    }
    connection.execute(insert(REVISION), values)


def rewrite(
    connection: Connection, old: Present, article: Article, tags: Tags, ready: Ready | None = None
) -> None:
    """Put another version in the place of a stored one: content, index and tags. What leads to it from
    other articles is marked for renewal; its story stays."""
    if ready is None:
        article = storable(article)
        ready = ready_of(article, tags)
    content, body = _content(article, ready), _body(article, tags, ready)
    index.remove(connection, [index.Indexed(old.id, old.title, old.lead, old.text)])
    connection.execute(update(ARTICLE).where(ARTICLE.c.id == old.id).values(**content))
    connection.execute(update(BODY).where(BODY.c.article_id == old.id).values(**body))
    entry = index.Indexed(old.id, content["title"], content["lead"], body["text"], ready.forms)
    index.add(connection, [entry])
    replace_tags(connection, old.id, tags)
    clues.mark_stale(connection, old.id)


def retag(connection: Connection, number: int, tags: Tags) -> None:
    """Give a stored article other tags."""
    connection.execute(
        update(BODY).where(BODY.c.article_id == number).values(tags=written_tags(tags), tagged_by=tags.tagger)
    )
    replace_tags(connection, number, tags)


def reapply(connection: Connection, number: int) -> None:
    """Bring the tag rows of one article up to date with its corrections."""
    stored = connection.scalar(select(BODY.c.tags).where(BODY.c.article_id == number))
    replace_tags(connection, number, tags_value(stored or {}))


def replace_tags(connection: Connection, number: int, tags: Tags) -> None:
    """Write the tag rows of one article anew: these tags with what people corrected."""
    tags = corrected(tags, corrections.of_articles(connection, [number]).get(number, ()))
    for table in _TAG_ROWS:
        connection.execute(delete(table).where(table.c.article_id == bindparam("number")), {"number": number})
    _insert_tags(connection, [(number, tags)])


def _outcomes(new: NewArticle, reason: Reason, now: datetime) -> list[Outcome]:
    asked = new.asked_urls or (new.article.url,)
    template = Outcome(
        url="",
        outlet=new.article.outlet,
        stage=Stage.STORE,
        reason=reason,
        at=now,
        detail=new.detail,
        endpoint=new.endpoint,
    )
    return [replace(template, url=url) for url in dict.fromkeys(asked)]
