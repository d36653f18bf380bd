# ruff: noqa: E501 - markup
"""Pages of our own as outlets of each family make them in other years and places than the family's tables: old
class names, names at the end of the text, polls, advertisements, text without paragraphs, data that is untrue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

TITLE = "Bến phà Vàm Tấn chạy lại sau ba tháng sửa cầu dẫn"
LEAD = "Từ 5 giờ sáng 14/10, phà Vàm Tấn nối hai xã cù lao chở khách trở lại, mỗi chuyến cách nhau 20 phút."
TEXT = (
    "Cầu dẫn phía bờ xã An Thạnh được thay 36 tấm thép và hai trụ neo trong đợt sửa chữa này.",
    "Ông Trần Văn Bảy, chủ ghe chở mía, nói mỗi ngày tiết kiệm được 40 cây số đường vòng qua thị trấn.",
    "Giá vé giữ nguyên 3.000 đồng cho người đi bộ và 8.000 đồng cho xe máy, học sinh được miễn phí.",
    "Ủy ban nhân dân xã cho biết phà nghỉ lúc 22 giờ và chạy tăng cường hai ngày cuối tuần.",
)
CAPTION = "Phà chở chuyến đầu tiên sáng 14/10. Ảnh: Lê Dân"
AUTHOR = "Lê Dân"
OTHER = "Cù lao thiếu phà, học sinh nghỉ học ba ngày"
UNKNOWN = "https://paper.example.vn/bai-viet-1234567.html"


@dataclass(frozen=True, slots=True)
class Variant:
    """A page at an address and what must be read from it. `everywhere` tells that it reads the same at the
    address of an unknown outlet."""

    name: str
    url: str
    html: str
    year: int = 2026
    lines: tuple[str, ...] = (LEAD, *TEXT)
    authors: tuple[str, ...] = (AUTHOR,)
    captions: tuple[str, ...] = ()
    credit: str = ""
    everywhere: bool = True

    @property
    def published_at(self) -> datetime:
        """14 October, 06:12 in Vietnam."""
        return datetime(self.year, 10, 14, 6, 12, tzinfo=timezone(timedelta(hours=7)))


def _variant(
    name: str, url: str, body: str, *, head: str = "", year: int = 2026, lines: tuple[str, ...] = (LEAD, *TEXT),
    authors: tuple[str, ...] = (AUTHOR,), captions: tuple[str, ...] = (), credit: str = "", everywhere: bool = True,
) -> Variant:  # fmt: skip
    """A variant whose page has the article and what stands around every article."""
    html = (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{TITLE} - Báo</title><meta name='
        f'"description" content="{LEAD}"><meta property="og:title" content="{TITLE}"><meta property="og:type" '
        f'content="article">{head}</head><body><header><nav><ul><li><a href="/">Trang chủ</a></li></ul></nav></header>'
        f"{body}{FOOT}"
    )
    return Variant(name, url, html, year, lines, authors, captions, credit, everywhere)


FOOT = (
    '<div class="box-category"><h3>Tin cùng chuyên mục</h3><ul>'
    + "".join(
        f'<li><h3><a href="/k{i}.htm">Chợ quê họp sớm vì nước lớn lần thứ {i}</a></h3><p>Tiểu thương dời sạp lên mặt lộ '
        "từ ba giờ sáng để tránh nước ngập.</p></li>"
        for i in range(4)
    )
    + "</ul></div><footer><p>Tổng biên tập: Nguyễn Văn Mẫu. Giấy phép số 12/GP-BTTTT.</p></footer></body></html>"
)
P = tuple(f"<p>{text}</p>" for text in TEXT)
RELATED = (
    '<div class="VCSortableInPreviewMode" type="RelatedNews"><div class="kbwscwl-relatedbox"><ul><li>'
    f'<a href="/a-20191001.htm">{OTHER}</a></li></ul></div></div>'
)
DIVISIONS = "".join(f"<div>{text}</div>" for text in TEXT)
BARE = "<p></p>".join(TEXT)
SLIDES = "".join(
    f'<div class="item_slide_show clearfix"><div class="block_thumb_slide_show"><img src="{i}.jpg"></div><div class='
    f'"desc_cation"><p class="Normal">{text}</p></div></div>'
    for i, text in enumerate(TEXT)
)
TABLE = (
    "<table><tbody><tr><td>Loại xe</td><td>Giá vé</td></tr><tr><td>Xe đạp</td><td>5.000 đồng</td></tr><tr><td>Ô tô</td>"
    "<td>30.000 đồng</td></tr></tbody></table>"
)
UNTRUE = (
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Báo điện tử - Tin tức mới nhất",'
    '"datePublished":"2026-11-22T10:00:00+07:00","author":{"@type":"Person","name":"Báo Sóc Trăng"},'
    '"publisher":{"@type":"Organization","name":"Báo Sóc Trăng"}}</script>'
)

VARIANTS = (
    _variant("tuoitre-2019","https://tuoitre.vn/ben-pha-vam-tan-20191014061203456.htm",f'<div class="breadcrumb"><a>Thời sự</a></div><h1 class="article-title">{TITLE}</h1><div class="date-time">14/10/2019 06:12 GMT+7</div><h2 class="sapo">TTO - {LEAD}</h2><div id="main-detail-body" class="content fck">{P[0]}<div class="VCSortableInPreviewMode" type="Photo"><div><img src="a.jpg"></div><div class="PhotoCMS_Caption"><p>{CAPTION}</p></div></div>{P[1]}{RELATED}{P[2]}{P[3]}</div><div class="author">LÊ DÂN</div><div class="tags-container"><ul><li><a>phà</a></li></ul></div>',captions=(CAPTION,),year=2019),
    _variant("thanhnien-2020","https://thanhnien.vn/thoi-su/ben-pha-vam-tan-1290001.html",f'<h1 class="details__headline">{TITLE}</h1><div class="details__meta"><div class="details__author"><div class="details__author__meta"><h4><a>Lê Dân</a></h4></div></div><div class="meta"><time>06:12 - 14/10/2020</time></div></div><div class="sapo" id="chapeau"><div>{LEAD}</div></div><div class="details__content cms-body" id="abody"><div class="cms-body"><table class="imagefull"><tr><td><img src="a.jpg"></td></tr><tr><td><div class="imgcaption"><p>{CAPTION}</p></div></td></tr></table>{DIVISIONS}<div class="morenews"><a href="/x">{OTHER}</a></div></div></div>',captions=(CAPTION,),year=2020),
    _variant("thanhnien-now","https://thanhnien.vn/ben-pha-vam-tan-185261014061203456.htm",f'<div class="detail-cate"><a>Thời sự</a></div><h1 class="detail-title"><span data-role="title">{TITLE}</span></h1><div class="detail-author"><div class="author-info"><div class="author-info-top"><a class="name" title="Lê Dân">Lê Dân</a></div><a class="email">ledan@thanhnien.vn</a></div></div><div class="detail-time"><div data-role="publishdate">14/10/2026 06:12 GMT+7</div></div><h2 class="detail-sapo" data-role="sapo"> {LEAD}</h2><div class="detail-cmain"><div class="detail-content afcbc-body" data-role="content" itemprop="articleBody"><div class="detail__cmain-flex">{P[0]}<div class="VCSortableInPreviewMode" type="quote"><p>{TEXT[1]}</p></div>{P[2]}<div class="VCSortableInPreviewMode" type="poll"><div class="poll-title">Bạn có đi phà này không?</div><ul><li>Có</li><li>Không</li></ul><a>Bình chọn</a></div>{P[3]}<div class="detail__cmain-tag"><a>#phà</a></div></div></div></div>'),
    _variant("dantri-2020","https://dantri.com.vn/xa-hoi/ben-pha-vam-tan-20201014061203456.htm",f'<div class="dt-news__header"><ul class="dt-breadcrumb"><li><a>Xã hội</a></li></ul><span class="dt-news__time">Thứ tư, 14/10/2020 - 06:12</span></div><div class="dt-news__detail"><h1 class="dt-news__title">{TITLE}</h1><div class="dt-news__sapo"><h2><a href="/x">Dân trí</a> {LEAD}</h2></div><div class="dt-news__content">{P[0]}<figure class="image"><img src="a.jpg"><figcaption><p>{CAPTION}</p></figcaption></figure>{P[1]}<div class="dt-news__related"><a href="/y">{OTHER}</a></div>{P[2]}{P[3]}<p style="text-align:right"><strong>Lê Dân</strong></p></div></div>',captions=(CAPTION,),year=2020),
    _variant("vietnamnet-2018","https://vietnamnet.vn/vn/thoi-su/ben-pha-vam-tan-480001.html",f'<div class="top-cate"><a class="title">Thời sự</a></div><div class="ArticleDetail" id="ArticleHolder"><h1 class="title">{TITLE}</h1><div class="ArticleDateTime"><span class="ArticleDate">14/10/2018 &nbsp; 06:12 GMT+7</span></div><div class="ArticleContent" id="ArticleContent"><p class="bold ArticleLead">- {LEAD}</p><div class="article-relate"><ul><li><a href="/x">{OTHER}</a></li></ul></div>{P[0]}<table class="ImageBox ImageCenterBox"><tr><td><img src="a.jpg"></td></tr><tr><td class="image_desc">{CAPTION}</td></tr></table>{P[1]}{P[2]}{P[3]}<p><strong>Lê Dân</strong></p></div></div>',captions=(CAPTION,),year=2018),
    _variant("vnexpress-2016","https://vnexpress.net/tin-tuc/thoi-su/ben-pha-vam-tan-3480001.html",f'<div class="block_timer left txt_666">Thứ sáu, 14/10/2016 | 06:12 GMT+7</div><div class="title_news"><h1 class="title_news_detail">{TITLE}</h1></div><h3 class="short_intro txt_666">{LEAD}</h3><div class="relative_new"><ul><li><a href="/x">Cù lao thiếu phà</a></li></ul></div><div class="fck_detail width_common"><p class="Normal">{TEXT[0]}</p><table class="tplCaption"><tbody><tr><td><img src="a.jpg"></td></tr><tr><td><p class="Image">{CAPTION}</p></td></tr></tbody></table><p class="Normal">{TEXT[1]}</p><p class="Normal">{TEXT[2]}</p><p class="Normal">{TEXT[3]}</p><p style="text-align:right;"><strong>Lê Dân</strong></p></div>',captions=(CAPTION,),year=2016),
    _variant("vnexpress-slides","https://vnexpress.net/ben-pha-vam-tan-4480001.html",f'<span class="date">Thứ tư, 14/10/2026, 06:12 (GMT+7)</span><h1 class="title-detail">{TITLE}</h1><p class="description">{LEAD}</p><article class="fck_detail" id="article_content">{SLIDES}<p class="author_mail"><strong>Lê Dân</strong></p></article>', captions=TEXT),
    _variant("zce-tinnhanh","https://www.tinnhanhchungkhoan.vn/ben-pha-vam-tan-post390001.html",f'<ul class="breadcrumb"><li class="main-cate"><a>Thời sự</a></li></ul><h1 class="article__header cms-title">{TITLE}</h1><div class="article__meta"><p class="author">Tác giả <a class="cms-author">Lê Dân</a></p><time class="time">14/10/2026 06:12</time><meta class="cms-date" itemprop="datePublished" content="2026-10-14T06:12:00+0700"></div><div class="article__sapo cms-desc">(ĐTCK) {LEAD}</div><div class="article__body cms-body" itemprop="articleBody"><figure class="article__avatar"><img src="a.jpg"><figcaption>{CAPTION}</figcaption></figure><div class="ads_middle"><div id="adsWeb_AdsArticleMiddle">Quảng cáo</div></div>{P[0]}{P[1]}<p>..>> <a class="cms-relate" href="/x">Chi tiết</a></p>{P[2]}{P[3]}</div><div class="article__tag"><a>phà</a></div>',captions=(CAPTION,)),
    _variant("zce-photo","https://nhandan.vn/anh-ben-pha-vam-tan-post900001.html",f'<div class="breadcrumb"><a>Xã hội</a></div><h1 class="article__title cms-title">{TITLE}</h1><div class="article__sapo cms-desc">NDO - {LEAD}</div><div class="article__meta"><time class="time" datetime="2026-10-14T06:12:00+0700">Thứ Tư, ngày 14/10/2026 - 06:12</time></div><div class="article__body cms-body"><div class="gallery"><figure><img src="a.jpg"><figcaption>{TEXT[0]}</figcaption></figure><figure><img src="b.jpg"><figcaption>{TEXT[1]}</figcaption></figure></div>{P[2]}<table class="picture"><tbody><tr><td class="pic"><img src="c.jpg"></td></tr><tr><td class="caption">{TEXT[3]}</td></tr></tbody></table></div><div class="article__author">LÊ DÂN</div>',lines=(LEAD, TEXT[2]),captions=(TEXT[0], TEXT[1], TEXT[3])),
    _variant("bmain-nqs","https://nguoiquansat.vn/ben-pha-vam-tan-231001.html",f'<div class="c-news-detail"><div class="b-maincontent"><article class="entry entry-no-padding"><div class="sc-longform-header"><div class="sc-longform-header-cate block-sc-cate-name"><a>Thời sự</a></div><h1 class="sc-longform-header-title block-sc-title">{TITLE}</h1><p class="sc-longform-header-sapo block-sc-sapo">{LEAD}</p><div class="sc-longform-header-meta"><span class="sc-longform-header-author block-sc-author">Lê Dân</span><span class="sc-longform-header-date block-sc-publish-time">14/10/2026 06:12</span></div></div><div class="c-box"><div id="ads_after_sapo_1">Quảng cáo</div></div>{P[0]}<div class="sc-hightlight-box"><p>Phà Vàm Tấn do hợp tác xã đường thủy quản lý từ năm 1998, có sáu phà và 24 nhân viên.</p></div>{P[1]}{P[2]}{P[3]}<div class="sc-empty-layer"></div></article></div><div class="c-author-page"><p>Theo <a>Kiến thức Đầu tư</a></p></div></div>', credit="kienthucdautu"),
    _variant("bmain-video","https://baodanang.vn/video-ben-pha-vam-tan-3312999.html",f'<div class="c-video-detail"><div class="c-video-detail__player"><video src="v.mp4"></video></div><h1 class="c-detail-head__title">{TITLE}</h1><div class="c-detail-head__row"><span class="c-detail-head__time">Thứ Tư, 14/10/2026 06:12</span><span class="c-detail-head__author">Lê Dân</span></div><div class="c-news-detail"><p class="block-sc-sapo">{LEAD}</p></div></div>',head='<meta property="og:video" content="v.mp4">',lines=(LEAD,), everywhere=False),
    _variant("aid-angiang","https://baoangiang.com.vn/ben-pha-vam-tan-a450001.html",f'<div class="breadcrumb"><a>Thời sự</a></div><div class="detail-title"><h1>{TITLE}</h1></div><div class="detail-date-share"><div class="pubdate fleft"><i></i> 14/10/2026 - 06:12</div></div><div class="content-sapo">{LEAD}</div><div class="content-fck"><div class="content-fck-font-size" data>{P[0]}<p style="text-align:center"><img src="a.jpg"></p><p style="text-align:center"><span style="font-style:italic">{CAPTION}</span></p>{P[1]}{P[2]}<div class="news-relate"><a href="/x">Cù lao thiếu phà</a></div>{P[3]}<p class="author" style="text-align:right"><b>LÊ DÂN</b></p><p class="author ignore">Theo VietNamNet</p></div></div>',captions=(CAPTION,), credit="vietnamnet"),
    _variant("month-daklak","https://baodaklak.vn/xa-hoi/202610/ben-pha-vam-tan-1a2b3c4/",f'<div class="breadcrumb"><a>Xã hội</a></div><div class="article_content"><h1 class="title">{TITLE}</h1><div class="date">06:12, 14/10/2026</div><div class="content" id="content"><p><strong>{LEAD}</strong></p>{P[0]}<table class="image center"><tbody><tr><td><img src="a.jpg"></td></tr><tr><td class="image_desc">{CAPTION}</td></tr></tbody></table>{P[1]}{P[2]}{P[3]}<p style="text-align: right;"><strong>Lê Dân</strong></p><p>Đọc thêm</p><ul><li><a href="/x">{OTHER}</a></li></ul></div></div>',captions=(CAPTION,)),
    _variant("month-thainguyen","https://baothainguyen.vn/xa-hoi/202610/ben-pha-vam-tan-1a2b3c4/",f'<div class="detail"><h1 class="detail-title">{TITLE}</h1><div class="date">Cập nhật: Thứ tư, 14/10/2026 - 06:12 (GMT+7)</div><div class="desc">{LEAD}</div><div class="content" id="content"><div class="td-post-content">{P[0]}{P[1]}<iframe src="/ads"></iframe><div class="ads-text">Quảng cáo Nước mắm Hòn ngon nhất chợ</div>{P[2]}{P[3]}<div class="author">Lê Dân - Minh Anh</div></div></div></div>',authors=(AUTHOR, "Minh Anh")),
    _variant("cd-caobang","https://baocaobang.vn/ben-pha-vam-tan-3177001.html",f'<ul class="breadcrumb"><li><a>Xã hội</a></li></ul><h1 class="title">{TITLE}</h1><div class="datetime">Thứ tư, 14/10/2026 | 06:12 [GMT +7]</div><div id="content-detail"><p style="text-align:justify"><strong>{LEAD}</strong></p><p style="text-align:justify">{TEXT[0]}</p><div class="box-vote"><p>Theo bạn, phà nên chạy đến mấy giờ?</p><ul><li>22 giờ</li><li>24 giờ</li></ul><button>Gửi</button></div><p>{TEXT[1]}</p><p>{TEXT[2]}</p><p>{TEXT[3]}</p><p style="text-align:right"><strong>Bài, ảnh: Lê Dân</strong></p></div>'),
    _variant("lying-ld","https://baosoctrang.example.vn/ben-pha-vam-tan-123456.html",f'<h1 class="post-title">{TITLE}</h1><div class="post-meta"><span class="post-date">14/10/2026 06:12</span></div><article><p class="lead"><strong>{LEAD}</strong></p>{P[0]}{P[1]}{P[2]}{P[3]}<p style="text-align:right"><em>Lê Dân</em></p></article>',head=UNTRUE),
    _variant("amp","https://m.vnexpress.net/amp/ben-pha-vam-tan-4480001.html",f'<span class="date">Thứ tư, 14/10/2026, 06:12 (GMT+7)</span><h1 class="title-detail">{TITLE}</h1><p class="description">{LEAD}</p><div class="fck_detail"><p class="Normal">{TEXT[0]}</p><figure><amp-img src="a.jpg" layout="responsive"></amp-img><figcaption><p class="Image">{CAPTION}</p></figcaption></figure><amp-ad type="x">Quảng cáo</amp-ad><p class="Normal">{TEXT[1]}</p><p class="Normal">{TEXT[2]}</p><p class="Normal">{TEXT[3]}</p><p class="Normal" style="text-align:right;"><strong>Lê Dân</strong></p></div>',captions=(CAPTION,)),
    _variant("bnews-textnodes","https://bnews.vn/ben-pha-vam-tan/391001.html",f'<div class="breadcrumb"><a>Kinh tế</a></div><h1 class="font-42">{TITLE}</h1><div class="post-time">06:12\' - 14/10/2026</div><div class="lr-ct"><!--lr-ct--><div class="lr-summary-post">BNEWS {LEAD}</div><div class="insertImage"><img src="a.jpg"><p>{CAPTION}</p></div>{BARE}<div class="lr-author">Lê Dân/Bnews/vnanet.vn</div></div>',captions=(CAPTION,), credit="ttxvn"),
    _variant("br-paragraphs","https://paper.example.vn/ben-pha-vam-tan-a1.htm",f'<h1>{TITLE}</h1><div class="date">Thứ 4, 14/10/2026 06:12</div><div class="noidung"><b>{LEAD}</b><br><br>'+"<br><br>".join(TEXT)+'<br><br><i>Theo TTXVN</i></div>',authors=(),credit="ttxvn"),
    _variant("unknown-table","https://baotinhlang.example.vn/xa-hoi/ben-pha-vam-tan-77.html",f'<div class="main"><div class="left"><h1 class="tit">{TITLE}</h1><div class="info"><span>Thứ Tư, 14/10/2026, 06:12</span> <a>Chia sẻ</a> <a>Bình luận (0)</a></div><h2 class="intro">{LEAD}</h2><div class="noi-dung">{P[0]}{TABLE}{P[1]}<p><strong>Xem thêm:</strong> <a href="/x">{OTHER}</a></p>{P[2]}{P[3]}<p style="text-align:right"><strong>Lê Dân</strong></p><p>#phavamtan #culao</p></div></div></div>',lines=(LEAD, TEXT[0], "Loại xe | Giá vé","Xe đạp | 5.000 đồng","Ô tô | 30.000 đồng", *TEXT[1:])),
    _variant("unknown-authorbox","https://baotinhlang.example.vn/xa-hoi/ben-pha-vam-tan-78.html",f'<main><article class="post"><h1>{TITLE}</h1><div class="meta">14/10/2026 06:12 | Lê Dân</div><p class="sapo">{LEAD}</p>{P[0]}{P[1]}{P[2]}{P[3]}<div class="author-box"><img src="x.jpg"><h4>Lê Dân</h4><p>Phóng viên thường trú tại đồng bằng, viết về giao thông đường thủy từ năm 2012.</p></div><p><em>Theo Báo Sóc Trăng</em></p></article></main>',credit="baosoctrang"),
    _variant("vov-old","https://vov.vn/xa-hoi/ben-pha-vam-tan-1120001.vov",f'<div class="breadcrumb"><a>Xã hội</a></div><h1 class="article-title">{TITLE}</h1><div class="article-date">Thứ tư, 06:12, 14/10/2026</div><div class="article-summary"><p><strong>VOV.VN -</strong> {LEAD}</p></div><div class="article-body"><div class="article-content">{P[0]}<div class="article-related"><a href="/x">Cù lao thiếu phà</a></div>{P[1]}{P[2]}{P[3]}<p class="article-author"><strong>Lê Dân/VOV-ĐBSCL</strong></p></div></div>'),
    _variant("lead-repeat","https://baolaocai.vn/ben-pha-vam-tan-post390001.html",f'<h1 class="article__title cms-title">{TITLE}</h1><div class="article__meta"><time class="time" datetime="2026-10-14T06:12:00">14/10/2026 06:12</time></div><div class="article__sapo cms-desc">{LEAD}</div><div class="article__body cms-body"><p><strong>{LEAD}</strong></p>{P[0]}{P[1]}{P[2]}{P[3]}<p class="article__author">Lê Dân</p></div>'),
    _variant("tin-anh","https://baohungyen.vn/ben-pha-vam-tan-3177009.html",f'<h1 class="title">{TITLE}</h1><div class="date">Thứ tư 14/10/2026 06:12</div><div id="content-detail"><div class="sapo">{LEAD}</div>{P[0]}{P[1]}<p><strong>Mời bạn đọc theo dõi Báo Hưng Yên trên Zalo</strong></p>{P[2]}{P[3]}<p style="text-align:right;"><strong>Tin, ảnh: Lê Dân</strong></p></div>'),
)  # fmt: skip
