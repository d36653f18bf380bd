"""Storing articles, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, insert, select

from models.document import Completeness
from models.outcome import Reason
from models.query import Query
from models.tables import DigestItemRow, DigestRun
from models.tags import Role
from pipeline.search import parse_query
from pipeline.store import NewArticle, Store
from tests.pipeline.store.material import NOW, new, newsroom, province, topic

LATER = NOW + timedelta(hours=3)


def found(store: Store, text: str) -> list[int]:
    return [hit.id for hit in store.search(parse_query(text, now=NOW), limit=100).hits]


def content(store: Store) -> object:
    """Everything that a second run must leave as it is."""
    return (list(store.export()), store.articles(list(store.all_ids())), store.outcome_counts())


def test_a_new_article_is_read_back_as_it_was_given(store: Store) -> None:
    given = new(
        1,
        provinces=(province("vn34:48", "vn63:49"), province("vn34:01", role=Role.MENTIONED)),
        topics=(topic("weather"),),
        authors=("Lê An", "Trần Bình"),
        captions=("Cầu lúc bình minh",),
        origins={"title": "h1"},
        dateline="HUẾ -",
    )
    assert store.save([given], now=NOW) == [Reason.STORED]
    stored = store.get(given.article.url)
    assert stored is not None
    assert (stored.article, stored.tags) == (given.article, given.tags)
    assert (stored.first_seen_at, stored.endpoint) == (NOW, given.endpoint)


def test_saving_again_changes_nothing(store: Store) -> None:
    batch = newsroom(30)
    store.save(batch, now=NOW)
    before = content(store)
    assert set(store.save(batch, now=LATER)) == {Reason.UNCHANGED}
    assert content(store) == before


def test_a_changed_text_is_a_revision_that_keeps_the_version_before(store: Store) -> None:
    first = new(1, provinces=(province("vn34:48"),))
    store.save([first], now=NOW)
    second = new(1, provinces=(province("vn34:46"),), title="Cầu mới sập nhịp giữa")
    assert store.save([second], now=LATER) == [Reason.REVISED]
    stored = store.get(first.article.url)
    assert stored is not None
    assert (stored.article.title, stored.first_seen_at, stored.updated_at) == (
        second.article.title,
        NOW,
        LATER,
    )
    assert [(each.title, each.seen_at, each.replaced_at) for each in stored.revisions] == [
        (first.article.title, NOW, LATER)
    ]


def test_a_revision_is_found_by_its_new_words_and_tags_alone(store: Store) -> None:
    store.save([new(1, provinces=(province("vn34:48", "vn63:49"),), topics=(topic("economy"),))], now=NOW)
    store.save([new(1, provinces=(province("vn34:46"),), title="Nhịp giữa", text="Đã sập.")], now=LATER)
    assert [len(found(store, text)) for text in ("sập", "tỉnh:vn34:46")] == [1, 1]
    for gone in ('"xe tải nặng"', "tỉnh:vn34:48", "tỉnh:vn63:49", "topic:medtop:economy"):
        assert found(store, gone) == []
    assert store.check().ok


def test_an_article_whose_spaces_alone_changed_is_unchanged(store: Store) -> None:
    store.save([new(1, text="Một hai.\nBa bốn.")], now=NOW)
    assert store.save([new(1, text="Một  hai. Ba bốn.\n")], now=LATER) == [Reason.UNCHANGED]


def test_a_teaser_takes_nothing_from_a_full_article(store: Store) -> None:
    full = new(1)
    teaser = new(1, text="Sáng nay…", completeness=Completeness.TEASER)
    store.save([full], now=NOW)
    assert store.save([teaser], now=LATER) == [Reason.UNCHANGED]
    stored = store.get(full.article.url)
    assert stored is not None
    assert stored.article.text == full.article.text


def test_a_full_article_replaces_its_teaser(store: Store) -> None:
    teaser = new(1, text="Sáng nay…", completeness=Completeness.TEASER)
    assert store.save([teaser], now=NOW) == [Reason.TEASER]
    assert store.save([new(1)], now=LATER) == [Reason.REVISED]


def test_another_address_of_a_stored_article_is_a_duplicate_and_leads_to_it(store: Store) -> None:
    mobile = "https://m.bao.example.vn/bai-1.html"
    store.save([new(1)], now=NOW)
    assert store.save([new(1, asked=(mobile,))], now=LATER) == [Reason.DUPLICATE]
    stored = store.get(mobile)
    assert stored is not None
    assert stored.article.url == new(1).article.url
    assert store.known([mobile])[mobile].stored
    assert len(list(store.export())) == 1


def test_an_article_that_now_names_its_old_alias_as_canonical_stays_one_article(store: Store) -> None:
    asked = "https://bao.example.vn/cu.html"
    store.save([new(1, asked=(asked,))], now=NOW)
    assert store.save([new(1, url=asked, asked=(asked,))], now=LATER) == [Reason.UNCHANGED]
    assert store.stats().articles == 1


def test_what_digests_told_of_an_article_stays_told_when_it_moves_to_its_canonical_address(
    store: Store,
) -> None:
    second, own = new(1), "https://bao.example.vn/goc.html"
    store.save([replace(second, canonical=own)], now=NOW)
    (number,) = store.all_ids()
    run = DigestRun(
        id=1, subscription="a", slot="1", state="planned", since=NOW, until=NOW, send_at=NOW, planned_at=NOW
    )
    told = DigestItemRow(
        subscription="a", story="s", run_id=1, headline_url=second.article.url, told_until=NOW
    )
    with store.writing() as connection:
        for row in (run, told):
            connection.execute(insert(type(row)), row.model_dump())
    assert store.save([new(1, url=own, asked=(own,))], now=LATER) == [Reason.DUPLICATE]
    (stored,) = store.articles(list(store.all_ids()))
    assert (stored.id, stored.article.url) == (number, own)
    assert store.get(second.article.url) == stored
    with store.reading() as connection:
        assert connection.scalar(select(col(DigestItemRow.headline_url))) == own


def test_the_same_article_twice_in_one_batch_is_stored_once(store: Store) -> None:
    batch = [new(1), new(2), new(1), new(1, title="Cầu mới đổi tên")]
    assert store.save(batch, now=NOW) == [Reason.STORED, Reason.STORED, Reason.UNCHANGED, Reason.REVISED]
    assert store.stats().articles == 2


def test_an_error_in_a_batch_leaves_nothing_of_it(store: Store) -> None:
    broken = new(2)
    object.__setattr__(broken.article, "language", object())
    with pytest.raises(Exception, match="object"):
        store.save([new(1), broken], now=NOW)
    assert store.stats().articles == 0
    assert found(store, "cầu") == []
    assert store.outcome_counts() == {}


@pytest.mark.parametrize(
    "odd", ["a\x00b", "a\ud800b", "\U0001f600 ﬃ", "x" * 70_000, "'; DROP TABLE article; --"]
)
def test_odd_characters_do_not_stop_a_batch(store: Store, odd: str) -> None:
    batch = [new(1, title=odd, text=odd, lead=odd, authors=(odd,), keywords=(odd,)), new(2)]
    assert store.save(batch, now=NOW) == [Reason.STORED, Reason.STORED]
    assert store.check().ok


def test_an_address_too_long_for_an_index_is_kept_apart_from_its_like(store: Store) -> None:
    urls = [f"https://bao.example.vn/{'a' * 9000}{end}" for end in "xy"]
    store.save([new(1, url=urls[0]), new(2, url=urls[1])], now=NOW)
    assert store.stats().articles == 2
    assert store.save([new(1, url=urls[0])], now=LATER) == [Reason.UNCHANGED]
    assert set(store.known(urls)) == set(urls)


def test_articles_of_one_second_get_different_ids(store: Store) -> None:
    batch = [new(number, published_at=NOW) for number in range(200)]
    store.save(batch[:100], now=NOW)
    store.save(batch[100:], now=NOW)
    assert len(set(store.all_ids())) == 200


def test_lists_are_newest_first_whatever_the_order_of_arrival(store: Store) -> None:
    batch = [new(5), new(1), new(3)]
    for each in batch:
        store.save([each], now=NOW)
    titles = [hit.title for hit in store.search(Query()).hits]
    assert titles == [new(number).article.title for number in (1, 3, 5)]


def test_an_article_dated_in_the_future_counts_for_when_it_was_seen(store: Store) -> None:
    store.save([new(1, published_at=NOW + timedelta(days=300))], now=NOW)
    [hit] = store.search(Query()).hits
    assert hit.at == NOW
    assert hit.published_at == NOW + timedelta(days=300)


def test_r22_an_article_without_a_date_counts_for_when_it_was_seen(store: Store) -> None:
    store.save([new(1, published_at=NOW - timedelta(hours=1)), new(2, published_at=None)], now=NOW)
    store.save([new(3, published_at=NOW + timedelta(hours=1))], now=NOW + timedelta(hours=2))
    hits = store.search(Query()).hits
    assert [(hit.at, hit.published_at) for hit in hits] == [
        (NOW + timedelta(hours=1), NOW + timedelta(hours=1)),
        (NOW, None),
        (NOW - timedelta(hours=1), NOW - timedelta(hours=1)),
    ]


@pytest.mark.parametrize("when", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
def test_an_impossible_date_is_stored_and_listed(store: Store, when: datetime) -> None:
    store.save([new(1, published_at=when)], now=NOW)
    assert [hit.published_at for hit in store.search(Query()).hits] == [when]


def test_what_endpoints_said_is_remembered_of_several(store: Store) -> None:
    url = new(1).article.url
    for entry_hash in ("feed", "sitemap", "feed"):
        store.save([new(1, entry_hash=entry_hash)], now=NOW)
    assert store.known([url])[url].entry_hashes == ("sitemap", "feed")


def test_of_what_many_endpoints_said_of_an_article_the_latest_eight_are_remembered(store: Store) -> None:
    url = new(1).article.url
    said = [f"feed {number}" for number in range(12)]
    for entry_hash in said:
        store.save([new(1, entry_hash=entry_hash)], now=NOW)
    assert store.known([url])[url].entry_hashes == tuple(reversed(said))[:8]


def test_other_tags_replace_the_old_ones(store: Store) -> None:
    store.save([new(1, provinces=(province("vn34:48"),))], now=NOW)
    [number] = store.all_ids()
    tags = replace(new(1).tags, provinces=(province("vn34:46"),))
    [before] = store.articles([number])
    assert store.retag([(before, tags)]) == [True]
    assert (found(store, "tỉnh:vn34:48"), found(store, "tỉnh:vn34:46")) == ([], [number])
    stored = store.get(number)
    assert stored is not None
    assert stored.tags == tags


def test_a_better_reading_replaces_the_text_without_a_revision(store: Store) -> None:
    store.save([new(1)], now=NOW)
    before = store.get(new(1).article.url)
    assert before is not None
    better = new(1, text="Bản đọc lại.")
    gone = replace(before, id=5)
    assert store.rewrite([(each, better.article, better.tags) for each in (before, gone)]) == [True, False]
    stored = store.get(new(1).article.url)
    assert stored is not None
    assert (stored.article.text, stored.revisions, stored.updated_at) == ("Bản đọc lại.", (), NOW)
    assert len(found(store, '"bản đọc lại"')) == 1
    assert store.check().ok


def test_the_export_has_the_documented_fields(store: Store) -> None:
    asked = "https://bao.example.vn/m/1"
    store.save([new(1, asked=(asked,), provinces=(province("vn34:48", "vn63:49"),))], now=NOW)
    [line] = store.export()
    assert (line["url"], line["canonical_url"]) == (asked, new(1).article.url)
    assert line["provinces"][0]["old_codes"] == ["vn63:49"]
    assert line["first_seen_at"] == "2026-11-22T01:00:00+00:00"
    assert set(line) == set(
        "url canonical_url outlet title lead text body published_at modified_at first_seen_at authors credit "
        "completeness section lang provinces topics watched story discovered_by".split()
    )


def test_the_export_gives_what_was_first_seen_in_the_window(store: Store) -> None:
    batch: list[NewArticle] = newsroom(9)
    for hour, each in enumerate(batch):
        store.save([each], now=NOW + timedelta(hours=hour))
    window = store.export(since=NOW + timedelta(hours=2), until=NOW + timedelta(hours=5))
    assert [line["canonical_url"] for line in window] == [each.article.url for each in batch[2:5]]
