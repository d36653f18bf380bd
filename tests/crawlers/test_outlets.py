"""Outlets as data: what the loader refuses, what the configured outlets promise."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawlers.outlet_files import PROVINCES, EndpointTable, FetchTable, OutletFile, ProfileFile, read_file
from crawlers.outlets import (
    article_verdict,
    endpoint_url,
    endpoint_urls,
    load_outlets,
    load_profiles,
    outlet_table,
)
from models.errors import ConfigError
from models.outcome import Reason
from models.outlet import Endpoint, EndpointKind, Grade, Outlet
from pipeline.urls import outlet_url
from tests.conftest import ROOT

CONFIG = ROOT / "config"

PROFILE = r"""
article_url = ['-\d{7}\.html$']
listing_links = ['h3 a']
body = ['article']
examples_article = ["https://bao.vn/cau-moi-1234567.html"]
examples_other = ["https://bao.vn/kinh-te"]
"""

OUTLET = """
name = "Báo Thử"
homepage = "https://bao.vn/"
language = "vi"
hosts = ["bao.vn"]
family = "thu"

[[endpoint]]
kind = "feed"
url = "https://bao.vn/rss/home.rss"
grade = "A"
checked = 2026-10-04

[[endpoint]]
kind = "listing"
url = "https://bao.vn/kinh-te"
grade = "C"
"""

Load = Callable[..., dict[str, Outlet]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Writes a configuration of one family and the given outlet files, and loads it."""

    def write_and_load(profile: str = PROFILE, **outlets: str) -> dict[str, Outlet]:
        for folder in ("outlets", "profiles"):
            (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / "profiles" / "thu.toml").write_text(profile, encoding="utf-8")
        for slug, text in outlets.items():
            (tmp_path / "outlets" / f"{slug}.toml").write_text(text, encoding="utf-8")
        return load_outlets(tmp_path)

    return write_and_load


@pytest.fixture(scope="module")
def outlets() -> dict[str, Outlet]:
    return load_outlets(CONFIG)


def test_an_outlet_of_a_known_family_needs_no_selectors(load: Load) -> None:
    outlet = load(bao=OUTLET)["bao"]
    assert outlet.profile.family == "thu"
    assert outlet.profile.body == ("article",)
    assert [endpoint.enabled for endpoint in outlet.endpoints] == [True, False]
    assert outlet.endpoints[0].grade is Grade.A
    assert str(outlet.endpoints[0].checked) == "2026-10-04"


def test_an_outlets_own_profile_keys_replace_the_familys_one_by_one(load: Load) -> None:
    own = OUTLET.replace(
        'family = "thu"',
        'family = "thu"\nexamples_article = ["https://bao.vn/x-1.vnp"]\n'
        "profile = {article_url = ['-\\d+\\.vnp$'], lead = ['p.sapo']}",
    )
    profile = load(bao=own)["bao"].profile
    assert (profile.article_url, profile.lead, profile.body) == ((r"-\d+\.vnp$",), ("p.sapo",), ("article",))


def test_outlets_come_in_the_order_of_their_slugs(load: Load) -> None:
    other = OUTLET.replace("bao.vn", "abc.vn").replace("Báo Thử", "Báo Abc")
    assert list(load(bao=OUTLET, abc=other)) == ["abc", "bao"]


