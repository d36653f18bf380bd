"""Pages that must not reach the parser: too large, or of so many or so deep elements that they take minutes.

The parser looks through all open elements at each start tag, so its time grows with the square of the depth:
measured 0.02 s at 2,000, 2.3 s at 20,000, minutes at 200,000. Browsers stop at 512.
"""

from __future__ import annotations

import re
from itertools import islice

from models.outcome import Reason

MAX_BYTES = 8 << 20
"""The largest page that is read. Long live pages of newspapers reach 3 MB; the fetch has the same limit."""
MAX_DEPTH = 3_000
"""The most elements that may be open at one time."""
MAX_TAGS = 40_000
"""The most tags. Front pages of papers have 3,000, the longest live pages some 15,000; reading a whole page
takes time with the square of their number."""
_FEW_TAGS = 2 * MAX_DEPTH
_TAG = re.compile(rb"<(/?)([A-Za-z][A-Za-z0-9:-]{0,30})")
# Elements that hold nothing, or that end where the next of them begins.
_NEVER_OPEN = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dt dd option tr td th".split()
)


def beyond_limits(body: bytes) -> tuple[Reason, str] | None:
    """Why a page must not be parsed, None if it may be."""
    if len(body) > MAX_BYTES:
        return Reason.TOO_LARGE, f"{len(body)} bytes, at most {MAX_BYTES} are read"
    tags = body.count(b"<")
    if tags > MAX_TAGS and sum(1 for _ in islice(_TAG.finditer(body), MAX_TAGS + 1)) > MAX_TAGS:
        return Reason.TOO_LARGE, f"more than {MAX_TAGS} tags"
    if tags > _FEW_TAGS and (depth := _depth(body)) > MAX_DEPTH:
        return Reason.PARSE_ERROR, f"more than {depth - 1} elements within each other"
    return None


def _depth(body: bytes) -> int:
    """How deep the elements of a page are nested, counted up to just beyond the limit. An end tag without
    its start tag closes nothing, as in a parser."""
    still_open: dict[bytes, int] = {}
    depth = deepest = 0
    for match in _TAG.finditer(body):
        name = match[2].lower()
        if name in _NEVER_OPEN:
            continue
        if not match[1]:
            still_open[name] = still_open.get(name, 0) + 1
            depth += 1
            deepest = max(deepest, depth)
            if depth > MAX_DEPTH:
                break
        elif still_open.get(name, 0):
            still_open[name] -= 1
            depth -= 1
    return deepest
