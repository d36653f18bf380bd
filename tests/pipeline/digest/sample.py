"""A day of invented news for the digest: values written for this project, in both languages.

python -m tests.pipeline.digest.sample FOLDER    writes the Vietnamese and the English digest
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from models.digest import (
    DigestArticle,
    DigestProvince,
    DigestStory,
    DigestTopic,
    Language,
    Match,
    Outage,
    RenderedDigest,
    Section,
    Subscription,
    Told,
)
from models.query import Note
from models.story import Relation
from pipeline.digest.render import Links, Renderer
from pipeline.digest.schedule import due_slot
from pipeline.digest.select import select

UNTIL = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)  # 06:00 on Sunday 22 November in Viet Nam
SINCE = UNTIL - timedelta(hours=24)
NOW = UNTIL + timedelta(minutes=31)

OUTLETS = {
    "vietnamplus": ("VietnamPlus", "vi"),
    "baotintuc": ("Tin Tức", "vi"),
    "vov": ("VOV", "vi"),
    "nhandan": ("Nhân Dân", "vi"),
    "tuoitre": ("Tuổi Trẻ", "vi"),
    "thanhnien": ("Thanh Niên", "vi"),
    "baodanang": ("Báo Đà Nẵng", "vi"),
    "vietnamnews": ("Việt Nam News", "en"),
    "vnexpress-en": ("VnExpress International", "en"),
}
PROVINCES = {
    "quang-tri": DigestProvince(
        code="vn34:44", name_vi="Quảng Trị", name_en="Quang Tri", old_names=("Quảng Bình",)
    ),
    "dak-lak": DigestProvince(code="vn34:66", name_vi="Đắk Lắk", name_en="Dak Lak", old_names=("Phú Yên",)),
    "da-nang": DigestProvince(code="vn34:48", name_vi="Đà Nẵng", name_en="Da Nang", old_names=("Quảng Nam",)),
    "can-tho": DigestProvince(code="vn34:92", name_vi="Cần Thơ", name_en="Can Tho"),
    "lang-son": DigestProvince(code="vn34:20", name_vi="Lạng Sơn", name_en="Lang Son"),
}
TOPICS = {
    "energy": DigestTopic(id="medtop:20000217", label_vi="Năng lượng", label_en="Energy"),
    "weather": DigestTopic(id="medtop:17000000", label_vi="Thời tiết", label_en="Weather"),
    "transport": DigestTopic(id="medtop:20000337", label_vi="Giao thông", label_en="Transport"),
    "farming": DigestTopic(id="medtop:20000210", label_vi="Nông nghiệp", label_en="Agriculture"),
    "health": DigestTopic(id="medtop:07000000", label_vi="Y tế", label_en="Health"),
    "trade": DigestTopic(id="medtop:20000350", label_vi="Thương mại", label_en="Trade"),
}


def article(
    slug: str,
    outlet: str,
    title: str,
    lead: str = "",
    *,
    hours: float = 3,
    relation: Relation = Relation.INDEPENDENT,
    origin: str = "",
) -> DigestArticle:
    """An article first seen `hours` before the cut-off and published ten minutes earlier."""
    name, language = OUTLETS[outlet]
    seen = UNTIL - timedelta(hours=hours)
    return DigestArticle(
        url=f"https://{outlet}.example.org/{slug}.html",
        title=title,
        outlet=outlet,
        outlet_name=name,
        language=language,
        lead=lead,
        first_seen_at=seen,
        published_at=seen - timedelta(minutes=10),
        relation=relation,
        origin=origin,
    )


def story(
    slug: str,
    articles: Sequence[DigestArticle],
    provinces: Sequence[str] = (),
    topics: Sequence[str] = (),
    keyword: str = "",
) -> DigestStory:
    """A story whose reasons are its first province, its first topic and the keyword."""
    places = tuple(PROVINCES[p] for p in provinces)
    subjects = tuple(TOPICS[t] for t in topics)
    why = [Match(kind="province", label_vi=p.name_vi, label_en=p.name_en) for p in places[:1]]
    why += [Match(kind="topic", label_vi=t.label_vi, label_en=t.label_en) for t in subjects[:1]]
    if keyword:
        why.append(Match(kind="keyword", label_vi=keyword, label_en=keyword))
    return DigestStory(id=slug, articles=tuple(articles), provinces=places, topics=subjects, why=tuple(why))


def told_by(slug: str, title: str, *outlets: str, hours: float = 2) -> list[DigestArticle]:
    """Reprints of a story under its title, one an outlet, half an hour apart."""
    return [
        article(slug, outlet, title, hours=hours - 0.5 * n, relation=Relation.REPRINT)
        for n, outlet in enumerate(outlets)
    ]


def central_stories() -> list[DigestStory]:
    """What the section on the central provinces finds."""
    wind = "Quảng Trị khởi công cụm điện gió 300 MW ở vùng núi phía tây"
    rain = "Mưa lớn chia cắt nhiều xã miền núi Đắk Lắk, hơn 400 hộ phải sơ tán trong đêm"
    return [
        story(
            "w",
            [
                article(
                    "dien-gio",
                    "vietnamplus",
                    wind,
                    "Cụm nhà máy gồm 60 trụ gió, dự kiến phát điện cuối năm 2028. Tỉnh cam kết bàn giao mặt "
                    "bằng trước tháng Ba và mở đường vận chuyển thiết bị từ cảng Mỹ Thủy.",
                    hours=9,
                    relation=Relation.ORIGINAL,
                    origin="TTXVN",
                ),
                *told_by("dien-gio", wind, "baotintuc", "vov", "nhandan", "tuoitre", "thanhnien", hours=8),
                article(
                    "wind-farm",
                    "vietnamnews",
                    "Work starts on 300MW wind cluster in western Quang Tri",
                    "The sixty-turbine cluster is due to feed the grid by the end of 2028.",
                    hours=5,
                    relation=Relation.TRANSLATION,
                ),
            ],
            ["quang-tri"],
            ["energy", "transport"],
            "điện gió",
        ),
        story(
            "r",
            [
                article(
                    "mua-lon",
                    "tuoitre",
                    rain,
                    "Nước suối lên nhanh từ chiều tối, ba cầu tràn bị ngập sâu hơn một mét. Lực lượng tại "
                    "chỗ đưa người già và trẻ em tới trường học, nhà văn hóa.",
                    hours=4,
                ),
                *told_by("mua-lon", rain, "vov", "thanhnien", hours=3),
                article(
                    "floods",
                    "vnexpress-en",
                    "Heavy rain cuts off highland communes in Dak Lak, 400 families moved overnight",
                    "Three low bridges lay under more than a metre of water on Saturday evening.",
                    hours=2,
                ),
            ],
            ["dak-lak"],
            ["weather"],
        ),
        story(
            "p",
            [
                article(
                    "cang",
                    "baodanang",
                    "Cảng Liên Chiểu đón chuyến tàu thử đầu tiên, bến số 1 mở từ quý sau",
                    "Tàu 30.000 tấn cập bến an toàn lúc 9 giờ sáng. Hệ thống cẩu bờ chạy thử trong hai tuần.",
                    hours=12,
                ),
                *told_by("cang", "Chuyến tàu thử đầu tiên vào cảng Liên Chiểu", "nhandan", hours=10),
            ],
            ["da-nang"],
            ["transport", "trade"],
        ),
        story(
            "c",
            [
                article(
                    "ca-phe",
                    "baotintuc",
                    "Giá cà phê Đắk Lắk giữ mức cao, nông dân giữ hàng chờ sau Tết",
                    "Đại lý ở Buôn Ma Thuột thu mua chậm hơn cùng kỳ vì người trồng không vội bán.",
                    hours=15,
                )
            ],
            ["dak-lak"],
            ["farming", "trade"],
        ),
        story(
            "h",
            [
                article(
                    "benh-vien",
                    "vov",
                    "Bệnh viện khu vực Đông Hà mổ nội soi qua hội chẩn từ xa",
                    "Ê-kíp ở Huế theo dõi trực tiếp qua đường truyền riêng, ca mổ kéo dài bốn giờ.",
                    hours=18,
                )
            ],
            ["quang-tri"],
            ["health"],
        ),
        story(
            "b",
            [article("cau", "thanhnien", "Đà Nẵng thông xe cầu mới qua sông Cổ Cò sớm ba tháng", hours=20)],
            ["da-nang"],
            ["transport"],
        ),
    ]


def energy_stories() -> list[DigestStory]:
    """What the section on energy finds: one story of the first section among them."""
    return [
        central_stories()[0],
        story(
            "g",
            [
                article(
                    "luoi-dien",
                    "nhandan",
                    "Đường dây 500 kV mạch mới qua Cần Thơ đóng điện trước mùa khô",
                    "Đơn vị thi công hoàn tất vị trí cột cuối cùng trong ngày 20/11. Công suất truyền tải về "
                    "đồng bằng sông Cửu Long tăng khoảng một phần ba.",
                    hours=6,
                ),
                *told_by("luoi-dien", "Đóng điện đường dây 500 kV qua Cần Thơ", "baotintuc", "vov", hours=5),
            ],
            ["can-tho"],
            ["energy"],
            "đường dây 500 kV",
        ),
        story(
            "s",
            [
                article(
                    "mat-troi",
                    "thanhnien",
                    "Thêm cơ chế bán điện mặt trời mái nhà dư cho hộ gia đình",
                    "Dự thảo cho phép bán lại tối đa 20% sản lượng, lấy ý kiến đến hết tháng 12.",
                    hours=7,
                )
            ],
            [],
            ["energy"],
        ),
        story(
            "x",
            [
                article(
                    "cua-khau",
                    "vietnamplus",
                    "Lạng Sơn thử nghiệm xe điện tự hành chở hàng qua cửa khẩu Hữu Nghị",
                    "Mười xe chạy trên tuyến riêng dài 4 km, mỗi ngày thông quan thêm khoảng 120 chuyến.",
                    hours=11,
                )
            ],
            ["lang-son"],
            ["trade", "energy"],
        ),
    ]


def update_story() -> DigestStory:
    """A story told the day before that has gone on."""
    return story(
        "t",
        [
            article("sat-lo", "tuoitre", "Sạt lở đèo ở Quảng Trị, giao thông tắc nhiều giờ", hours=40),
            article(
                "thong-duong",
                "vov",
                "Thông đường qua đèo sau hai ngày sạt lở, xe tải nặng vẫn bị cấm",
                hours=4,
                relation=Relation.FOLLOW_UP,
            ),
            article("thong-duong", "nhandan", "Thông một làn qua đèo sạt lở", hours=3),
        ],
        ["quang-tri"],
        ["transport"],
    )


@dataclass
class ListReader:
    """A reader over lists, one for each section by its title, that applies the window as the store does."""

    stories_of: dict[str, list[DigestStory]]
    outages_now: Sequence[Outage] = ()
    faults_now: Mapping[str, Sequence[Note]] = field(default_factory=dict)
    calls: list[tuple[datetime, datetime, str]] = field(default_factory=list)

    def stories(self, since: datetime, until: datetime, section: Section) -> list[DigestStory]:
        self.calls.append((since, until, section.title))
        found = []
        for each in self.stories_of.get(section.title, []):
            if any(since < a.first_seen_at <= until for a in each.articles):
                known = tuple(a for a in each.articles if a.first_seen_at <= until)
                found.append(replace(each, articles=known))
        return found

    def faults(self, section: Section) -> Sequence[Note]:
        return self.faults_now.get(section.title, ())

    def outages(self, since: datetime, until: datetime) -> Sequence[Outage]:
        return self.outages_now


def subscription(language: Language = "vi", **changes: object) -> Subscription:
    """A morning digest of two sections."""
    vietnamese = language == "vi"
    base = Subscription(
        slug="sang",
        title="Bản tin sáng" if vietnamese else "Morning brief",
        recipients=("toasoan@example.org",),
        sections=(
            Section(title="Miền Trung – Tây Nguyên" if vietnamese else "Central provinces"),
            Section(title="Năng lượng" if vietnamese else "Energy", group_by="topic"),
        ),
        language=language,
        cutoff=time(6, 0),
        send_at=time(6, 30),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def sample_reader(language: Language = "vi") -> ListReader:
    """All of the sample's stories, under the section titles of `subscription(language)`."""
    titles = [section.title for section in subscription(language).sections]
    outage = Outage(
        outlet="thanhnien", outlet_name="Thanh Niên", since=SINCE + timedelta(hours=20), reason="timeout"
    )
    return ListReader(
        {titles[0]: [*central_stories(), update_story()], titles[1]: energy_stories()}, (outage,)
    )


def sample(language: Language = "vi") -> RenderedDigest:
    """The sample digest, rendered."""
    wanted = subscription(language)
    slot = due_slot(wanted, NOW, SINCE)
    assert slot is not None
    reader = sample_reader(language)
    digest = select(
        wanted,
        slot,
        [reader.stories(slot.since, slot.until, section) for section in wanted.sections],
        {"t": Told(story="t", until=SINCE)},
        outages=reader.outages(slot.since, slot.until),
        history=[18, 22, 19],
    )
    links = Links(
        edit="https://diembao.example.org/digests/sang", feed="https://diembao.example.org/sang.rss"
    )
    return Renderer().render(digest, links, sender="Điểm Báo <digest@example.org>")


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    languages: tuple[Language, ...] = ("vi", "en")
    for language in languages:
        rendered = sample(language)
        (folder / f"digest-{language}.html").write_text(rendered.html, encoding="utf-8")
        (folder / f"digest-{language}.txt").write_text(rendered.text, encoding="utf-8")
        sys.stdout.write(f"{rendered.subject}\n")


if __name__ == "__main__":
    main()