REFUSALS = {
    "unknown key": ('language = "vi"', 'language = "vi"\ncolour = "red"', "colour", "unknown key"),
    "unknown key of an endpoint": ('grade = "A"', 'grade = "A"\nspeed = 3', "endpoint[1].speed", "unknown"),
    "unknown key of the profile": ('family = "thu"', "profile = {boddy = ['p']}", "profile.boddy", "unknown"),
    "missing key": ('name = "Báo Thử"', "", "name", "is missing"),
    "no endpoint": (OUTLET[OUTLET.index("[[") :], "endpoint = []", "endpoint", "at least 1"),
    "broken TOML": ('name = "Báo Thử"', 'name = "Báo', "", "not TOML"),
    "impossible date": ("2026-10-04", "2026-13-04", "", "not TOML"),
    "date as text": ("2026-10-04", '"2026-10-04"', "endpoint[1].checked", "date"),
    "unknown language": ('"vi"', '"fr"', "language", "'vi'"),
    "unknown grade": ('"A"', '"D"', "endpoint[1].grade", "'A', 'B' or 'C'"),
    "unknown kind": ('"feed"', '"rss"', "endpoint[1].kind", "'feed'"),
    "unknown family": ('"thu"', '"thuu"', "family", "no file config/profiles/thuu.toml"),
    "province of the old map": ('family = "thu"', 'province = "vn63:48"', "province", "34 provinces"),
    "province that is none": ('family = "thu"', 'province = "vn34:99"', "province", "34 provinces"),
    "home page not http": ("https://bao.vn/", "ftp://bao.vn/", "homepage", "not a http(s) address"),
    "endpoint without a host": ("https://bao.vn/rss", "https:/rss", "endpoint[1].url", "none of the outlet"),
    "endpoint elsewhere": ("https://bao.vn/rss", "https://khac.vn/rss", "endpoint[1].url", "none of the"),
    "unknown placeholder": ("home.rss", "{week}.rss", "endpoint[1].url", "placeholders"),
    "host in capitals": ('["bao.vn"]', '["BAO.vn"]', "hosts[1]", "lower case"),
    "host given twice": ('["bao.vn"]', '["bao.vn", "bao.vn"]', "hosts", "twice"),
    "host of another paper": ('["bao.vn"]', '["khac.vn"]', "hosts[1]", "homepage's host bao.vn"),
    "endpoint given twice": (
        "https://bao.vn/kinh-te",
        "http://bao.vn/rss/home.rss#x",
        "endpoint[2].url",
        "twice",
    ),
    "guess switched on": ('grade = "C"', 'grade = "C"\nenabled = true', "endpoint[2].enabled", "grade C"),
    "regex that does not compile": (
        'family = "thu"',
        "profile = {article_url = ['(']}",
        "profile.article_url[1]",
        "regular",
    ),
    "selector that does not parse": (
        'family = "thu"',
        "profile = {body = ['div[']}",
        "profile.body[1]",
        "CSS",
    ),
    "time of the address without a month": (
        'family = "thu"',
        "profile = {url_time = '(?P<Y>.)'}",
        "profile.url_time",
        "groups",
    ),
    "links of a feed": ('grade = "A"', "grade = \"A\"\nlinks = ['a']", "endpoint[1].links", "listing"),
    "listing without links": ('family = "thu"', "", "endpoint[2].links", "listing_links"),
    "own article form without example": (
        'family = "thu"',
        "profile = {article_url = ['x'], listing_links = ['a']}",
        "examples_article",
        "example",
    ),
    "example that is judged wrongly": (
        'family = "thu"',
        'family = "thu"\nexamples_other = ["https://bao.vn/a-1234567.html"]',
        "examples_other[1]",
        "taken for an article",
    ),
    "impolite": ('family = "thu"', "fetch = {parallel = 100}", "fetch.parallel", "less than or equal to 8"),
}


@pytest.mark.parametrize(("old", "new", "key", "reason"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_wrong_outlet_file_is_refused_with_file_key_and_reason(
    load: Load, old: str, new: str, key: str, reason: str
) -> None:
    assert old in OUTLET
    with pytest.raises(ConfigError) as caught:
        load(bao=OUTLET.replace(old, new, 1))
    assert caught.value.about.endswith("outlets/bao.toml")
    assert caught.value.what.startswith(f"{key}: " if key else reason)
    assert reason in caught.value.what


def test_one_endpoint_in_two_files_is_refused(load: Load) -> None:
    with pytest.raises(ConfigError, match=r"bao2\.toml: endpoint\[1\]\.url: given twice, first in bao\.toml"):
        load(bao=OUTLET, bao2=OUTLET.replace("Báo Thử", "Báo Hai"))


def test_one_name_for_two_outlets_is_refused(load: Load) -> None:
    with pytest.raises(ConfigError, match=r"abc\.toml|bao\.toml: name: given twice"):
        load(bao=OUTLET, abc=OUTLET.replace("bao.vn", "abc.vn"))


@pytest.mark.parametrize("slug", ["Bao", "bao_thu", "báo", "bao--thu"])
def test_a_file_name_that_is_no_slug_is_refused(load: Load, slug: str) -> None:
    with pytest.raises(ConfigError, match="file name"):
        load(**{slug: OUTLET})


def test_a_profile_whose_example_fails_is_refused(load: Load) -> None:
    with pytest.raises(ConfigError, match=r"thu\.toml: examples_article\[1\]: .* not taken"):
        load(PROFILE.replace("cau-moi-1234567", "cau-moi-12"), bao=OUTLET)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://bao.vn/x-1234567.html", None),
        ("http://m.bao.vn/x-1234567.html?utm_source=a", None),
        ("https://bao.vn/kinh-te", Reason.NOT_AN_ARTICLE),
        ("https://khac.vn/x-1234567.html", Reason.OFFSITE),
        ("https://bao.vn.khac.vn/x-1234567.html", Reason.OFFSITE),
        ("javascript:alert(1)", Reason.OFFSITE),
    ],
)
def test_an_address_is_judged_by_the_outlets_form(load: Load, url: str, expected: Reason | None) -> None:
    assert article_verdict(load(bao=OUTLET)["bao"], url) is expected


