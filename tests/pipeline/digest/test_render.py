"""What a digest looks like in a mail reader, and how much it weighs."""

from __future__ import annotations

import base64
import itertools
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest
from lxml import html as lxml_html

from models.digest import (
    Digest,
    DigestArticle,
    DigestProvince,
    DigestStory,
    Language,
    Outage,
    RenderedDigest,
    Section,
    Slot,
    Told,
)
from models.outcome import Reason
from models.query import Note
from models.reasons import REASON_WORDS
from pipeline.digest.render import SUBJECT_LIMIT, Links, Renderer, encoded_size, personal
from pipeline.digest.select import select
from tests.pipeline.digest.sample import OUTLETS, SINCE, UNTIL, article, sample, story, subscription

SLOT = Slot(key="2026-11-22", local_date=UNTIL.date(), since=SINCE, until=UNTIL, send_at=UNTIL)
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "</title><style>*{display:none}</style>",
    "\u202egnp.exe\u2066 \x92\x00 end",
    "]]>&amp;<!--",
]


def flood(articles: int) -> Digest:
    """A day of many articles in long words, for a subscriber who wants everything."""
    sections = tuple(Section(title=f"Mục {n}", limit=100) for n in range(20))
    wanted = subscription(sections=sections, limit=400, highlights=10)
    found: list[list[DigestStory]] = [[] for _ in sections]
    outlets = list(OUTLETS)
    for n in range(articles // 5):
        told = [
            article(
                f"{n}-{k}",
                outlets[(n + k) % 9],
                f"Tiêu đề khá dài số {n} về một việc ở địa phương",
                "Đoạn mở đầu của bài báo. " * 9,
            )
            for k in range(5)
        ]
        found[n % 20].append(story(str(n), told, ["quang-tri", "da-nang"], ["energy"], "từ khóa"))
    return select(wanted, SLOT, found, {})


def text_of(rendered: RenderedDigest) -> str:
    return " ".join(rendered.text.split())


def words_of(element: Any) -> str:
    """The text of an element, its spaces made one."""
    return " ".join("".join(element.itertext()).split())


def page_text(rendered: RenderedDigest) -> str:
    return words_of(lxml_html.fromstring(rendered.html))


def test_five_thousand_articles_fit_and_what_is_missing_is_counted(renderer: Renderer) -> None:
    """T3."""
    rendered = renderer.render(flood(5000), Links(sections=("https://news.example.org/s",) * 20))
    written = len(base64.encodebytes(rendered.html.encode()).replace(b"\n", b"\r\n"))
    assert 90 * 1024 * 0.8 < written <= 90 * 1024
    shown = rendered.digest
    assert shown.stories + sum(s.more for s in shown.sections) == 1000
    assert f"{shown.stories} tin" in rendered.subject
    assert rendered.text.count("https://news.example.org/s") == 20


def test_every_section_keeps_something_before_any_gets_much(renderer: Renderer) -> None:
    rendered = renderer.render(flood(5000))
    counts = [len(section.items) for section in rendered.digest.sections]
    assert min(counts) >= 1


def test_absurd_addresses_cannot_make_the_mail_too_big(renderer: Renderer) -> None:
    digest = flood(300)
    monster = tuple(
        replace(item, headline=replace(item.headline, url="https://x.example.org/" + "&" * 990))
        for item in digest.highlights
    )
    rendered = renderer.render(replace(digest, highlights=monster), limit=30_000)
    assert encoded_size(rendered.html) <= 30_000


@pytest.mark.parametrize("language", ["vi", "en"])
def test_both_parts_say_the_same(language: Language) -> None:
    """T4: every headline, excerpt, section, reason and address of the model stands in both."""
    rendered = sample(language)
    page, text = page_text(rendered), text_of(rendered)
    hrefs = {a.get("href") for a in lxml_html.fromstring(rendered.html).iter("a")}
    assert len(rendered.digest.items) == 9
    for item in rendered.digest.items:
        for part in (item.headline.title, item.excerpt, item.headline.outlet_name):
            assert part in page
            assert part in text
        assert item.headline.url in hrefs
        assert f"\n  {item.headline.url}\n" in rendered.text
    for section in rendered.digest.sections:
        assert section.title in page
        assert section.title.upper() in text
    assert rendered.digest.updates
    for update in rendered.digest.updates:
        for part in (update.latest.title, update.latest.outlet_name, update.item.headline.title):
            assert part in page
            assert part in text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_outside_text_stays_text_in_every_field(renderer: Renderer, payload: str) -> None:
    bad = replace(
        article("x", "vov", payload, payload),
        outlet_name=payload,
        origin=payload,
        url="javascript:alert(1)",
    )
    other = replace(
        article("y", "nhandan", payload), outlet_name=payload, url="https://x.example.org/\"onx='1'"
    )
    each = story("x", [bad, other], ["da-nang"], ["energy"], payload)
    wanted = subscription(title=payload, sections=(Section(title=payload),))
    outage = Outage(outlet="x", outlet_name=payload, since=SINCE, reason=payload)
    rendered = renderer.render(select(wanted, SLOT, [[each]], {}, outages=[outage]))
    page = lxml_html.fromstring(rendered.html)
    plain_page = lxml_html.fromstring(sample().html)
    assert {e.tag for e in page.iter() if isinstance(e.tag, str)} <= {
        e.tag for e in plain_page.iter() if isinstance(e.tag, str)
    }
    assert not [n for e in page.iter() for n in e.attrib if str(n).startswith("on")]
    assert {str(a.get("href")).partition(":")[0] for a in page.iter("a")} <= {"https"}
    assert "49" not in rendered.subject
    assert not re.search(
        "[\u202a-\u202e\u2066-\u2069\x00\x80-\x9f]", rendered.html + rendered.text + rendered.subject
    )


def test_the_mail_asks_nothing_of_the_network(renderer: Renderer) -> None:
    page = lxml_html.fromstring(sample().html)
    assert not list(page.iter("img", "script", "link", "iframe", "object", "video", "form"))
    assert "url(" not in sample().html
    assert "@import" not in sample().html


def test_the_page_is_built_for_screen_readers_and_dark_screens() -> None:
    rendered = sample()
    page = lxml_html.fromstring(rendered.html)
    assert page.get("lang") == "vi"
    levels = [int(e.tag[1]) for e in page.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    assert all(t.get("role") == "presentation" or t.find("caption") is not None for t in page.iter("table"))
    assert all(words_of(a) for a in page.iter("a"))
    assert "prefers-color-scheme: dark" in rendered.html
    english = [e for e in page.iter() if e.get("lang") == "en"]
    assert english


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_subject_tells_date_counts_and_places_in_sixty_characters(language: Language) -> None:
    subject = sample(language).subject
    assert len(subject) <= SUBJECT_LIMIT
    assert ("22/11: 9 tin, 23 bài · Quảng Trị" in subject) == (language == "vi")


@pytest.mark.parametrize("reason", Reason)
def test_why_an_outlet_was_out_is_told_in_the_language_of_the_mail(
    reason: Reason, renderer: Renderer
) -> None:
    outage = Outage(outlet="vov", outlet_name="VOV", since=SINCE, reason=reason.value)
    words = REASON_WORDS[reason]
    texts = {}
    for language in get_args(Language):
        wanted = replace(subscription(), language=language)
        rendered = renderer.render(select(wanted, SLOT, [[], []], {}, outages=[outage]))
        texts[language] = " ".join(rendered.text.split())
    assert f"({words.vi})" in texts["vi"]
    assert f"({words.en})" in texts["en"]


def test_an_empty_digest_says_so_and_names_the_outage(renderer: Renderer) -> None:
    """T13."""
    outage = Outage(outlet="vov", outlet_name="VOV", since=SINCE, reason="timeout")
    rendered = renderer.render(select(subscription(), SLOT, [[], []], {}, outages=[outage]))
    assert rendered.subject == "Bản tin sáng 22/11: không có tin mới, 1 báo không đọc được"
    assert "VOV: từ 06:00, 21/11 (quá thời gian chờ)" in rendered.text
    assert "VOV" in page_text(rendered)


def test_a_section_whose_search_is_wrong_says_what_has_to_be_mended(renderer: Renderer) -> None:
    """However little else there is to tell, and in both parts."""
    wrong = Note("không khớp bài nào: tỉnh:<Hếu>", "fits nothing: tỉnh:<Hếu>")
    for language, said in (("vi", wrong.vi), ("en", wrong.en)):
        digest = select(subscription(language), SLOT, [[], []], {}, faults=[[], [wrong]])  # type: ignore[arg-type]
        rendered = renderer.render(digest)
        assert digest.sections[1].title.upper() in rendered.text
        assert said in " ".join(rendered.text.split())
        assert said in page_text(rendered)
    assert rendered.subject == "Morning brief 22 Nov: no news, 1 section to mend"


def test_one_of_a_kind_is_told_in_the_singular(renderer: Renderer) -> None:
    outage = Outage(outlet="vov", outlet_name="VOV", since=SINCE, reason="timeout")
    digest = select(subscription("en"), SLOT, [[], []], {}, outages=[outage])
    rendered = renderer.render(replace(digest, quiet=1, more_updates=1))
    assert "1 more article on stories already sent" in rendered.text
    assert "1 more article on stories already sent" in page_text(rendered)
    assert "Grown, too: 1 story." in rendered.text
    assert "1 outlet unreadable" in renderer.render(digest).subject


def test_an_update_names_its_own_outlet_once_and_the_headline_told_before(renderer: Renderer) -> None:
    base = article("x", "vov", "Nhận định trận derby", hours=30)
    joined = article("y", "vietnamnews", "Capital derby: 3-1", hours=2)
    told = {"x": Told(story="x", until=SINCE, headline_url=base.url)}
    wanted = subscription(sections=(Section(title="Tất cả"),), update_outlets=1)
    rendered = renderer.render(select(wanted, SLOT, [[story("x", [base, joined])]], told))
    for part in (page_text(rendered), text_of(rendered)):
        assert "Việt Nam News, 03:50, 22/11 · bằng tiếng Anh" in part
        assert part.count("Việt Nam News") == 1
        assert "Tiếp tin đã gửi: Nhận định trận derby" in part
    assert joined.url in rendered.html
    assert base.url not in rendered.text


def test_both_parts_say_what_the_numbers_of_the_provinces_count(renderer: Renderer) -> None:
    found = [story(str(n), [article(str(n), "vov", f"Tin {n}")], ["da-nang"]) for n in range(5)]
    found.append(story("x", [article("x", "vov", "Tin")], ["dak-lak"]))
    rendered = renderer.render(select(subscription(), SLOT, [found, []], {}))
    for part in (page_text(rendered), text_of(rendered)):
        assert "Số tin về mỗi tỉnh, thành trong kỳ này" in part


def test_a_late_or_shortened_digest_says_so(renderer: Renderer) -> None:
    slot = replace(SLOT, late=True, shortened=True)
    rendered = renderer.render(select(subscription(), slot, [[], []], {}))
    assert rendered.subject.startswith("[Gửi muộn] ")
    assert "lẽ ra đi lúc 06:00, 22/11" in page_text(rendered)
    assert "chỉ gồm tin từ" in rendered.text


def test_a_time_after_we_saw_the_article_is_not_believed(renderer: Renderer) -> None:
    future: DigestArticle = replace(
        article("x", "vov", "Tin", hours=3), published_at=UNTIL + timedelta(days=30)
    )
    rendered = renderer.render(select(subscription(), SLOT, [[story("x", [future])], []], {}))
    assert "VOV · 03:00, 22/11" in rendered.text


def test_each_recipient_gets_a_link_of_their_own() -> None:
    mine = personal(sample(), "https://news.example.org/u/abc?x=1&y=2")
    assert "https://news.example.org/u/abc?x=1&amp;y=2" in mine.html
    assert "\nhttps://news.example.org/u/abc?x=1&y=2\n" in mine.text
    assert "unsubscribe.invalid" not in mine.html + mine.text


@pytest.mark.parametrize(("outlets", "heading"), [(1, "Cập nhật"), (3, "Nổi bật")])
def test_an_update_stands_with_its_excerpt_and_its_section_is_not_said_to_have_no_news(
    renderer: Renderer, outlets: int, heading: str
) -> None:
    lead = "Hai ngư dân mất liên lạc từ tối qua."
    joined = [article("y", o, "Bão: 2 người mất tích", lead) for o in ("nhandan", "tuoitre", "vov")[:outlets]]
    storm = story("x", [article("x", "vov", "Bão gần bờ", hours=30), *joined], ["quang-tri"])
    wanted = subscription(sections=(Section(title="Mục A"), Section(title="Mục B"), Section(title="Mục C")))
    found = [[story("z", [article("z", "vov", "Tin")], ["da-nang"])], [storm], []]
    rendered = renderer.render(select(wanted, SLOT, found, {"x": Told(story="x", until=SINCE)}))
    for part in (page_text(rendered), text_of(rendered)):
        assert lead in part
        assert "Không có tin mới ở các mục: Mục C." in part
        assert heading.upper() in part.upper()
        assert part.count("Diễn biến mới") == 1
    assert ("2 tin" in rendered.subject and "Quảng Trị" in rendered.subject) == (heading == "Nổi bật")


@pytest.mark.parametrize(
    ("name_vi", "name_en", "old", "said"),
    [
        ("Hà Nội", "Hanoi", "Hà Nội", "also about Hanoi"),
        ("Đà Nẵng", "Da Nang", "Quảng Nam", "also about Da Nang (former Quang Nam)"),
    ],
)
def test_a_former_unit_is_named_as_part_of_the_new_one_and_not_where_the_name_stayed(
    renderer: Renderer, name_vi: str, name_en: str, old: str, said: str
) -> None:
    place = DigestProvince(code="vn34:01", name_vi=name_vi, name_en=name_en, old_names=(old,))
    each = replace(story("x", [article("x", "vov", "Tin")], (), ["energy"]), provinces=(place,))
    rendered = renderer.render(select(subscription("en"), SLOT, [[each], []], {}))
    for part in (page_text(rendered), text_of(rendered)):
        assert said in part
        assert ("(former" in part) == ("(former" in said)


def test_english_mails_say_how_many_outlets_joined_and_that_a_day_is_as_usual(renderer: Renderer) -> None:
    joined = [article("y", outlet, "Tin") for outlet in ("nhandan", "tuoitre")]
    grown = story("x", [article("x", "vov", "Tin", hours=30), *joined])
    told = {"x": Told(story="x", until=SINCE)}
    digest = select(subscription("en"), SLOT, [[grown], []], told, history=[2, 2, 2])
    rendered = renderer.render(replace(digest, quiet=2))
    for part in (page_text(rendered), text_of(rendered)):
        assert "also reported by 1 more: " in part
        assert "About as many as usual (2 articles)" in part
        assert "2 more articles on stories already sent" in part


def test_the_page_has_one_style_block_behind_its_character_set() -> None:
    page = sample().html
    assert page.count("<style") == page.count("prefers-color-scheme: dark") == 1
    assert page.index("<meta charset") < page.index("<style")
