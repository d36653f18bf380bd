"""The labelled sets on which the topic model is trained, and what their classes mean as topics.

A class of a set is the choice of an outlet's editor or of an annotator. The tables say which topic each is
taken for; a class that names a genre or a mood, and no topic, is taken for none. Each set tells something
about the topics of its own table only: an article of a set without a class for weather says nothing about
weather, neither for nor against.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import ConfigError
from pipeline.tag.topics_config import Topic, slug

POLITICS, ECONOMY, HEALTH, EDUCATION = "11000000", "04000000", "07000000", "05000000"
LAW, CULTURE, SPORT, SCIENCE = "02000000", "01000000", "15000000", "13000000"
SOCIETY, LIFESTYLE, ENVIRONMENT, LABOUR = "14000000", "10000000", "06000000", "09000000"
TECHNOLOGY, TOURISM, WORLD, TRANSPORT = "20000756", "20000331", "20000638", "20000337"
PROPERTY, MARKETS, ARTS, WELFARE, GOSSIP = "20000235", "20000385", "20000002", "20000817", "08000000"

Table = Mapping[str, tuple[str, ...]]

VNEXPRESS_DANTRI: Table = {
    "economy": (ECONOMY,),
    "education": (EDUCATION,),
    "entertainment": (CULTURE,),
    "health": (HEALTH,),
    "law": (LAW,),
    "lifestyle": (LIFESTYLE,),
    "politics": (POLITICS,),
    "sports": (SPORT,),
    "technology": (TECHNOLOGY,),
}
UNC_DANTRI: Table = {
    "business": (ECONOMY,),
    "education": (EDUCATION,),
    "entertainment": (CULTURE,),
    "health": (HEALTH,),
    "science": (SCIENCE,),
    "society": (SOCIETY,),
    "sport": (SPORT,),
    "tech": (TECHNOLOGY,),
    "travel": (TOURISM,),
    "world": (WORLD,),
}
VNS_EN: Table = {
    "economy": (ECONOMY,),
    "environment": (ENVIRONMENT,),
    "politics-laws": (POLITICS,),
    "society": (SOCIETY,),
    "sports": (SPORT,),
}
DANES: Table = {
    "Bất động sản": (PROPERTY,),
    "Chính trị": (POLITICS,),
    "Chứng khoán": (MARKETS,),
    "Covid-19": (HEALTH,),
    "Công nghệ": (TECHNOLOGY,),
    "Du lịch": (TOURISM,),
    "Game": (ARTS,),
    "Giao thông": (TRANSPORT,),
    "Giáo dục": (EDUCATION,),
    "Giải trí": (CULTURE,),
    "Hóng biến": (GOSSIP,),
    "Khoa học": (SCIENCE,),
    "Kinh tế": (ECONOMY,),
    "Môi trường": (ENVIRONMENT,),
    "Phim ảnh": (CULTURE,),
    "Pháp luật": (LAW,),
    "Sức khoẻ": (HEALTH,),
    "Thế giới": (WORLD,),
    "Thể thao": (SPORT,),
    "Văn hoá": (CULTURE,),
    "Xã hội": (SOCIETY,),
    "Đời sống": (LIFESTYLE,),
    "Không xác định": (),
}
# The sections of 2016 and the folders of addresses, by the slug of their first name.
SECTIONS: Table = {
    **dict.fromkeys(("the-thao", "sport", "bong-da", "sports"), (SPORT,)),
    **dict.fromkeys(
        ("kinh-te", "kinh-doanh", "tai-chinh", "doanh-nghiep", "business", "economy"), (ECONOMY,)
    ),
    **dict.fromkeys(("thi-truong",), (ECONOMY,)),
    **dict.fromkeys(("so-hoa", "cong-nghe", "suc-manh-so", "2-tek", "technology"), (TECHNOLOGY,)),
    **dict.fromkeys(("giao-duc", "giao-duc-khuyen-hoc", "hoc-duong", "education"), (EDUCATION,)),
    **dict.fromkeys(("suc-khoe", "y-te", "health"), (HEALTH,)),
    **dict.fromkeys(("the-gioi", "quoc-te", "world"), (WORLD,)),
    **dict.fromkeys(("phap-luat", "an-ninh-hinh-su", "law"), (LAW,)),
    **dict.fromkeys(
        ("giai-tri", "star", "cine", "musik", "van-hoa-giai-tri", "sao", "nhac", "phim"), (CULTURE,)
    ),
    **dict.fromkeys(("van-hoa", "culture"), (CULTURE,)),
    **dict.fromkeys(("du-lich", "travel"), (TOURISM,)),
    **dict.fromkeys(("khoa-hoc", "science"), (SCIENCE,)),
    **dict.fromkeys(("bat-dong-san", "nha-dat"), (PROPERTY,)),
    **dict.fromkeys(("chung-khoan",), (MARKETS,)),
    **dict.fromkeys(("chinh-tri", "politics"), (POLITICS,)),
    **dict.fromkeys(("moi-truong", "environment"), (ENVIRONMENT,)),
    **dict.fromkeys(("giao-thong",), (TRANSPORT,)),
    **dict.fromkeys(("viec-lam", "lao-dong"), (LABOUR,)),
    **dict.fromkeys(("tam-long-nhan-ai", "tam-long-viet", "an-sinh"), (WELFARE,)),
    **dict.fromkeys(("gia-dinh", "tam-su", "tinh-yeu-gioi-tinh", "nhip-song-tre", "am-thuc"), (LIFESTYLE,)),
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled text. `topics` are those it is of, `known` those its set could have said; ids are full
    (`medtop:…`). `label` is the set's own word for it."""

    set: str
    title: str
    body: str
    topics: frozenset[str]
    known: frozenset[str]
    label: str = ""
    url: str = ""


