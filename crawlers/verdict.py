"""What an answered request amounts to, told from status, headers and body. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from crawlers.disguise import disguised
from models.outcome import Reason

_HTML_TYPES = {"text/html", "application/xhtml+xml", "application/xml", "text/xml", ""}
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|div|article|p)\b", re.IGNORECASE)
# Marks of a bot check in a refused answer. A 200 that merely loads the vendor's beacon is none.
_CHALLENGE = re.compile(
    rb"_cf_chl_opt|cf-chl-|/cdn-cgi/challenge-platform/|Just a moment\.\.\.|Attention Required! \| Cloudflare"
    rb"|ddos-guard|_Incapsula_Resource|px-captcha|captcha-delivery\.com|g-recaptcha|hcaptcha\.com",
    re.IGNORECASE,
)
_REFUSED = {401, 403, 405, 406, 429, 503}


def failed_status(status: int, headers: Mapping[str, str], body: bytes) -> tuple[Reason, str] | None:
    """The reason and detail of an answer that is not the thing asked for; None for one that is.

    `headers` have lower-case names.
    """
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return Reason.CHALLENGE, f"{status}, bot check"
    if status in (404, 410):
        return Reason.MISSING, str(status)
    if status in _REFUSED and _CHALLENGE.search(body[:65_536]):
        return Reason.CHALLENGE, f"{status}, bot check"
    if status >= 300 or status < 200:
        wait = headers.get("retry-after", "")
        return Reason.HTTP_ERROR, f"{status}, retry after {wait}"[:100] if wait else str(status)
    return disguised(body) if status == 200 else None


def not_html(content_type: str, body: bytes) -> str:
    """Why an answer is not a web page; empty if it is one."""
    kinds = [each.partition(";")[0].strip().lower() for each in content_type.split(",")]
    kind = next((each for each in kinds if each in _HTML_TYPES), kinds[-1])
    if kind not in _HTML_TYPES:
        return f"the answer is {kind}"[:100]
    if kind in ("text/html", "application/xhtml+xml"):
        return ""
    return "" if _MARKUP.search(body[:4096]) else "the answer holds no markup"
