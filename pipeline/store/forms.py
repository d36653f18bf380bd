"""The words of an article as the text index has them: cut, and each in its exact and its folded form.

Pure, and without the database's library, so that worker processes can do it.
"""

from __future__ import annotations

from typing import NamedTuple

from pipeline.vietnamese import exact, strip_marks, words

MAX_WORD = 64  # characters of a word that are indexed and compared
MAX_TITLE = 500  # words of a title
MAX_BODY = 15_500  # words of lead and text; a tsvector numbers no more than 16,383 places


class Forms(NamedTuple):
    """The words of title and body in order, parted by spaces, exact and folded; as many of each."""

    title: str
    body: str
    folded_title: str
    folded_body: str


def forms_of(title: str, lead: str, text: str) -> Forms:
    """What of an article goes into the index."""
    head = " ".join(cut(exact(title), MAX_TITLE))
    body = " ".join(cut(exact(body_of(lead, text)), MAX_BODY))
    return Forms(head, body, strip_marks(head), strip_marks(body))


def body_of(lead: str, text: str) -> str:
    """What there is to read below the title, the lead once: most texts begin with it."""
    return text if text.startswith(lead) else f"{lead}\n{text}"


def cut(form: str, limit: int) -> list[str]:
    """The first `limit` words of a text in exact or folded form, each no longer than MAX_WORD."""
    found = words(form)[:limit]
    if max(map(len, found), default=0) <= MAX_WORD:
        return found
    return [word[:MAX_WORD] for word in found]
