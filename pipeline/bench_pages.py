"""The pages that collecting is measured with: invented articles in the markup of each CMS family.

A page is as large and as furnished as those that Vietnamese outlets serve (saved ones have 115 to 475 KB, of
which most is inlined style and script, 370 to 990 elements, 30 to 325 links, 3 to 12 KB of text): styles,
scripts, menus, lists of related and most-read articles, meta tags, JSON-LD, and an article that stands where
the family's own selectors look for it. It names six places in 5 KB of text, as articles of the press do (four
to seven on the average of four labelled sets), and people and a commune of its own, and has two figures in
1,000 characters, as they have: what articles share by chance is what grouping them costs.
"""

from __future__ import annotations

import json
import random
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from crawlers.outlet_files import ProfileFile, read_file
from crawlers.outlets import load_profiles
from models.outlet import Profile

STYLE_BYTES = 70_000
SCRIPT_BYTES = 30_000
MENU_LINKS = 70
RELATED = 30  # cards with a picture, a heading and a teaser
SENTENCES = 32  # in paragraphs of four

_WORDS = {
    "places": (
        "Hà Nội, Đà Nẵng, Cần Thơ, Lào Cai, Nghệ An, Quảng Trị, Gia Lai, Đắk Lắk, An Giang, Cà Mau, Sơn La, "
        "Huế, Lạng Sơn, Vĩnh Long, Quảng Ninh, Thanh Hóa, Khánh Hòa, Lâm Đồng, Tây Ninh, Đồng Tháp"
    ),
    "who": (
        "Ủy ban nhân dân, Sở Xây dựng, Sở Y tế, Ban quản lý dự án, hợp tác xã nông nghiệp, trường trung học "
        "phổ thông, bệnh viện đa khoa, đội cứu hộ, nhóm tình nguyện viên, hiệp hội doanh nghiệp, câu lạc bộ "
        "bóng đá, trạm kiểm lâm"
    ),
    "did": (
        "khởi công tuyến đường, mở thêm lớp học, trao quà cho hộ nghèo, thu hoạch lúa sớm, diễn tập chữa "
        "cháy, sửa lại cầu, khám bệnh miễn phí, trồng rừng ven biển, thử giống cà phê, đón đoàn khách quốc "
        "tế, ký hợp đồng xuất khẩu, bàn giao nhà"
    ),
    "how": (
        "trước mùa mưa bão, trong quý cuối năm, với sự góp sức của người dân, theo kế hoạch đã duyệt, sau "
        "nhiều tháng chờ đợi, bằng nguồn vốn xã hội hóa, ở các xã vùng cao, dọc tuyến quốc lộ, gần khu công "
        "nghiệp mới, tại ba bến cảng"
    ),
    "why": (
        "nhằm giảm ùn tắc giờ cao điểm, để học sinh bớt đường xa, khi giá nông sản đang tăng, do nhu cầu "
        "điều trị lớn, vì nguy cơ sạt lở còn cao, để kịp phục vụ dịp tết, nhằm thu hút nhà đầu tư, để giữ "
        "nguồn nước sạch"
    ),
}
# Of people and communes: none is a part of a province's name.
_SYLLABLES = (
    "Bạch Bích Cẩm Cúc Dạ Diễm Đan Đài Hạc Hằng Hiếu Hoàng Khuê Kiều Lam Lăng Liên Mạc Mai Mẫn Nga Ngân "
    "Nguyệt Nhã Oanh Phụng Quế Quyên Sương Tâm Thạch Thảo Thiện Trúc Tùng Tường Uyên Vân Vy Xuân"
).split()
_FAMILIES = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ".split()
_PEOPLE = 3  # of one article
_PLAIN = ("{}",) * 5  # sentences that name none of its own, beside one of each person and of the commune
_FIGURES = 0.3  # of sentences
_PLACES, _WHO, _DID, _HOW, _WHY = (text.split(", ") for text in _WORDS.values())


@dataclass(frozen=True, slots=True)
class Family:
    """One CMS family: its profile, and a real article's address to make others from."""

    profile: Profile
    example: str

    def path(self, number: int) -> str:
        """The path of the article of that number, in the family's form."""
        path = urlsplit(self.example).path
        folder, _, name = path.rstrip("/").rpartition("/")
        return f"{folder}/bai-{number}-{name}{'/' if path.endswith('/') else ''}"