def _ids(short: Iterable[str]) -> frozenset[str]:
    return frozenset(f"medtop:{code}" for code in short)


def _known(table: Table) -> frozenset[str]:
    return _ids(code for codes in table.values() for code in codes)


def _body(row: Mapping[str, Any]) -> str:
    """The text without the title that some sets repeat at its head."""
    title, text = str(row["title"]), str(row.get("text") or row.get("description") or "")
    return text[len(title) :].lstrip() if title and text.startswith(title) else text


def _rows(path: Path) -> list[dict[str, Any]]:
    opener: Callable[..., Any] = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]
    except (OSError, ValueError) as error:
        hint = "give the folder that holds the labelled sets, one subfolder each"
        raise ConfigError(f"cannot be read as JSON lines: {error}", about=str(path), hint=hint) from error


def _single(name: str, path: Path, table: Table) -> list[Labelled]:
    known = _known(table)
    return [
        Labelled(
            name, row["title"], _body(row), _ids(table[row["label"]]), known, row["label"], row.get("url", "")
        )
        for row in _rows(path)
        if row["label"] in table
    ]


def read_vnexpress_dantri(folder: Path, part: str) -> list[Labelled]:
    """`part` is `train` or `test`."""
    path = folder / "vnexpress_dantri_2024" / f"{part}.jsonl.gz"
    return _single(f"vnexpress_dantri_2024/{part}", path, VNEXPRESS_DANTRI)


def read_unc_dantri(folder: Path) -> list[Labelled]:
    """Ten sections of Dân trí, 2020-2021."""
    return _single("unc_dantri", folder / "unc_dantri" / "train.jsonl.gz", UNC_DANTRI)


def read_vns_en(folder: Path) -> list[Labelled]:
    """Five sections of Việt Nam News, 2019, English."""
    return _single("vns_en", folder / "vns_en" / "train.jsonl.gz", VNS_EN)


def read_danes(folder: Path) -> list[Labelled]:
    """Short texts with the topics that people gave them."""
    known = _known(DANES)
    return [
        Labelled(
            "danes",
            row["title"],
            _body(row),
            _ids(code for topic in row["topics"] for code in DANES.get(topic, ())),
            known,
            "|".join(row["topics"]),
            row["url"],
        )
        for row in _rows(folder / "danes" / "dev.jsonl")
    ]


def read_five_outlets(folder: Path) -> list[Labelled]:
    """Sections of five outlets in 2016; those whose name is no topic are left out."""
    found = []
    for row in _rows(folder / "five_outlets_2016" / "all.jsonl.gz"):
        topics = SECTIONS.get(slug(row["section"].split("/")[0]))
        if topics is not None:
            known = _known(SECTIONS)
            found.append(
                Labelled(
                    "five_outlets_2016",
                    row["title"],
                    _body(row),
                    _ids(topics),
                    known,
                    row["section"],
                    row["url"],
                )
            )
    return found


def read_danes_raw(folder: Path) -> list[Labelled]:
    """The unlabelled short texts whose address names a section that is a topic."""
    found = []
    for row in _rows(folder / "danes" / "raw_unlabelled.jsonl.gz"):
        topics = url_topics(row["url"])
        if topics:
            found.append(
                Labelled(
                    "danes_raw", row["title"], _body(row), _ids(topics), _known(SECTIONS), "", row["url"]
                )
            )
    return found


def read_corrections(path: Path, topics: Mapping[str, Topic], known: frozenset[str]) -> list[Labelled]:
    """The articles of a file of corrections (`diembao correct --export`) whose topics a person went through.

    A topic speaks for those above it too. All topics count as answered: those of the other sets (`known`) and
    those that any of the articles has. Raises ConfigError naming the file and the line.
    """
    found = []
    for number, row in enumerate(_rows(path), 1):
        try:
            if "topics" in row.get("corrected", ["topics"]):
                text = f"{row.get('lead') or ''}\n{row.get('text') or row.get('body') or ''}".strip()
                found.append((row["title"], text, _with_above(row["topics"], topics), row.get("url") or ""))
        except (AttributeError, KeyError, TypeError) as error:
            hint = "give the file that `diembao correct --export` writes"
            raise ConfigError(
                f"line {number} is no corrected article: {error!r}", about=str(path), hint=hint
            ) from error
    answered = known.union(*(above for _, _, above, _ in found))
    return [
        Labelled("corrections", title, text, above, answered, url=url) for title, text, above, url in found
    ]


def _with_above(ids: Iterable[str], topics: Mapping[str, Topic]) -> frozenset[str]:
    """Topics and all topics above them."""
    whole: set[str] = set()
    for name in ids:
        while name not in whole:
            whole.add(name)
            if name in topics:
                whole.add(topics[name].top)
                name = topics[name].parent
    return frozenset(whole)


def url_topics(url: str) -> tuple[str, ...]:
    """What the folders of an address say, by the deepest folder that is a section's name."""
    folders = url.split("?")[0].lower().split("/")[3:-1]
    for folder in reversed(folders):
        if folder in SECTIONS:
            return SECTIONS[folder]
    return ()
