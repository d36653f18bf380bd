"""The people who wrote an article, out of what pages put into their author fields."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pipeline.credit import name_code, read_line
from pipeline.vietnamese import fold

_SPLIT = re.compile(r"\s*(?:,|;|&|\||•|·|\s[-–—]\s|/|\n|\s+(?:và|and)\s+)\s*")
_LEAD_IN = re.compile(
    r"^(?:by|bài(?: và ảnh)?|ảnh|tin|tác giả|author|thực hiện|written by|reported by|bài, ảnh|tin, ảnh|"
    r"nhà báo|"
    r"phóng viên|pv|biên tập|dịch giả|dịch|lược dịch)\s*:?\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:\(.*?\)|\bthực hiện|\btổng hợp|\blược dịch|\bXem các bài viết.*|\bTheo dõi.*)\s*$", re.I
)
_CONTACT = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
# Words that no person's name holds; folded.
_NOT_PEOPLE = frozenset(
    "bao dien tu online news tap chi toa soan phong vien nhom pv btv ctv ban bien tap editor editors "
    "staff reporter "
    "reporters desk team agency correspondent newsroom admin administrator ttxvn vna vov vtv vnexpress "
    "dantri "
    "tuoitre thanhnien vietnamnet vietnamplus press media tong hop theo nguon source group company "
    "corporation inc "
    "ltd magazine times post daily gazette herald guest contributor contributors writer tv radio website "
    "web".split()
)  # fmt: skip
_WEAK = frozenset(
    {"bao", "ban", "tu", "chi", "vien", "tap", "dien", "nhom", "tong", "soan", "toa", "hop", "phong", "bien"}
)
# Provinces of before and after July 2025 and the cities that datelines name, and the usual sections; folded.
# Some are pen names too, so that only what nothing marks as an author is compared with them.
_PLACES = frozenset(
    "an giang|ba ria vung tau|bac giang|bac kan|bac lieu|bac ninh|ben tre|binh dinh|binh duong|"
    "binh phuoc|binh thuan|ca mau|can tho|cao bang|da nang|dak lak|dak nong|dien bien|dong nai|"
    "dong thap|gia lai|ha giang|ha nam|ha noi|hanoi|ha tinh|hai duong|hai phong|hau giang|ho chi minh|"
    "ho chi minh city|hoa binh|hue|hung yen|khanh hoa|kien giang|kon tum|lai chau|lam dong|lang son|"
    "lao cai|long an|nam dinh|nghe an|ninh binh|ninh thuan|phu tho|phu yen|quang binh|quang nam|"
    "quang ngai|quang ninh|quang tri|soc trang|son la|tay ninh|thai binh|thai nguyen|thanh hoa|"
    "thua thien hue|tien giang|tra vinh|tuyen quang|vinh long|vinh phuc|yen bai|sai gon|saigon|da lat|"
    "nha trang|vung tau|buon ma thuot|ha long|quy nhon|phan thiet|pleiku|my tho|long xuyen|"
    "viet tri|hcm".split("|")
)
_SECTIONS = frozenset(
    "am nhac|am thuc|ban doc|bat dong san|bien dao|bong da|business|chinh tri|chung khoan|cong nghe|"
    "cong nghiep|culture|dau tu|di san|dien anh|doanh nghiep|doi ngoai|doi song|du lich|economy|education|"
    "entertainment|environment|gia dinh|giai tri|giao duc|giao thong|gioi tre|goc nhin|health|kham pha|"
    "khoa hoc|kinh doanh|kinh te|lao dong|law|life|moi truong|national|ngan hang|nha dat|nong nghiep|"
    "phap luat|phong su|politics|quan su|quoc phong|quoc te|society|sport|sports|suc khoe|tai chinh|the gioi|"
    "the thao|thi truong|thoi su|thoi tiet|tin tuc|tin nong|tin moi|travel|trong nuoc|van hoa|viec lam|world|"
    "xa hoi|xay dung|y te".split("|")
)
_INITIALS = re.compile(r"^(?:[A-ZĐ]\.?\s?){1,3}[A-ZĐ]\w*$")


def people(texts: Iterable[str], papers: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The people named in author texts, in order, once each. `papers` are names of the outlet itself."""
    found: dict[str, str] = {}
    for text in texts:
        for part in _SPLIT.split(_LEAD_IN.sub("", _CONTACT.sub(" ", text[:300]).strip())):
            name = _tidy(part)
            if is_person(name):
                found.setdefault(_key(name), name)
    if found:
        own = _keys_of(papers)
        return tuple(name for k, name in found.items() if own.isdisjoint({k, k.removeprefix("bao")}))
    return ()


@lru_cache(maxsize=256)
def _keys_of(papers: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_key(paper) for paper in papers if paper)


def _tidy(part: str) -> str:
    name = " ".join(part.split()).strip(" .:*-–—\"'“”")
    while (shorter := _LEAD_IN.sub("", _TAIL.sub("", name)).strip(" .:-–—")) != name:
        name = shorter
    if name.isupper() and len(name) > 4 and " " in name:
        return name.title()
    return name


def _key(name: str) -> str:
    return _BETWEEN.sub("", fold(name).removeprefix("bao ").removesuffix(" online"))


_BETWEEN = re.compile(r"[^a-z0-9]")


def is_person(name: str) -> bool:
    """Whether a text may be a person's name or pen name: one to five words with capitals, no digits, no
    word of an office, agency or paper."""
    words = name.split()
    if (
        not 1 <= len(words) <= 5
        or not 2 < len(name) <= 45
        or re.search(r"[\d@:/_#?!()<>]|\.[a-z]{2,}$", name)
    ):
        return False
    folded = [fold(part).strip(".,'’") for word in words for part in word.split("-") if part]
    strong = [word for word in folded if word in _NOT_PEOPLE and word not in _WEAK]
    if strong or words[0].lower() == "báo" or sum(word in _NOT_PEOPLE for word in folded) > 1:
        return False
    if name_code(name) or read_line(name) or (len(words) == 1 and not _single(name)):
        return False
    return sum(1 for word in words if word[:1].isupper()) >= (len(words) + 1) // 2


def names_place_or_section(name: str) -> bool:
    """Whether a text that may be a person's name is that of a province, a large city or a usual section."""
    folded = " ".join(_BETWEEN.sub(" ", fold(name)).split())
    return _UNIT.sub("", folded) in _PLACES or folded in _SECTIONS


_UNIT = re.compile(r"^(?:tinh|thanh pho|tp) ")


def _single(name: str) -> bool:
    """A pen name of one word: capitalised, not an abbreviation of an office."""
    return name[:1].isupper() and (not name.isupper() or bool(_INITIALS.match(name) and "." in name))
