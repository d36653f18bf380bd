"""Subscriptions as TOML, read and written. What is not understood is refused, with file, key and reason."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from models.digest import Section, Subscription
from models.errors import ConfigError

DAYS = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}
MAX_SECTIONS = 28
"""As many saved searches as fit into one readable mail."""
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def address_of(text: str) -> str:
    """The normalised ASCII form of a mail address; the domain as A-labels.

    Raises ValueError. Non-ASCII local parts are refused: a server without SMTPUTF8 cannot take them.
    """
    try:
        checked = validate_email(
            text, check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError as error:
        raise ValueError(f"{text!r} is not a mail address: {error}") from error
    if checked.ascii_email is None:
        raise ValueError(f"{text!r} is not a mail address that every server accepts")
    return checked.ascii_email


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not a time zone, such as Asia/Ho_Chi_Minh") from error
    return name


def _clock(value: object) -> time:
    if isinstance(value, time):
        return value.replace(tzinfo=None)
    match = _CLOCK.fullmatch(str(value).strip())
    if match is None:
        raise ValueError(f"{value!r} is not a time of day, such as 06:30")
    return time(int(match[1]), int(match[2]))


def _day(value: str) -> int:
    if value not in DAYS:
        raise ValueError(f"{value!r} is not one of {', '.join(DAYS)}")
    return DAYS[value]


_Line = Annotated[
    str, Field(min_length=1, max_length=120), AfterValidator(lambda text: " ".join(text.split()))
]
_Words = tuple[Annotated[str, Field(min_length=1, max_length=200)], ...]
_Clock = Annotated[time, BeforeValidator(_clock)]
_STRICT = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class _SectionTable(BaseModel):
    """`[[subscription.section]]`"""

    model_config = _STRICT

    title: _Line
    query: str = Field(default="", max_length=500)
    provinces: _Words = ()
    topics: _Words = ()
    keywords: _Words = ()
    outlets: _Words = ()
    languages: tuple[Literal["vi", "en"], ...] = ()
    mute_keywords: _Words = ()
    mute_outlets: _Words = ()
    group_by: Literal["province", "topic", "none"] = "province"
    limit: int = Field(default=12, ge=1, le=100)


class _SubscriptionTable(BaseModel):
    """`[[subscription]]`"""

    model_config = _STRICT

    slug: str = Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$")
    title: _Line
    recipients: tuple[Annotated[str, AfterValidator(address_of)], ...] = Field(min_length=1)
    language: Literal["vi", "en"] = "vi"
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Ho_Chi_Minh"
    cutoff: _Clock = time(6, 0)
    send_at: _Clock = time(6, 30)
    days: tuple[Annotated[int, BeforeValidator(_day)], ...] = Field(default=tuple(range(1, 8)), min_length=1)
    frequency: Literal["daily", "weekly", "hourly"] = "daily"
    limit: int = Field(default=40, ge=1, le=400)
    highlights: int = Field(default=5, ge=0, le=10)
    update_outlets: int = Field(default=2, ge=1, le=50)
    send_empty: bool = False
    late: Literal["send", "drop"] = "send"
    format: Literal["both", "text"] = "both"
    active: bool = True
    section: tuple[_SectionTable, ...] = Field(min_length=1, max_length=MAX_SECTIONS)

    @model_validator(mode="before")
    @classmethod
    def _weekly_on_monday(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("frequency") == "weekly" and "days" not in data:
            return {**data, "days": ["mon"]}
        return data

    @model_validator(mode="after")
    def _one_day_a_week(self) -> _SubscriptionTable:
        if self.frequency == "weekly" and len(self.days) != 1:
            raise ValueError("a weekly digest has one day")
        return self


class _File(BaseModel):
    model_config = _STRICT

    subscription: tuple[_SubscriptionTable, ...] = ()


def load_subscriptions(path: Path) -> list[Subscription]:
    """The subscriptions of a TOML file, in its order; an absent file holds none.

    Raises ConfigError for unreadable TOML, unknown keys, impossible values, doubled slugs or recipients.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(error), about=str(path), hint="the file must be valid TOML in UTF-8") from error
    return read_subscriptions(text, str(path))


