"""Failures that are answered with status 200: checks of the browser, notices that the site is down. Pure.

Both are small pages of few words that do not say they are articles. A check sets a cookie by script and loads
the page again (laodong.vn), or bears the mark of a vendor; a notice says in its title or heading that the
site is being mended, and asks the visitor to come back, or is what broken software prints.
"""

from __future__ import annotations

import re
from html import unescape

from models.outcome import Reason
from pipeline.vietnamese import fold

SAYS_ARTICLE = re.compile(
    rb'"datePublished"|article:published_time|"(?:News|Reportage)?Article"'
    rb"|og:type[\"']?\s+content\s*=\s*[\"']?(?:article|news)\b"
)
"""What only the page of an article, or of something like it, says of itself."""

_MAX_BYTES = 40_000
_CHECK_WORDS = 80
_CHECK_LINKS = 3
_NOTICE_WORDS = 250
_HEADING_WORDS = 10  # "Website Cục Thuế đang bảo trì, người dân chưa thể nộp tờ khai" is news

# The cookie is set and the page loaded again by one script; some take the cookie from a vendor's cipher.
_CHECK = re.compile(
    rb"document\.cookie\s*=[^<]{0,1000}?\blocation(?:\.href)?\s*(?:=(?!=)|\.(?:reload|replace|assign)\s*\()"
    rb"|_cf_chl_opt|ddos-guard|_Incapsula_Resource|px-captcha|captcha-delivery\.com|sucuri_cloudproxy_js"
    rb"|slowAES\.decrypt|sec-if-cpt-container|awsWafCookieDomainList",
    re.IGNORECASE,
)
_LINK = re.compile(rb"<a\b[^>]{0,500}?\bhref", re.IGNORECASE)
_FEED = re.compile(rb"<(?:rss|feed|urlset|sitemapindex|rdf:RDF)\b", re.IGNORECASE)
_HEADING = re.compile(r"<(title|h1)\b[^>]{0,500}>(.{1,300}?)</\1", re.IGNORECASE | re.DOTALL)
_UNSEEN = re.compile(r"<!--.*?(?:-->|$)|<(script|style|title)\b.*?(?:</\1|$)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>?")
_PARTS = re.compile(r"\s[-–—|:]\s")

# Folded, as all that follows.
_MENDING = re.compile(
    r"\b(?:website|trang|he thong|may chu|cong thong tin|bao dien tu|dich vu|chung toi|dang|thong bao)\b"
    r".{0,30}\b(?:bao tri|bao duong|nang cap|qua tai|gian doan|tam (?:thoi|ngung|dung))\b"
    r"|\b(?:bao tri|bao duong|nang cap|loi|su co) (?:he thong|website|trang|may chu|dinh ky)\b"
    r"|^(?:bao tri|bao duong|nang cap)$|^maintenance$|\bmaintenance (?:mode|page|break|in progress|work)\b"
    r"|\b(?:site|website|server|system|scheduled|planned|under|undergoing|down for)\b.{0,20}\bmaintenance\b"
    r"|\btemporarily (?:unavailable|down|closed|out of service|offline)\b|\b(?:be|come) (?:right )?back\b"
    r"|\b(?:service|site|website) (?:is )?(?:currently )?(?:unavailable|down|offline)\b"
)
_COME_BACK = re.compile(
    r"\b(?:quay|tro) lai (?:sau|trong)\b|\b(?:thu|truy cap) lai (?:sau|trong)\b|\bxin loi (?:vi su|quy|ban)\b"
    r"|\bvui long (?:quay|tro|thu|truy cap|tai) lai\b|\b(?:quy|ban) (?:doc|vi|khach|doc gia)? ?thong cam\b"
    r"|\b(?:please )?(?:try|come|check)(?: back| again)+ (?:later|soon|in|shortly)\b"
    r"|\bwe (?:apologi[sz]e|are sorry|will be back|ll be back|are working)\b|\bsorry for (?:the|any)\b"
)
_BROKEN = re.compile(
    r"server error in .{1,40} application|error establishing a database connection"
    r"|(?:500 )?internal server error|(?:502 )?bad gateway|(?:504 )?gateway time-?out"
    r"|(?:503 )?service (?:temporarily )?unavailable|web server is (?:down|returning an unknown error)"
    r"|(?:(?:loi|error) )?50[0234](?: (?:loi|error)\b.{0,40})?"
)
_PRINTED = re.compile(
    r"^(?:(?:php )?(?:warning|fatal error|parse error|notice) ?: .{0,120}(?:\bin /|\(\)|exception)"
    r"|sqlstate\[|runtime error\b|microsoft ole db provider|traceback \(most recent)"
)


def disguised(body: bytes) -> tuple[Reason, str] | None:
    """What an answer of status 200 is in truth, and the evidence; None for all that may be what was asked
    for."""
    if len(body) > _MAX_BYTES or SAYS_ARTICLE.search(body) or _FEED.search(body[:2_000]):
        return None
    text = body.decode("utf-8", "ignore")
    seen = _words(_UNSEEN.sub(" ", text))
    check = _CHECK.search(body)
    if check and seen.count(" ") < _CHECK_WORDS and len(_LINK.findall(body)) <= _CHECK_LINKS:
        return Reason.CHALLENGE, "200, bot check"
    if seen.count(" ") >= _NOTICE_WORDS:
        return None
    if printed := _PRINTED.search(seen):
        return Reason.HTTP_ERROR, f"200, the site is broken: {printed[0]}"[:100]
    for title in _titles(text):
        if _BROKEN.fullmatch(title) or (_MENDING.search(title) and _COME_BACK.search(seen)):
            return Reason.HTTP_ERROR, f"200, the site is down: {title}"[:100]
    return None


def _titles(text: str) -> list[str]:
    """The short parts of title and headings."""
    found = [part for match in _HEADING.finditer(text) for part in _PARTS.split(_words(match[2]))]
    return [part.strip(" .!") for part in found if part and part.count(" ") < _HEADING_WORDS]


def _words(markup: str) -> str:
    """The text of a piece of markup, folded, with single spaces."""
    return " ".join(fold(unescape(_TAG.sub(" ", markup))).split())