@pytest.mark.parametrize(
    ("path", "is_article"),
    [
        ("dai-bieu-quoc-hoi-tham-vung-lu-48213.html", True),
        ("thoi-su/hai-cau-hoi-lon-ve-gia-gao-cuoi-nam", True),
        ("", False),
        ("thoi-su", False),
        ("thoi-su-trong-nuoc", False),
        ("tag/gia-gao-12345.html", False),
        ("tac-gia/an-binh-12345.html", False),
        ("tim-kiem?q=12345", False),
        ("su-kien-event12345.html", False),
        ("kinh-te/trang-2024", False),
        ("rss/kinh-te-12345.rss", False),
        ("upload/image/202603/anh-123456.jpg", False),
        ("sitemap-2026.xml", False),
    ],
)
def test_without_a_known_form_the_general_rules_judge(load: Load, path: str, is_article: bool) -> None:
    bare = OUTLET.replace('family = "thu"', "profile = {listing_links = ['a']}")
    expected = None if is_article else Reason.NOT_AN_ARTICLE
    assert article_verdict(load(bao=bare)["bao"], f"https://bao.vn/{path}") is expected


def _sitemap(url: str) -> Endpoint:
    return Endpoint(kind=EndpointKind.SITEMAP, url=url, grade=Grade.A)


def test_a_month_sitemap_follows_the_calendar_of_vietnam() -> None:
    """At 17:30 UTC on the last of a month it is already the next month in Vietnam."""
    sitemap = _sitemap("https://vov.vn/sitemaps/{year}/{month}/article.xml")
    eve = datetime(2026, 8, 31, 17, 30, tzinfo=UTC)
    assert endpoint_url(sitemap, eve) == "https://vov.vn/sitemaps/2026/9/article.xml"
    assert endpoint_urls(sitemap, eve)[1:] == ("https://vov.vn/sitemaps/2026/8/article.xml",)
    padded = _sitemap("https://a.vn/{year}-{month:02}-{day:02}.xml")
    assert endpoint_url(padded, eve) == "https://a.vn/2026-09-01.xml"


def test_in_the_middle_of_a_month_one_month_sitemap_is_read() -> None:
    sitemap = _sitemap("https://vov.vn/sitemaps/{year}/{month}/article.xml")
    assert len(endpoint_urls(sitemap, datetime(2026, 8, 15, tzinfo=UTC))) == 1
    assert endpoint_urls(_sitemap("https://vov.vn/rss.xml"), datetime(2026, 8, 1, tzinfo=UTC)) == (
        "https://vov.vn/rss.xml",
    )


# The outlets as configured


def test_the_outlets_that_the_service_is_for_are_there(outlets: dict[str, Outlet]) -> None:
    wanted = """vietnamplus en-vietnamplus baotintuc vietnamnews vov vovworld-en nhandan en-nhandan
        daibieunhandan baochinhphu vccinews baoquangninh baodanang baolangson vnexpress e-vnexpress tuoitre
        thanhnien dantri vietnamnet""".split()
    assert set(wanted) <= set(outlets)
    assert all(any(e.enabled for e in outlets[slug].endpoints) for slug in wanted)
    assert len(outlets) >= 60


def test_every_province_has_a_paper(outlets: dict[str, Outlet]) -> None:
    assert {outlet.province for outlet in outlets.values()} - {""} == {f"vn34:{code}" for code in PROVINCES}


