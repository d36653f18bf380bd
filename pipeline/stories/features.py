"""What grouping sees of a document: words, copied-text shingles, and the facts that survive translation.

Facts are names, numbers, dates and concepts in one form for both languages: `n:ocean meridian`, `#3200`,
`d:03-04`, `c:cruise`. A sentence and its translation share most of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from sys import intern
from types import MappingProxyType

import numpy as np
import xxhash
from numpy.typing import NDArray

from models.story import StoryDocument
from pipeline.stories.days import Day, clocks_in, days_in, without_days
from pipeline.stories.kinds import Kind, kind_of
from pipeline.stories.numbers import numbers_in
from pipeline.stories.scenes import NOWHERE, Scene, scene_of
from pipeline.stories.terms import TermTable
from pipeline.stories.wording import Phrases, form_of
from pipeline.vietnamese import clean, fold, strip_marks, typed_without_tones

SHINGLE = 4
_CLOSING = 3  # paragraphs at the end that may be standing text about a company or a series
_CLOSING_WORDS = 12
# What a paragraph about a company says of it, and no report of an event.
_OF_A_COMPANY = Phrases(
    r"""(?:founded|established|incorporated|listed) in (?:19|20)\d\d, headquartered in, forward-looking,
    (?:thành lập|ra đời) (?:từ |vào |từ năm |vào năm |năm )(?:19|20)\d\d, có trụ sở chính,
    thông tin chi tiết, mọi thông tin xin, media contacts?, for more information, hotline"""
)

_TAIL = re.compile(
    r"^\W*(?:tin liên quan|tin bài liên quan|đọc thêm|xem thêm|bài liên quan|có thể bạn quan tâm"
    r"|tin cùng chuyên mục|related news|related stories|related articles|read more|see also)\b.*",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
# The standing paragraph about a company at the end of its press releases says nothing about the event.
_ABOUT = re.compile(r"^(?:About|Giới thiệu về|Về|Thông tin về) [^\n:]{2,60}:.*", re.DOTALL | re.MULTILINE)
_PHOTO = re.compile(r"^(?:Ảnh|Photo|Nguồn ảnh|Trong ảnh)\b[^\n]*$", re.MULTILINE)
# A storm has a number of its year in Viet Nam, and a name abroad.
_STORM = re.compile(
    r"\b(?:[Bb]ão|[Ss]torm|[Tt]yphoon)(?: số| [Nn]o\.?)? (?:(?P<number>\d{1,2})|(?P<name>[A-ZĐ][^\W\d_]+))\b"
    r"|\b(?P<ordinal>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth) storm\b"
)
_ORDINALS = {
    word: str(number)
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1
    )
}
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SENTENCE_END = frozenset('.!?:;"“”(–—\n-*•')

NO_AGENCIES: Mapping[str, str] = MappingProxyType({})
Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Closing:
    """A paragraph at the end: how many of its runs `Features.copied` counts, and whether it tells what a
    company is."""

    runs: int
    of_company: bool


@dataclass(frozen=True, slots=True)
class Features:
    """One document, prepared. `words` counts the folded words; `copied` are sorted hashes of runs of
    `SHINGLE` words of the body; `facts` the language-neutral facts, `head` those of title and lead, `title`
    those of the title, whose folded words are `title_words`; `sequence` the numbers in their order; `days`
    the days that the text names, in its order; `closing` the hashes of the last paragraphs, where standing
    text may be; `agency` the credit code of its outlet's copy; `toneless`: Vietnamese typed without tones."""

    document: StoryDocument
    words: Counter[str]
    copied: Hashes
    facts: frozenset[str]
    head: frozenset[str]
    title: frozenset[str]
    title_words: frozenset[str]
    sequence: tuple[str, ...]
    days: tuple[Day, ...]
    kind: Kind
    closing: Mapping[int, Closing]
    agency: str = ""
    scene: Scene = NOWHERE
    storms: frozenset[str] = frozenset()
    toneless: bool = False

    @property
    def text_key(self) -> bytes | str:
        """The same for copies of one text."""
        return self.copied.tobytes() or self.document.id

    def of(self, document: StoryDocument) -> Features:
        """The same features for the same text that has another story by now."""
        return self if self.document.story == document.story else replace(self, document=document)


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
    bare = strip_marks(text)  # as long as the text, and its capitals are capitals
    for match in _WORD.finditer(bare):
        start, end = match.span()
        if not bare[start].isupper():
            previous, previous_end = "", end
            continue
        folded = match.group().lower()
        gap = bare[previous_end:start] if previous_end >= 0 else "\n"
        starts = gap != " " and not _SENTENCE_END.isdisjoint(gap)
        if previous and gap == " ":
            found.add(f"n:{previous} {folded}")
        if not starts and len(folded) > 1:
            found.add(f"n:{folded}")
        previous, previous_end = folded, end
    return frozenset(found)


