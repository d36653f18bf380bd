"""Outlets as data: read `config/outlets` and `config/profiles`, and judge addresses by them.

    outlets = load_outlets(config_dir)              {slug: Outlet}, sorted; ConfigError on any doubt
    article_verdict(outlet, url)                    None if it may be an article, else the reason
    endpoint_urls(endpoint, now)                    the addresses to poll now, placeholders filled
    outlet_table(outlets)                           the Markdown table of docs/outlets.md

docs/outlets.md tells a person how to write the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crawlers.outlet_files import (
    EndpointTable,
    OutletFile,
    ProfileFile,
    ProfileKeys,
    read_file,
    refusal,
)
from models.outcome import Reason
from models.outlet import Endpoint, EndpointKind, FetchPolicy, Grade, Outlet, Profile
from pipeline.urls import canonical_url, host_of, on_outlet

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# For outlets whose article form is not known. An article's address has a long slug or an id; sections are
# short words.
_STATIC = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|js|json|xml|rss|atom|txt|pdf|docx?|xlsx?|zip|mp3|mp4|m3u8|apk)$",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"/(?:tags?|tac-gia|authors?|topics?|chu-de|su-kien|search|tim-kiem|rss|feed|rss_feed|sitemaps?|login|"
    r"dang-nhap|lien-he|contact|about|gioi-thieu|quang-cao|video|podcast|media)(?:/|\.\w+$|$)|"
    r"-(?:tag|topic|event)\d+\.\w+$|/(?:trang|page)[-/]?\d+",
    re.IGNORECASE,
)
_ARTICLE_LIKE = re.compile(r"\d{4,}|(?:[^/-]+-){5,}[^/]+$")


def load_outlets(config_dir: Path) -> dict[str, Outlet]:
    """All outlets under `config_dir`, by slug, in the order of the slugs.

    Raises ConfigError naming file, key and reason for an unknown key, an impossible value, an unknown
    family, an endpoint or name given twice, an enabled endpoint of grade C, or an example that the
    patterns judge wrongly.
    """
    profiles = load_profiles(config_dir)
    outlets: dict[str, Outlet] = {}
    names: dict[str, Path] = {}
    endpoints: dict[str, Path] = {}
    for path in _toml_files(config_dir / "outlets"):
        outlet = _load_outlet(path, profiles)
        _refuse_twice(names, outlet.name, path, "name")
        for number, endpoint in enumerate(outlet.endpoints, 1):
            _refuse_twice(endpoints, _identity(endpoint.url), path, f"endpoint[{number}].url")
        outlets[outlet.slug] = outlet
    return outlets


def load_profiles(config_dir: Path) -> dict[str, Profile]:
    """The profiles of all CMS families, by family.

    Raises ConfigError as `load_outlets` does.
    """
    profiles = {}
    for path in _toml_files(config_dir / "profiles"):
        file = read_file(path, ProfileFile)
        profile = Profile(family=_slug(path), **_given(file))
        _check_examples(path, profile, file.examples_article, file.examples_other)
        profiles[profile.family] = profile
    return profiles


def article_verdict(outlet: Outlet, url: str) -> Reason | None:
    """Why `url` cannot be an article of the outlet: OFFSITE or NOT_AN_ARTICLE; None if it may be one.

    Judged by the outlet's patterns, and without them by what is never an article anywhere: the home page,
    sections, tags, authors, search, feeds, files that are not pages.
    """
    canonical = canonical_url(url)
    if not canonical or not on_outlet(outlet, canonical):
        return Reason.OFFSITE
    return None if _is_article(outlet.profile, canonical) else Reason.NOT_AN_ARTICLE


def endpoint_url(endpoint: Endpoint, now: datetime) -> str:
    """The endpoint's address with its placeholders filled with the date of `now` in Vietnam."""
    local = now.astimezone(VIETNAM)
    return endpoint.url.format(year=local.year, month=local.month, day=local.day)


def endpoint_urls(endpoint: Endpoint, now: datetime, *, days: int = 2) -> tuple[str, ...]:
    """The addresses to poll at `now`, newest first: that of today and, where it differs, those of the
    `days` before, so that the last articles of a month are not missed when the next begins."""
    moments = (now - timedelta(days=back) for back in range(days + 1))
    return tuple(dict.fromkeys(endpoint_url(endpoint, moment) for moment in moments))


