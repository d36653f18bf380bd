"""What answered when it was not an article: a bot check, an error page in disguise, a front, a teaser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from models.outcome import Reason
from pipeline.extract.lines import key
from pipeline.extract.page import Page, line_of
from pipeline.urls import split_url
from pipeline.vietnamese import fold

MIN_WORDS = 12
"""Words that lead, body and captions must have together on a page that says it is an article."""
MIN_WORDS_UNSAID = 40
"""The same on a page that does not say so."""

_CHALLENGE_BYTES = 120_000
_NOTICE_BYTES = 40_000
_CHALLENGE_MARKS = (
    b"_cf_chl_opt", b"cf-challenge", b"cf_chl_", b"challenge-platform/h/", b"__cf_chl",
    b"/cdn-cgi/challenge-platform",
    b"ddos-guard/js-challenge", b"sucuri_cloudproxy_js", b"_Incapsula_Resource", b"px-captcha",
    b"datadome.co/captcha",
    b"geo.captcha-delivery.com", b"aes.js\"></script><script>function toNumbers", b"slowAES.decrypt",
    b"awsWafCookieDomainList", b"sec-if-cpt-container",
)  # fmt: skip
_CHALLENGE_WORDS = re.compile(
    r"just a moment|checking (?:if the site connection is secure|your browser)|verify(?:ing)? (?:that "
    r")?you are (?:a )?human|"
    r"attention required! \| cloudflare|enable javascript and cookies to continue|are you a robot|please "
    r"complete the captcha|"
    r"access (?:to this page has been )?denied|ddos protection|pardon our interruption|"
    r"xac (?:minh|thuc) (?:ban )?(?:khong phai|la con nguoi|la nguoi|toi khong phai)|dang kiem tra trinh "
    r"duyet|"
    r"vui long (?:bat|kich hoat) javascript|ban khong phai la robot|nhap ma captcha"
)
_MISSING = re.compile(
    r"(?:^|\W)(?:404|page not found|not found|khong tim thay|khong ton tai|da bi (?:xoa|go)|trang (?:ban|"
    r"quy vi).{0,30}khong|"
    r"bai viet (?:khong|da bi)|no longer available|page (?:does not|doesn.t) exist|410|loi 404|error "
    r"404)(?:\W|$)"
)
_CONSENT = re.compile(
    r"before you continue to|we value your privacy|consent\.(?:google|yahoo)|cookie wall|accept (?:all "
    r")?cookies to continue|chap nhan (?:tat ca )?cookies? de tiep tuc"
)
_LOGIN = re.compile(
    r"^(?:(?:vui long|please) )?(?:dang nhap|sign in|log ?in)(?: tai khoan)?(?: (?:de|"
    r"to) (?:tiep tuc|doc tiep|"
    r"continue|read on))?(?: *[-|–:].*)?$"
)
_NOTICE_WORDS = 120
"""Words that a notice has in its paragraphs at most; an article that quotes one has more."""
_PAYWALL_MARKS = (
    "[class*=paywall i]", "[id*=paywall i]", "[class*=premium-lock]", "[class*=subscriber-only]",
    "[class*=box-premium]",
    "[class*=content-locked]", "[class*=vip-lock]",
)  # fmt: skip
_PAYWALL_WORDS = re.compile(
    r"dang (?:nhap|ky) (?:de|tai khoan de) (?:doc|xem) (?:tiep|toan bo|bai)|mua (?:goi|bao) (?:de )?doc|"
    r"danh (?:rieng )?cho (?:doc gia|thanh vien|nguoi) (?:tra phi|vip|dang ky)|"
    r"subscribe to (?:read|continue)|to continue reading|already a subscriber|this (?:article|content|"
    r"story) is (?:for|only for|available to) (?:paying )?(?:subscribers|members)|"
    r"ban da doc het|tro thanh hoi vien"
)
_TEASER_WORDS = 220


def unreadable(page: Page, url: str) -> tuple[Reason, str] | None:
    """Why a page cannot be an article, judged before its text is read; None when it may be one."""
    if not says_article(page):
        title_node = page.tree.css_first("title")
        title = fold(line_of(title_node)) if title_node else ""
        size = len(page.body)
        head = fold(page.body.decode("utf-8", "ignore")) if size < _NOTICE_BYTES else title
        if size < _CHALLENGE_BYTES and (mark := next((m for m in _CHALLENGE_MARKS if m in page.body), b"")):
            return Reason.CHALLENGE, mark.decode("ascii")
        if wall := _wall(page, title, head):
            return wall
        headings = fold(" ".join(line_of(node) for node in page.tree.css("h1")[:3]))
        if len(headings.split()) <= 3:  # "Rất tiếc!", and then what is to be regretted
            headings += " " + fold(" ".join(line_of(node) for node in page.tree.css("h1 + h2")[:1]))
        if found := _match(_MISSING, title) or _match(_MISSING, headings[:120]):
            return Reason.SOFT_404, found.strip()
    if is_front(page, url):
        return Reason.NOT_AN_ARTICLE, "the address or the page's own is a front page"
    return None


def _wall(page: Page, title: str, head: str) -> tuple[Reason, str] | None:
    """A notice in the place of an article, told by its words: a bot check, a consent page, a login."""
    if page.tree.css_first("input[type=password]") is not None:
        names = (title, *(fold(line_of(node)) for node in page.tree.css("h1")[:1]))
        if found := next(filter(None, (_match(_LOGIN, name.strip()) for name in names)), ""):
            return Reason.NOT_AN_ARTICLE, f"login wall: {found}"
    check, consent = _match(_CHALLENGE_WORDS, head), _match(_CONSENT, head)
    if not (check or consent):
        return None
    if sum(len(line_of(node).split()) for node in page.tree.css("p")) > _NOTICE_WORDS:
        return None
    return (Reason.CHALLENGE, check) if check else (Reason.NOT_AN_ARTICLE, f"consent wall: {consent}")


def _match(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group() if match else ""


def says_article(page: Page) -> bool:
    """Whether the page says by its own data that it is an article."""
    return says_article_surely(page) or page.meta("og:type").lower() in {"article", "news"}


def is_front(page: Page, url: str) -> bool:
    """Whether the address asked for, or the one that the page gives as its own, is a site's root."""
    asked = split_url(url)
    if _is_root(asked.path) and not asked.query:
        return bool(asked.hostname)
    if not page.canonical or page.canonical == url:
        return False
    own = split_url(page.canonical)
    return bool(own.hostname) and _is_root(own.path) and not says_article_surely(page)


