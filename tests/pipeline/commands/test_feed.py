"""`diembao feed`, as a person and a script read it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.program import invoke
from tests.support.server import rss


def test_times_are_those_of_vietnam_for_a_person_and_exact_for_a_script(tmp_path: Path) -> None:
    file = tmp_path / "rss.xml"
    file.write_text(rss("https://bao.example/1.html", date="11/21/2026 8:15:00 AM"), "utf-8")
    shown = invoke("feed", file).stdout
    assert shown == "2026-11-21 08:15\tTin 0\thttps://bao.example/1.html\n"
    [entry] = json.loads(invoke("feed", file, "--json").stdout)["entries"]
    assert (entry["published_at"], entry["published_how"]) == ("2026-11-21T01:15:00+00:00", "us-local +07")
