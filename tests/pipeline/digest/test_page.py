"""T17: the mail in a real browser: for screen readers, in both schemes, on the narrowest phone."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from models.digest import Language
from tests.pipeline.digest.sample import sample
from tests.support.chromium import Chromium, browser

pytestmark = pytest.mark.xdist_group("chromium")
NARROWEST = 320
VOID = frozenset({"meta", "br", "hr", "img", "link", "input"})


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    program = browser()
    if program is None:
        pytest.skip("needs Chromium")
    with Chromium(program) as running:
        yield running


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing_wrong_and_nothing_sticks_out_on_the_narrowest_phone(
    chromium: Chromium, language: Language, dark: bool
) -> None:
    chromium.show(sample(language).html, width=NARROWEST, dark=dark)
    assert chromium.violations() == []
    assert chromium.evaluate("document.documentElement.scrollWidth") == NARROWEST
    background = chromium.evaluate("getComputedStyle(document.querySelector('.sheet')).backgroundColor")
    assert (sum(map(int, background[4:-1].split(","))) < 200) is dark


def test_axe_would_find_what_is_wrong(chromium: Chromium) -> None:
    bad = sample().html.replace("#625c54", "#c9c4bc").replace(' lang="vi"', "", 1)
    chromium.show(bad, width=NARROWEST)
    rules = {line.partition(":")[0] for line in chromium.violations()}
    assert {"color-contrast", "html-has-lang"} <= rules


def test_a_long_word_and_a_wide_text_do_not_push_the_page_open(chromium: Chromium) -> None:
    rendered = sample()
    title = rendered.digest.items[0].headline.title
    chromium.show(rendered.html.replace(title, "Sieudaivoinhieuchu" * 8), width=NARROWEST)
    assert chromium.evaluate("document.documentElement.scrollWidth") == NARROWEST


class _Nesting(HTMLParser):
    """Keeps what is open, and what was closed in the wrong place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.wrong.append(f"{tag} {names}")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"/{tag}")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_element_is_closed_where_it_should_be(language: Language) -> None:
    page = _Nesting()
    page.feed(sample(language).html)
    assert (page.open, page.wrong) == ([], [])