def _is_root(path: str) -> bool:
    return path.strip("/").lower() in {"", "index.html", "index.htm", "index.php", "home", "default.aspx"}


_HEADED = "h2 a, h3 a, h4 a, a h2, a h3, a h4"
_CARD_CHARS = 1200


@dataclass(frozen=True, slots=True)
class Cards:
    """The headings of a page that are links: how many, and the folded texts of the small blocks around
    them. None are counted on a page that gives an article's data."""

    headed: int = 0
    texts: tuple[str, ...] = ()


def cards_of(page: Page) -> Cards:
    """The cards of a page, to be read before its tree is changed."""
    if says_article_surely(page):
        return Cards()
    headings = page.tree.css(_HEADED)
    nodes = [up for node in headings[:200] for up in _above(node)] + page.tree.css("article")[:200]
    once = {node.mem_id: node for node in nodes}
    texts = (node.text() for node in once.values())
    return Cards(len(headings), tuple(key(text) for text in texts if len(text) <= _CARD_CHARS))


def is_listing(cards: Cards, lines: Sequence[str], *, dated: bool, told: bool) -> bool:
    """Whether a page looks like a section front: its lines stand in many small cards, each with a linked
    heading; or it is undated, with many linked headings and hardly any text, or no word of who wrote it or
    what it is about (`told`)."""
    if not cards.texts and not cards.headed:
        return False
    held = [
        next((i for i, card in enumerate(cards.texts) if k in card), -1)
        for line in lines
        if (k := key(line)[:50])
    ]
    in_cards = sum(1 for i in held if i >= 0)
    if in_cards >= 0.4 * max(len(held), 1) and len(set(held) - {-1}) >= 5:
        return True
    prose = sum(size for line in lines if (size := len(line.split())) >= 20)
    return not dated and cards.headed >= 12 and (prose < 200 or not told)


def _above(node: LexborNode) -> list[LexborNode]:
    """The two to four nodes above a heading's link, of which one is the card."""
    found: list[LexborNode] = []
    current = node.parent
    while current is not None and len(found) < 4:
        found.append(current)
        current = current.parent
    return found


def says_article_surely(page: Page) -> bool:
    """Whether the page gives an article's data: a JSON-LD article, or a time of publication. `og:type` is
    not enough, many outlets set it on their section fronts too."""
    if page.data.kind:
        return bool(page.data.text("headline") or page.data.text("datePublished"))
    return bool(page.meta("article:published_time", "article:published", "pubdate", "datepublished", "ptime"))


def teaser(page: Page, words: int) -> str:
    """The evidence that the page gives only the beginning of an article, empty if it gives it all."""
    if words >= _TEASER_WORDS * 3:
        return ""
    if page.data.restricted and words < _TEASER_WORDS:
        return "isAccessibleForFree is false"
    if (
        page.meta("article:content_tier", "content_tier").lower() in {"locked", "metered"}
        and words < _TEASER_WORDS
    ):
        return "content tier is locked"
    if words < _TEASER_WORDS:
        for selector in _PAYWALL_MARKS:
            for node in page.tree.css(selector)[:5]:
                if found := _match(_PAYWALL_WORDS, fold(line_of(node)[:600])):
                    return found
    return ""
