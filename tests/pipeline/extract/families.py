# ruff: noqa: E501 - markup
"""Pages in the markup of each CMS family, put together from our own text: chrome, article, furniture.

`MATRIX` names for every family the situations it has a page of. A page holds what real ones hold around the
article (menus, teasers, comment forms, players, newsletters), all of which must stay out of what is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone

SITUATIONS = ("article", "photo essay", "video", "live", "English edition", "missing field")
AT = datetime(2026, 9, 21, 7, 45, tzinfo=timezone(timedelta(hours=7)))


@dataclass(frozen=True, slots=True)
class Story:
    """What a page tells. `blocks` are (kind, text) in order: p, h, li, photo, video, related."""

    title: str = "Trạm bơm nổi trên sông Ba cứu 400 héc-ta lúa hè thu"
    lead: str = (
        "Ba trạm bơm đặt trên phao giúp nông dân hạ lưu sông Ba giữ được lúa trong đợt hạn dài 40 ngày."
    )
    author: str = "Rơ Châm Hạnh"
    section: str = "Nông nghiệp"
    language: str = "vi"
    blocks: tuple[tuple[str, str], ...] = ()
    linked_data: bool = True

    @property
    def lines(self) -> list[str]:
        """The lines that must be read, the lead first."""
        marked = {"p": "{}", "h": "{}", "li": "- {}"}
        told = [marked[kind].format(text) for kind, text in self.blocks if kind in marked]
        return [self.lead, *told] if self.lead else told

    @property
    def captions(self) -> list[str]:
        return [text for kind, text in self.blocks if kind == "photo" and text]


ARTICLE = Story(
    blocks=(
        ("p", "Sáng 21/9, chiếc phao thép chở hai máy bơm được kéo ra giữa dòng ở xã Ia Rsai."),
        ("photo", "Máy bơm đặt trên phao thép giữa sông Ba. Ảnh: Rơ Châm Hạnh"),
        ("p", "Mỗi giờ trạm đưa 1.200 m3 nước lên mương, đủ cho mười héc-ta lúa đang trổ bông."),
        ("related", "Hồ thủy lợi cạn sớm hơn mọi năm hai tháng"),
        ("h", "Góp tiền dầu, chia phiên trực"),
        ("p", "Người dân ba buôn góp tiền dầu và thay nhau trực máy suốt ngày đêm."),
        ("li", "Buôn Chư Jú trực từ 6 giờ đến 14 giờ;"),
        ("li", "Buôn Phùm trực phần còn lại của ngày."),
        ("p", "“Không có trạm bơm thì vụ này coi như bỏ”, ông Ksor Blinh, 58 tuổi, nói."),
    )
)
PHOTOS = replace(
    ARTICLE,
    title="Mùa cá linh về trên cánh đồng nước nổi An Phú",
    lead="Nước lên chậm nhưng cá linh vẫn về, xóm ghe ở đầu nguồn sông Hậu lại đỏ đèn từ nửa đêm.",
    blocks=(
        ("photo", "Ghe lưới rời bến lúc hai giờ sáng. Ảnh: Rơ Châm Hạnh"),
        ("p", "Mỗi ghe có hai người, một người chèo và một người thả lưới theo luồng nước."),
        ("photo", "Mẻ lưới đầu mùa được chừng mười ký cá non. Ảnh: Rơ Châm Hạnh"),
        ("p", "Cá được cân ngay trên bến rồi theo xe tải về các chợ trước khi trời sáng."),
        ("photo", "Chợ cá tan lúc năm giờ. Ảnh: Rơ Châm Hạnh"),
    ),
)
VIDEO = replace(
    ARTICLE,
    title="Video: Đàn voọc mông trắng về lại núi đá Kim Bảng",
    lead="Camera của kiểm lâm ghi được đàn voọc mông trắng 17 con kiếm ăn trên vách núi đá vôi sáng 20/9.",
    blocks=(
        ("video", "Đàn voọc trên vách núi"),
        ("p", "Đây là đàn đông nhất được ghi nhận ở vùng núi này trong sáu năm qua."),
    ),
)
LIVE = replace(
    ARTICLE,
    title="Trực tiếp: Nước sông Thao lên nhanh, Yên Bái cũ di dời 300 hộ",
    lead="Đến 11 giờ, nước sông Thao vượt báo động hai, các phường ven sông đang đưa dân lên trường học.",
    blocks=(
        ("h", "11:00"),
        ("p", "Trạm Yên Bái đo được 31,4 mét, cao hơn báo động hai 40 cm và còn lên."),
        ("h", "09:30"),
        ("p", "Phường Nam Cường mở hai trường tiểu học làm nơi ở tạm cho 120 hộ dân."),
        ("photo", "Bộ đội giúp dân chuyển tủ lạnh lên tầng hai. Ảnh: Rơ Châm Hạnh"),
        ("h", "08:15"),
        ("p", "Nhà máy nước thông báo giảm áp lực để giữ máy bơm khỏi ngập."),
    ),
)
ENGLISH = replace(
    ARTICLE,
    title="Floating pumps save rice along the Ba River",
    lead="Three pumping stations on rafts have kept 400 hectares of rice alive through a 40-day dry spell.",
    author="Ro Cham Hanh",
    section="Society",
    language="en",
    blocks=(
        ("p", "A steel raft with two pumps was towed into the Ba River in Ia Rsai commune on September 21."),
        ("photo", "The pumps stand on a steel raft. Photo: Ro Cham Hanh"),
        ("p", "The station lifts 1,200 cubic metres of water an hour, enough for ten hectares of rice."),
        ("related", "Reservoirs run dry two months early this year"),
        ("p", "Families of three villages pay for the fuel and take turns to watch the engines."),
        ("p", "“Without the pumps this season would be lost,” said Ksor Blinh, a farmer of 58."),
    ),
)


@dataclass(frozen=True, slots=True)
class Family:
    """The markup of a family. `page` puts a story into it; `missing` is the field that its page with a
    missing field lacks; `english` are outlet and address of its English edition, empty when none is known."""

    name: str
    outlet: str
    url: str
    page: Callable[[Story], str]
    missing: str = "lead"
    english: tuple[str, str] = ("", "")
    only_english: bool = False
    blocks: dict[str, str] = field(default_factory=dict)

    def cases(self) -> list[tuple[str, str, str, Story]]:
        """Situation, outlet, address and story of each page of the family."""
        if self.only_english:
            told = [("article", ENGLISH), ("missing field", _without(ENGLISH, self.missing))]
            told += [(s, replace(ENGLISH, blocks=b)) for s, b in _english_kinds()]
            told.append(("English edition", replace(ENGLISH, linked_data=False)))
        else:
            told = [("article", ARTICLE), ("photo essay", PHOTOS), ("video", VIDEO), ("live", LIVE)]
            told.append(("missing field", _without(ARTICLE, self.missing)))
        found = [(situation, self.outlet, self.url, story) for situation, story in told]
        if self.english[0]:
            found.append(("English edition", *self.english, ENGLISH))
        return found


def _english_kinds() -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    first, photo, *rest = ENGLISH.blocks
    return [
        (
            "photo essay",
            (photo, first, ("photo", "Water reaches the first field. Photo: Ro Cham Hanh"), rest[0]),
        ),
        ("video", (("video", "Pumps at work"), first)),
        ("live", (("h", "11:00"), rest[0], ("h", "09:30"), first)),
    ]


def _without(story: Story, name: str) -> Story:
    """The story without a field, and without JSON-LD, which would tell it all the same."""
    return replace(story, linked_data=False, **{name: ""})  # type: ignore[arg-type]


def head(story: Story, paper: str, *, metas: str = "") -> str:
    """The head of a page with what the paper says of the article."""
    described = f'<meta name="description" content="{story.lead}">' if story.lead else ""
    data = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": story.title,
        "description": story.lead, "datePublished": AT.isoformat(), "dateModified": AT.isoformat(),
        "author": {"@type": "Person", "name": story.author}, "publisher": {"@type": "Organization", "name": paper},
    }  # fmt: skip
    trail = [{"@type": "ListItem", "position": i, "item": {"@id": f"/{i}", "name": name}}
             for i, name in enumerate(("Trang chủ", story.section), 1)]  # fmt: skip
    crumbs = {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": trail}
    scripts = "".join(
        f'<script type="application/ld+json">{json.dumps(node, ensure_ascii=False)}</script>'
        for node in ((data, crumbs) if story.linked_data else ())
    )
    return (
        f'<!DOCTYPE html><html lang="{story.language}"><head><meta charset="utf-8"><title>{story.title} - {paper}'
        f'</title>{described}<meta property="og:title" content="{story.title} | {paper}">'
        f'<meta property="og:site_name" content="{paper}"><meta property="og:type" content="article">{metas}'
        f"{scripts}<style>.a{{color:red}}</style><script>var ads = 1;</script></head><body>"
        '<header><div class="logo"><a href="/">Logo</a></div><nav><ul><li><a href="/a">Thời sự</a></li>'
        '<li><a href="/b">Kinh tế</a></li><li><a href="/c">Văn hóa</a></li></ul></nav></header>'
    )


FOOT = (
    '<div class="box-comment"><h4>Bình luận (3)</h4><p>Vui lòng nhập nội dung bình luận bằng tiếng Việt có dấu.'
    "</p><p>Hiện chưa có bình luận nào, hãy trở thành người đầu tiên bình luận cho bài viết này!</p></div>"
    '<section class="list-news"><h2>Tin cùng chuyên mục</h2>'
    + "".join(
        f'<article class="item"><h3><a href="/khac-{i}.html">{text}</a></h3><p>{text}, theo ghi nhận của phóng viên'
        " tại địa phương sáng nay.</p></article>"
        for i, text in enumerate(("Chợ nổi họp muộn vì sương mù", "Trường vùng cao thêm lớp nội trú"))
    )
    + "</section><footer><p>Giấy phép số 123/GP-BTTTT. Tổng biên tập: Trần Văn Mẫu. Đường dây nóng: 024.000.000"
    "</p><p>® Ghi rõ nguồn khi phát hành lại thông tin từ website này.</p></footer></body></html>"
)


def inside(story: Story, family: dict[str, str]) -> str:
    """The blocks of a story in a family's own markup; `{}` stands for the text."""
    usual = {"p": "<p>{}</p>", "h": "<h3>{}</h3>", "li": "<ul><li>{}</li></ul>"}
    return "".join((usual | family)[kind].format(text) for kind, text in story.blocks)


