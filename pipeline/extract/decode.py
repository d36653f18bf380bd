"""Bytes to text: whatever the page declares, what it really is.

Order of trust: a byte order mark; valid UTF-8; UTF-16 seen by its zeros; the charset of the HTTP header, then
of the page, when the bytes are valid in it; UTF-8 with a few broken bytes, which are left out; detection.
Nothing is ever decoded to replacement characters.

Vietnamese pages from before Unicode (VISCII, VPS, TCVN3, VNI) declare a Latin charset and rely on a font.
They decode without an error into nonsense, so they are told by what that nonsense looks like.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BOMS_BYTES = tuple(bom for bom, _ in _BOMS)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_HEAD_BYTES = 4096
_DETECT_BYTES = 65536
# A browser reads Latin-1 as Windows-1252, and so must we.
_WIDER = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page in UTF-8, the encoding it was read in, and whether it is unreadable nonsense."""

    body: bytes
    encoding: str
    garbled: bool = False

    @property
    def text(self) -> str:
        """The page as text."""
        return self.body.decode("utf-8", "ignore")


def decode(body: bytes, charset: str = "") -> Decoded:
    """Decode a page. `charset` is the HTTP header's, if any. Never raises."""
    zeros = b"\x00" in body
    if body.startswith(_BOMS_BYTES) or (zeros and _is_utf_16(body)) or (stains := _stains(body)) is None:
        text, encoding, garbled = _decode(body, charset)
        if garbled:
            return Decoded(text.encode("utf-8", "ignore"), encoding, garbled=True)
        cleaned = text.replace("\x00", "").replace("\ufffd", "")
        return _judged(cleaned.encode("utf-8", "ignore"), encoding, text.count("\ufffd"))
    if stains or zeros:
        broken = body.count(_REPLACEMENT)
        return _judged(body.replace(b"\x00", b"").replace(_REPLACEMENT, b""), "utf-8", broken)
    return _judged(body, "utf-8", 0)


_CHUNK = 16_384
_REPLACEMENT = "\ufffd".encode()


def _stains(body: bytes) -> bool | None:
    """Whether valid UTF-8 holds replacement characters; None for bytes that are not valid. Looked at in
    pieces that stay in the processor's cache: a page as one text takes four times as long."""
    stained, at = False, 0
    try:
        while at < len(body):
            end = body.find(b"<", at + _CHUNK)
            piece = body[at : end if end >= 0 else len(body)]
            at += len(piece)
            if not piece.isascii():
                stained = "\ufffd" in piece.decode("utf-8") or stained
    except UnicodeDecodeError:
        return None
    return stained


