"""What stands in front of articles: bot checks, consent pages, login walls, notices that nothing
is there; and short articles about such things, which are news."""

from __future__ import annotations

import pytest

from models.outcome import Reason
from pipeline.extract import extract
from tests.pipeline.extract.pages import document, page, prose

URL = "https://unknown.example/xa-hoi/cau-go-moi-1234567.html"
ARTICLE = '<meta property="article:published_time" content="2026-09-14T08:30:00+07:00">'


def bare(title: str, body: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title>{head}</head>"
        f"<body>{body}</body></html>"
    )


WALLS = {
    "cloudflare, managed": bare(
        "Just a moment...",
        "<noscript>Enable JavaScript and cookies to continue</noscript>"
        "<script>(function(){window._cf_chl_opt={cvId:'3',cType:'managed'};})();</script>",
        '<meta name="robots" content="noindex,nofollow"><meta http-equiv="refresh" content="390">',
    ),
    "cloudflare, in Vietnamese": bare(
        "Chờ một chút...",
        "<h1>unknown.example</h1><p>Đang xác minh bạn là con người. Việc này có thể mất vài giây.</p>"
        "<p>unknown.example cần xem xét tính bảo mật của kết nối của bạn trước khi tiếp tục.</p>",
    ),
    "cloudflare, blocked": bare(
        "Attention Required! | Cloudflare",
        "<h1>Sorry, you have been blocked</h1><p>This website is using a security service to protect itself "
        "from online attacks. The action you just performed triggered the security solution.</p>",
    ),
    "akamai, denied": bare(
        "Access Denied",
        "<h1>Access Denied</h1>You don't have permission to access this page on this server.<p>"
        "Reference #18.2d351ab8.1788888888.a4e16ab<p>https://errors.edgesuite.net/18.2d351ab8",
    ),
    "akamai, sensor": bare(
        "",
        '<div id="sec-if-cpt-container"><p class="behavioral-content">Powered and protected by Privacy</p>'
        '</div><script src="/Zx81/kq?v=5" type="text/javascript" id="sec-cpt-if"></script>',
    ),
    "vietnamese, javascript": bare(
        "Đang tải...", "<noscript>Vui lòng bật JavaScript để tiếp tục truy cập trang web.</noscript>"
    ),
    "vietnamese, cookie script": bare(
        "Báo Mẫu",
        "<p>Trình duyệt của bạn chưa bật JavaScript. Vui lòng bật JavaScript và tải lại trang để "
        "xem nội dung "
        "này. Nếu trang không tự chuyển sau năm giây, hãy bấm vào đây để tiếp tục đọc báo.</p>"
        '<script>document.cookie="D1N=0a1b2c"+"; path=/";window.location.reload(true);</script>',
    ),
    "vietnamese, firewall": bare(
        "Hệ thống phát hiện truy cập bất thường",
        "<h2>Truy cập của bạn đã bị chặn</h2><p>Hệ thống tường lửa phát hiện truy cập bất thường từ "
        "địa chỉ IP "
        "của bạn. Vui lòng nhập mã xác nhận bên dưới để chứng minh bạn không phải là robot và tiếp tục truy "
        "cập trang báo điện tử.</p><form><input name=captcha></form><p>Mã sự kiện: 7f3a-22</p>",
    ),
    "consent, english": bare(
        "Before you continue to the site",
        "<h1>We value your privacy</h1><p>We and our 842 partners store and access information on a device, "
        "such as cookies, and process personal data for ads, measurement and audience research. You can "
        "accept all or manage your choices at any time with the button below this notice.</p>"
        "<button>Accept all</button>",
    ),
    "consent, vietnamese": bare(
        "Thông báo về quyền riêng tư",
        "<h1>Chúng tôi tôn trọng quyền riêng tư của bạn</h1><p>Chúng tôi và các đối tác sử dụng "
        "cookie để lưu "
        "và truy cập thông tin trên thiết bị, cá nhân hóa quảng cáo, đo lường nội dung và nghiên cứu người "
        "đọc. Vui lòng chấp nhận cookie để tiếp tục vào trang. Bạn có thể thay đổi lựa chọn bất cứ lúc nào "
        "trong phần cài đặt.</p><button>Chấp nhận tất cả</button>",
    ),
    "missing, vietnamese": bare(
        "Không tìm thấy trang - Báo Mẫu",
        "<h1>Không tìm thấy trang</h1><p>Đường dẫn bạn truy cập không tồn tại hoặc đã được chuyển "
        "sang chuyên "
        "mục khác. Mời bạn quay lại trang chủ để đọc các tin mới nhất trong ngày của tòa soạn chúng tôi.</p>",
    ),
    "missing, under the paper's title": bare(
        "Báo Mẫu",
        "<h1>Rất tiếc!</h1><h2>Trang bạn tìm kiếm không tồn tại</h2><p>Bài viết có thể đã bị gỡ, "
        "đổi tên hoặc "
        "tạm thời không xem được. Mời bạn kiểm tra lại đường dẫn, dùng ô tìm kiếm ở đầu trang hoặc quay về "
        "trang chủ để đọc những tin bài mới nhất mà tòa soạn vừa cập nhật trong ngày hôm nay.</p>",
    ),
    "login, vietnamese": bare(
        "Đăng nhập - Báo Mẫu",
        "<h1>Đăng nhập</h1><p>Vui lòng đăng nhập để đọc tiếp nội dung này. Nếu chưa có tài khoản, bạn có thể "
        "đăng ký miễn phí bằng số điện thoại hoặc thư điện tử chỉ trong một phút và đọc không giới hạn các "
        "bài viết dành cho thành viên trên mọi thiết bị của mình.</p>"
        "<form><input name=email><input type=password name=password></form>",
    ),
    "login, english": bare(
        "Sign in | The Sample Paper",
        "<h1>Sign in to continue</h1><p>Please sign in to read this article. Create a free account to follow "
        "topics, save stories and read without limits on all of your devices, with a daily briefing sent by "
        "mail every morning at seven o'clock to all of our registered readers.</p>"
        "<form><input type=email><input type=password></form>",
    ),
}


