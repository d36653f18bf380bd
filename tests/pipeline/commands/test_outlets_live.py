"""`diembao outlets …` about a paper on a real server, run as a user runs it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.settings import CONFIG_DIR
from tests.conftest import ROOT
from tests.support.server import Site, site

NOW = "2026-11-22T09:00+07:00"
TODAY = ("22", "8:15:00 AM", "2026-11-22T08:15:00+07:00")
YESTERDAY = ("21", "4:30:00 PM", "2026-11-21T16:30:00+07:00")

OUTLET = """# kept by hand
name = "Báo Mẫu"
homepage = "{base}/"
language = "vi"
hosts = ["127.0.0.1"]

[fetch]
delay = 0

[[endpoint]]
kind = "feed"
url = "{base}/rss/home.rss"
grade = "B"  # as others have it

[[endpoint]]
kind = "sitemap"
url = "{base}/sitemap.xml"
grade = "B"
"""


@dataclass
class Newspaper:
    """A paper that is up, and the configuration of a program that may contact it."""

    server: Site
    config: Path
    home: Path

    async def diembao(self, *words: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error of a command."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "pipeline", *words),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={
                **os.environ,
                "DIEMBAO_CONFIG_DIR": str(self.config),
                "DIEMBAO_HOME": str(self.home),
                "DIEMBAO_ALLOW_NETWORKS": "127.0.0.0/8",
                "DIEMBAO_WORKERS": "1",
                "PYTHONIOENCODING": "utf-8",
            },
        )
        out, err = await process.communicate()
        return process.returncode or 0, out.decode(), err.decode()

    async def records(self, *words: str) -> list[dict[str, Any]]:
        """What a command prints with --json."""
        _, out, err = await self.diembao(*words, "--json")
        assert out, err
        return [json.loads(line) for line in out.splitlines()]

    def configure(self) -> Path:
        """Write the paper's outlet file."""
        file = self.config / "outlets" / "bao-mau.toml"
        file.write_text(OUTLET.format(base=self.server.base), "utf-8")
        return file


