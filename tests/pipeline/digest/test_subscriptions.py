"""What config/subscriptions.toml may say."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from models.errors import ConfigError
from pipeline.digest.subscriptions import address_of, load_subscriptions

ROOT = Path(__file__).resolve().parents[3]
GOOD = """
[[subscription]]
slug = "sang"
title = "Bản tin sáng"
recipients = ["an@example.org"]
timezone = "Asia/Ho_Chi_Minh"
send_at = "06:30"
cutoff = 06:00:00
days = ["mon", "fri"]

[[subscription.section]]
title = "Miền Trung"
provinces = ["Quảng Trị"]
"""


def load(tmp_path: Path, text: str) -> object:
    file = tmp_path / "subscriptions.toml"
    file.write_text(text, encoding="utf-8")
    return load_subscriptions(file)


def test_a_good_file_gives_its_subscriptions(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(GOOD, encoding="utf-8")
    (one,) = load_subscriptions(tmp_path / "s.toml")
    assert (one.send_at, one.cutoff, one.days) == (time(6, 30), time(6, 0), frozenset({1, 5}))
    assert one.sections[0].provinces == ("Quảng Trị",)


def test_the_file_that_comes_with_the_program_is_good() -> None:
    shipped = load_subscriptions(ROOT / "config" / "subscriptions.toml")
    assert {each.language for each in shipped} == {"vi", "en"}
    assert all(address.endswith("@example.org") for each in shipped for address in each.recipients)


def test_a_title_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(GOOD.replace("Bản tin sáng", "Bản tin\\n sáng"), encoding="utf-8")
    (one,) = load_subscriptions(tmp_path / "s.toml")
    assert one.title == "Bản tin sáng"


def test_an_absent_file_holds_no_subscription(tmp_path: Path) -> None:
    assert load_subscriptions(tmp_path / "none.toml") == []


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('send_at = "06:30"', 'send_ta = "06:30"', "sang.send_ta", "unknown key"),
        ('title = "Miền Trung"', 'title = "M"\nprovince = "x"', "sang.section.0.province", "unknown key"),
        ("an@example.org", "an@", "sang.recipients.0", "not a mail address"),
        ("an@example.org", "thủy@example.org", "sang.recipients.0", "not a mail address"),
        ("an@example.org", "an@example.org\\nBcc: x@example.org", "sang.recipients.0", "not a mail address"),
        ('["an@example.org"]', "[]", "sang.recipients", "at least 1"),
        ('["an@example.org"]', '["an@example.org", "AN@example.org"]', "sang.recipients", "twice"),
        ("Asia/Ho_Chi_Minh", "Asia/Saigon City", "sang.timezone", "not a time zone"),
        ("Asia/Ho_Chi_Minh", "../../etc/passwd", "sang.timezone", "not a time zone"),
        ('"06:30"', '"25:00"', "sang.send_at", "not a time of day"),
        ('"mon"', '"monday"', "sang.days.0", "not one of"),
        ('slug = "sang"', 'slug = "Sáng|1"', "slug", "pattern"),
        ('title = "Bản tin sáng"', "title = 3", "sang.title", "string"),
        ("[[subscription.section]]", "[[subscription.sections]]", "sang", "required"),
    ],
)
def test_what_is_not_understood_is_refused_with_file_key_and_reason(
    tmp_path: Path, old: str, new: str, key: str, reason: str
) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, GOOD.replace(old, new))
    assert "subscriptions.toml" in str(refused.value)
    assert key in refused.value.about
    assert reason in str(refused.value)


@pytest.mark.parametrize("text", ["[[subscription", "\x00", "subscription = 3", GOOD + GOOD])
def test_broken_and_doubled_files_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError):
        load(tmp_path, text)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(ConfigError):
        load_subscriptions(tmp_path / "s.toml")


def test_international_domains_are_kept_in_the_form_that_servers_take() -> None:
    assert address_of("an@báo.vn") == "an@xn--bo-mia.vn"
