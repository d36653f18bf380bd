"""`group` and `evaluate stories` read articles as the service stores them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from crawlers.outlets import load_outlets
from pipeline.commands.quality import tagged
from pipeline.stories_stored import new_article, stored_links, story_document
from tests.conftest import ROOT
from tests.pipeline.stories.documents import CONFIG, by_story, more_records
from tests.support.tables import new_grouper, tagger

LEAD = "Sáng 8/4, bến phà Cây Sung đóng cửa sau 41 năm."
BODY = "Mười sáu người lái phà được nhận vào đội giữ gìn vệ sinh.\nTheo TTXVN"


def record(**more: Any) -> dict[str, Any]:
    plain = {"id": "a", "outlet": "tuoitre", "url": "https://tuoitre.example/a", "title": "Bến phà đóng cửa"}
    return plain | {"lang": "vi", "lead": LEAD, "body": BODY, "published": "2026-04-08T09:30:00+07:00"} | more


def test_the_text_that_is_grouped_begins_with_the_lead_and_has_it_once() -> None:
    whole = f"{LEAD}\n{BODY}"
    [apart, in_body, alone] = tagged([record(), record(body=whole), record(body="")], tagger())
    assert [story_document(each).text for each in (apart, in_body, alone)] == [whole, whole, LEAD]
    assert new_article(apart).article.text == whole


def test_a_dateline_behind_the_lead_still_credits_its_agency() -> None:
    [each] = tagged([record(lang="en", lead="The ferry has closed.", body="Hanoi (VNA) – It ran.")], tagger())
    assert story_document(each).credit == "ttxvn"


def test_an_outlets_province_is_known_when_its_articles_are_grouped() -> None:
    """`Tỉnh`, without a name, is on a provincial paper its own province."""
    title, body = "Đại hội Đảng bộ tỉnh khai mạc", "Tỉnh họp sáng 8/4."
    local = record(outlet="baoquangninh", title=title, lead="", body=body)
    [alone] = tagged([local], tagger())
    [at_home] = tagged([local], tagger(), load_outlets(CONFIG))
    assert story_document(alone).provinces == ()
    assert story_document(at_home).provinces == ("vn34:22",)


def test_stored_articles_make_the_stories_that_grouping_all_at_once_makes() -> None:
    found = tagged([r for r in more_records() if r["story"].startswith(("bus-crash", "gold"))], tagger())
    at_once = by_story(new_grouper().group([story_document(each) for each in found]))
    assert by_story(stored_links(found, new_grouper())) == at_once


def test_the_evaluation_prints_the_figures_of_the_service_and_of_group(tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl"
    gold = {"story": "ferry", "relation": "original", "origin": "ttxvn"}
    later = {"lead": "Một nghề cũ khép lại.", "published": "2026-04-08T11:00:00+07:00"}
    copy = record(id="b", url="https://nld.example/b", outlet="nld", **later) | gold
    labelled = (record() | gold, copy | {"relation": "reprint"})
    file.write_text("\n".join(json.dumps(each) for each in labelled), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("diembao")), "evaluate", "stories", str(file)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    stored, at_once = said.split("\n\n")
    assert stored.startswith("stored hour by hour")
    assert at_once.startswith("all at once")
    for table in (stored, at_once):
        assert "origin right: 2 of 2" in table
        assert "relation right: 2 of 2" in table
