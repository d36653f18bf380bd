"""Canonical URLs: the identity of an article.

`canonical_url` makes one address of the many spellings under which an article is linked. It is an identity
and a link for readers, not always the address to fetch: fetch what the endpoint named. Its rules:

* only http and https; the scheme becomes https, unless a port other than 80 and 443 is given: such a port
  speaks one scheme only, so that is kept;
* the host in lower case, as ASCII (IDNA), without user, trailing dot, and without a leading `m.`,
  `mobile.`, `wap.` or `amp.`; `www.` stays as given, because without knowing the outlet nobody can tell
  which of the two answers (`outlet_url` knows);
* a doubled host (`https://a.vnhttps://a.vn/x`, `https://a.vn/https://a.vn/x`) becomes one;
* the path without AMP marks, repeated slashes, dot segments, a dot at its end; a slash at its end stays,
  except after a file name (`/a.html/`);
* the query without tracking parameters, ordered by name; every other parameter stays, as it may be what
  tells two articles apart (`?id=`, `?IID=`);
* escapes in capitals, nothing escaped that need not be, Vietnamese letters composed (NFC) before they are
  escaped; no fragment.

Applying it twice is the same as applying it once.
"""

from __future__ import annotations

import re
import unicodedata
from ipaddress import IPv6Address
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit

from models.outlet import Outlet

MAX_LENGTH = 8192  # characters; no outlet needs a quarter of it, and longer ones are attacks or mistakes