def _judged(body: bytes, encoding: str, broken: int) -> Decoded:
    """A page in UTF-8 of which `broken` characters were lost: sound, encoded twice, or nonsense."""
    if _plainly_sound(body):
        return Decoded(body, encoding)
    text = body.decode("utf-8", "ignore")
    sample = visible_sample(text)
    if _DOUBLE.search(sample) and (repaired := _undo_double(text, sample)) is not None:
        return Decoded(repaired.encode("utf-8", "ignore"), f"{encoding}+utf-8")
    return Decoded(body, encoding, looks_garbled(sample) or broken > 5 + len(text) // 500)


def _plainly_sound(body: bytes) -> bool:
    """Whether a page needs no closer look: only ASCII, or Vietnamese letters that no nonsense holds, sought
    here and there from its end: what a page says of itself in its head may be sound where its text is not."""
    if body.isascii():
        return True
    real = 0
    for at in range(len(body) - _WINDOW, len(body) // 4, -max(len(body) // 80, _WINDOW)):
        piece = body[at : at + _WINDOW]
        if not piece.isascii():
            real += len(_REAL.findall(piece.decode("utf-8", "ignore")))
            if real > _ENOUGH:
                return True
    start = max(body.find(b"<body"), 0)
    text = body[start : start + _SAMPLE_FROM].decode("utf-8", "ignore")
    return len(_SUSPECT.findall(text)) < 6 or len(_REAL.findall(text)) > 10 * _ENOUGH


_WINDOW = 600
_ENOUGH = 25


def _is_utf_16(body: bytes) -> bool:
    """Whether every other byte of the beginning is zero, as in UTF-16 of mostly ASCII."""
    return body[:_HEAD_BYTES].count(0) * 5 > min(len(body), _HEAD_BYTES)


def _decode(body: bytes, charset: str) -> tuple[str, str, bool]:
    """Text, encoding and whether it is nonsense, of bytes that are not plain UTF-8."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "ignore"), name, False
    if _is_utf_16(body):
        name = "utf-16-be" if body[:1] == b"\x00" else "utf-16-le"
        return body.decode(name, "ignore"), name, False
    return _decode_other(body, charset)


def _decode_other(body: bytes, charset: str) -> tuple[str, str, bool]:
    """Bytes that are not valid UTF-8."""
    if _mostly_utf8(body):
        return body.decode("utf-8", "ignore"), "utf-8", False
    legacy = _as_latin(body)
    if looks_garbled(visible_sample(legacy)):
        return legacy, "legacy", True
    for name in (charset, declared_charset(body)):
        if text := _strict(body, name):
            return text, name.lower(), False
    best = from_bytes(body[:_DETECT_BYTES]).best()
    if best and (text := _strict(body, best.encoding)):
        return text, best.encoding, False
    return legacy, "cp1252", False


def declared_charset(body: bytes) -> str:
    """The charset that the page's own `<meta>` declares, empty if none."""
    match = _META_CHARSET.search(body[:_HEAD_BYTES])
    return match.group(1).decode("ascii") if match else ""


def _strict(body: bytes, name: str) -> str:
    """`body` decoded in `name`, empty if there is no such charset or the bytes are not valid in it."""
    name = name.strip().strip("\"'").lower()
    if not name or name in {"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "utf-32", "utf-7"}:
        return ""
    try:
        text = body.decode(_WIDER.get(name, name))
    except (LookupError, UnicodeError, ValueError, AssertionError):
        return ""
    return text if isinstance(text, str) else ""


def _as_latin(body: bytes) -> str:
    """Windows-1252 with its five holes filled from Latin-1; decodes anything."""
    return "".join(map(_LATIN.__getitem__, body))


_LATIN = [bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(256)]


def _mostly_utf8(body: bytes) -> bool:
    """Whether all but a few of the bytes above 127 form UTF-8 sequences."""
    kept = len(body.decode("utf-8", "ignore").encode("utf-8"))
    high = sum(1 for byte in body if byte > 127)
    return (len(body) - kept) * 20 <= high


_TAGS = re.compile(r"<(?:script|style)\b.*?</(?:script|style)\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_SAMPLE_FROM = 60_000
_SAMPLE = 12_000


def visible_sample(html: str) -> str:
    """Some of the words that a reader of the page sees, without markup, preferring those after `<body`."""
    start = max(html.find("<body", 0, _SAMPLE_FROM), 0)
    head, body = html[:start][:_SAMPLE], html[start : start + _SAMPLE_FROM]
    return _TAGS.sub(" ", head)[:1000] + " " + re.sub(r"\s+", " ", _TAGS.sub(" ", body))[:_SAMPLE]


# Letters that only Unicode Vietnamese has: ạ to ỹ, ă, đ, ĩ, ũ, ơ, ư.
_REAL = re.compile("[\u1ea0-\u1ef9ăđĩũơưĂĐĨŨƠƯ]")
# VNI writes a vowel and its mark as two letters (Thaønh phoá); none of these pairs is Vietnamese or English.
_VNI = re.compile(r"[AEOUYaeouyôöÔÖ][ùøûïåäëüÙØÛÏÅÄËÜ]|[aeouy]õ|ñ[aeiouöô]|öô")
# TCVN3, VISCII and VPS put vowels on the signs of Latin-1 and Windows-1252: ViÖt Nam, Thµnh phè, Vi®t.
_SIGNS = "µ¶·¸¹º»¼½¾¨©ª«¬®¯°±²³´¡¢£¤¥¦§¿×÷†‡ˆ‰‹˜™›ƒ\x81\x8d\x8f\x90\x9d\xad"
_SIGN_IN_WORD = re.compile(f"[A-Za-zÀ-ÿ][{_SIGNS}]|[{_SIGNS}][A-Za-zÀ-ÿ]")
_SUSPECT = re.compile(f"[{_SIGNS}ñÃÄÆ]")
_WORD = re.compile(r"\S+")


def looks_garbled(text: str) -> bool:
    """Whether visible text is Vietnamese in a legacy font encoding read as Latin letters."""
    words = _WORD.findall(text)
    if len(words) < 8:
        return False
    vni = "ñ" in text and "ö" in text  # its đ and ư, which no text of it can do without
    odd = sum(1 for word in words if _odd(word, vni))
    if odd < max(4, len(words) * 0.06):
        return False
    real = sum(1 for word in words if _REAL.search(word))
    return real * 3 < odd


def _odd(word: str, vni: bool) -> bool:
    if word.isascii() or len(word) > 24:
        return False
    return bool(_SIGN_IN_WORD.search(word) or (vni and _VNI.search(word)))


# UTF-8 that was read as Windows-1252 and encoded again: Viá»‡t Nam.
_DOUBLE = re.compile("á[º»]|Ã[\u0080-¿]|Æ°|Ä[‘\u2018\u0091]|Ä\u0083")


def _undo_double(text: str, sample: str) -> str | None:
    """The text before it was encoded twice; None when it was not, or cannot be undone."""
    words = _WORD.findall(sample)
    hits = sum(1 for word in words if _DOUBLE.search(word))
    if hits < max(4, len(words) * 0.1):
        return None
    try:
        return b"".join(map(_byte_of, text)).decode("utf-8")
    except UnicodeError:
        return None


def _byte_of(char: str) -> bytes:
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1")