@pytest.mark.parametrize("html", WALLS.values(), ids=WALLS)
def test_what_stands_in_front_of_an_article_is_never_stored(html: str) -> None:
    found = extract(document(html.encode(), URL), None)
    assert found.article is None
    assert found.reason in {Reason.CHALLENGE, Reason.NOT_AN_ARTICLE, Reason.SOFT_404, Reason.TOO_SHORT}


NOTICES = [
    "Chúng tôi sử dụng cookie để cải thiện trải nghiệm của bạn và hiển thị quảng cáo phù hợp hơn.",
    "Trang web này dùng cookie và công nghệ tương tự để ghi nhớ lựa chọn của người đọc trong lần sau.",
    "Bằng việc tiếp tục sử dụng trang, bạn đồng ý với chính sách cookie và điều khoản của chúng tôi.",
    "Quý độc giả vui lòng chấp nhận chính sách bảo mật của trang này để đọc tin được thuận tiện hơn.",
    "Website của chúng tôi sử dụng COOKIE để ghi nhớ bạn và mang lại trải nghiệm tốt nhất khi đọc báo.",
    "Chúng tôi và các đối tác của chúng tôi lưu trữ thông tin trên thiết bị, như cookie, để đo đạc.",
    "Khi tiếp tục truy cập trang web này, bạn mặc nhiên đồng ý cho chúng tôi sử dụng cookie khi cần thiết.",
    "We and our 842 partners store and access information on a device, such as cookies, to measure content.",
    "You agree to our Terms of Use and our Privacy Policy by continuing to read this page of the newspaper.",
    "This site uses cookies to analyse traffic, to remember your choices and to show you fitting ads.",
    "By clicking Accept all, you agree to our use of cookies and to the sharing of data with partners.",
]


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("box", ["<p>{}</p>", "<div class=pop><p>{}</p><button>Đồng ý</button></div>"])
def test_a_request_for_consent_is_no_text_of_an_article(notice: str, box: str) -> None:
    """Neither beside it, first or last, nor where the page of an article shows nothing else."""
    said = box.format(notice)
    for html in (f"<article>{said}", f"{said}<article>", prose() + said):
        found = extract(document(page(html, ARTICLE).encode(), URL), None)
        assert found.article is None or notice not in found.article.text + found.article.lead
        assert (found.reason is Reason.STORED) == ("cầu gỗ" in html)
    for inside in (prose().replace("<article>", f"<article>{said}"), prose().replace("</article>", said)):
        found = extract(document(page(inside, ARTICLE).encode(), URL), None)
        assert found.article is not None
        assert notice not in found.article.text + found.article.lead


@pytest.mark.parametrize(
    "sentence",
    [
        "Khi vào trang lạ, bạn nên chấp nhận cookie cần thiết và từ chối những phần còn lại.",
        "Website bán hàng sử dụng cookie để theo dõi, còn người dùng thường đồng ý mà không đọc.",
        "Nếu bạn đồng ý với điều khoản sử dụng của ứng dụng, nó có thể đọc danh bạ trong máy.",
        "“Chúng tôi sử dụng cookie theo luật”, đại diện công ty trả lời đoàn kiểm tra của sở.",
        "Chúng tôi dùng cookie của trình duyệt để lần ra nghi phạm, một thiếu tá của phòng cho biết.",
        "The firm wrote that you agree to our terms of service by opening the app, a clause now void.",
        "Bạn đọc có đồng ý với chính sách mới này không, tòa soạn hỏi trong cuộc thăm dò tuần qua.",
    ],
)
def test_a_sentence_of_news_about_consent_stays(sentence: str) -> None:
    found = extract(document(page(prose(sentence), ARTICLE).encode(), URL), None)
    assert found.article is not None
    assert sentence in found.article.text


NEWS = [
    "Vì sao trang web yêu cầu ‘Vui lòng bật JavaScript’?",
    "Cloudflare gặp sự cố, nhiều báo hiện dòng ‘Just a moment’",
    "Access denied: khi người đọc bị tường lửa chặn nhầm",
    "Cookie và quyền riêng tư: người đọc nên chấp nhận gì?",
    "Không tìm thấy trang web nào của hãng tour lừa đảo",
    "Đăng nhập VNeID để làm căn cước từ tháng tới",
    "Sở cảnh báo trang giả mạo yêu cầu đăng nhập để nhận quà",
    "Lỗi 404 và những trang báo biến mất",
]


@pytest.mark.parametrize("title", NEWS)
def test_a_short_article_about_such_things_is_stored(title: str) -> None:
    body = prose(f"{title} là câu hỏi mà tòa soạn nhận được tuần này, cùng chuyện captcha và mật khẩu.")
    assert extract(document(page(body, ARTICLE, title).encode(), URL), None).reason is Reason.STORED


@pytest.mark.parametrize("title", [each for each in NEWS if "404" not in each and "Không tìm" not in each])
def test_and_so_it_is_on_a_page_that_does_not_say_that_it_is_an_article(title: str) -> None:
    more = (f"Ở thôn thứ {n}, người dân kể thêm về ngày đầu tiên đi qua cây cầu mới này." for n in range(5))
    found = extract(document(page(prose(*more), title=title).encode(), URL), None)
    assert found.reason is Reason.STORED