def outlet_table(outlets: Mapping[str, Outlet]) -> str:
    """A Markdown table: one line per outlet with its endpoints (enabled of all) and their best grade."""
    head = "| slug | name | language | province | family | endpoints | best grade |"
    lines = [head, "|---|---|---|---|---|---|---|"]
    for outlet in outlets.values():
        enabled = sum(endpoint.enabled for endpoint in outlet.endpoints)
        cells = (
            f"`{outlet.slug}`" + ("" if outlet.active else " (inactive)"),
            outlet.name,
            outlet.language,
            outlet.province,
            outlet.profile.family,
            f"{enabled}/{len(outlet.endpoints)}",
            min(endpoint.grade for endpoint in outlet.endpoints).value,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _load_outlet(path: Path, profiles: Mapping[str, Profile]) -> Outlet:
    file = read_file(path, OutletFile)
    if file.family and file.family not in profiles:
        raise refusal(path, "family", f"no file config/profiles/{file.family}.toml")
    outlet = Outlet(
        slug=_slug(path),
        name=file.name,
        homepage=file.homepage,
        language=file.language,
        province=file.province,
        hosts=tuple(file.hosts),
        agency=file.agency,
        group=file.group,
        active=file.active,
        note=file.note,
        profile=replace(profiles.get(file.family, Profile()), **_given(file.profile)),
        fetch=FetchPolicy(**file.fetch.model_dump()),
        endpoints=tuple(_endpoint(path, number, table) for number, table in enumerate(file.endpoint, 1)),
    )
    _check_addresses(path, outlet)
    if file.profile.article_url is not None and not file.examples_article:
        raise refusal(path, "examples_article", "an article_url of the outlet's own needs an example")
    _check_examples(path, outlet.profile, file.examples_article, file.examples_other)
    return outlet


def _endpoint(path: Path, number: int, table: EndpointTable) -> Endpoint:
    guessed = table.grade is Grade.C
    if guessed and table.enabled:
        raise refusal(
            path, f"endpoint[{number}].enabled", "an endpoint of grade C stays disabled until a probe saw it"
        )
    enabled = not guessed if table.enabled is None else table.enabled
    return Endpoint(**{**table.model_dump(), "links": tuple(table.links), "enabled": enabled})


def _check_addresses(path: Path, outlet: Outlet) -> None:
    if len(set(outlet.hosts)) < len(outlet.hosts):
        raise refusal(path, "hosts", "names a host twice")
    if host_of(outlet.homepage) != outlet.hosts[0]:
        raise refusal(path, "hosts[1]", f"is not the homepage's host {host_of(outlet.homepage)}")
    for number, endpoint in enumerate(outlet.endpoints, 1):
        if not on_outlet(outlet, _plain(endpoint.url)):
            raise refusal(path, f"endpoint[{number}].url", "stands on none of the outlet's hosts")
        listing = endpoint.kind is EndpointKind.LISTING
        if endpoint.links and not listing:
            raise refusal(path, f"endpoint[{number}].links", "only a listing has links to select")
        if listing and not (endpoint.links or outlet.profile.listing_links):
            raise refusal(path, f"endpoint[{number}].links", "is missing, and no profile has listing_links")


def _check_examples(path: Path, profile: Profile, articles: list[str], others: list[str]) -> None:
    expected = chain(((url, True) for url in articles), ((url, False) for url in others))
    for number, (url, is_article) in enumerate(expected):
        if _is_article(profile, canonical_url(url)) is not is_article:
            number -= 0 if is_article else len(articles)
            key = f"examples_{'article' if is_article else 'other'}[{number + 1}]"
            raise refusal(path, key, f"{url} is {'not ' if is_article else ''}taken for an article")


def _refuse_twice(seen: dict[str, Path], value: str, path: Path, key: str) -> None:
    if value in seen:
        raise refusal(path, key, f"given twice, first in {seen[value].name}")
    seen[value] = path


def _slug(path: Path) -> str:
    if not _SLUG.fullmatch(path.stem):
        raise refusal(path, "", "a file name is lower-case ASCII letters, digits and single hyphens")
    return path.stem


def _toml_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml"), key=lambda path: path.stem)


def _given(keys: ProfileKeys) -> dict[str, Any]:
    """The profile keys that the file gives, as the values of a Profile."""
    fields = keys.model_dump(include=set(ProfileKeys.model_fields), exclude_none=True)
    return {name: value if isinstance(value, str) else tuple(value) for name, value in fields.items()}


def _plain(url: str) -> str:
    return re.sub(r"\{[^}]*\}", "1", url)


def _identity(url: str) -> str:
    """Two endpoints that differ only in how their address is spelt are one."""
    return canonical_url(url.replace("{", "(").replace("}", ")"))


def _is_article(profile: Profile, canonical: str) -> bool:
    path = urlsplit(canonical).path
    if not profile.article_url:
        return _looks_like_article(path)
    return bool(_any_of(profile.article_url).search(path)) and not (
        profile.not_article_url and _any_of(profile.not_article_url).search(path)
    )


def _looks_like_article(path: str) -> bool:
    if path == "/" or _STATIC.search(path) or _FURNITURE.search(path):
        return False
    return bool(_ARTICLE_LIKE.search(path))


@lru_cache(maxsize=1024)
def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
