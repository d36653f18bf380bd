"""Running a stage again over what is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from crawlers.archive import ArchiveReader, ArchiveWriter, Recorded
from models.correction import Correction, TagKind, Verdict
from models.story import Relation, StoryLink
from models.tags import Taggable, Tags
from pipeline.extract.pool import WorkerPool
from pipeline.processing import Done, Work
from pipeline.processor import Processor
from pipeline.reprocess import BATCH, Choice, Left, Summary, reread, retag
from pipeline.search import parse_query
from pipeline.store import NewArticle, Store, StoredArticle, open_store
from pipeline.tag import Tagger
from tests.conftest import ROOT
from tests.pipeline.extract.pages import page, prose
from tests.pipeline.store.material import NOW, new, province
from tests.support import tables

EVERYTHING = Choice()
ABOUT_HUE = "Mưa lớn làm ngập nhiều tuyến phố trung tâm thành phố Huế sáng nay, học sinh ở Huế được nghỉ học."
LATER = NOW + timedelta(days=1)


@pytest.fixture
def tagger() -> Tagger:
    return tables.tagger()


def wrongly_tagged(number: int = 1) -> NewArticle:
    """An article about Huế that an older version of the rules took for Đà Nẵng."""
    title = f"Huế ngập lần thứ {number}"
    made = new(number, provinces=(province("vn34:48"),), title=title, lead="", text=ABOUT_HUE)
    return replace(made, tags=replace(made.tags, tagger="older"))


def titles(store: Store, query: str) -> list[str]:
    return [hit.title for hit in store.search(parse_query(query, now=NOW)).hits]


def one(store: Store, number: int = 1) -> StoredArticle:
    found = store.get(new(number).article.url)
    assert found is not None
    return found


def test_other_rules_reach_tags_search_and_story_and_no_time(store: Store, tagger: Tagger) -> None:
    store.save([wrongly_tagged()], now=NOW)
    before = one(store)
    link = StoryLink(id=str(before.id), story="s", relation=Relation.ORIGINAL, origin="", evidence=())
    store.set_stories([link])
    summary = retag(store, tagger, {}, EVERYTHING)
    assert (summary.seen, summary.changed) == (1, 1)
    assert (summary.added["about vn34:46"], summary.removed["about vn34:48"]) == (1, 1)
    assert summary.examples[0].title == "Huế ngập lần thứ 1"
    assert (titles(store, "tỉnh:vn34:46"), titles(store, "tỉnh:vn34:48")) == ([before.article.title], [])
    story, after = store.story("s"), one(store)
    assert story is not None
    assert story.provinces == ("vn34:46",)
    assert after.tags.tagger == tagger.version != ""
    assert (after.first_seen_at, after.updated_at, after.revisions) == (NOW, NOW, ())
    assert store.check().ok


def test_a_dry_run_tells_the_same_and_changes_nothing(store: Store, tagger: Tagger) -> None:
    store.save([wrongly_tagged()], now=NOW)
    before = list(store.export())
    summary = retag(store, tagger, {}, EVERYTHING, dry_run=True)
    assert (summary.changed, summary.added["about vn34:46"]) == (1, 1)
    assert list(store.export()) == before
    assert one(store).tags.tagger == "older"


def test_corrections_stay_and_count_as_no_change(store: Store, tagger: Tagger) -> None:
    store.save([wrongly_tagged()], now=NOW)
    number = one(store).id
    said = {"vn34:48": Verdict.ABOUT, "vn34:46": Verdict.NO}
    store.correct(
        [
            Correction(article=number, kind=TagKind.PROVINCE, value=code, verdict=verdict, at=NOW)
            for code, verdict in said.items()
        ]
    )
    summary = retag(store, tagger, {}, EVERYTHING)
    assert not [name for name in (*summary.added, *summary.removed) if "vn34" in name]
    assert [tag.code for tag in one(store).tags.provinces] == ["vn34:48"]
    store.forget_corrections(number)
    assert [tag.code for tag in one(store).tags.provinces] == ["vn34:46"]  # what the newer rules say


class Interrupted(Tagger):
    """Stops in the middle, as a kill would: between one batch and the end of the next."""

    def __init__(self, tagger: Tagger, after: int) -> None:
        super().__init__(tagger.provinces, tagger.topics, version=tagger.version)
        self.left = after

    def tag(self, article: Taggable) -> Tags:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return super().tag(article)


def test_a_run_that_was_stopped_goes_on_where_it_was(store: Store, tagger: Tagger) -> None:
    count = BATCH + 20
    store.save([wrongly_tagged(number) for number in range(count)], now=NOW)
    with pytest.raises(KeyboardInterrupt):
        retag(store, Interrupted(tagger, BATCH + 5), {}, EVERYTHING)
    summary = retag(store, tagger, {}, EVERYTHING)
    assert (summary.seen, summary.changed, summary.left[Left.CURRENT]) == (count, 20, BATCH)
    assert len(store.search(parse_query("tỉnh:vn34:46", now=NOW), limit=500).hits) == count


class Overtaken(Tagger):
    """While it works, a new version of the article is stored."""

    def __init__(self, tagger: Tagger, store: Store) -> None:
        super().__init__(tagger.provinces, tagger.topics, version=tagger.version)
        self.store = store

    def tag(self, article: Taggable) -> Tags:
        revised = new(1, title="Bản mới", provinces=(province("vn34:01"),))
        self.store.save([revised], now=LATER)
        return super().tag(article)


def test_an_article_that_took_a_new_version_meanwhile_is_left_alone(store: Store, tagger: Tagger) -> None:
    store.save([wrongly_tagged()], now=NOW)
    summary = retag(store, Overtaken(tagger, store), {}, EVERYTHING)
    assert (summary.changed, summary.left[Left.REVISED]) == (0, 1)
    assert [tag.code for tag in one(store).tags.provinces] == ["vn34:01"]


def test_only_the_chosen_articles_are_tagged_again(store: Store, tagger: Tagger) -> None:
    articles = [wrongly_tagged(number) for number in (1, 30)]
    other = wrongly_tagged(2)
    store.save([*articles, replace(other, article=replace(other.article, outlet="khac"))], now=NOW)
    chosen = Choice(since=NOW - timedelta(days=1), outlets=("bao-mot",))
    assert retag(store, tagger, {}, chosen).seen == 1
    assert titles(store, "tỉnh:vn34:46") == ["Huế ngập lần thứ 1"]
    assert retag(store, tagger, {}, Choice(again=True)).changed == 2


# Reading pages again

SITE = "https://bao.example.vn"
WHOLE = page(prose(ABOUT_HUE), title="Cầu gỗ mới ở bản")


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path}/a.sqlite3")


def recorded(path: str, body: str = WHOLE, *, hours: float = 0, status: int = 200, to: str = "") -> Recorded:
    headers = (("Content-Type", "text/html; charset=utf-8"), *((("Location", to),) if to else ()))
    at = NOW - timedelta(hours=1) + timedelta(hours=hours)
    return Recorded(url=f"{SITE}/{path}", status=status, headers=headers, body=body.encode(), recorded_at=at)


def read_again(store: Store, folder: Path, records: Sequence[Recorded], *, dry_run: bool = False) -> Summary:
    """Reprocess everything from an archive of these records."""
    writer = ArchiveWriter(folder / "warc")
    for record in records:
        writer.write(record)
    writer.close()

    async def run() -> Summary:
        pool: WorkerPool[Work, Done] = WorkerPool(partial(Processor.build, ROOT / "config"), 1, 30)
        async with pool:
            return await reread(store, pool, ArchiveReader([folder / "warc"]), EVERYTHING, dry_run=dry_run)

    return asyncio.run(run())


def test_an_archived_page_is_read_again_under_the_same_identity(sqlite_store: Store, tmp_path: Path) -> None:
    """Through a redirect, with the text index following; pages that are not there are left as they are."""
    store = sqlite_store
    torn = new(1, title="Cầu gỗ mới ở bản", text="Nửa bài cũkỹ.", lead="", published_at=None)
    lost = new(2)
    store.save([replace(torn, asked_urls=(f"{SITE}/moved",)), lost], now=NOW)
    records = [
        recorded("moved", "", status=302, to="/bai-1.html"),
        recorded("bai-1.html"),
        recorded("bai-2.html", page("<p>404</p>"), status=404),
    ]
    would = read_again(store, tmp_path, records, dry_run=True)
    assert titles(store, "cũkỹ") == ["Cầu gỗ mới ở bản"]
    summary = read_again(store, tmp_path, [])
    assert (summary.seen, summary.changed) == (would.seen, would.changed) == (2, 1)
    assert summary.fields["text"] == 1
    assert summary.left == {Left.NOT_RECORDED: 1}
    after = one(store)
    assert "thành phố Huế" in after.article.text
    assert (titles(store, "cũkỹ"), titles(store, '"dây cáp"')) == ([], ["Cầu gỗ mới ở bản"])
    assert (after.first_seen_at, after.updated_at, after.revisions) == (NOW, NOW, ())
    assert store.check().ok


def test_a_paywall_that_came_later_takes_no_text_away(sqlite_store: Store, tmp_path: Path) -> None:
    store = sqlite_store
    store.save([new(1)], now=NOW)
    closed = '{"@type": "NewsArticle", "headline": "Cầu gỗ mới ở bản", "isAccessibleForFree": false}'
    head = f'<script type="application/ld+json">{closed}</script>'
    record = recorded("bai-1.html", page(prose(), head), hours=2)
    assert read_again(store, tmp_path, [record]).left == {Left.TEASER: 1}
    assert one(store).article == new(1).article


def test_a_page_older_than_the_stored_version_or_no_article_now_is_not_taken(
    sqlite_store: Store, tmp_path: Path
) -> None:
    store = sqlite_store
    store.save([new(1), new(2)], now=NOW)
    store.save([new(1, text="Bản đã sửa.", lead="")], now=LATER)
    empty = recorded("bai-2.html", page("<p>Xin chờ</p>"))
    summary = read_again(store, tmp_path, [recorded("bai-1.html"), empty])
    assert summary.left == {Left.OLDER: 1, Left.UNREADABLE: 1}
    assert one(store).article.text == "Bản đã sửa."
    assert one(store, 2).article.text == new(2).article.text
