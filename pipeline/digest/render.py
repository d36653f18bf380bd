"""Write a digest: subject, HTML and plain text from one and the same value. Pure.

The HTML part may weigh 90 KiB once it is encoded, because mail readers cut off what is longer: when it
would be more, each section shows fewer stories and says how many are left out; then the subject, the
counts and the text part speak of what is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from models.digest import (
    Digest,
    DigestGroup,
    DigestItem,
    DigestProvince,
    DigestSection,
    RenderedDigest,
    Subscription,
    Update,
)
from models.tags import Role
from pipeline.digest import words
from pipeline.digest.excerpt import plain, shorten
from pipeline.digest.select import recount
from pipeline.digest.versions import shown_time
from pipeline.vietnamese import fold, strip_marks

HTML_LIMIT = 90 * 1024
"""Bytes of the base64-encoded HTML part."""
SUBJECT_LIMIT = 60
UNSUBSCRIBE = "https://unsubscribe.invalid/here"
"""Stands in the rendered parts where each recipient's own link goes: see `personal`."""
MAX_URL = 1000
OTHERS_SHOWN = 4
CHART_FROM = 5
"""Fewer stories need no chart of their provinces."""
OUTAGES_SHOWN = 5
FAULTS_SHOWN = 5
FULL_ENOUGH = 0.97
"""Share of the limit at which a trimmed page is not made any fuller."""
REMEMBERED = 50_000
"""Cleaned texts and checked addresses kept for the next mail, which tells of the same stories."""
REMEMBERED_STORIES = 10_000
"""Written stories kept for the other mails that tell the same of them, and for the next try of a mail that
was too heavy."""
TEXT_WIDTH = 76


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Addresses for the mail; an empty one is left out. `sections` are the web pages that list all
    stories of each section, in the subscription's order."""

    edit: str = ""
    pause: str = ""
    web_copy: str = ""
    feed: str = ""
    unsubscribe: str = UNSUBSCRIBE
    sections: tuple[str, ...] = ()