def either(text: str, html: str) -> str:
    """`html` when there is a text for it."""
    return html.format(text) if text else ""


CLOCK = AT.strftime("%d/%m/%Y %H:%M")
PLAYER = '<div class="player"><video src="v.mp4">Trình duyệt của bạn không hỗ trợ video.</video></div>'


def zce(story: Story) -> str:
    body = inside(story, {
        "photo": '<table class="picture"><tbody><tr><td class="pic"><img data-src="a.jpg" class="cms-photo"></td>'
                 '</tr><tr><td class="caption"><p>{}</p></td></tr></tbody></table>',
        "video": '<figure class="cms-video" data-id="1">' + PLAYER + "<figcaption></figcaption></figure>",
        "related": '<div class="article-relate"><article class="story"><figure><a href="/x-post1.vnp"><img src="t.jpg">'
                   '</a></figure><h2 class="story__heading"><a class="cms-link" href="/x-post1.vnp">{0}</a></h2>'
                   '<div class="story__summary cms-desc"><p>{0}, theo số liệu của ngành thủy lợi tỉnh.</p></div>'
                   "</article></div>",
    })  # fmt: skip
    return (
        head(story, "Vietnam+ (VietnamPlus)")
        + f'<div class="breadcrumb"><h2 class="main"><a href="/nong-nghiep">{story.section}</a></h2></div>'
        f'<h1 class="article__title cms-title">{story.title}</h1>'
        + either(story.lead, '<div class="article__sapo cms-desc">{}</div>')
        + f'<div class="article__meta">{either(story.author, "<span class=article__author>{}</span>")}'
        f'<time class="time" datetime="{AT:%Y-%m-%dT%H:%M:%S}">{CLOCK}</time></div>'
        '<div class="article__social"><a href="#">Facebook</a><a href="#">Copy link</a></div>'
        '<div class="article__body zce-content-body cms-body" itemprop="articleBody"><zce-banner></zce-banner>'
        f'{body}<div class="banner">Quảng cáo</div><p>(TTXVN/Vietnam+)</p></div>'
        '<div class="article__tag"><h3>Từ khóa</h3><a href="/t">#trạm bơm</a><a href="/u">#hạn hán</a></div>' + FOOT
    )  # fmt: skip


