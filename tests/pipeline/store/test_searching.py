"""Pages, passages, order and counts of search results, on both engines."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from models.errors import StoreError
from models.query import Facet, FacetCount, Query, SearchHit
from models.tags import Role
from pipeline.search import parse_query
from pipeline.store import Order, Store
from tests.pipeline.store.material import NOW, new, newsroom, province, topic


def hits(store: Store, text: str, order: Order = Order.NEWEST) -> list[SearchHit]:
    return list(store.search(parse_query(text, now=NOW), order=order).hits)


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("da nang", True),
        ("Đà Nẵng", True),
        ("đà nẵng", True),
        ("dà nẵng", False),
        ("hoà vang", True),
        ("hòa vang", True),
        ("hoa vang", True),
        ("hỏa vang", False),
        ("thuy san", True),
        ("dua", True),
        ("dứa", False),
        ("dừa", True),
    ],
)
def test_a_word_with_tones_matches_exactly_and_one_without_matches_all(
    store: Store, typed: str, finds: bool
) -> None:
    store.save([new(1, title="Đà Nẵng trồng dừa", text="Huyện Hòa Vang nuôi thuỷ sản.")], now=NOW)
    assert bool(hits(store, typed)) is finds


def test_a_phrase_does_not_reach_from_the_title_into_the_text(store: Store) -> None:
    store.save([new(1, title="Mưa lớn", lead="Miền Trung", text="ngập sâu")], now=NOW)
    assert hits(store, '"lớn miền"') == []
    assert len(hits(store, '"trung ngập"')) == 1


def test_the_passage_stands_around_the_first_match_and_marks_it(store: Store) -> None:
    filler = "Đoạn này kể chuyện khác cho dài. " * 30
    store.save([new(1, lead="", text=f"{filler}Cảng Liên Chiểu đón tàu.{filler}")], now=NOW)
    [hit] = hits(store, '"cang lien chieu"')
    assert len(hit.snippet) <= 200
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["Cảng Liên Chiểu"]
    assert hit.title_marks == ()


def test_marks_in_the_title_fit_a_title_typed_with_loose_accents(store: Store) -> None:
    store.save([new(1, title="Lu\u0303 lên nhanh")], now=NOW)
    [hit] = hits(store, "lũ")
    assert hit.title_marks == ((0, 2),)


def test_a_hit_carries_its_tags(store: Store) -> None:
    tags = (province("vn34:48", "vn63:49"), province("vn34:01", role=Role.MENTIONED))
    store.save([new(1, provinces=tags, topics=(topic("economy"), topic("weather")))], now=NOW)
    [hit] = hits(store, "")
    assert (hit.provinces, hit.old_provinces, hit.mentioned) == (("vn34:48",), ("vn63:49",), ("vn34:01",))
    assert hit.topics == ("medtop:economy", "medtop:weather")


def test_a_province_filter_means_about_and_the_mention_filter_also_in_passing(store: Store) -> None:
    store.save([new(1, provinces=(province("vn34:48", "vn63:49", role=Role.MENTIONED),))], now=NOW)
    assert [len(hits(store, text)) for text in ("tỉnh:vn34:48", "tỉnh:vn63:49")] == [0, 0]
    assert [len(hits(store, text)) for text in ("nhắc:vn34:48", "nhắc:vn63:49")] == [1, 1]


def test_pages_follow_each_other_without_gap_or_repetition(store: Store) -> None:
    store.save(newsroom(57), now=NOW)
    seen, cursor = [], ""
    while True:
        page = store.search(Query(), limit=10, cursor=cursor)
        seen += [hit.id for hit in page.hits]
        if not (cursor := page.next_cursor):
            break
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 57


def test_an_article_that_arrives_between_two_pages_shifts_nothing(store: Store) -> None:
    store.save([new(number) for number in range(2, 8)], now=NOW)
    first = store.search(Query(), limit=3)
    store.save([new(1)], now=NOW)
    second = store.search(Query(), limit=3, cursor=first.next_cursor)
    assert [hit.title for hit in second.hits] == [new(number).article.title for number in (5, 6, 7)]
    assert second.next_cursor == ""


def test_a_cursor_of_the_other_order_is_refused(store: Store) -> None:
    store.save([new(number) for number in range(3)], now=NOW)
    for one, other in ((Order.NEWEST, Order.BEST), (Order.BEST, Order.NEWEST)):
        cursor = store.search(Query(), limit=1, order=one).next_cursor
        assert store.search(Query(), cursor=cursor, order=one).hits
        with pytest.raises(StoreError, match="place in a list"):
            store.search(Query(), cursor=cursor, order=other)


@pytest.mark.parametrize("cursor", ["x", "-1", "1e9", "9" * 40, "' OR 1=1", "²", "5"])
def test_a_cursor_that_is_none_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(StoreError, match="first page"):
        store.search(Query(), cursor=cursor)


def test_the_best_match_is_exact_and_in_the_title(store: Store) -> None:
    texts = {"Năm mới": "x", "Chuyện khác": "ông nam", "Nam tiến": "x", "Chuyện nữa": "nằm"}
    batch = [new(n, title=title, lead="", text=text) for n, (title, text) in enumerate(texts.items(), 1)]
    store.save(batch, now=NOW)
    ranked = [hit.title for hit in hits(store, "nam", Order.BEST)]
    assert ranked == ["Nam tiến", "Năm mới", "Chuyện khác", "Chuyện nữa"]
    assert [hit.title for hit in hits(store, "nam")] == list(texts)


def test_facets_count_what_the_hits_carry(store: Store) -> None:
    store.save(newsroom(120), now=NOW)
    query = parse_query("bão OR lũ", now=NOW)
    found = store.search(query, limit=1000, total=True)
    facets = store.facets(query)
    expected = {
        Facet.OUTLET: Counter(hit.outlet for hit in found.hits),
        Facet.LANGUAGE: Counter(hit.language for hit in found.hits),
        Facet.PROVINCE: Counter(code for hit in found.hits for code in hit.provinces or ("",)),
        Facet.TOPIC: Counter(name for hit in found.hits for name in hit.topics or ("",)),
        Facet.DAY: Counter((hit.at + timedelta(hours=7)).date().isoformat() for hit in found.hits),
    }
    assert found.total == len(found.hits) > 10
    for facet, counts in expected.items():
        assert {each.value: each.count for each in facets[facet]} == counts


def test_a_facet_ignores_its_own_filter_and_respects_the_others(store: Store) -> None:
    batch = [
        new(1, outlet="a", provinces=(province("vn34:48"),)),
        new(2, outlet="b", provinces=(province("vn34:48"),)),
        new(3, outlet="b", provinces=(province("vn34:46"),)),
    ]
    store.save(batch, now=NOW)
    facets = store.facets(parse_query("báo:b tỉnh:vn34:48", now=NOW))
    assert facets[Facet.OUTLET] == [FacetCount("a", 1), FacetCount("b", 1)]
    assert facets[Facet.PROVINCE] == [FacetCount("vn34:46", 1), FacetCount("vn34:48", 1)]
    assert facets[Facet.LANGUAGE] == [FacetCount("vi", 1)]


def test_an_article_is_found_on_its_day_in_vietnam(store: Store) -> None:
    late = NOW.replace(day=20, hour=18)  # one in the night of the 21st
    store.save([new(1, published_at=late)], now=NOW)
    assert len(hits(store, "từ:21/11/2026 đến:21/11/2026")) == 1
    assert hits(store, "đến:20/11/2026") == []
    assert store.facets(Query())[Facet.DAY] == [FacetCount("2026-11-21", 1)]


def test_a_search_is_kept_under_its_name(store: Store) -> None:
    store.save_search("lũ", "lũ từ:7d", now=NOW)
    store.save_search("lũ", "lũ OR bão từ:7d", now=NOW)
    assert store.saved_searches() == {"lũ": "lũ OR bão từ:7d"}
    assert [store.forget_search("lũ"), store.forget_search("lũ")] == [True, False]


def test_a_lead_that_the_text_begins_with_counts_once(store: Store) -> None:
    lead = "Cảng mở cửa lại."
    store.save([new(1, lead=lead, text=f"{lead}\nTàu đầu tiên vào sáng nay.")], now=NOW)
    across = store.search(parse_query('"mở cửa lại tàu đầu tiên"', now=NOW)).hits
    assert [hit.snippet for hit in across] == ["Cảng mở cửa lại. Tàu đầu tiên vào sáng nay."]
    assert store.count(parse_query('"cửa lại cảng"', now=NOW)) == 0
