"""What people give to `tag`: long texts, pages in any encoding, lines that an editor wrapped."""

from __future__ import annotations

import gzip
import io
import textwrap
from pathlib import Path

import pytest

from models.errors import ConfigError
from pipeline.commands.given import given_text, is_page, text_record, unwrapped
from tests.pipeline.extract.pages import page, prose
from tests.support.program import invoke

FLOOD = (
    "Mưa lớn từ đêm 10/11 gây ngập nhiều tuyến đường ở thành phố Đà Nẵng và các huyện phía nam của tỉnh "
    "Quảng Nam, hàng trăm hộ dân ở Hòa Vang và Đại Lộc phải sơ tán trong đêm. Nước sông Thu Bồn lên trên "
    "báo động 3 tại Hội An và Câu Lâu. Lực lượng cứu hộ đã đưa người già và trẻ em đến nơi an toàn trước khi "
    "trời sáng."
)
VERSES = """Thuở trời đất nổi cơn gió bụi, muôn nhà lao đao
Khách má hồng nhiều nỗi truân chuyên, biết ngỏ ai
Xanh kia thăm thẳm tầng trên, vì ai gây dựng
Vì ai gây dựng cho nên nỗi này, hỡi trời xanh"""
ITEMS = """- gạo, muối và nước mắm cho các hộ dân bị cô lập
- áo phao và thuốc men cho các đội cứu hộ xã
- xăng dầu cho xuồng máy của bộ đội biên phòng"""


def tagged(*words: str) -> str:
    """What `tag` prints."""
    done = invoke("tag", *words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


@pytest.mark.parametrize("length", [300, 5_000])
def test_a_text_may_be_longer_than_the_name_of_any_file(length: int) -> None:
    text = ("Mưa lớn ở Huế. " * length)[:length]
    assert given_text(text, io.BytesIO()) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (f"\ufeff{FLOOD}", "utf-8"),
        (f"\ufeff{FLOOD}", "utf-16-le"),
        (f"\ufeff{FLOOD}", "utf-16-be"),
        ("The café – the city’s first – opened in Da Nang on Monday.", "windows-1252"),
    ],
)
def test_a_file_is_read_in_its_own_encoding(tmp_path: Path, text: str, encoding: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(text.encode(encoding))
    assert given_text(str(file), io.BytesIO()) == text.removeprefix("\ufeff")
    assert given_text("-", io.BytesIO(file.read_bytes())) == text.removeprefix("\ufeff")


@pytest.mark.parametrize(
    "before", ["", "\ufeff", "<!-- saved from url=(0014)https://x -->\r\n", "<!--a--><!--b-->\n"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_page_is_known_behind_a_mark_or_a_comment(tmp_path: Path, before: str, encoding: str) -> None:
    file = tmp_path / "a.html"
    file.write_bytes((before + page(prose(FLOOD), title="Lũ ở Huế lên nhanh")).encode(encoding))
    shown = tagged(str(file))
    assert "about     vn34:46 Huế" in shown
    assert "<" not in shown


def test_a_text_that_begins_with_a_sign_is_no_page_and_takes_no_long_look() -> None:
    assert not is_page("<Huế> mưa lớn")
    assert not is_page("<!-- chưa xong")
    assert not is_page("<!--a-->" * 20_000 + "<!-- " * 20_000)


def test_a_damaged_packed_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.gz"
    for body in (b"\x1f\x8bgarbage", gzip.compress(FLOOD.encode())[:-20]):
        file.write_bytes(body)
        with pytest.raises(ConfigError, match=r"a\.gz: damaged, cannot be unpacked"):
            given_text(str(file), io.BytesIO())


def test_letters_from_before_unicode_are_not_tagged_as_nonsense(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(
        "Chñ tÞch n­íc Céng hoµ x· héi chñ nghÜa ViÖt Nam tiÕp ®oµn ®¹i biÓu".encode("windows-1252")
    )
    with pytest.raises(ConfigError, match="before Unicode"):
        given_text(str(file), io.BytesIO())


@pytest.mark.parametrize("width", [60, 72, 80, 100])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_names_are_found_across_the_breaks_of_a_wrapped_text(width: int, newline: str) -> None:
    wrapped = newline.join(textwrap.wrap(FLOOD, width))
    text = f"Mưa lớn ở miền Trung{newline * 2}{wrapped}{newline * 2}Theo báo địa phương"
    read = unwrapped(text)
    assert len(read) == len(text)
    assert FLOOD in " ".join(read.split())
    record = text_record(text)
    assert record["title"] == "Mưa lớn ở miền Trung"
    assert "tỉnh Quảng Nam" in " ".join(record["body"].split("  "))
    assert record["body"].rpartition("\n")[2] == "Theo báo địa phương"


def test_tag_finds_the_name_that_a_break_parts() -> None:
    wrapped = "\n".join(textwrap.wrap(FLOOD, 105))
    assert "Quảng\nNam" in wrapped
    assert "⟦Quảng Nam⟧" in tagged(wrapped)


@pytest.mark.parametrize(
    "text",
    [
        "Mưa lớn ở Huế\nĐường ngập, học sinh nghỉ học.\nNước rút vào chiều nay.",
        VERSES,
        "\n".join(
            f"{place} công bố quy hoạch mới cho khu đô thị ven sông" for place in ("Huế", "Vinh", "Hội An")
        ),
        "lũ lụt\nsạt lở\nmưa lớn\nbão",
        f"{FLOOD}\n{FLOOD}\n{FLOOD}",
        ITEMS,
        "",
        "\n\n",
    ],
)
def test_titles_verses_lists_and_paragraphs_keep_their_lines(text: str) -> None:
    assert unwrapped(text) == text


@pytest.mark.parametrize("published", ["2023-99-99", "never"])
def test_a_date_of_a_text_that_cannot_be_read_is_an_error(published: str) -> None:
    with pytest.raises(ConfigError, match=r"--published: .* is not a time"):
        tagged("Mưa lớn ở Huế", "--published", published)