def families(config_dir: Path) -> list[Family]:
    """All configured families, in the order of their names. Raises ConfigError."""
    found = []
    for name, profile in load_profiles(config_dir).items():
        file = read_file(config_dir / "profiles" / f"{name}.toml", ProfileFile)
        found.append(Family(profile, file.examples_article[0]))
    return found


@dataclass(frozen=True, slots=True)
class Story:
    """The words of one invented article. `published` is an ISO time."""

    title: str
    lead: str
    paragraphs: tuple[str, ...]
    published: str


def story(number: int) -> Story:
    """The article of that number: always the same, and no two alike."""
    chance = random.Random(number)
    place, other = chance.sample(_PLACES, 2)
    named = dict(zip(chance.sample(range(SENTENCES), 4), (place, place, place, other), strict=True))
    speakers = [f"{chance.choice(_FAMILIES)} {_name(chance)}" for _ in range(_PEOPLE)]
    own = [*(f"ông {speaker} cho biết {{}}" for speaker in speakers), f"tại xã {_name(chance)}, {{}}"]
    told = [_sentence(chance, named.get(at, ""), chance.choice([*own, *_PLAIN])) for at in range(SENTENCES)]
    lines = [" ".join(told[at : at + 4]) for at in range(0, SENTENCES, 4)]
    title = f"{place}: {chance.choice(_WHO)} {chance.choice(_DID)}, đợt {number}"
    moment = f"2026-11-21T{chance.randrange(6, 20):02}:{chance.randrange(60):02}:00+07:00"
    return Story(title, _sentence(chance, place), tuple(lines), moment)


def _name(chance: random.Random) -> str:
    return " ".join(chance.sample(_SYLLABLES, 2))


def _sentence(chance: random.Random, place: str = "", told: str = "{}") -> str:
    who, did, how, why = (chance.choice(kind) for kind in (_WHO, _DID, _HOW, _WHY))
    where = f" tại {place}" if place else ""
    many = f"{chance.randint(2, 990)} người" if chance.random() < _FIGURES else "nhiều người"
    sentence = told.format(f"theo {who}{where}, {many} đã {did} {how} {why}.")
    return sentence[0].upper() + sentence[1:]


def page_parts(family: Family, number: int, host: str) -> Iterator[bytes]:
    """The page of an article in pieces: those that all pages of the family share, and its own between."""
    chrome = _chrome(family.profile.family)
    yield chrome.head
    yield _own_head(family, number, host).encode()
    yield chrome.menu
    yield _article(family.profile, story(number)).encode()
    yield chrome.foot


def page(family: Family, number: int, host: str) -> bytes:
    """The whole page of an article."""
    return b"".join(page_parts(family, number, host))


@dataclass(frozen=True, slots=True)
class _Chrome:
    """What surrounds the articles of one family."""

    head: bytes
    menu: bytes
    foot: bytes


@lru_cache(maxsize=64)
def _chrome(name: str) -> _Chrome:
    chance = random.Random(name)
    head = f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><style>{_style(chance)}</style>'
    menu = "".join(
        f'<li class="m{n}"><a href="/muc-{n}" title="Mục {n}">Mục {n}</a></li>' for n in range(MENU_LINKS)
    )
    cards = "".join(_card(chance, number) for number in range(RELATED))
    return _Chrome(
        f"{head}<script>{_script(chance, SCRIPT_BYTES // 2)}</script>".encode(),
        f'</head><body class="page {name}"><header><nav><ul>{menu}</ul></nav></header><main>'.encode(),
        f'</main><aside class="most-read">{cards}</aside><footer><ul>{menu}</ul>'
        f"<p>Tòa soạn và trị sự</p></footer><script>{_script(chance, SCRIPT_BYTES // 2)}</script>"
        "</body></html>".encode(),
    )