def read_subscriptions(text: str, about: str) -> list[Subscription]:
    """The subscriptions of a TOML text; `about` names it in errors. Raises ConfigError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(error), about=about, hint="the file must be valid TOML in UTF-8") from error
    return from_tables(data, about)


def from_tables(data: Mapping[str, Any], about: str) -> list[Subscription]:
    """The subscriptions of `{"subscription": [table, …]}`. Raises ConfigError."""
    try:
        tables = _File.model_validate(data).subscription
    except ValidationError as error:
        raise _refusal(about, data, error) from error
    _refuse_doubles(about, tables)
    return [_subscription(table) for table in tables]


def table_of(subscription: Subscription) -> dict[str, Any]:
    """A subscription as the table that makes it, keys that have their default left out."""
    plain = _differing(subscription, Subscription)
    days = plain.pop("days", None)
    if days:
        plain["days"] = [name for name, number in DAYS.items() if number in days]
    plain["section"] = [_differing(section, Section) for section in subscription.sections]
    del plain["sections"]
    return plain


def toml_of(subscriptions: Iterable[Subscription]) -> str:
    """The subscriptions as a TOML text that reads back as the same."""
    return "\n".join(_lines(subscriptions))


def _lines(subscriptions: Iterable[Subscription]) -> Iterator[str]:
    for subscription in subscriptions:
        table = table_of(subscription)
        sections = table.pop("section")
        for header, values in [
            ("[[subscription]]", table),
            *(("[[subscription.section]]", section) for section in sections),
        ]:
            yield header
            yield from (f"{key} = {_toml(value)}" for key, value in values.items())
            yield ""


def _toml(value: Any) -> str:
    """A value as TOML: what JSON writes of text, numbers, truth and lists is TOML too, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _differing(value: Subscription | Section, kind: type[Subscription | Section]) -> dict[str, Any]:
    """The fields that are not at their default, as JSON knows them; an alert's or mail's names first."""
    found: dict[str, Any] = {}
    for field in fields(kind):
        now = getattr(value, field.name)
        if now == field.default and field.name not in ("cutoff", "send_at"):
            continue
        if isinstance(now, time):
            now = now.strftime("%H:%M")
        found[field.name] = list(now) if isinstance(now, tuple) else now
    return found


def _subscription(table: _SubscriptionTable) -> Subscription:
    values = table.model_dump(exclude={"section", "days"})
    sections = tuple(Section(**section.model_dump()) for section in table.section)
    return Subscription(**values, days=frozenset(table.days), sections=sections)


def _refuse_doubles(about: str, tables: tuple[_SubscriptionTable, ...]) -> None:
    slugs = [table.slug for table in tables]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise ConfigError(f"two subscriptions are called {slug!r}", about=f"{about}: slug")
    for table in tables:
        people = [recipient.lower() for recipient in table.recipients]
        for person in people:
            if people.count(person) > 1:
                raise ConfigError(f"{person} stands twice", about=f"{about}: {table.slug}.recipients")


def _refusal(path: str, data: Mapping[str, Any], error: ValidationError) -> ConfigError:
    """The first fault, with the subscription's slug in place of its position."""
    first = error.errors()[0]
    parts = [str(part) for part in first["loc"]]
    if len(parts) > 1 and parts[0] == "subscription" and parts[1].isdigit():
        listed = data.get("subscription")
        table = listed[int(parts[1])] if isinstance(listed, list) else None
        slug = table.get("slug") if isinstance(table, dict) else None
        parts[:2] = [str(slug or f"subscription {int(parts[1]) + 1}")]
    reason = first["msg"].removeprefix("Value error, ")
    hint = "docs/digest.md lists the keys" if first["type"] == "extra_forbidden" else ""
    if first["type"] == "extra_forbidden":
        reason = "unknown key"
    return ConfigError(reason, about=f"{path}: {'.'.join(parts)}", hint=hint)
