"""What an element is by its tag and the names in its attributes, on pages of any make: furniture or caption.

These are asked of every element of an article, and the same few dozen names come again on every page of an
outlet: so each is judged once and remembered, which takes a third of the time of a selector of sixty parts.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from selectolax.lexbor import LexborNode


class Mark(Enum):
    """What an element is marked as."""

    NONE = 0
    NOISE = 1
    CAPTION = 2
    BOTH = 3


_NOISE_TAGS = frozenset("nav form ins aside audio".split())
_NOISE_CLASSES = frozenset(
    "tags tag-list share social sharing ads comments author-box box-author author-info c-box toc "
    "table-of-contents".split()
)
_NOISE_IN_CLASS = re.compile(
    r"kbwscwl|tinlienquan|lienquan|article__tag|box-tag|newsletter|subscri|comment|share|social|banner|advert|"
    r"adzone|admzone|adsbygoogle|recommend|breadcrumb|popup|modal|read-?more|doc-?them|xem-?them|"
    r"google-?news|audio-player|vote-star|emotion|hotline|link-inline|link-source|seo-suggest|minigame|"
    r"binh-?chon|tham-?do|quang-?cao|(?<![a-z])(?:(?:poll|vote|quiz)(?:s|box)?|ads?|adv|qc)(?![a-z])"
)
_NOISE_IDS = frozenset({"comments", "toc"})
_NOISE_TYPES = frozenset(  # of VCCorp's boxes
    "RelatedNews RelatedOneNews RelatedNewsBox BoxRelated Vote poll audio".split()
)
_UNSEEN = re.compile(r"display: ?none", re.IGNORECASE)
_CAPTION_CLASSES = frozenset("image-desc img-desc photo-desc expNoEdit".split())
_CAPTION_IN_CLASS = re.compile("caption|desc_photo|image_desc|chu-?thich")


def mark_of(node: LexborNode) -> Mark:
    """What an element is marked as."""
    attributes = node.attributes
    if not attributes:
        return _judge(node.tag or "", "", "", "", "", "", "", seen=True)
    get = attributes.get
    return _judge(
        node.tag or "",
        get("class") or "",
        get("id") or "",
        get("style") or "",
        get("type") or "",
        get("data-type") or "",
        get("role") or "",
        seen="hidden" not in attributes,
    )


@lru_cache(maxsize=8192)
def _judge(
    tag: str, classes: str, name: str, style: str, kind: str, data: str, role: str, *, seen: bool
) -> Mark:
    words, lower, own = classes.split(), classes.lower(), name.lower()
    noise = (
        tag in _NOISE_TAGS
        or not seen
        or not _NOISE_CLASSES.isdisjoint(words)
        or bool(_NOISE_IN_CLASS.search(lower))
        or ("relat" in lower and "relative" not in lower)
        or ("relat" in own and "relative" not in own)
        or name in _NOISE_IDS
        or "adzone" in own
        or "admzone" in own
        or kind in _NOISE_TYPES
        or data == "related"
        or role == "tooltip"
        or bool(_UNSEEN.search(style))
    )
    caption = (
        tag == "figcaption"
        or (tag == "p" and "Image" in words)
        or not _CAPTION_CLASSES.isdisjoint(words)
        or bool(_CAPTION_IN_CLASS.search(lower))
    )
    return Mark(noise + 2 * caption)