def test_the_province_codes_are_those_of_the_official_list(shared_data: Path) -> None:
    lines = (shared_data / "places" / "provinces.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert {line.split("\t")[0] for line in lines} == PROVINCES


def test_what_is_only_guessed_is_switched_off(outlets: dict[str, Outlet]) -> None:
    endpoints = [endpoint for outlet in outlets.values() for endpoint in outlet.endpoints]
    assert not [e.url for e in endpoints if e.enabled and e.grade is Grade.C]
    assert not [e.url for e in endpoints if e.checked and e.grade is not Grade.A]


def test_an_active_outlet_is_polled_or_known_by_guesses_only(outlets: dict[str, Outlet]) -> None:
    for outlet in outlets.values():
        polled = any(endpoint.enabled for endpoint in outlet.endpoints)
        guessed = all(endpoint.grade is Grade.C for endpoint in outlet.endpoints)
        assert not outlet.active or polled is not guessed, outlet.slug


def test_copy_of_the_agencies_is_known_by_their_code(outlets: dict[str, Outlet]) -> None:
    of_group = {outlet.group: outlet.agency for outlet in outlets.values() if outlet.agency}
    assert of_group == {"vna": "ttxvn", "vov": "vov", "chinhphu": "chinhphu"}


def _examples() -> list[tuple[str, str, bool]]:
    found = []
    for path in sorted((CONFIG / "profiles").glob("*.toml")):
        file = read_file(path, ProfileFile)
        found += [(path.stem, url, True) for url in file.examples_article]
        found += [(path.stem, url, False) for url in file.examples_other]
    return found


@pytest.mark.parametrize(("family", "url", "is_article"), _examples())
def test_a_familys_example_is_judged_alike_by_the_outlet_it_is_of(
    outlets: dict[str, Outlet], family: str, url: str, is_article: bool
) -> None:
    members = [o for o in outlets.values() if o.profile.family == family]
    verdicts = {article_verdict(outlet, url) for outlet in members} - {Reason.OFFSITE}
    assert members
    assert (None in verdicts) is is_article


@pytest.mark.parametrize(
    ("slug", "url", "expected"),
    [
        ("baochinhphu", "https://baochinhphu.vn/x-10226080815310734.htm", "26-08-08 15:31:07"),
        ("baochinhphu", "https://baochinhphu.vn/x-102260228093004191.htm", "26-02-28 09:30:04"),
        ("tuoitre", "https://tuoitre.vn/x-20250321184619912.htm", "25-03-21 18:46:19"),
        ("tuoitre", "https://tuoitre.vn/x-100260914003203375.htm", "26-09-14 00:32:03"),
        ("cafef", "https://cafef.vn/x-18826030622484142.chn", "26-03-06 22:48:41"),
        ("thanhnien", "https://thanhnien.vn/x-1851449474.htm", ""),
        ("dantri", "https://dantri.com.vn/a/x-20260307080054340.htm", "2026-03-07 08:00:54"),
        ("baotintuc", "https://baotintuc.vn/a/x-20260123005227639.htm", "2026-01-23 00:52:27"),
        ("baodaklak", "https://baodaklak.vn/kinh-te/202603/x-eea3900/", "2026-03"),
        ("vnexpress", "https://vnexpress.net/x-4954454.html", ""),
    ],
)
def test_the_time_in_an_address_is_read_as_its_family_writes_it(
    outlets: dict[str, Outlet], slug: str, url: str, expected: str
) -> None:
    outlet = outlets[slug]
    assert article_verdict(outlet, url) is None
    match = re.search(outlet.profile.url_time, url) if outlet.profile.url_time else None
    parts = match.groupdict() if match else {}
    date = "-".join(parts[k] for k in "Ymd" if k in parts)
    clock = ":".join(parts[k] for k in "HMS" if k in parts)
    assert f"{date} {clock}".strip() == expected


def test_the_table_in_the_guide_is_that_of_the_outlets(outlets: dict[str, Outlet]) -> None:
    guide = (ROOT / "docs" / "outlets.md").read_text(encoding="utf-8")
    table = guide.partition("<!-- outlets -->\n")[2].partition("<!-- /outlets -->")[0]
    assert table == outlet_table(outlets)


def test_the_guide_names_every_key_and_family() -> None:
    guide = (ROOT / "docs" / "outlets.md").read_text(encoding="utf-8")
    keys = {*OutletFile.model_fields, *EndpointTable.model_fields, *FetchTable.model_fields}
    keys |= set(ProfileFile.model_fields) | set(load_profiles(CONFIG))
    assert not sorted(key for key in keys if f"`{key}`" not in guide)


LISTINGS = {
    "baochinhphu_list": "baochinhphu",
    "baodautu_list": "baodautu",
    "cafef_list": "cafef",
    "dantri_home_2017": "dantri",
    "dantri_home_2019": "dantri",
    "dantri_list": "dantri",
    "nld_list": "nld",
    "tuoitre_list": "tuoitre",
    "vietnamnet_list": "vietnamnet",
    "vnexpress_list": "vnexpress",
}


@pytest.mark.parametrize(("page", "slug"), LISTINGS.items(), ids=LISTINGS.keys())
def test_the_declared_selectors_find_the_articles_of_a_real_listing(
    outlets: dict[str, Outlet], shared_data: Path, page: str, slug: str
) -> None:
    outlet = outlets[slug]
    tree = LexborHTMLParser((shared_data / "pages" / "vi_lists" / f"{page}.html").read_bytes())

    def articles(selector: str) -> set[str]:
        links = (node.attributes.get("href") or "" for node in tree.css(selector))
        urls = {outlet_url(outlet, link, outlet.homepage) for link in links}
        return {url for url in urls if article_verdict(outlet, url) is None}

    selected = set().union(*map(articles, outlet.profile.listing_links))
    # Not selected may be what stands in head and foot of every page, such as terms of use.
    furniture = {url for url in articles("a[href]") - selected if "chinh-sach-bao-mat" in url}
    assert articles("a[href]") - furniture == selected
    assert len(selected) >= 15
