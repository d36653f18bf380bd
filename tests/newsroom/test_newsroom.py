"""The recorded newsroom: it is current, it holds what it promises, and every page can be read."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawlers.archive import ArchiveReader
from crawlers.crawl import crawl
from crawlers.feeds import parse_feed
from crawlers.listings import parse_listing
from crawlers.outlets import article_verdict, endpoint_urls, load_outlets
from crawlers.run import CrawlOptions
from crawlers.sitemaps import parse_sitemap
from models.document import RawDocument
from models.outcome import Outcome, Reason
from models.outlet import Endpoint, EndpointKind, Outlet
from models.ports import Candidate, Choice, EndpointState, Named
from pipeline.extract import extract
from tests.newsroom import build
from tests.newsroom.pages import robots_txt
from tests.newsroom.sources import (
    VIETNAM,
    Article,
    Gold,
    load_articles,
    load_gold,
    load_links,
    load_sites,
)

TOP_LEVELS = 17  # of IPTC Media Topics
SHINGLE = 8


@pytest.fixture(scope="module")
def recorded() -> ArchiveReader:
    return ArchiveReader([build.ARCHIVE])


@pytest.fixture(scope="module")
def outlets() -> dict[str, Outlet]:
    return {slug: outlet for slug, outlet in load_outlets(build.CONFIG).items() if slug in load_sites()}


@pytest.fixture(scope="module")
def built() -> bytes:
    return build.build()


def test_committed_archive_is_what_the_sources_give(built: bytes) -> None:
    """Run `python -m tests.newsroom.build` after a change of sources, templates or outlet files."""
    assert build.is_current(build.ARCHIVE, built)


def test_another_build_gives_the_same_bytes_and_a_small_file(built: bytes, tmp_path: Path) -> None:
    assert build.main([], tmp_path / "newsroom.warc.gz") == 0
    assert (tmp_path / "newsroom.warc.gz").read_bytes() == built
    assert len(built) < 1_500_000


def test_a_file_with_other_records_is_not_current(built: bytes, tmp_path: Path) -> None:
    stale = tmp_path / "newsroom.warc.gz"
    assert not build.is_current(stale, built)
    stale.write_bytes(gzip.compress(build.unpacked(built)[:-2]))
    assert not build.is_current(stale, built)
    stale.write_bytes(gzip.compress(build.unpacked(built), compresslevel=1))
    assert build.is_current(stale, built)


def test_every_page_holds_its_title_lead_and_paragraphs(recorded: ArchiveReader) -> None:
    for article in load_articles():
        version = article.at(build.LAST_MOMENT)
        page = recorded.lookup(article.gold.url, build.LAST_MOMENT)
        assert page is not None, article.gold.url
        words = _words(_visible(page.body))
        for part in (version.title, version.lead, *version.paragraphs):
            assert _words(part) in words, (article.gold.key, part)


def test_extraction_reads_every_page_as_it_was_written(
    recorded: ArchiveReader, outlets: dict[str, Outlet]
) -> None:
    """Title, minute, section, language and every paragraph, whatever the family. Datelines and credit lines,
    which stand at the ends of paragraphs, may be cut."""
    for gold in load_gold():
        found = extract(_document(recorded, gold), outlets[gold.outlet])
        article = found.article
        assert article is not None, (gold.key, found.reason)
        assert found.reason == (Reason.TEASER if gold.outcome == "teaser" else Reason.STORED), gold.key
        assert (article.title, article.language) == (gold.title, gold.lang)
        assert (article.section, article.published_at) == (gold.section, gold.published), gold.key
        for paragraph in gold.text.split("\n"):
            assert paragraph[20:-20] in article.text, (gold.key, paragraph)


def test_every_address_has_the_form_of_its_outlet(outlets: dict[str, Outlet]) -> None:
    for article in load_articles():
        assert article_verdict(outlets[article.gold.outlet], article.link) is None, article.link
    assert len({gold.url for gold in load_gold()}) == len(load_gold())


def test_one_pass_at_the_end_of_the_week_finds_every_article(
    recorded: ArchiveReader, outlets: dict[str, Outlet]
) -> None:
    found = {link for outlet in outlets.values() for _, link in _named(recorded, outlet)}
    assert {article.link for article in load_articles()} <= found
    assert {link.url for link in load_links()} <= found


def test_a_replayed_crawl_ends_every_address_as_labelled(
    recorded: ArchiveReader, outlets: dict[str, Outlet]
) -> None:
    sink = Recorder()
    options = CrawlOptions(now=lambda: build.LAST_MOMENT.astimezone(UTC), replay=recorded)
    asyncio.run(crawl(list(outlets.values()), sink, options=options))
    read = {url.partition("?")[0] for url in sink.pages}
    assert read == {gold.url for gold in load_gold() if gold.outcome != "robots"}
    expected = {gold.url: "robots" for gold in load_gold() if gold.outcome == "robots"}
    expected |= {link.url: "not_an_article" if link.kind == "section" else link.kind for link in load_links()}
    assert {outcome.url: outcome.reason.value for outcome in sink.outcomes} == expected
    assert not [state for state in sink.states if state.failures]


def test_every_enabled_endpoint_was_recorded_on_every_day(
    recorded: ArchiveReader, outlets: dict[str, Outlet]
) -> None:
    for outlet in outlets.values():
        for moment in build.MOMENTS:
            for _, url in _endpoints(outlet):
                page = recorded.lookup(url, moment)
                assert page is not None, url
                assert page.recorded_at <= moment


def test_feed_times_are_read_to_the_minute_in_every_form(
    recorded: ArchiveReader, outlets: dict[str, Outlet]
) -> None:
    """US, Vietnamese, GMT+7 and two-digit years beside the usual form."""
    published = {article.link: article.versions[-1].at for article in load_articles()}
    forms = set()
    for outlet in outlets.values():
        for endpoint, url in _endpoints(outlet):
            if endpoint.kind is EndpointKind.FEED:
                for entry in parse_feed(_body(recorded, url), url=url).entries:
                    forms.add(entry.published_how)
                    assert published.get(entry.link, entry.published_at) == entry.published_at, entry
    assert {"us-local +07", "vn-text +07", "rfc822"} <= forms
    assert any("GMT+7" in _body(recorded, url).decode() for _, url in _endpoints(outlets["baotintuc"]))


def test_the_week_has_the_promised_breadth(outlets: dict[str, Outlet]) -> None:
    gold = load_gold()
    assert len(gold) >= 70
    assert len({g.outlet for g in gold}) >= 12
    assert {g.lang for g in gold} == {"vi", "en"}
    assert all(g.lang == outlets[g.outlet].language for g in gold)
    assert {g.published.astimezone(VIETNAM).day for g in gold} == set(range(9, 16))
    assert sum(not g.provinces for g in gold) >= 8
    lengths = sorted(len(f"{g.lead} {g.text}".split()) for g in gold if g.outcome == "stored")
    assert lengths[-1] >= 900
    assert lengths[len(lengths) // 2] >= 150


def test_nearly_all_provinces_and_many_old_ones_are_told_about() -> None:
    """The 34 units of now and the 63 of before."""
    gold = load_gold()
    assert len({code for g in gold for code in g.provinces}) >= 28
    assert {"49", "74", "34", "91", "77", "02", "62"} <= {code for g in gold for code in g.old_provinces}
    assert all(not set(g.provinces) & set(g.mentioned_only) for g in gold)


def test_every_top_level_of_the_topics_occurs(shared_data: Path) -> None:
    rows = [line.split("\t") for line in (shared_data / "topics/topics.tsv").read_text("utf-8").splitlines()]
    top = {row[0]: row[4] for row in rows[1:]}
    assert len({top[topic] for g in load_gold() for topic in g.topics}) == TOP_LEVELS


def test_old_names_belong_to_the_new_units_they_stand_for(shared_data: Path) -> None:
    old_to_new = json.loads((shared_data / "places/old_to_new.json").read_text("utf-8"))["old_to_new"]
    for g in load_gold():
        assert {old_to_new[code] for code in g.old_provinces} <= {*g.provinces, *g.mentioned_only}, g.key


def test_stories_hold_reprints_translations_follow_ups_and_look_alikes() -> None:
    gold = load_gold()
    relations = Counter(g.relation for g in gold)
    assert {"reprint_verbatim", "reprint_trimmed", "reprint_rewritten_headline"} <= set(relations)
    assert relations["translation"] >= 3
    assert relations["follow_up"] >= 2
    stories: dict[str, set[str]] = {}
    for g in gold:
        stories.setdefault(g.story, set()).add(g.lang)
    assert sum(len(langs) == 2 for langs in stories.values()) >= 8
    for one, other in (("gold-mon", "gold-tue"), ("bus-lam-dong", "bus-son-la"), ("vleague-9", "vleague-10")):
        assert {one, other} <= set(stories)


def test_a_reprint_repeats_its_original_and_credits_the_agency() -> None:
    articles = {article.gold.key: article for article in load_articles()}
    reprints = [article for article in articles.values() if article.gold.copied_from]
    assert len(reprints) >= 7
    for reprint in reprints:
        source = " ".join(articles[reprint.gold.copied_from].versions[0].paragraphs)
        assert all(part in source for part in reprint.versions[0].paragraphs)
        assert "TTXVN" in reprint.credit_line
        assert reprint.gold.origin == "ttxvn"


def test_the_changed_article_reads_differently_on_a_later_day(recorded: ArchiveReader) -> None:
    (changed,) = (article for article in load_articles() if len(article.versions) > 1)
    before = recorded.lookup(changed.gold.url, changed.versions[1].at)
    after = recorded.lookup(changed.gold.url, build.LAST_MOMENT)
    assert before is not None
    assert after is not None
    assert changed.versions[0].title in _visible(before.body)
    assert changed.versions[1].title in _visible(after.body)
    assert changed.versions[1].title not in _visible(before.body)


def test_odd_links_end_as_their_kind_says(recorded: ArchiveReader, outlets: dict[str, Outlet]) -> None:
    links = {link.kind: link for link in load_links()}
    assert article_verdict(outlets[links["offsite"].outlet], links["offsite"].url) is Reason.OFFSITE
    assert article_verdict(outlets[links["section"].outlet], links["section"].url) is Reason.NOT_AN_ARTICLE
    missing = recorded.lookup(links["missing"].url)
    assert missing is not None
    assert missing.status == 404
    assert recorded.lookup(links["robots"].url) is None
    assert b"Disallow: /emagazine/" in robots_txt(outlets[links["robots"].outlet])


def test_the_redirecting_address_leads_to_the_article(recorded: ArchiveReader) -> None:
    (moved,) = (article for article in load_articles() if article.old_url)
    answer = recorded.lookup(moved.old_url)
    assert answer is not None
    assert answer.status == 301
    assert dict(answer.headers)["Location"] == moved.gold.url


def test_bytes_hold_the_promised_traps(recorded: ArchiveReader) -> None:
    articles = load_articles()
    (nfd,) = (article for article in articles if article.nfd)
    assert not unicodedata.is_normalized("NFC", _body(recorded, nfd.gold.url).decode())
    (old_tones,) = (article for article in articles if article.old_tones)
    assert "Khánh Hoà" in _visible(_body(recorded, old_tones.gold.url))
    (teaser,) = (article for article in articles if article.teaser)
    assert '"isAccessibleForFree": false' in _body(recorded, teaser.gold.url).decode()
    assert _body(recorded, "https://dantri.com.vn/rss/home.rss").startswith(b"\xef\xbb\xbf<?xml")
    thanhnien = _body(recorded, "https://thanhnien.vn/rss/home.rss")
    assert not thanhnien.startswith(b"<?xml")
    assert b"&amp;agrave;" in thanhnien
    assert b"\n" not in _body(recorded, "https://tuoitre.vn/rss/tin-moi-nhat.rss")


@pytest.mark.parametrize(
    "words",
    [
        "Vũ Hòa Bình",
        "ca sĩ Hà Giang",
        "phố Huế",
        "bún bò Huế",
        "hòa bình",
        "Thái Bình Dương",
        "Hoàng Anh Gia Lai",
        "Đại học Thái Nguyên",
        "TNCS Hồ Chí Minh",
        "tỉnh Hà Nam (Trung Quốc)",
        "Đồng Nai (TTXVN) -",
        "TP.HCM",
        "BR-VT",
    ],
)
def test_words_that_only_look_like_places_occur(words: str) -> None:
    assert any(words in _everything(article) for article in load_articles())


def test_nothing_was_copied_from_the_labelled_articles(shared_data: Path) -> None:
    """No eight words in a row stand in the Vietnamese pages, the stories or the written challenge."""
    ours = {gram: article.gold.key for article in load_articles() for gram in _shingles(_everything(article))}
    files = [*(shared_data / "challenge").glob("*.jsonl"), *(shared_data / "stories").glob("*.jsonl")]
    pages = (shared_data / "pages/vi").glob("*.html")
    texts = [_unescaped(path.read_text("utf-8")) for path in files]
    texts += [_visible(path.read_bytes()) for path in pages]
    copied = {ours[gram]: gram for text in texts for gram in _shingles(text) if gram in ours}
    assert not copied


class Recorder:
    """A sink that wants everything and remembers what it was given."""

    def __init__(self) -> None:
        self.pages: list[str] = []
        self.outcomes: list[Outcome] = []
        self.states: list[EndpointState] = []

    async def endpoint_state(self, outlet: str, endpoint: Endpoint, url: str) -> EndpointState | None:
        return None

    async def choose(self, candidates: Sequence[Candidate]) -> Choice:
        return Choice(candidates, {})

    async def document(self, document: RawDocument) -> Reason:
        self.pages.append(document.final_url)
        return Reason.STORED

    async def outcome(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    async def polled(self, state: EndpointState, named: Sequence[Named]) -> None:
        self.states.append(state)


def _document(recorded: ArchiveReader, gold: Gold) -> RawDocument:
    return RawDocument(
        outlet=gold.outlet,
        url=gold.url,
        final_url=gold.url,
        fetched_at=build.LAST_MOMENT,
        status=200,
        body=_body(recorded, gold.url),
        content_type="text/html",
        charset="utf-8",
    )


def _everything(article: Article) -> str:
    return "\n".join(part for v in article.versions for part in (v.title, v.lead, *v.paragraphs))


def _endpoints(outlet: Outlet) -> Iterator[tuple[Endpoint, str]]:
    for endpoint in outlet.endpoints:
        if endpoint.enabled:
            yield from ((endpoint, url) for url in endpoint_urls(endpoint, build.LAST_MOMENT))


def _named(recorded: ArchiveReader, outlet: Outlet) -> Iterator[tuple[Endpoint, str]]:
    """Every link that the outlet's endpoints name in their last recording."""
    for endpoint, url in _endpoints(outlet):
        body = _body(recorded, url)
        if endpoint.kind is EndpointKind.FEED:
            entries = parse_feed(body, url=url).entries
        elif endpoint.kind is EndpointKind.SITEMAP:
            entries = parse_sitemap(body, url=url).entries
        else:
            selectors = endpoint.links or outlet.profile.listing_links
            entries = parse_listing(body, url=url, selectors=selectors).entries
        yield from ((endpoint, entry.link) for entry in entries)


def _body(recorded: ArchiveReader, url: str) -> bytes:
    page = recorded.lookup(url, build.LAST_MOMENT)
    assert page is not None, url
    return page.body


def _visible(page: bytes) -> str:
    body = LexborHTMLParser(page).body
    return unicodedata.normalize("NFC", body.text(separator=" ") if body else "")


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text).replace("\\n", " ")


def _words(text: str) -> str:
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).casefold())
    return f" {' '.join(words)} "


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    words = _words(text).split()
    return zip(*(words[start:] for start in range(SHINGLE)), strict=False)