_SCHEME_HOST = re.compile(r"https?://", re.IGNORECASE)
_DOUBLED_HOST = re.compile(r"^https?://[^/?#\\]*(?=https?:/)", re.IGNORECASE)
_DOUBLED_PATH = re.compile(r"^(https?://([^/?#\\]+))/+(?=https?:/+\2(?:[/?#:]|$))", re.IGNORECASE)
_ONE_SLASH_SCHEME = re.compile(r"^(https?):/+(?=[^/])", re.IGNORECASE)
_IGNORED = re.compile(
    r"[\t\r\n\ufeff\u200b\u200e\u200f]"
)  # browsers drop the first three; feeds leak the rest
_SURROGATES = re.compile(r"[\ud800-\udfff]")  # what JSON may escape and UTF-8 cannot say
_LINE_BREAK = re.compile(r"[\r\n]\s*")
_STRIPPED = "".join(map(chr, range(0x21))) + "\u00a0\u3000"
_AMP_ENTITY = re.compile(r"&(?:amp;|#38;|#x26;)+", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?")
_MOBILE_LABELS = frozenset({"m", "mobile", "wap", "amp"})
_REGISTRY_LABELS = frozenset("com net org edu gov info biz name co ac".split())

_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPES = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+|%[0-7][0-9A-Fa-f]")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "/!$&'()*+,;=:@%"  # RFC 3986 pchar, the slash, and our own escapes
_QUERY_SAFE = "/?!$'()*+,;:@%"

_SLASHES = re.compile(r"/{2,}")
_AMP_SEGMENT = re.compile(r"/amp(?=/|$)", re.IGNORECASE)
_AMP_SUFFIX = re.compile(r"\.amp(?=\.html?$|$)", re.IGNORECASE)
_FILE_SLASH = re.compile(r"(\.(?:html?|vnp|vov5?|tpo|ldo|chn|bbg|aspx?|php))/+$", re.IGNORECASE)

# Names that say how a reader came, never which article is meant. Zalo: zarsrc, gidzl; VnExpress: vn_*;
# VCCorp: the shared utm_ and itm_; the rest are the mail, search and social networks' own.
_TRACKING_PREFIXES = tuple(
    "utm_ itm_ mc_ pk_ mtm_ piwik_ matomo_ vn_ fb_ hsa_ _hs _x_tr_ ref_ aff_".split(),
)
_TRACKING = frozenset(
    """fbclid gclid dclid gbraid wbraid gclsrc msclkid yclid ymclid twclid ttclid igshid igsh li_fat_id epik
    mibextid sfnsn rdid zarsrc zsource zalo_id gidzl _ga _gl _gac mkt_tok oly_anon_id oly_enc_id ncid ocid
    cmpid cmp wt_mc wtrid trk trkcampaign spm ref referer referrer share shared share_from s_kwcid
    __twitter_impression _openstat vero_id vero_conv wickedid at_medium at_campaign traffic_source""".split()
)
_AMP_PARAMETERS = {"amp": {"", "1", "true"}, "outputtype": {"amp"}, "output": {"amp"}}

_EXTENSIONS = (".html", ".htm", ".chn", ".vnp", ".tpo", ".vov", ".ldo")


def canonical_url(url: str, base: str = "") -> str:
    """The canonical form of `url`, a relative one resolved against `base`.

    Empty for what is not a http(s) address of at most `MAX_LENGTH` characters. Never raises.
    """
    try:
        canonical = _canonical(url, base)
        while _DOUBLED_PATH.match(canonical):  # only now that dots and AMP marks are gone from between
            canonical = _canonical(canonical, "")
        return canonical
    except ValueError:  # urllib's word for a bad port, bracket or host
        return ""


def web_url(url: str, base: str = "") -> str:
    """The http(s) address that a browser on page `base` goes to for a link: relative ones resolved, invisible
    characters and line breaks gone, `http:/`, backslashes and doubled hosts mended; everything else as it is
    spelt. Empty for any other link, and for an address that cannot be read. Never raises."""
    try:
        absolute = _absolute(_LINE_BREAK.sub("", url), base)
        parts = urlsplit(absolute)
        return absolute if parts.hostname and parts.port != 0 else ""
    except ValueError:  # a bad port, bracket or host
        return ""


def linked_url(link: str, base: str = "") -> str:
    """`web_url` of a link; a link that leads to no such address as it stands, so that it can be told."""
    bare = _SURROGATES.sub("\ufffd", _LINE_BREAK.sub("", link)).strip(_STRIPPED)
    return (web_url(bare, base) or bare) if bare else ""


def asked_url(url: str, base: str = "") -> str:
    """`web_url` as it is sent to a server: the host as ASCII, without user and trailing dot; no fragment."""
    try:
        parts = urlsplit(web_url(url, base))
        host = _host(parts.hostname or "")
    except ValueError:
        return ""
    netloc = f"{host}:{parts.port}" if parts.port else host
    return parts._replace(netloc=netloc, fragment="").geturl() if host else ""


def host_of(url: str) -> str:
    """The host of an absolute or protocol-relative http(s) URL as ASCII in lower case, without port and
    trailing dot, mobile labels kept; empty if there is none."""
    try:
        return _host(urlsplit(_absolute(url, "")).hostname or "")
    except ValueError:
        return ""


def split_url(url: str) -> SplitResult:
    """The parts of an address as it stands, all empty for one that cannot be read (`https://[`)."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def outlet_url(outlet: Outlet, url: str, base: str = "") -> str:
    """`canonical_url` as the outlet spells it: any of the outlet's hosts, with or without `www.`, becomes
    its current one (`outlet.hosts[0]`), and an article form that lost its ending with an AMP mark gets it
    back. URLs of other hosts are only made canonical."""
    canonical = canonical_url(url, base)
    if not canonical or not on_outlet(outlet, canonical):
        return canonical
    parts = urlsplit(canonical)
    port = f":{parts.port}" if parts.port else ""
    path = _restored(outlet, parts.path)
    return parts._replace(netloc=outlet.hosts[0] + port, path=path).geturl()


def on_outlet(outlet: Outlet, url: str) -> bool:
    """Whether the URL stands on one of the outlet's hosts, `www.` and mobile labels aside."""
    host = _bare(_without_mobile(host_of(url)))
    return bool(host) and any(host == _bare(own) for own in outlet.hosts)


def _canonical(url: str, base: str) -> str:
    absolute = _absolute(url, base)
    parts = urlsplit(absolute)
    host = _without_mobile(_host(parts.hostname or ""))
    if parts.scheme not in ("http", "https") or not host:
        return ""
    port = parts.port
    plain = port in (None, 80, 443)
    scheme = "https" if plain else parts.scheme
    query = _query(parts.query)
    result = f"{scheme}://{host}{'' if plain else f':{port}'}{_path(parts.path)}{'?' if query else ''}{query}"
    return result if len(result) <= MAX_LENGTH else ""


def _absolute(url: str, base: str) -> str:
    """The http(s) URL that a browser on page `base` would go to, doubled hosts mended; else empty."""
    if len(url) > MAX_LENGTH:
        return ""
    text = _mended(url)
    if text.startswith("//") and not base:
        text = "https:" + text
    if base and _SCHEME_HOST.match(text) is None:
        text = urljoin(_mended(base), text)
    return text if _SCHEME_HOST.match(text) else ""


def _mended(url: str) -> str:
    text = _SURROGATES.sub("\ufffd", _IGNORED.sub("", url).strip(_STRIPPED))
    text = _AMP_ENTITY.sub("&", text)
    head, mark, tail = text.partition("?")
    text = _ONE_SLASH_SCHEME.sub(r"\1://", head.replace("\\", "/") + mark + tail)
    before = ""
    while before != text:
        before = text
        text = _DOUBLED_PATH.sub("", _DOUBLED_HOST.sub("", text))
        text = _ONE_SLASH_SCHEME.sub(r"\1://", text)
    return text


def _host(host: str) -> str:
    """Lower-case ASCII, or empty for what cannot be a host name or IPv6 address."""
    if ":" in host:
        return f"[{IPv6Address(host).compressed}]"
    host = host.lower().rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii").lower().rstrip(".")
        except UnicodeError:
            return ""
    return host if len(host) <= 253 and ".." not in host and _HOST.fullmatch(host) else ""


def _without_mobile(host: str) -> str:
    label, _, rest = host.partition(".")
    while label in _MOBILE_LABELS and "." in rest and not _is_registry(rest):
        host = rest
        label, _, rest = host.partition(".")
    return host


def _is_registry(host: str) -> bool:
    """Whether the host is a registry such as com.vn, so that the label before it is the owner's name."""
    first, _, last = host.partition(".")
    return first in _REGISTRY_LABELS and len(last) == 2


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _path(path: str) -> str:
    path = _SLASHES.sub("/", _escaped(path, _PATH_SAFE) or "/")
    before = ""
    while before != path:
        before = path
        path = _AMP_SUFFIX.sub("", _AMP_SEGMENT.sub("", path) or "/")
        path = _FILE_SLASH.sub(r"\1", _without_dots(path))
    return path


def _without_dots(path: str) -> str:
    """The path with `.` and `..` resolved and without a dot after its last word."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    result = "/" + "/".join(kept).rstrip(".")
    return _SLASHES.sub("/", result)


def _query(query: str) -> str:
    pairs = []
    for pair in query.split("&"):
        name, mark, value = pair.partition("=")
        name, value = _escaped(name, _QUERY_SAFE), _escaped(value, _QUERY_SAFE + "=")
        if pair and name and not _is_tracking(name.lower(), value.lower()):
            pairs.append((name, mark, value))
    pairs.sort(key=lambda pair: pair[0])  # stable: the values of one name keep their order
    return "&".join(map("".join, pairs))


def _is_tracking(name: str, value: str) -> bool:
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    return value in _AMP_PARAMETERS.get(name, ())


def _escaped(text: str, safe: str) -> str:
    text = _STRAY_PERCENT.sub("%25", text)
    text = unicodedata.normalize("NFC", _ESCAPES.sub(_unescaped, text))
    return quote(text, safe=safe, errors="replace")


def _unescaped(match: re.Match[str]) -> str:
    raw = unquote_to_bytes(match[0])
    if raw[0] < 0x80:
        return chr(raw[0]) if chr(raw[0]) in _UNRESERVED else match[0].upper()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return match[0].upper()


def _restored(outlet: Outlet, path: str) -> str:
    """The path with the ending of the outlet's article form, if it fits only with one."""
    forms = [re.compile(form) for form in outlet.profile.article_url]
    last = path.rpartition("/")[2]
    if not forms or "." in last or any(form.search(path) for form in forms):
        return path
    fitting = [path + end for end in _EXTENSIONS if any(form.search(path + end) for form in forms)]
    return fitting[0] if len(fitting) == 1 else path
