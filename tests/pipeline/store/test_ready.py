"""What workers work out of an article for the writer: as the writer would, and fit for any database."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from models.tags import Evidence, TopicTag
from pipeline.search import parse_query
from pipeline.store import NewArticle, Store
from pipeline.store.ready import ready_of, written_tags
from tests.conftest import ROOT
from tests.pipeline.store.material import NOW, new, province, topic


def with_words(article: NewArticle, words: str) -> NewArticle:
    """The article with a topic whose evidence is these words."""
    tag = TopicTag("medtop:01", words, 0.5, (Evidence("body", 0, len(words), words, "cue"),))
    return replace(article, tags=replace(article.tags, topics=(tag,)))


def test_an_article_prepared_by_a_worker_is_stored_as_one_that_the_writer_prepares(store: Store) -> None:
    title, tags = "Khánh thành cầu Cửa Đại\xa0thứ hai", (province("vn34:48", "vn63:49"),)
    by_writer = new(1, title=title, provinces=tags, topics=(topic("20000337"),))
    by_worker = new(2, title=title, provinces=tags, topics=(topic("20000337"),))
    by_worker = replace(by_worker, ready=ready_of(by_worker.article, by_worker.tags))
    store.save([by_writer, by_worker], now=NOW)
    one, other = store.articles(list(store.all_ids()))
    assert one.tags == other.tags == by_writer.tags
    for words in ('"cầu cửa đại"', "khanh thanh cau"):
        assert len(store.search(parse_query(words, now=NOW), limit=10).hits) == 2, words
    assert store.check().ok


def test_prepared_once_more_an_article_that_only_spaces_differ_in_is_unchanged() -> None:
    article, tags = new(1, text="Sáng nay cầu thông xe.").article, new(1).tags
    spaced = replace(article, text="Sáng  nay cầu\nthông xe.")
    other = replace(article, text="Chiều nay cầu thông xe.")
    prints = [ready_of(each, tags).content_hash for each in (article, spaced, other)]
    assert prints[0] == prints[1] != prints[2]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("cầu\x00 đường", "cầu đường"),
        ("cầu \ud83d đường", "cầu  đường"),
        (
            r"cầu \u0000 và \ud83d",
            r"cầu \u0000 và \ud83d",
        ),  # spelt out: six characters that any text may have
        ('"cầu" \\ đường\n🌉', '"cầu" \\ đường\n🌉'),
    ],
    ids=["NUL", "half a character", "spelt out", "quotes"],
)
def test_tags_hold_what_was_written_but_for_what_no_database_takes(
    store: Store, words: str, kept: str
) -> None:
    article = with_words(new(1), words)
    store.save([replace(article, ready=ready_of(article.article, article.tags))], now=NOW)
    [stored] = store.articles(list(store.all_ids()))
    assert (stored.tags.topics[0].label, stored.tags.topics[0].evidence[0].text) == (kept, kept)


def test_tags_are_written_without_escapes_so_that_vietnamese_takes_no_more_room() -> None:
    article = with_words(new(1), "đường")
    assert '"đường"' in written_tags(article.tags)


def test_what_workers_prepare_with_does_not_load_the_library_of_the_database() -> None:
    script = "import sys, pipeline.store.ready; sys.exit('sqlalchemy' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
