"""What grouping sees of a document: words, copied-text shingles, and the facts that survive translation.

Facts are names, numbers, dates and concepts in one form for both languages: `n:ocean meridian`, `#3200`,
`d:03-04`, `c:cruise`. A sentence and its translation share most of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import xxhash

from models.story import StoryDocument
from pipeline.stories.numbers import numbers_in
from pipeline.stories.terms import TermTable
from pipeline.vietnamese import clean, fold, strip_marks

LOCAL = timezone(timedelta(hours=7))
SHINGLE = 4

_TAIL = re.compile(
    r"^\W*(?:tin liên quan|tin bài liên quan|đọc thêm|xem thêm|bài liên quan|có thể bạn quan tâm"
    r"|tin cùng chuyên mục|related news|related stories|related articles|read more|see also)\b.*",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
# The standing paragraph about a company at the end of its press releases says nothing about the event.
_ABOUT = re.compile(r"^(?:About|Giới thiệu về|Về|Thông tin về) [^\n:]{2,60}:.*", re.DOTALL | re.MULTILINE)
_PHOTO = re.compile(r"^(?:Ảnh|Photo|Nguồn ảnh|Trong ảnh)\b[^\n]*$", re.MULTILINE)
_CAPITAL = r"[A-ZÀ-ÖØ-ÝĂĐĨŨƠƯẠ-Ỹ]"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SENTENCE_END = frozenset('.!?:;"“”(–—\n-*•')
_VI_DATE = re.compile(r"(?<![\d/.,-])(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?(?![\d/.,]*\d)")
_VI_LONG_DATE = re.compile(r"\bngày (\d{1,2}) tháng (\d{1,2})\b", re.IGNORECASE)
_VI_DAY = re.compile(r"\b(?:ngày|mùng) \d{1,2}\b", re.IGNORECASE)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), 1)
    for name in names.split()
}  # fmt: skip
_EN_DATE = re.compile(r"\b(" + "|".join(_MONTHS) + r")\.? (\d{1,2})\b(?!,? ?\d{2}:)", re.IGNORECASE)
_EN_DATE_FIRST = re.compile(r"\b(\d{1,2}) (" + "|".join(_MONTHS) + r")\b", re.IGNORECASE)
_WEEKDAYS = {
    name: i for i, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
}
_WEEKDAY = re.compile(r"\b(" + "|".join(_WEEKDAYS) + r")\b", re.IGNORECASE)
_TODAY = re.compile(
    r"\b(?:hôm nay|sáng nay|chiều nay|tối nay|trưa nay|today|this morning|this afternoon)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Features:
    """One document, prepared. `words` are folded; `copied` hashes of runs of `SHINGLE` words; `facts` the
    language-neutral facts; `head` those of title and lead; `dates` the days that the text names."""

    document: StoryDocument
    words: tuple[str, ...]
    title_words: frozenset[str]
    copied: frozenset[int]
    facts: frozenset[str]
    head: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    dates: frozenset[tuple[int, int]]


def body_of(document: StoryDocument) -> str:
    """The document's own text: without related links, photo lines and company boilerplate."""
    text = clean(document.text)
    for pattern in (_TAIL, _ABOUT, _PHOTO):
        text = pattern.sub("", text)
    return text.strip()


def names_in(text: str) -> frozenset[str]:
    """Folded proper names: each pair of neighbouring capitalised words, and each capitalised word that does
    not begin a sentence. A single word that begins one is no evidence of a name."""
    found: set[str] = set()
    previous = ""
    previous_end = -1
    for match in _WORD.finditer(text):
        word = match.group()
        capital = re.match(_CAPITAL, word) is not None and not word.isdigit()
        gap = text[previous_end : match.start()] if previous_end >= 0 else "\n"
        starts = any(char in _SENTENCE_END for char in gap)
        folded = strip_marks(word).lower()
        if capital and previous and gap == " ":
            found.add(f"n:{previous} {folded}")
        if capital and not starts and len(folded) > 1:
            found.add(f"n:{folded}")
        previous = folded if capital else ""
        previous_end = match.end()
    return frozenset(found)


def dates_in(text: str, published: datetime) -> frozenset[tuple[int, int]]:
    """The days (month, day) that a text names, weekdays and "today" counted back from its publication."""
    local = published.astimezone(LOCAL)
    found = {(int(m[2]), int(m[1])) for pattern in (_VI_DATE, _VI_LONG_DATE) for m in pattern.finditer(text)}
    found |= {(_MONTHS[m[1].lower()], int(m[2])) for m in _EN_DATE.finditer(text)}
    found |= {(_MONTHS[m[2].lower()], int(m[1])) for m in _EN_DATE_FIRST.finditer(text)}
    for match in _WEEKDAY.finditer(text):
        day = local - timedelta(days=(local.weekday() - _WEEKDAYS[match[1].lower()]) % 7)
        found.add((day.month, day.day))
    if _TODAY.search(text):
        found.add((local.month, local.day))
    return frozenset((month, day) for month, day in found if 1 <= month <= 12 and 1 <= day <= 31)


def without_dates(text: str) -> str:
    """The text with its dates blanked, so that their digits are not read as numbers."""
    for pattern in (_VI_DATE, _VI_LONG_DATE, _EN_DATE, _EN_DATE_FIRST, _VI_DAY):
        text = pattern.sub(" ", text)
    return text


def shingles(words: list[str]) -> frozenset[int]:
    """Hashes of every run of `SHINGLE` words."""
    return frozenset(
        xxhash.xxh3_64_intdigest(" ".join(words[i : i + SHINGLE]))
        for i in range(max(0, len(words) - SHINGLE + 1))
    )


def features_of(document: StoryDocument, terms: TermTable) -> Features:
    """Prepare one document."""
    title, lead, body = clean(document.title), clean(document.lead), body_of(document)
    head_text = f"{title}\n{lead}"
    text = f"{head_text}\n{body}"
    words = fold(text).translate(_PUNCTUATION).split()
    body_words = fold(body).translate(_PUNCTUATION).split()
    names = names_in(text)
    dates = dates_in(text, document.published_at)
    numbers = numbers_in(without_dates(text), document.language)
    concepts = terms.concepts(text, document.language)
    head_names = names_in(head_text)
    head = (
        head_names
        | numbers_in(without_dates(head_text), document.language)
        | terms.concepts(head_text, document.language)
    )
    facts = names | numbers | concepts | {f"d:{month:02}-{day:02}" for month, day in dates}
    return Features(
        document=document,
        words=tuple(words),
        title_words=frozenset(fold(title).translate(_PUNCTUATION).split()),
        copied=shingles(body_words),
        facts=frozenset(facts),
        head=frozenset(head),
        numbers=numbers,
        names=names,
        dates=dates,
    )


_PUNCTUATION = {code: " " for code in range(128) if not chr(code).isalnum()} | {
    ord(char): " " for char in "“”‘’…–—•·«»"
}