class Renderer:
    """Holds the parsed templates and the style inliner; create it once and hand it down."""

    def __init__(self) -> None:
        loader = FileSystemLoader(Path(__file__).parent / "templates")
        self._env = Environment(
            loader=loader,
            autoescape=select_autoescape(enabled_extensions=("html.j2",)),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._inliner = css_inline.CSSInliner(
            keep_style_tags=False, keep_at_rules=False, minify_css=True, load_remote_stylesheets=False
        )
        self._env.globals |= {
            "plain": lru_cache(REMEMBERED)(plain),
            "url": lru_cache(REMEMBERED)(web_address),
            "wrap": _wrap,
        }
        self._written: dict[tuple[object, ...], str] = {}

    def render(
        self, digest: Digest, links: Links | None = None, *, sender: str = "", limit: int = HTML_LIMIT
    ) -> RenderedDigest:
        """The digest in words, trimmed until its HTML part fits into `limit` encoded bytes."""
        links = links or Links()
        page = self._html(digest, links, sender)
        if encoded_size(page) > limit:
            digest, page = self._trim(digest, page, links, sender, limit)
        return RenderedDigest(
            subject=subject_of(digest), html=page, text=self._text(digest, links, sender), digest=digest
        )

    def _trim(self, digest: Digest, page: str, links: Links, sender: str, limit: int) -> tuple[Digest, str]:
        """The digest with about as many stories as fit, taken from all sections alike. Every story weighs
        much the same, so the number is guessed from the weight of more and of fewer of them."""
        most = max([1, *(len(section.items) for section in digest.sections)])
        high = len(digest.highlights) + max(1, len(digest.sections)) * most + 1
        too_heavy = encoded_size(page)
        low, best = 0, capped(digest, 0)
        page = self._html(best, links, sender)
        while high - low > 1 and (weight := encoded_size(page)) < limit * FULL_ENOUGH:
            share = (limit - weight) / max(1, too_heavy - weight)
            middle = min(high - 1, max(low + 1, low + int(share * (high - low))))
            candidate = capped(digest, middle)
            attempt = self._html(candidate, links, sender)
            if encoded_size(attempt) <= limit:
                low, best, page = middle, candidate, attempt
            else:
                high, too_heavy = middle, encoded_size(attempt)
        return best, page

    def _html(self, digest: Digest, links: Links, sender: str) -> str:
        view = _view(digest, links, sender) | {"once": partial(self._once, "html", digest.subscription)}
        page = self._env.get_template("digest.html.j2").render(view)
        return re.sub(r"\n\s*", "\n", self._inliner.inline(page))

    def _text(self, digest: Digest, links: Links, sender: str) -> str:
        view = _view(digest, links, sender) | {"once": partial(self._once, "text", digest.subscription)}
        text = self._env.get_template("digest.txt.j2").render(view)
        return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"

    def _once(
        self, part: str, reader: Subscription, macro: Callable[..., str], item: DigestItem, *more: object
    ) -> str:
        """The story as the template's macro writes it; it depends on nothing else of the mail than language
        and time zone."""
        key = (part, reader.language, reader.timezone, item, *more)
        known = self._written.get(key)
        if known is None:
            if len(self._written) >= REMEMBERED_STORIES:
                self._written.clear()
            known = self._written[key] = macro(item, *more)
        return known


def personal(rendered: RenderedDigest, unsubscribe: str) -> RenderedDigest:
    """The rendered digest with one recipient's unsubscribe address (a URL or mailto) filled in."""
    escaped = unsubscribe.replace("&", "&amp;").replace('"', "%22").replace("<", "%3C")
    return replace(
        rendered,
        html=rendered.html.replace(UNSUBSCRIBE, escaped),
        text=rendered.text.replace(UNSUBSCRIBE, unsubscribe),
    )


def encoded_size(page: str) -> int:
    """Bytes of the page as a base64 part: four for three, and a line break for each 76."""
    encoded = (len(page.encode()) + 2) // 3 * 4
    return encoded + (encoded + 75) // 76 * 2


def capped(digest: Digest, total: int) -> Digest:
    """The digest with about `total` stories: first one in each section, then the highlights, then the same
    number more in each section, earlier ones taking what does not divide; counts made right."""
    count = max(1, len(digest.sections))
    kept = min(len(digest.highlights), max(0, total - count))
    each, rest = divmod(total - kept, count)
    sections = tuple(
        _capped_section(section, each + (n < rest), digest.highlights[kept:])
        for n, section in enumerate(digest.sections)
    )
    updates = digest.updates[: max(2 * total, len(digest.leading))]
    return recount(
        replace(
            digest,
            highlights=digest.highlights[:kept],
            sections=sections,
            updates=updates,
            more_updates=digest.more_updates + len(digest.updates) - len(updates),
        )
    )


def _capped_section(section: DigestSection, cap: int, dropped: tuple[DigestItem, ...]) -> DigestSection:
    """A section with `cap` stories; a highlight that was dropped is no longer told elsewhere."""
    room = cap
    groups = []
    for group in section.groups:
        kept = group.items[:room]
        room -= len(kept)
        if kept:
            groups.append(DigestGroup(label=group.label, items=kept))
    gone = {item.headline.title for item in dropped}
    elsewhere = tuple(e for e in section.elsewhere if e.section or e.title not in gone)
    hidden = len(section.items) - sum(len(group.items) for group in groups)
    hidden += len(section.elsewhere) - len(elsewhere)
    return replace(section, groups=tuple(groups), elsewhere=elsewhere[: cap + 1], more=section.more + hidden)


def subject_of(digest: Digest) -> str:
    """The facts first, at most 60 characters: `Bản tin sáng 22/11: 12 tin, 31 bài · Quảng Trị, Đắk Lắk`."""
    language = digest.subscription.language
    said = words.WORDS[language]
    title = shorten(plain(digest.subscription.title), 26)
    if digest.subscription.frequency == "hourly":
        title = f"{said['alert']}: {title}"
    head = f"{title} {words.short_date(_local_date(digest), language)}: "
    prefix = said["late_subject"] if digest.slot.late else ""
    if not digest.items and not digest.updates:
        body = said["no_news_subject"]
        if digest.outages:
            outlets = words.count(len(digest.outages), language, "outlet")
            body += ", " + said["outage_subject"].format(outlets=outlets)
        if digest.faulty:
            sections = words.count(len(digest.faulty), language, "section")
            body += ", " + said["fault_subject"].format(sections=sections)
        return prefix + head + body
    body = words.count(digest.articles, language, "article")
    if digest.stories:
        body = words.count(digest.stories, language, "story") + ", " + body
    else:
        body = words.count(len(digest.updates) + digest.more_updates, language, "update") + ", " + body
    return prefix + _with_places(head + body, _places(digest))


def _places(digest: Digest) -> list[str]:
    """The provinces for the subject: those of the news, else those of the updates."""
    if digest.stories:
        return [province.name for province in digest.provinces]
    language = digest.subscription.language
    named = (p.name(language) for update in digest.updates for p in update.item.story.provinces[:2])
    return list(dict.fromkeys(named))


def _with_places(subject: str, names: list[str]) -> str:
    """The subject with as many of the leading provinces as fit."""
    for shown in range(min(3, len(names)), 0, -1):
        longer = f"{subject} · {', '.join(names[:shown])}"
        if len(longer) <= SUBJECT_LIMIT:
            return longer
    return subject


def _local_date(digest: Digest) -> Any:
    """The date in the subject: that of the cut-off, in the subscriber's zone."""
    return digest.slot.until.astimezone(ZoneInfo(digest.subscription.timezone)).date()


def usual_line(digest: Digest) -> str:
    """How the number of articles stands to the usual one; empty without a history."""
    usual, language = digest.usual, digest.subscription.language
    if not usual or not digest.articles:
        return ""
    said = words.WORDS[language]
    ratio = digest.articles / usual
    shown = words.count(usual, language, "article")
    if ratio >= 1.2:
        return said["usual_more"].format(ratio=words.decimal(ratio, language), articles=shown)
    if ratio <= 0.8:
        return said["usual_less"].format(percent=round(100 * ratio), articles=shown)
    return said["usual_same"].format(articles=shown)


def counts_line(digest: Digest) -> str:
    """What the mail holds: `9 tin · 1 cập nhật · 23 bài · 9 báo`."""
    counts = {
        "story": digest.stories,
        "update": len(digest.updates) - len(digest.leading) + digest.more_updates,
        "article": digest.articles,
        "outlet": digest.outlets,
    }
    language = digest.subscription.language
    return " · ".join(words.count(n, language, noun) for noun, n in counts.items() if n)


def reasons_of(item: DigestItem, language: str) -> tuple[list[str], list[str]]:
    """Why the story is here, and what else it is about."""
    reasons = [plain(reason, 90) for reason in words.reasons_of(item.why[:4], item.headline, language)]
    named = {match.label(language).casefold() for match in item.why}
    provinces = [p for p in item.story.provinces if p.role is Role.ABOUT]
    rest = [_place(p, language) for p in provinces if p.name(language).casefold() not in named][:3]
    labels = [t.label(language) for t in item.story.topics]
    topics = [words.chip(label) for label in labels if label.casefold() not in named]
    rest += topics[: max(0, 4 - len(rest))]
    return reasons, rest


def matched_line(item: DigestItem, language: str) -> str:
    """The reasons as one sentence, for the text part."""
    said = words.WORDS[language]
    reasons, rest = reasons_of(item, language)
    line = f"{said['matched']}: {', '.join(reasons)}"
    return f"{line} · {said['also_about']} {', '.join(rest)}" if rest else line


def _place(province: DigestProvince, language: str) -> str:
    name = province.name(language)
    same = fold(f"{province.name_vi}\n{name}")  # the English name may be written as one word: Hanoi
    old = [n for n in province.old_names if fold(n) not in same][:2]
    if not old:
        return name
    old = old if language == "vi" else [strip_marks(n) for n in old]
    return f"{name} ({words.WORDS[language]['former'].format(name=', '.join(old))})"


def web_address(url: str) -> str:
    """The URL when it may be linked (http or https, with a host, not absurdly long), else empty."""
    if len(url) > MAX_URL or any(ord(char) <= 32 or ord(char) == 127 for char in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def _view(digest: Digest, links: Links, sender: str) -> dict[str, Any]:
    """What the templates see: the digest and the functions that word its parts."""
    language, zone = digest.subscription.language, digest.subscription.timezone
    said = words.WORDS[language]

    def say(key: str, **values: object) -> str:
        return said[key].format(**values)

    def section_link(section: DigestSection) -> str:
        return links.sections[section.index] if section.index < len(links.sections) else ""

    return {
        "d": digest,
        "links": links,
        "sender": plain(sender, 200),
        "lang": language,
        "say": say,
        "subject": subject_of(digest),
        "preheader": _preheader(digest),
        "day": words.long_date(_local_date(digest), language),
        "count": lambda n, noun: words.count(n, language, noun),
        "further": lambda n, noun: words.further(n, language, noun),
        "number": lambda n: words.number(n, language),
        "at": lambda moment: words.clock(moment, zone, language),
        "when": words.schedule_of(digest.subscription),
        "usual": usual_line(digest),
        "counts": counts_line(digest),
        "matched": partial(matched_line, language=language),
        "reasons": partial(reasons_of, language=language),
        "outage_reason": partial(words.outage_reason, language=language),
        "seen_at": shown_time,
        "section_link": section_link,
        "continued": _continued,
        "label": lambda group: words.heading(group.label) or said["other_group"],
        "agency": partial(words.agency, language=language),
        "tongue_of": lambda a: (
            say("in_language", language=said[f"lang_{a.language}"])
            if a.language != language and a.language in words.WORDS
            else ""
        ),
        "charted": len(digest.provinces) > 1
        and digest.stories >= CHART_FROM
        and digest.provinces[0].stories > 1,
        "zone": words.zone_name(zone, language),
        "silent": "; ".join(plain(s.title, 120) for s in digest.sections if _is_silent(s)),
        "stands": _stands,
        "minor_updates": digest.updates[len(digest.leading) :],
        "faults": lambda section: [plain(note.text(language), 200) for note in section.faults[:FAULTS_SHOWN]],
        "others_shown": OTHERS_SHOWN,
        "outages_shown": OUTAGES_SHOWN,
        "peak": max((p.stories for p in digest.provinces), default=1),
    }


def _stands(section: DigestSection) -> bool:
    """Whether a section has something to say under a heading of its own."""
    return bool(section.groups or section.elsewhere or section.more or section.faults)


def _is_silent(section: DigestSection) -> bool:
    """Whether a section has no news at all, not even among the updates; such sections share one line."""
    return not (_stands(section) or section.updated)


def _continued(update: Update) -> str:
    """The headline under which the story was told, unless the update repeats it."""
    told = plain(update.item.headline.title, 140)
    return "" if told == plain(update.latest.title, 140) else told


def _preheader(digest: Digest) -> str:
    """What a phone shows beside the subject: the first headlines."""
    shown = [*(update.latest for update in digest.leading), *(item.headline for item in digest.items)]
    titles = [plain(article.title, 120) for article in shown[:2]]
    titles = titles or [plain(update.latest.title, 120) for update in digest.updates[:2]]
    return " · ".join(titles) or words.WORDS[digest.subscription.language]["nothing"]


def _wrap(text: str, indent: int = 0, hang: int | None = None) -> str:
    """Lines of the text part: broken between words, never inside one."""
    later = indent if hang is None else hang
    lines = []
    line, room = " " * indent, TEXT_WIDTH - indent
    for word in text.split():
        if len(word) > room and line.strip():
            lines.append(line.rstrip())
            line, room = " " * later, TEXT_WIDTH - later
        line += f"{word} "
        room -= len(word) + 1
    return "\n".join([*lines, line.rstrip()])