def vccorp(story: Story) -> str:
    body = inside(story, {
        "photo": '<figure class="VCSortableInPreviewMode" type="Photo"><div><a class="detail-img-lightbox" href="a.jpg">'
                 '<img src="a.jpg"></a></div><figcaption class="PhotoCMS_Caption"><p data-placeholder="chú thích">{}'
                 "</p></figcaption></figure>",
        "video": '<div class="VCSortableInPreviewMode" type="VideoStream"><div class="VCSortableVideo">' + PLAYER
                 + '</div><div class="VideoCMS_Caption"><p>{}</p></div></div>',
        "related": '<div class="VCSortableInPreviewMode" type="RelatedOneNews"><a href="/x-1.htm" class="VCObjectBox'
                   'RelatedNewsItemThumb"><img src="t.jpg"></a><div class="VCObjectBoxRelatedNewsItemContent"><a '
                   'href="/x-1.htm">{0}</a><p class="VCObjectBoxRelatedNewsItemSapo">{0}, nông dân lo vụ sau thiếu '
                   "nước.</p><a>ĐỌC NGAY</a></div></div>",
    })  # fmt: skip
    return (
        head(story, "Tuổi Trẻ Online", metas='<meta name="author" content="TUOI TRE ONLINE">')
        + f'<div class="detail-top"><div class="detail-cate"><a data-role="cate-name">{story.section}</a></div>'
        f'<div class="detail-time"><div data-role="publishdate">{CLOCK} GMT+7</div></div></div>'
        f'<h1 class="detail-title article-title" data-role="title">{story.title}</h1>'
        + either(story.author, '<div class="detail-author"><div class="author-info"><a class="name">{}</a></div></div>')
        + '<div class="audioNew"><p>Nghe đọc bài</p><p>0:00 / 3:21</p></div><div class="detail-cmain">'
        + either(story.lead, '<h2 class="detail-sapo" data-role="sapo">TTO - {}</h2>')
        + '<div class="detail-content afcbc-body" data-role="content" itemprop="articleBody">'
        f'<div data-check-position="body_start"></div>{body}'
        '<p>Mời quý độc giả theo dõi kênh của Tuổi Trẻ trên Zalo và Facebook</p>'
        + either(story.author, '<p style="text-align: right;"><b>{}</b></p>')
        + '<div data-check-position="body_end"></div></div><div class="detail-bottom-content"><p>Trở thành người đầu '
        'tiên tặng sao cho bài viết</p><div class="newsletter"><p>Tuổi Trẻ Online Newsletters</p></div></div>'
        '<div class="detail-tab"><a>#trạm bơm</a></div></div>' + FOOT
    )  # fmt: skip