def _style(chance: random.Random) -> str:
    rules = (
        f".c{chance.randrange(9999)} .b{chance.randrange(99)}:hover{{margin:{chance.randrange(40)}px;color:#"
        f"{chance.randrange(1 << 24):06x};display:flex}}"
        for _ in range(STYLE_BYTES // 60)
    )
    return "".join(rules)


def _script(chance: random.Random, size: int) -> str:
    calls = (
        f"window.slot{chance.randrange(999)}=function(a){{return a.id*{chance.randrange(99999)}}};"
        for _ in range(size // 50)
    )
    return "".join(calls)


def _card(chance: random.Random, number: int) -> str:
    link = f"/bai-lien-quan-{chance.randrange(10**6)}-{number}"
    return (
        f'<div class="card"><a class="thumb" href="{link}"><picture><source srcset="/i/{number}.webp 1x">'
        f'<img loading="lazy" src="/i/{number}.jpg" alt="" width="240" height="144"></picture></a>'
        f'<h4><a href="{link}">{chance.choice(_WHO)} {chance.choice(_DID)}</a></h4>'
        f'<p class="teaser">{_sentence(chance)}</p><span class="when">{number} giờ trước</span></div>'
    )


def _own_head(family: Family, number: int, host: str) -> str:
    """Title, meta tags and JSON-LD of an article."""
    told, url = story(number), f"http://{host}{family.path(number)}"
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": told.title,
        "datePublished": told.published,
        "dateModified": told.published,
        "author": {"@type": "Person", "name": "Nguyễn An Bình"},
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
    }
    metas = {
        "og:type": "article",
        "og:title": told.title,
        "og:description": told.lead,
        "og:url": url,
        "og:image": f"http://{host}/i/{number}.jpg",
        "article:published_time": told.published,
    }
    tags = "".join(f'<meta property="{name}" content="{escape(value)}">' for name, value in metas.items())
    linked = json.dumps(data, ensure_ascii=False)
    return (
        f'<title>{escape(told.title)}</title><meta name="description" content="{escape(told.lead)}">{tags}'
        f'<link rel="canonical" href="{url}"><script type="application/ld+json">{linked}</script>'
    )


def _article(profile: Profile, told: Story) -> str:
    """The article where the family's selectors look for it."""
    lines = [f"<p>{escape(line)}</p>" for line in told.paragraphs]
    lines.insert(3, '<figure><img src="/i/1.jpg" alt=""><figcaption>Ảnh minh họa</figcaption></figure>')
    return "".join(
        (
            _element(profile.section, "<a href='/thoi-su'>Thời sự</a>"),
            _element(profile.title, escape(told.title), "h1"),
            _element(
                profile.time, f"Thứ bảy, {told.published[8:10]}/11/2026, {told.published[11:16]} (GMT+7)"
            ),
            _element(profile.lead, escape(told.lead), "p"),
            _element(profile.body, "".join(lines), "article"),
            _element(profile.author, "Nguyễn An Bình", "p"),
        )
    )


_SIMPLE = re.compile(r"(?P<tag>\w+)?(?P<rest>(?:[#.][\w-]+)*)(?:\[(?P<key>[\w-]+)=(?P<value>\w+)\])?")


def _element(selectors: tuple[str, ...], content: str, tag: str = "div") -> str:
    """An element that the first plain one of the selectors finds; of the given tag if it names none."""
    for selector in selectors:
        found = _SIMPLE.fullmatch(selector)
        if found and found["tag"] != "meta":
            names = re.findall(r"[#.][\w-]+", found["rest"])
            ids = "".join(f' id="{name[1:]}"' for name in names if name[0] == "#")
            classes = " ".join(name[1:] for name in names if name[0] == ".")
            other = f' {found["key"]}="{found["value"]}"' if found["key"] else ""
            name = found["tag"] or tag
            return f'<{name}{ids} class="{classes}"{other}>{content}</{name}>'
    return f"<{tag}>{content}</{tag}>"


class Packer:
    """Compresses pages with gzip as a web server does. What many pages share is compressed once, so that the
    server takes little of the processor from those that are measured."""

    def __init__(self, level: int = 6) -> None:
        self._level = level
        self._shared: Callable[[bytes], bytes] = lru_cache(maxsize=256)(self._block)

    def pack(self, parts: Iterator[bytes]) -> bytes:
        """The parts, one after the other, as one gzip member."""
        blocks, check, size = [], 0, 0
        for part in parts:
            blocks.append(self._shared(part) if len(part) > 12_000 else self._block(part))
            check = zlib.crc32(part, check)
            size += len(part)
        return b"".join((_GZIP_HEAD, *blocks, _LAST_BLOCK, struct.pack("<LL", check, size & 0xFFFFFFFF)))

    def _block(self, part: bytes) -> bytes:
        packer = zlib.compressobj(self._level, zlib.DEFLATED, -15)
        return packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH)


_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
_LAST_BLOCK = b"\x03\x00"
