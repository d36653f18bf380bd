"""The province of a provincial paper: it says "the province" and means its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from models.tags import Evidence
from pipeline.tag.matching import TONED, FieldText
from pipeline.vietnamese import place_tones

_SUBJECT = {
    True: re.compile(
        place_tones(
            r"\b(?:ubnd tỉnh|tỉnh ủy|hđnd tỉnh|toàn tỉnh|địa bàn tỉnh|công an tỉnh|tỉnh ta|tỉnh nhà|"
            r"ubnd thành phố|"
            r"thành ủy|địa bàn thành phố|trong tỉnh|sở y tế|bệnh viện đa khoa tỉnh|trên địa bàn|tỉnh)\b"
        )
    ),
    False: re.compile(
        r"\b(?:the province|the provincial|provincial people's committee|ubnd tinh|toan tinh|dia ban tinh)\b"
    ),
}


def own_province(fields: Iterable[FieldText]) -> Evidence | None:
    """The first words by which a paper speaks of its own province without naming it."""
    for text in fields:
        found = _SUBJECT[text.mode == TONED].search(text.lower)
        if found:
            start, end = text.source(*found.span())
            return Evidence(text.name, start, end, text.raw[start:end], "home-province")
    return None
