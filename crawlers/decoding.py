"""Bytes to text, when what is said of the encoding may be a lie.

Vietnamese outlets declare UTF-16 over UTF-8 (VietnamBiz), put a byte-order mark before the XML declaration
(Dân trí) or declare nothing (Thanh Niên).
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARATION = re.compile(
    rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9._:\- ]{2,40}?)\s*["']"""
)
_DECLARED_TEXT = re.compile(r"""^(\s*<\?xml[^>]{0,200}?)\s+encoding\s*=\s*["'][^"'>]*["']""")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:\-]{2,40})", re.IGNORECASE)
# Python codecs that are no encodings of web text; some of them take quadratic time.
_NOT_TEXT = {
    "punycode",
    "idna",
    "unicode_escape",
    "raw-unicode-escape",
    "undefined",
    "utf-7",
    "unicode-escape",
}
# What browsers read these as: https://encoding.spec.whatwg.org/#names-and-labels
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "tis-620": "cp874"}
_BAD_SHARE = 0.02
"""The share of undecodable bytes up to which a text counts as UTF-8 with a few bytes broken."""


def charset_of(content_type: str) -> str:
    """The charset parameter of a Content-Type header; empty if there is none."""
    match = _CHARSET.search(content_type[:500])
    return match.group(1) if match else ""


def decode(body: bytes, *, charset: str = "") -> tuple[str, str]:
    """The text of `body` and the encoding it was read in; `charset` is what HTTP says. Never raises.

    Order: byte-order mark, then HTTP, the XML declaration, UTF-8, a guess. Bytes above ASCII that are
    valid UTF-8, all but a few, are UTF-8 whatever is declared: no other encoding produces them by accident.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace"), encoding
    if not body.isascii() and b"\x00" not in body[:200]:
        text = _strictly(body, "utf-8")
        if text is not None:
            return text, "utf-8"
        if _mostly_utf8(body):
            return body.decode("utf-8", "replace"), "utf-8"
    declared = _DECLARATION.match(body)
    for name in (charset, declared.group(1).decode() if declared else "", _wide_guess(body), "utf-8"):
        encoding = _known(name)
        if encoding.startswith(("utf-16", "utf-32")) and b"\x00" not in body[:200]:
            continue
        text = _strictly(body, encoding) if encoding else None
        if text is not None:
            return text, encoding
    return _guessed(body, _known(charset) or _known(declared.group(1).decode() if declared else ""))


def without_declared_encoding(text: str) -> str:
    """XML text whose declaration no longer names an encoding, for parsers that would believe it."""
    return _DECLARED_TEXT.sub(r"\1", text, count=1)


def _known(name: str) -> str:
    """Python's name of a text encoding, widened as browsers do; empty if there is none."""
    if not name:
        return ""
    try:
        found = codecs.lookup(name.strip())
    except (LookupError, ValueError):
        return ""
    if found.name in _NOT_TEXT or not getattr(found, "_is_text_encoding", True):
        return ""
    return _WIDER.get(found.name, found.name)


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _mostly_utf8(body: bytes) -> bool:
    """Whether all but a few of the bytes above ASCII form UTF-8 sequences."""
    lost = len(body) - len(body.decode("utf-8", "ignore").encode("utf-8"))
    return lost * 20 <= sum(byte > 127 for byte in body)


def _wide_guess(body: bytes) -> str:
    """UTF-16 and UTF-32 without a mark, told by where the zero bytes of `<` stand."""
    head = body[:4]
    if head[:2] == b"<\x00":
        return "utf-32-le" if head[2:] == b"\x00\x00" else "utf-16-le"
    if head == b"\x00\x00\x00<":
        return "utf-32-be"
    return "utf-16-be" if head[:2] == b"\x00<" else ""


def _guessed(body: bytes, declared: str) -> tuple[str, str]:
    """UTF-8 with some bytes broken, else what was declared, else the Western default."""
    text = body.decode("utf-8", "replace")
    if text.count("\ufffd") <= max(1, _BAD_SHARE * len(body)):
        return text, "utf-8"
    encoding = declared or "cp1252"
    return body.decode(encoding, "replace"), encoding