def b_maincontent(story: Story) -> str:
    body = inside(story, {
        "photo": '<figure class="picture"><img src="a.jpg"><figcaption>{}</figcaption></figure>',
        "video": '<div class="sc-video">' + PLAYER + "</div>",
        "related": '<div class="c-box"><div class="c-box__title">Bài liên quan</div><ul><li><a href="/x-1234567.html">'
                   "{}</a></li></ul></div>",
    })  # fmt: skip
    return (
        head(story, "Báo Đà Nẵng")
        + f'<ol class="breadcrumb"><li class="breadcrumb-item"><a>Trang chủ</a></li><li class="breadcrumb-item active">'
        f'<a>{story.section}</a></li></ol><div class="c-news-detail"><div class="b-maincontent"><article class="entry '
        'entry-no-padding"><div class="sc-longform-header">'
        f'<p class="block-sc-cate-name"><a>{story.section}</a></p><h1 class="sc-longform-header-title block-sc-title">'
        f'{story.title}</h1><div class="sc-longform-header-meta">'
        + either(story.author, '<span class="sc-longform-header-author block-sc-author">{}</span>')
        + f'<span class="sc-longform-header-date block-sc-publish-time">{CLOCK}</span></div><div class="c-sticky-share">'
        '<a>Chia sẻ</a><span>Cỡ chữ</span><span>Mặc định</span></div>'
        + either(story.lead, '<p class="sc-longform-header-sapo block-sc-sapo">{}</p>')
        + f'</div>{body}<div class="sc-empty-layer"></div></article></div><div class="c-tag"><a>#trạm bơm</a></div>'
        "</div>" + FOOT
    )  # fmt: skip