@asynccontextmanager
async def newspaper(folder: Path) -> AsyncIterator[Newspaper]:
    """A paper with two articles of today and one of yesterday. Its feed, dated the American way, names those
    of today and its sitemap, rebuilt a moment ago, all but the newest."""
    config = folder / "config"
    shutil.copytree(CONFIG_DIR, config, ignore=shutil.ignore_patterns("outlets", "models"))
    (config / "models").symlink_to(CONFIG_DIR / "models")
    (config / "outlets").mkdir()
    async with site() as server:
        articles = {1: TODAY, 2: TODAY, 3: YESTERDAY}
        links = {
            number: f"{server.base}/cau-moi-qua-song-so-{number}-100000{number}.html" for number in articles
        }
        for number, (_, _, published) in articles.items():
            server.pages[links[number].removeprefix(server.base)] = page(number, published)
        server.pages["/rss/home.rss"] = feed({links[number]: articles[number] for number in (1, 2)})
        server.pages["/sitemap.xml"] = sitemap(links[2], links[3])
        server.pages["/robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {server.base}/sitemap.xml\n"
        announced = '<link rel="alternate" type="application/rss+xml" href="/rss/home.rss">'
        server.pages["/"] = (
            f'<html lang="vi"><meta property="og:site_name" content="Báo Mẫu">{announced}</html>'
        )
        yield Newspaper(server, config, folder / "home")


def page(number: int, published: str) -> str:
    text = "".join(
        f"<p>Đoạn {part}: người dân hai xã bên sông đi trên cây cầu mới số {number}, còn xe tải nặng vẫn "
        "theo đường cũ cho đến khi thử tải xong vào cuối tháng, theo sở quản lý giao thông của tỉnh.</p>"
        for part in range(6)
    )
    meta = f'<meta property="article:published_time" content="{published}">'
    title = f"Cây cầu mới qua sông số {number} đã thông xe"
    return f'<html lang="vi"><title>{title}</title>{meta}<h1>{title}</h1><article>{text}</article></html>'


def feed(entries: dict[str, tuple[str, str, str]]) -> str:
    items = "".join(
        f"<item><title>Cây cầu mới đã thông xe</title><link>{link}</link>"
        f"<pubDate>11/{day}/2026 {clock}</pubDate></item>"
        for link, (day, clock, _) in entries.items()
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Báo</title>{items}</channel></rss>'


def sitemap(*links: str) -> str:
    urls = "".join(
        f"<url><loc>{link}</loc><lastmod>2026-11-22T08:59:00+07:00</lastmod></url>" for link in links
    )
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


async def test_of_articles_that_are_new_today_coverage_tells_today_and_says_so_when_asked_for_yesterday(
    tmp_path: Path,
) -> None:
    async with newspaper(tmp_path) as paper:
        paper.configure()
        assert (await paper.diembao("collect", "--now", NOW))[0] == 0
        asked = ("outlets", "coverage", "--now", NOW, "--outlet", "bao-mau")
        [today] = await paper.records(*asked, "--day", "hôm nay")
        [yesterday] = await paper.records(*asked)
        _, before, _ = await paper.diembao(*asked, "--day", "20/11/2026")
        _, health, _ = await paper.diembao("outlets", "health", "--now", NOW)
    assert (today["day"], today["total"], today["named"]) == ("2026-11-22", 2, {"feed": 2, "sitemap": 1})
    assert [each["url"][-12:] for each in today["missed"]] == ["1000001.html"]
    assert (yesterday["day"], yesterday["named"]) == ("2026-11-21", {"feed": 0, "sitemap": 1})
    assert "2026-11-20: " in before
    assert "nothing of that day was named; the latest is of 2026-11-22" in before
    assert "không kênh nào có bài của ngày này; gần nhất là 2026-11-22" in before
    vietnamese, head, line = health.splitlines()
    assert vietnamese.split()[:3] == "báo tình trạng".split()
    assert head.split() == "outlet state ok h age h entries articles yield".split()
    assert line.split() == ["bao-mau", "OK", "0.0", "0.0", "3/-", "3/-", "-"]


async def test_a_probe_raises_the_grade_of_what_answers_and_lowers_that_of_what_is_gone(
    tmp_path: Path,
) -> None:
    async with newspaper(tmp_path) as paper:
        file = paper.configure()
        asked = ("outlets", "probe", "bao-mau", "--update", "--now", NOW)
        code, out, _ = await paper.diembao(*asked)
        assert code == 0, out
        assert "bao-mau: OK" in out
        assert "bài đọc thử: đọc được · article stored" in out
        assert "robots.txt cho đọc · allows us" in out
        assert "    2/2 kênh đọc tốt\n    2 of 2 endpoints answer well\n" in out
        well = file.read_text("utf-8")
        del paper.server.pages["/rss/home.rss"]
        [report] = await paper.records(*asked)
        gone = file.read_text("utf-8")
    assert well.count('grade = "A"') == 2
    assert well.startswith("# kept by hand\n")
    assert "# as others have it" in well
    assert [each["state"] for each in report["endpoints"]] == ["MOVED", "OK"]
    assert gone == well.replace('grade = "A"  # as others have it', 'grade = "C"  # as others have it')


async def test_an_endpoint_in_a_form_that_is_not_edited_is_left_to_a_person(tmp_path: Path) -> None:
    async with newspaper(tmp_path) as paper:
        file = paper.configure()
        text = file.read_text("utf-8").partition("[[endpoint]]")[0]
        feed = f'{{kind = "feed", url = "{paper.server.base}/rss/home.rss", grade = "B"}}'
        file.write_text(text.replace("[fetch]", f"endpoint = [{feed}]\n[fetch]"), "utf-8")
        before = file.read_bytes()
        code, out, err = await paper.diembao("outlets", "probe", "bao-mau", "--update", "--now", NOW)
        assert file.read_bytes() == before
    assert code == 0, err
    assert "0 endpoints written" in out
    assert f'change it by hand: {paper.server.base}/rss/home.rss grade = "A", checked = 2026-11-22' in err


@pytest.mark.parametrize(
    "given", ["http://[x", "http://bao.example:99999999/", "http://", "ftp://bao.example"]
)
async def test_an_address_that_cannot_be_asked_for_is_refused_in_words(tmp_path: Path, given: str) -> None:
    async with newspaper(tmp_path) as paper:
        code, out, err = await paper.diembao("outlets", "add", given)
    assert (code, out) == (1, "")
    assert "not an address that can be asked for" in err


async def test_an_inner_address_is_refused_with_the_setting_that_would_allow_it(tmp_path: Path) -> None:
    async with newspaper(tmp_path) as paper:
        code, out, err = await paper.diembao("outlets", "add", f"http://10.0.0.1:{paper.server.port}/")
    assert (code, out) == (1, "")
    assert "blocked_address" in err
    assert "allow_networks" in err


async def test_an_outlet_added_by_its_address_is_collected_from_at_once(tmp_path: Path) -> None:
    async with newspaper(tmp_path) as paper:
        code, out, err = await paper.diembao(
            "outlets", "add", f"{paper.server.base}/", "--save", "--now", NOW
        )
        assert (code, out[:18]) == (0, "đã ghi · written: "), err
        [outlet] = await paper.records("outlets", "list")
        [report] = await paper.records("collect", "--now", NOW)
        opml = tmp_path / "feeds.opml"
        opml.write_text((await paper.diembao("outlets", "export"))[1], "utf-8")
        _, _, configured = await paper.diembao("outlets", "import", str(opml))
        (paper.config / "outlets" / "127-0-0-1.toml").unlink()
        _, proposed, _ = await paper.diembao("outlets", "import", str(opml))
    assert (outlet["name"], outlet["lang"]) == ("Báo Mẫu", "vi")
    assert [each["kind"] for each in outlet["endpoints"]] == ["feed", "sitemap"]
    assert report["outcomes"] == {"stored": 3}
    assert configured == "1/1 kênh RSS đã khai báo · 1 of 1 feeds are configured\n"
    assert f'url = "{paper.server.base}/rss/home.rss"\ngrade = "C"' in proposed
