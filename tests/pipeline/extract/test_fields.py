"""Authors, datelines, JSON-LD and lines, each on its own."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from pipeline.extract import extract
from pipeline.extract.dateline import cut_dateline
from pipeline.extract.evaluate import overlap, score
from pipeline.extract.furniture import without_furniture
from pipeline.extract.jsonld import read_jsonld
from pipeline.extract.lines import join, read_lines
from pipeline.extract.people import people
from tests.pipeline.extract.pages import SENTENCES, document, page, prose


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("Nguyễn Thảo Vy", ("Nguyễn Thảo Vy",)),
        ("CHÂU TUẤN - HOÀI AN", ("Châu Tuấn", "Hoài An")),
        ("By Hoang Lan and Tran Minh", ("Hoang Lan", "Tran Minh")),
        ("Bài và ảnh: Bảo Ngọc", ("Bảo Ngọc",)),
        ("Minh An (Theo TTXVN)", ("Minh An",)),
        ("Hải Đăng haidang@paper.example", ("Hải Đăng",)),
        ("TUOI TRE ONLINE; Baotuoitre", ()),
        ("TTXVN", ()),
        ("Báo Nhân Dân", ()),
        ("Theo Reuters", ()),
        ("Nhóm PV", ()),
        ("https://www.facebook.com/paper", ()),
        ("VnExpress", ()),
    ],
)
def test_authors_are_people_only(field: str, found: tuple[str, ...]) -> None:
    assert people([field], ("Tuổi Trẻ Online", "tuoitre")) == found


@pytest.mark.parametrize(
    ("text", "dateline", "rest"),
    [
        ("HÀ NỘI (TTXVN) – Sáng nay trời mưa.", "HÀ NỘI (TTXVN)", "Sáng nay trời mưa."),
        ("Hanoi (VNA) – It rained today.", "Hanoi (VNA)", "It rained today."),
        ("HÀ NỘI — It rained today.", "HÀ NỘI", "It rained today."),
        ("(Chinhphu.vn) - Sáng nay trời mưa.", "(Chinhphu.vn)", "Sáng nay trời mưa."),
        ("(Dân trí) - Sáng nay trời mưa.", "(Dân trí)", "Sáng nay trời mưa."),
        ("TTO - Sáng nay trời mưa.", "TTO", "Sáng nay trời mưa."),
        ("VOV.VN - Sáng nay trời mưa.", "VOV.VN", "Sáng nay trời mưa."),
        ("TP HCM - đô thị lớn nhất nước - có mưa.", "", "TP HCM - đô thị lớn nhất nước - có mưa."),
        ("Ông An (56 tuổi) - chủ vườn - nói vậy.", "", "Ông An (56 tuổi) - chủ vườn - nói vậy."),
        ("COVID-19 - dịch bệnh năm ấy - đã qua.", "", "COVID-19 - dịch bệnh năm ấy - đã qua."),
    ],
)
def test_a_dateline_is_cut_and_a_sentence_is_not(text: str, dateline: str, rest: str) -> None:
    assert cut_dateline(text) == (dateline, rest)


@pytest.mark.parametrize(
    "script",
    [
        '{"@graph":[{"@type":"WebPage"},{"@type":"NewsArticle","headline":"Cầu mới"}]}',
        '[{"@type":["Thing","ReportageNewsArticle"],"headline":"Cầu mới"}]',
        '{"@type":"NewsArticle","headline":"Cầu mới",}',
        '<!-- {"@type":"NewsArticle","headline":"C&#7847;u m&#7899;i"} -->',
        '{"@type":"NewsArticle","headline":"Cầu mới","author":{"name":"A "B" C"}}',
    ],
)
def test_the_article_is_found_in_json_ld_of_any_wrapping(script: str) -> None:
    assert read_jsonld([script]).text("headline") == "Cầu mới"


def test_json_ld_that_is_no_json_is_no_data() -> None:
    assert read_jsonld(["var x = {", "", "[" * 100_000]).article == {}


def lines(html: str) -> list[str]:
    kept, _ = without_furniture(read_lines(LexborHTMLParser(html).body))  # type: ignore[arg-type]
    return join(kept).split("\n")


def test_headings_lists_quotes_tables_and_breaks_keep_their_lines() -> None:
    html = (
        "<h2>Một</h2><p>Hai <b>ba</b> bốn.<br>Năm.</p><ul><li>Sáu</li><li><p>Bảy</p></li></ul>"
        "<blockquote><p>Tám.</p></blockquote><table><tr><td>Chín</td><td><p>10</p></td></tr></table>"
    )
    assert lines(html) == ["Một", "Hai ba bốn.", "Năm.", "- Sáu", "- Bảy", "Tám.", "Chín | 10"]


def test_related_lists_hashtags_and_buttons_are_no_lines_of_the_article() -> None:
    html = (
        "<p>Chợ mở lại.</p><p><strong>Tin liên quan</strong></p><ul><li><a href=/a>Cầu gỗ mới ở "
        "bản</a></li></ul>"
        "<p>Chợ đông.</p><p>Xem thêm: <a href=/b>Đường mới qua núi cao</a></p><p>#chợ #quê</p><p>Chia sẻ</p>"
        "<p><a href=/c>Giá rau tăng sau mưa lớn</a></p><p>Hết.</p>"
    )
    assert lines(html) == ["Chợ mở lại.", "Chợ đông.", "Hết."]


@pytest.mark.parametrize(
    "button",
    ["Gửi bình luận", "Gửi ý kiến của bạn", "Gửi câu hỏi cho luật sư", "Hãy gửi bài viết về tòa soạn!",
     "Gửi thông tin cho Báo Vùng Cao"],
)  # fmt: skip
def test_a_button_that_sends_is_no_line_of_the_article(button: str) -> None:
    assert lines(f"<p>Chợ đông.</p><p>{button}</p>") == ["Chợ đông."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Gửi thông tin về người mất tích cho công an xã là việc ai cũng nên làm.",
        "Gửi câu hỏi cho bác sĩ qua điện thoại giúp bà con đỡ một ngày đường.",
        "Gửi bài viết cho báo rồi ông chờ cả tháng.",
    ],
)
def test_a_sentence_about_sending_is_text(sentence: str) -> None:
    assert lines(f"<p>Chợ đông.</p><p>{sentence}</p>") == ["Chợ đông.", sentence]


def test_a_link_within_a_sentence_is_text() -> None:
    html = "<p><a href=/a>Sở Xây dựng</a> cho biết cầu sẽ xong vào tháng mười.</p>"
    assert lines(html) == ["Sở Xây dựng cho biết cầu sẽ xong vào tháng mười."]


def test_shingles_are_counted_as_often_as_they_stand() -> None:
    assert overlap("a b c d e", "a b c d e").precision == 1.0
    half = overlap("a b c d e", "a b c d e a b c d e")
    assert half.recall == 1.0
    assert half.precision == pytest.approx(2 / 7)
    assert overlap("a b c d", "w x y z").recall == 0.0
    assert score({"1": "a b c d", "2": "a b c d"}, {"1": "a b c d"}).recall == 0.5


def test_addresses_that_cannot_be_read_are_no_addresses() -> None:
    head = (
        '<link rel="canonical" href="https://[bad/a.html"><script type="application/ld+json">{"@type":'
        '"BreadcrumbList","itemListElement":[{"name":"Xã hội","item":"http://[x"}]}</script>'
    )
    found = extract(document(page(prose(), head).encode()), None)
    assert found.article is not None
    assert found.article.section == "Xã hội"


def test_a_subheading_whose_words_stand_in_a_teasers_headline_is_text() -> None:
    teasers = "".join(
        f'<div><h3><a href="/x">{headline}</a></h3><p>Hôm qua</p></div>'
        for headline in ("Giá lúa gạo hôm nay tăng mạnh", "Đường mới qua núi cao")
    )
    first, *others = (f"<p>{text} {text}</p>" for text in SENTENCES)
    body = f"{first}<p><b>Giá lúa</b></p>{''.join(others)}<div>{teasers}</div>"
    article = extract(document(page(body).encode()), None).article
    assert article is not None
    told = article.text.split("\n")
    assert told[1] == "Giá lúa"
    assert len(told) == len(SENTENCES) + 1


TEASED = "Con đường dài chín cây số nối hai xã vùng cao được thảm nhựa sau ba năm chờ đợi."
LED = "Cây cầu gỗ dài 42 mét nối hai thôn vừa được đưa vào dùng trước mùa mưa lũ năm nay."
DATA = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Cầu gỗ mới ở bản"}</script>'


@pytest.mark.parametrize("head", ["", DATA])
@pytest.mark.parametrize(
    "box",
    [
        '<div class="related-list"><a href="/x">Đường mới qua núi</a><p class=summary>{}</p></div>',
        '<div class="b1"><h3><a href="/x">Đường mới qua núi</a></h3><p class=summary>{}</p></div>',
    ],
)
@pytest.mark.parametrize("before", [True, False])
def test_the_summary_of_a_teaser_is_no_lead(head: str, box: str, before: bool) -> None:
    teaser = box.format(TEASED)
    found = extract(document(page(teaser + prose() if before else prose() + teaser, head).encode()), None)
    assert found.article is not None
    assert (found.article.lead, found.article.text) == ("", "\n".join(SENTENCES))


def test_a_summary_between_headline_and_text_is_the_lead() -> None:
    body = (
        '<div class="story"><h1>Cầu gỗ mới ở bản vùng cao</h1><div class="info"><p>Minh An</p></div>'
        f'<div class="summary">{LED}</div>{prose()}</div><div><h3><a href="/x">Đường mới</a></h3></div>'
    )
    html = f"<html><head><title>Cầu gỗ</title></head><body>{body}</body></html>"
    found = extract(document(html.encode()), None)
    assert found.article is not None
    assert found.article.lead == LED
