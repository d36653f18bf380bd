"""Bytes of Vietnamese pages, whatever they declare."""

from __future__ import annotations

import unicodedata

import pytest

from models.outcome import Reason
from pipeline.extract import extract
from pipeline.extract.decode import decode
from tests.pipeline.extract.pages import SENTENCES, document, page, prose

HTML = page(prose())


@pytest.mark.parametrize(
    "declared", ["", "iso-8859-1", "windows-1252", "utf-16", "gb2312", "no-such-charset"]
)
def test_utf_8_is_read_whatever_the_header_says(declared: str) -> None:
    assert decode(HTML.encode(), declared).text == HTML


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_other_unicode_encodings_are_seen(encoding: str) -> None:
    assert decode(HTML.encode(encoding)).text.lstrip("\ufeff") == HTML


def test_windows_1258_is_composed_in_the_article() -> None:
    text = unicodedata.normalize("NFC", HTML)
    table = {c: _for_1258(c) for c in set(text)}
    body = "".join(table[c] for c in text).replace("utf-8", "windows-1258").encode("cp1258")
    found = extract(document(body), None)
    assert found.article is not None
    assert SENTENCES[0] in found.article.text


def _for_1258(char: str) -> str:
    """The character as Windows-1258 writes it: base letter, then its tone."""
    try:
        char.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", char)
        tones = "\u0300\u0301\u0303\u0309\u0323"
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones))
        return base + "".join(c for c in parts if c in tones)
    return char


def test_a_few_broken_bytes_are_left_out_and_never_replaced() -> None:
    body = HTML.encode().replace(b"42 m", b"42\xc3\x28 \xff m")
    found = decode(body)
    assert not found.garbled
    assert "\ufffd" not in found.text
    assert SENTENCES[2] in found.text


def test_replacement_characters_of_the_page_itself_do_not_reach_the_article() -> None:
    found = extract(
        document(page(prose("Một dấu hỏi \ufffd lạc vào giữa câu này của trang.")).encode()), None
    )
    assert found.article is not None
    assert "\ufffd" not in found.article.text


def test_text_encoded_twice_is_put_right() -> None:
    twice = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in HTML.encode())
    assert decode(twice.encode()).text == HTML


# The first sentences of a page, typed in the old font encodings, as a browser without the font shows them.
TCVN3 = (
    "Thµnh phè Hå ChÝ Minh më thªm ba tuyÕn xe buýt ®­êng "
    "s«ng, gióp ng­êi d©n ®i l¹i thuËn tiÖn h¬n trong mïa m­a lò. "
)
VNI = (
    "Thaønh phoá Hoà Chí Minh môû theâm ba tuyeán xe buyùt ñöôøng "
    "soâng, giuùp ngöôøi daân ñi laïi thuaän tieän hôn trong muøa möa luõ. "
)
VISCII_WORDS = (
    "Thành ph¯ H° Chí Minh m· thêm ba tuyªn xe buýt ðß¶ng "
    "sông, giúp ngß¶i dân ði lÕi thu§n ti®n h½n trong mùa mßa lû. "
)


@pytest.mark.parametrize("text", [TCVN3, VNI, VISCII_WORDS])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_a_legacy_font_encoding_is_an_outcome_and_not_an_article(text: str, encoding: str) -> None:
    body = f"<h1>{text}</h1><article><p>{text * 5}</p></article>"
    html = f"<html><head><title>x</title></head><body>{body}</body></html>"
    found = extract(document(html.encode(encoding, "ignore"), charset="windows-1252"), None)
    assert found.reason is Reason.GARBLED


@pytest.mark.parametrize(
    "text",
    [
        "Le naïve café où l'élève a reçu une œuvre à côté du théâtre. " * 6,
        "The price rose by 5% – from €12.50 to £14 – at the café, said “an analyst”. " * 6,
        "Die Straße führt über die Brücke, wo große Bäume stehen und Vögel singen. " * 6,
        "Uỷ ban nhân dân xã hoà giải, quí vị thuỷ thủ khoẻ mạnh. " * 6,
    ],
)
def test_other_languages_and_tone_styles_are_not_taken_for_it(text: str) -> None:
    assert not decode(f"<html><body><p>{text}</p></body></html>".encode()).garbled


def test_an_empty_page_is_too_short() -> None:
    assert extract(document(b""), None).reason is Reason.TOO_SHORT
