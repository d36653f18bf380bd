"""The outlet and profile files as they are written: which keys there are and which values are possible.

A file is checked here on its own; what only the whole folder can show (a family that is not there, one
endpoint in two files) is checked in `crawlers.outlets`. Every refusal names file, key and reason.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from models.errors import ConfigError
from models.outlet import EndpointKind, Grade
from pipeline.urls import canonical_url, host_of

# The 34 units since 2025-07-01, by the codes of Decision 19/2025/QĐ-TTg.
PROVINCES = frozenset(
    """01 04 08 11 12 14 15 19 20 22 24 25 31 33 37 38 40 42 44 46 48 51 52 56 66 68 75 79 80 82 86 91 92
    96""".split()
)
_PLACEHOLDERS = re.compile(r"\{(?:year|month|month:02|day|day:02)\}")
_TIME_GROUPS = frozenset("YmdHMS")


@lru_cache(maxsize=1024)
def _selector(text: str) -> str:
    try:
        LexborHTMLParser("<p></p>").css(text)
    except SelectolaxError as error:
        raise ValueError("not a CSS selector") from error
    if not text.strip():
        raise ValueError("not a CSS selector")
    return text


def _regex(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return text


def _url_time(text: str) -> str:
    groups = set(re.compile(_regex(text)).groupindex)
    if text and not {"Y", "m"} <= groups <= _TIME_GROUPS:
        raise ValueError("needs the named groups Y and m, and no others than Y m d H M S")
    return text


def _url(text: str) -> str:
    if urlsplit(text).scheme not in ("http", "https") or not canonical_url(text):
        raise ValueError("not a http(s) address")
    return text


def _endpoint_url(text: str) -> str:
    plain = _PLACEHOLDERS.sub("1", text)
    if "{" in plain or "}" in plain:
        raise ValueError("knows only the placeholders {year} {month} {month:02} {day} {day:02}")
    _url(plain)
    return text


def _host(text: str) -> str:
    if host_of(f"https://{text}/") != text:
        raise ValueError("not a host name in lower case without port")
    return text


def _province(text: str) -> str:
    if text and (not text.startswith("vn34:") or text[5:] not in PROVINCES):
        raise ValueError("not the code of one of the 34 provinces, such as vn34:48")
    return text


Selectors = list[Annotated[str, AfterValidator(_selector)]]
Patterns = list[Annotated[str, AfterValidator(_regex)]]
Url = Annotated[str, AfterValidator(_url)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ProfileKeys(_File):
    """The keys of a profile, all optional; in an outlet's `[profile]` those given replace the family's."""

    article_url: Patterns | None = None
    not_article_url: Patterns | None = None
    url_time: Annotated[str, AfterValidator(_url_time)] | None = None
    listing_links: Selectors | None = None
    next_page: Selectors | None = None
    title: Selectors | None = None
    lead: Selectors | None = None
    body: Selectors | None = None
    author: Selectors | None = None
    section: Selectors | None = None
    time: Selectors | None = None
    captions: Selectors | None = None
    noise: Selectors | None = None


class ProfileFile(ProfileKeys):
    """`config/profiles/<family>.toml`."""

    article_url: Patterns
    examples_article: list[Url] = Field(min_length=1)
    examples_other: list[Url] = Field(min_length=1)


class EndpointTable(_File):
    """`[[endpoint]]` of an outlet file. Not given, `enabled` is true for grades A and B."""

    kind: Annotated[EndpointKind, Field(strict=False)]
    url: Annotated[str, AfterValidator(_endpoint_url)]
    grade: Annotated[Grade, Field(strict=False)]
    checked: date | None = None
    enabled: bool | None = None
    section: str = ""
    links: Selectors = []
    note: str = ""


class FetchTable(_File):
    """`[fetch]` of an outlet file."""

    parallel: int = Field(default=1, ge=1, le=8)
    delay: float = Field(default=3.0, ge=0, le=600, strict=False)
    cookies_from: Annotated[str, AfterValidator(lambda text: text and _url(text))] = ""


class OutletFile(_File):
    """`config/outlets/<slug>.toml`."""

    name: str = Field(min_length=1)
    homepage: Url
    language: Literal["vi", "en", "zh"]
    hosts: list[Annotated[str, AfterValidator(_host)]] = Field(min_length=1)
    province: Annotated[str, AfterValidator(_province)] = ""
    agency: str = Field(default="", pattern=r"^[a-z0-9-]*$")
    group: str = Field(default="", pattern=r"^[a-z0-9-]*$")
    family: str = ""
    active: bool = True
    note: str = ""
    examples_article: list[Url] = []
    examples_other: list[Url] = []
    profile: ProfileKeys = ProfileKeys()
    fetch: FetchTable = FetchTable()
    endpoint: list[EndpointTable] = Field(min_length=1)


Parsed = TypeVar("Parsed", bound=_File)


def read_file(path: Path, shape: type[Parsed]) -> Parsed:
    """The file as `shape`.

    Raises ConfigError naming the file, the key and the reason.
    """
    try:
        return shape.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refusal(path, "", f"not TOML: {error}") from error
    except OSError as error:
        raise refusal(path, "", f"cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise refusal(path, _key(first["loc"]), _reason(first)) from error


def refusal(path: Path, key: str, reason: str) -> ConfigError:
    """The error that says which key of which file is wrong, and why."""
    return ConfigError(f"{key}: {reason}" if key else reason, about=str(path), hint="see docs/outlets.md")


def _key(loc: tuple[int | str, ...]) -> str:
    """`("endpoint", 1, "url")` as `endpoint[2].url`, counted from one as a reader of the file counts."""
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _reason(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "unknown key"
    if error["type"] == "missing":
        return "is missing"
    return f"{str(error['msg']).removeprefix('Value error, ')}, not {error['input']!r:.120}"