def a_id(story: Story) -> str:
    body = inside(story, {
        "photo": '<p style="text-align:center"><img src="a.jpg"></p><p style="text-align:center"><em>{}</em></p>',
        "video": "<p>" + PLAYER + "</p>",
        "related": '<p>>> <a href="/x-a1234.html">{}</a></p>',
    })  # fmt: skip
    return (
        head(story, "Báo Cần Thơ")
        + f'<div class="breadcrumb"><ul><li><a>Trang chủ</a></li><li><a>{story.section}</a></li></ul></div>'
        f'<div class="detail"><h1 class="detail-title">{story.title}</h1><div class="detail-time">{AT:%d/%m/%Y - %H:%M}'
        "</div>" + either(story.lead, '<div class="detail-desc"><p>{}</p></div>')
        + f'<div id="newscontents"><div class="content-fck">{body}'
        + either(story.author, '<p class="author" style="text-align:right"><strong>{}</strong></p>')
        + '</div></div><div class="detail-related"><h3>Tin liên quan</h3></div></div>' + FOOT
    )  # fmt: skip


def month_folder(story: Story) -> str:
    body = inside(story, {
        "photo": '<table class="image center"><tbody><tr><td><img src="a.jpg"></td></tr><tr><td class="image_desc">{}'
                 "</td></tr></tbody></table>",
        "video": PLAYER,
        "related": '<div class="related-inline"><p><strong>Tin liên quan</strong></p><p><a href="/x/">{}</a></p></div>',
    })  # fmt: skip
    return (
        head(story, "Báo Đắk Lắk")
        + f'<div class="breadcrumb"><a>Trang chủ</a><a>{story.section}</a></div><div class="article_content">'
        f'<h1 class="title">{story.title}</h1><div class="date">Thứ Hai, {AT:%d/%m/%Y, %H:%M}</div>'
        + either(story.lead, '<div class="desc">{}</div>')
        + f'<div class="content" id="content">{body}'
        + either(story.author, '<p style="text-align:right"><strong>{}</strong></p>')
        + '</div><div class="tags"><a>Trạm bơm</a></div></div>' + FOOT
    )  # fmt: skip


def content_detail(story: Story) -> str:
    body = inside(story, {
        "photo": '<figure class="image"><img src="a.jpg"><figcaption>{}</figcaption></figure>',
        "video": PLAYER,
        "related": '<div class="box-lienquan"><h4>Bài viết liên quan</h4><ul><li><a href="/x-5000001.html">{}</a></li>'
                   "</ul></div>",
    })  # fmt: skip
    return (
        head(story, "Báo Lạng Sơn")
        + f'<ul class="breadcrumb"><li><a>Trang chủ</a></li><li><a>{story.section}</a></li></ul><h1 class="title">'
        f'{story.title}</h1><div class="date">{CLOCK}</div><div id="content-detail">'
        + either(story.lead, "<p><strong>{}</strong></p>") + body
        + either(story.author, "<p><strong>{}</strong></p>") + "</div>" + FOOT
    )  # fmt: skip