def shingles(words: list[str]) -> Hashes:
    """Sorted hashes of every run of `SHINGLE` words."""
    runs = zip(*(words[start:] for start in range(SHINGLE)), strict=False)
    return np.unique(np.fromiter(map(xxhash.xxh3_64_intdigest, map(" ".join, runs)), dtype=np.uint64))


def features_of(
    document: StoryDocument, terms: TermTable, agencies: Mapping[str, str] = NO_AGENCIES
) -> Features:
    """Prepare one document. `agencies` has the credit codes of the outlets that belong to an agency."""
    title, lead, body = clean(document.title), clean(document.lead), body_of(document)
    head_text = f"{title}\n{lead}" if title or lead else body.partition("\n")[0]
    text = f"{head_text}\n{body}"
    body_words = fold(body).translate(_PUNCTUATION).split()
    words = fold(head_text).translate(_PUNCTUATION).split() + body_words
    days = days_in(text, document.published_at)
    plain, head_plain = without_days(text), without_days(head_text)
    toneless = document.language == "vi" and typed_without_tones(text)
    sequence = numbers_in(plain, document.language, toneless=toneless)
    facts = {
        *names_in(text),
        *sequence,
        *terms.facts(text, document.language),
        *(f"d:{month:02}-{day:02}" for month, day in days),
        *(f"#@{clock}" for clock in clocks_in(text) if not clock.endswith(":00")),
    }
    head = {
        *names_in(head_text),
        *numbers_in(head_plain, document.language, toneless=toneless),
        *terms.facts(head_text, document.language),
    }
    title_numbers = numbers_in(without_days(title), document.language, toneless=toneless)
    title_facts = names_in(title) | {*title_numbers} | terms.facts(title, document.language)
    title_words = fold(title).translate(_PUNCTUATION).split()
    return Features(
        document=document,
        words=Counter(map(intern, words)),
        copied=shingles(body_words),
        facts=frozenset(map(intern, facts)),
        head=frozenset(map(intern, head)),
        title=frozenset(map(intern, title_facts)),
        title_words=frozenset(map(intern, title_words)),
        sequence=tuple(map(intern, sequence)),
        days=tuple(days),
        kind=kind_of(document, body, head_text, days, toneless=toneless),
        closing=_closing(clean(document.text), body, toneless=toneless),
        agency=agencies.get(document.outlet, ""),
        scene=scene_of(text, document.language, head, facts),
        storms=_storms(head_text),
        toneless=toneless,
    )


def _storms(head: str) -> frozenset[str]:
    """The storms that headline and lead name, by number or name."""
    return frozenset(
        fold(match["number"] or match["name"] or _ORDINALS[match["ordinal"]])
        for match in _STORM.finditer(head)
    )


def _closing(text: str, body: str, *, toneless: bool) -> dict[int, Closing]:
    found = {}
    for line in [line for line in text.split("\n") if line.strip()][1:][-_CLOSING:]:
        words = fold(line).translate(_PUNCTUATION).split()
        if len(words) >= _CLOSING_WORDS:
            runs = len(words) - SHINGLE + 1 if line in body else 0
            of_company = _OF_A_COMPANY.search(form_of(line, toneless=toneless), toneless=toneless)
            found[xxhash.xxh3_64_intdigest(" ".join(words))] = Closing(
                runs, not runs or of_company is not None
            )
    return found


_PUNCTUATION = {code: " " for code in range(128) if not chr(code).isalnum()} | {
    ord(char): " " for char in "“”‘’…–—•·«»"
}