def baotintuc(story: Story) -> str:
    body = inside(story, {
        "photo": '<figure><img src="a.jpg"><figcaption>{}</figcaption></figure>',
        "video": PLAYER,
        "related": '<div class="box-related"><ul><li><a href="/x.htm">{}</a></li></ul></div>',
    })  # fmt: skip
    return (
        head(story, "Báo Tin tức")
        + f'<div class="breadcrumb"><a>Trang chủ</a><a>{story.section}</a></div><div class="boxdetail">'
        f'<h1 class="detail-title">{story.title}</h1><div class="date">Thứ Hai, {CLOCK}</div>'
        + either(story.lead, '<h2 class="sapo">{}</h2>')
        + f'<div class="contents">{body}' + either(story.author, '<p class="author">{} (TTXVN)</p>')
        + '</div><div class="list-tags"><a>Trạm bơm</a></div></div>' + FOOT
    )  # fmt: skip


def dantri(story: Story) -> str:
    body = inside(story, {
        "photo": '<figure class="image align-center"><img src="a.jpg"><figcaption><p>{}</p></figcaption></figure>',
        "video": '<figure class="video"><div>' + PLAYER + "</div></figure>",
        "related": '<article class="article-wrap"><h3><a href="/x.htm">{0}</a></h3><p>{0}, tỉnh lo thiếu nước.</p></article>',
    })  # fmt: skip
    return (
        head(story, "Báo điện tử Dân trí")
        + f'<main><ul class="breadcrumbs"><li><a>{story.section}</a></li></ul><article class="singular-container">'
        f'<h1 class="title-page detail">{story.title}</h1><div class="author-wrap">'
        + either(story.author, '<div class="author-name"><a href="/tac-gia/a.htm"><b>{}</b></a></div>')
        + f'<time class="author-time" datetime="{AT:%Y-%m-%d %H:%M}">Thứ hai, {AT:%d/%m/%Y - %H:%M}</time></div>'
        + either(story.lead, '<h2 class="singular-sapo">(Dân trí) - {}</h2>')
        + f'<div class="singular-content">{body}</div><ul class="tags-wrap"><li><a>Trạm bơm</a></li></ul></article>'
        "</main>" + FOOT
    )  # fmt: skip


def vietnamnet(story: Story) -> str:
    body = inside(story, {
        "photo": '<figure class="image vnn-content-image"><picture><img src="a.jpg"></picture><figcaption>{}</figcaption>'
                 "</figure>",
        "video": '<figure class="vnn-content-video"><iframe src="/v"></iframe></figure>',
        "related": '<div class="insert-wiki-content vnn-template-noneditable"><article class="ck-cms-wiki-news-full"><h3>'
                   '<a href="/x-2000001.html">{0}</a></h3><div>{0}, nông dân lo vụ sau.</div></article></div>',
    })  # fmt: skip
    return (
        head(story, "VietNamNet")
        + f'<div class="bread-crumb-detail"><ul><li><a>{story.section}</a></li></ul><div class="bread-crumb-detail__time">'
        f'Thứ Hai, {AT:%d/%m/%Y - %H:%M}</div></div><div class="content-detail"><h1 class="content-detail-title">'
        f"{story.title}</h1>"
        + either(story.author, '<div class="article-detail-author"><p class="name"><a>{}</a></p></div>')
        + either(story.lead, '<h2 class="content-detail-sapo sm-sapo-mb-0">{}</h2>')
        + f'<div class="maincontent main-content" id="maincontent">{body}</div><div class="tag-cotnent"><a>#hạn</a></div>'
        "</div>" + FOOT
    )  # fmt: skip


def vnexpress(story: Story) -> str:
    body = inside(story, {
        "p": '<p class="Normal">{}</p>',
        "h": '<p class="Normal"><strong>{}</strong></p>',
        "photo": '<figure class="tplCaption"><div class="fig-picture"><picture><img src="a.jpg"></picture></div>'
                 '<figcaption><p class="Image">{}</p></figcaption></figure>',
        "video": '<div class="box_embed_video"><div class="box_img_video">' + PLAYER + "</div></div>",
        "related": '<ul class="list-news"><li><a href="/x-4000001.html">{}</a></li></ul>',
    })  # fmt: skip
    return (
        head(story, "Báo VnExpress", metas=f'<meta name="pubdate" content="{AT.isoformat()}">')
        + f'<section class="page-detail"><div class="header-content"><ul class="breadcrumb"><li><a>{story.section}</a></li>'
        f'</ul><span class="date">Thứ hai, {AT.day}/{AT.month}/{AT.year}, {AT:%H:%M} (GMT+7)</span></div>'
        f'<h1 class="title-detail">{story.title}</h1>'
        + either(story.lead, '<p class="description"><span class="location-stamp">Gia Lai</span>{}</p>')
        + f'<article class="fck_detail ">{body}'
        + either(story.author, '<p class="Normal" style="text-align:right;"><strong>{}</strong></p>')
        + '<div class="box-wg-guicauhoi"><p>Gửi câu hỏi cho chúng tôi</p></div></article></section>' + FOOT
    )  # fmt: skip


def vov(story: Story) -> str:
    body = inside(story, {
        "photo": '<figure class="image"><img src="a.jpg"><figcaption>{}</figcaption></figure>',
        "video": PLAYER,
        "related": '<div class="article-related"><a href="/x-post1.vov">{}</a></div>',
    })  # fmt: skip
    return (
        head(story, "VOV.VN", metas=f'<meta property="article:published_time" content="{AT.isoformat()}">')
        + f'<ol class="breadcrumb"><li><a>Trang chủ</a></li><li><a>{story.section}</a></li></ol><div class="row '
        f'article-title"><h1 class="article-title mb-0">{story.title}</h1></div>'
        + either(story.lead, '<div class="row article-summary">VOV.VN - {}</div>')
        + f'<div class="row article-content"><div class="text-long">{body}</div></div>'
        + either(story.author, '<div class="row article-author">{}/VOV-Tây Nguyên</div>') + FOOT
    )  # fmt: skip


def vovworld(story: Story) -> str:
    return zce(story).replace("<p>(TTXVN/Vietnam+)</p>", "").replace("Vietnam+ (VietnamPlus)", "VOV World")


def qdnd(story: Story) -> str:
    body = inside(story, {
        "photo": '<table class="contentimg"><tbody><tr><td><img src="a.jpg"></td></tr><tr><td><em>{}</em></td></tr>'
                 "</tbody></table>",
        "video": PLAYER,
        "related": '<div class="related-news"><a href="/x-1000001">{}</a></div>',
    })  # fmt: skip
    return (
        head(story, "Báo Quân đội nhân dân")
        + f'<div class="breadcrumb"><li><a>Trang chủ</a></li><li><a>{story.section}</a></li></div><h1 class="post-title">'
        f'{story.title}</h1><div class="post-subinfo">{AT:%d/%m/%Y - %H:%M}</div>'
        + either(story.lead, '<div class="post-summary">QĐND - {}</div>')
        + f'<div class="post-content" itemprop="articleBody">{body}</div>'
        + either(story.author, '<div class="author-top">{}</div>') + FOOT
    )  # fmt: skip


def vietnamnews(story: Story) -> str:
    body = inside(story, {
        "photo": '<table class="picture"><tbody><tr><td><img src="a.jpg"></td></tr><tr><td class="caption">{}</td></tr>'
                 "</tbody></table>",
        "video": PLAYER,
        "related": '<div class="related"><h3><a href="/society/1/x.html">{}</a></h3></div>',
    })  # fmt: skip
    return (
        head(story, "vietnamnews.vn")
        + f'<div class="breadcrumb"><a>Home</a><a>{story.section}</a></div><h1 class="headline">{story.title}</h1>'
        f'<div class="datetime">{AT:%B %d, %Y - %H:%M}</div><div id="abody">'
        + either(story.lead, '<p class="summary">{}</p>') + body
        + either(story.author, '<p class="author">{}</p>') + "<p>— VNS</p></div>" + FOOT
    )  # fmt: skip


def vccinews(story: Story) -> str:
    body = inside(story, {
        "photo": '<figure><img src="a.jpg"><figcaption>{}</figcaption></figure>',
        "video": PLAYER,
        "related": '<p><strong>Related news</strong></p><ul><li><a href="/news/1/x.html">{}</a></li></ul>',
    })  # fmt: skip
    return (
        head(story, "Vietnam Business Forum")
        + f'<div class="breadcrumb"><ul><li><a>Home</a></li><li><a>{story.section}</a></li></ul></div>'
        f'<div class="detail-blog-page"><h1>{story.title}</h1><div class="time"><p>7:45:00 AM | 9/21/2026</p></div>'
        '<div class="desc-ctn">' + either(story.lead, "<p><strong>{}</strong></p>") + body
        + either(story.author, '<p style="text-align:right"><strong>By {}, Vietnam Business Forum</strong></p>')
        + '</div></div><div id="othernews"><ul><li><a href="/news/2/y.html">Another story</a></li></ul></div>' + FOOT
    )  # fmt: skip


FAMILIES = (
    Family("zce", "vietnamplus", "https://www.vietnamplus.vn/tram-bom-post1130001.vnp", zce,
           english=("en-vietnamplus", "https://en.vietnamplus.vn/floating-pumps-post330001.vnp")),
    Family("vccorp", "tuoitre", "https://tuoitre.vn/tram-bom-20260921074411912.htm", vccorp, missing="author",
           english=("en-baochinhphu", "https://en.baochinhphu.vn/floating-pumps-111260921074411912.htm")),
    Family("b-maincontent", "baodanang", "https://baodanang.vn/tram-bom-3312412.html", b_maincontent,
           english=("en-baodanang", "https://en.baodanang.vn/floating-pumps-3312413.html")),
    Family("a-id", "baocantho", "https://baocantho.com.vn/tram-bom-a603564.html", a_id),
    Family("month-folder", "baodaklak", "https://baodaklak.vn/kinh-te/202609/tram-bom-eea3900/", month_folder,
           missing="author"),
    Family("content-detail", "baolangson", "https://baolangson.vn/tram-bom-5071654.html", content_detail,
           missing="author"),
    Family("baotintuc", "baotintuc", "https://baotintuc.vn/kinh-te/tram-bom-20260921074411912.htm", baotintuc),
    Family("dantri", "dantri", "https://dantri.com.vn/kinh-doanh/tram-bom-20260921074411912.htm", dantri,
           missing="author"),
    Family("vietnamnet", "vietnamnet", "https://vietnamnet.vn/tram-bom-2495349.html", vietnamnet),
    Family("vnexpress", "vnexpress", "https://vnexpress.net/tram-bom-4954454.html", vnexpress, missing="author",
           english=("e-vnexpress", "https://e.vnexpress.net/news/news/floating-pumps-4954455.html")),
    Family("vov", "vov", "https://vov.vn/kinh-te/tram-bom-post1332634.vov", vov),
    Family("vovworld", "vovworld-vi", "https://vovworld.vn/vi-VN/tin-tuc/tram-bom-1412345.vov5", vovworld,
           missing="author", english=("vovworld-en", "https://vovworld.vn/en-US/news/floating-pumps-1412346.vov")),
    Family("qdnd", "qdnd", "https://www.qdnd.vn/kinh-te/tin-tuc/tram-bom-1052548", qdnd, missing="author"),
    Family("vietnamnews", "vietnamnews", "https://vietnamnews.vn/society/1779712/floating-pumps.html", vietnamnews,
           missing="author", only_english=True),
    Family("vccinews", "vccinews", "https://vccinews.com/news/62361/floating-pumps.html", vccinews,
           missing="author", only_english=True),
)  # fmt: skip
NO_ENGLISH = {
    "a-id": "provincial papers in Vietnamese and Khmer",
    "month-folder": "provincial papers in Vietnamese",
    "content-detail": "its English paths are not read",
    "baotintuc": "a Vietnamese paper; VNA's English editions are of the zce family",
    "dantri": "its English edition has closed",
    "vietnamnet": "its /en/ pages are not collected",
    "vov": "english.vov.vn is of the zce family",
    "qdnd": "en.qdnd.vn is not collected",
}
"""Families without an English edition that is read, and why."""
