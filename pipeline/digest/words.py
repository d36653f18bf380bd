"""The words of the mail in both its languages, and how each writes dates, times and numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from models.digest import DigestArticle, Match, Subscription
from models.reasons import reason_words
from pipeline.vietnamese import fold

_VI: Final = {
    "brand": "Điểm Báo",
    "highlights": "Nổi bật",
    "updates": "Cập nhật",
    "by_province": "Theo tỉnh, thành",
    "by_province_caption": "Số tin về mỗi tỉnh, thành trong kỳ này",
    "province": "Tỉnh, thành",
    "stories_head": "Số tin",
    "no_news_in": "Không có tin mới ở các mục: {sections}.",
    "continues": "Tiếp tin đã gửi: {title}",
    "other_group": "Tin chung",
    "matched": "Khớp",
    "also_about": "còn về",
    "former": "{name} cũ",
    "more_outlets": "+{n} báo khác",
    "version": "Bản tiếng {language}",
    "lang_vi": "Việt",
    "lang_en": "Anh",
    "in_language": "bằng tiếng {language}",
    "credits": "dẫn {origin}",
    "in_highlights": "ở mục Nổi bật",
    "in_section": "ở mục {section}",
    "found_elsewhere": "Đã nêu trong thư này",
    "and_more_elsewhere": "và {n} tin nữa",
    "more_stories": "Còn {n} tin chưa nêu ở đây",
    "read_on_web": "Xem trên trang web",
    "more_updates": "Còn {stories} có thêm bài.",
    "new_outlets": "thêm {n} báo: {names}",
    "follow_up": "Diễn biến mới",
    "quiet": "Thêm {articles} về những tin đã gửi, chưa có gì mới.",
    "nothing": "Không có tin mới trong kỳ này.",
    "outage_line": "{n} báo không đọc được, xem cuối thư.",
    "fault": "Cần sửa mục này: {fault}.",
    "outages": "Có báo không đọc được",
    "outages_note": "Tin của các báo này có thể thiếu; sẽ có trong kỳ tới khi đọc lại được.",
    "outage": "{outlet}: từ {since} ({reason})",
    "and_more_outlets": "và {n} báo nữa",
    "late": "Thư này gửi muộn: lẽ ra đi lúc {time}.",
    "shortened": "Thư trước đã lâu; thư này chỉ gồm tin từ {time}.",
    "usual_more": "Số bài gấp {ratio} lần mức thường ({articles})",
    "usual_less": "Số bài bằng {percent}% mức thường ({articles})",
    "usual_same": "Số bài như mức thường ({articles})",
    "window": "Tin từ {since} đến {until} ({zone})",
    "why": "Bạn nhận thư này vì địa chỉ {who} được đăng ký nhận “{title}”, gửi {when}.",
    "why_sections": "Các mục: {sections}.",
    "your_address": "của bạn",
    "edit": "Sửa mục và giờ gửi",
    "pause": "Tạm dừng một tuần",
    "web_copy": "Xem thư này trên web",
    "feed": "Nguồn RSS",
    "unsubscribe": "Thôi nhận thư này",
    "excerpts": "Tiêu đề và trích đoạn thuộc về các báo được dẫn. Bấm tiêu đề để đọc toàn văn tại báo.",
    "sender": "Gửi bởi {sender}.",
    "no_news_subject": "không có tin mới",
    "outage_subject": "{outlets} không đọc được",
    "fault_subject": "{sections} cần sửa",
    "late_subject": "[Gửi muộn] ",
    "alert": "Báo động",
    "confirm_subject": "Xác nhận nhận “{title}”",
    "confirm_why": "Địa chỉ này vừa được đăng ký nhận “{title}”, gửi {when}.",
    "confirm_do": "Nếu đúng là bạn muốn nhận, hãy xác nhận:",
    "confirm_link": "Tôi muốn nhận thư này",
    "confirm_else": "Nếu không, bạn không cần làm gì: sẽ không có thư nào được gửi nữa.",
    "test_subject": "[Thử] ",
}
_EN: Final = {
    "brand": "Điểm Báo",
    "highlights": "Highlights",
    "updates": "Updates",
    "by_province": "By province",
    "by_province_caption": "Stories about each province in this period",
    "province": "Province",
    "stories_head": "Stories",
    "no_news_in": "No news in: {sections}.",
    "continues": "Follows: {title}",
    "other_group": "General",
    "matched": "Matched",
    "also_about": "also about",
    "former": "former {name}",
    "more_outlets": "+{n} more",
    "version": "In {language}",
    "lang_vi": "Vietnamese",
    "lang_en": "English",
    "in_language": "in {language}",
    "credits": "via {origin}",
    "in_highlights": "in Highlights",
    "in_section": "in {section}",
    "found_elsewhere": "Already in this mail",
    "and_more_elsewhere": "and {n} more",
    "more_stories": "{n} more not shown here",
    "read_on_web": "See them on the web",
    "more_updates": "Grown, too: {stories}.",
    "new_outlets": "also reported by {n} more: {names}",
    "follow_up": "New development",
    "quiet": "{articles} on stories already sent, nothing new.",
    "nothing": "No news in this period.",
    "outage_line": "Outlets that could not be read: {n}, see below.",
    "fault": "This section has to be mended: {fault}.",
    "outages": "Outlets that could not be read",
    "outages_note": "Their news may be missing; it will come once they can be read again.",
    "outage": "{outlet}: since {since} ({reason})",
    "and_more_outlets": "and {n} more",
    "late": "This mail is late: it was due at {time}.",
    "shortened": "The last mail was long ago; this one covers news from {time} only.",
    "usual_more": "{ratio} times the usual {articles}",
    "usual_less": "{percent}% of the usual {articles}",
    "usual_same": "About as many as usual ({articles})",
    "window": "News from {since} to {until} ({zone})",
    "why": "You get this mail because {who} address is subscribed to “{title}”, sent {when}.",
    "why_sections": "Its sections: {sections}.",
    "your_address": "your",
    "edit": "Edit sections and time",
    "pause": "Pause for a week",
    "web_copy": "See this mail on the web",
    "feed": "RSS feed",
    "unsubscribe": "Unsubscribe",
    "excerpts": "Headlines and excerpts belong to the outlets named. Follow a headline to read on.",
    "sender": "Sent by {sender}.",
    "no_news_subject": "no news",
    "outage_subject": "{outlets} unreadable",
    "fault_subject": "{sections} to mend",
    "late_subject": "[Late] ",
    "alert": "Alert",
    "confirm_subject": "Please confirm “{title}”",
    "confirm_why": "This address has been signed up for “{title}”, sent {when}.",
    "confirm_do": "If you do want it, please confirm:",
    "confirm_link": "I want this mail",
    "confirm_else": "If not, there is nothing to do: no further mail will come.",
    "test_subject": "[Test] ",
}
WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {"vi": MappingProxyType(_VI), "en": MappingProxyType(_EN)}
)

_WEEKDAYS_VI = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN = tuple(
    "January February March April May June July August September October November December".split()
)
_NOUNS_VI = {"story": "tin", "update": "cập nhật", "article": "bài", "outlet": "báo", "section": "mục"}
_VIETNAM = frozenset({"Asia/Ho_Chi_Minh", "Asia/Saigon"})
_KINDS_VI = {
    "topic": "chủ đề",
    "keyword": "từ khóa",
    "outlet": "báo",
    "watchlist": "theo dõi",
    "origin": "dẫn",
}
_KINDS_EN = {
    "topic": "topic",
    "keyword": "keyword",
    "outlet": "outlet",
    "watchlist": "watch-list",
    "origin": "via",
}


def count(n: int, language: str, noun: str) -> str:
    """`n` with its noun (one of `_NOUNS_VI`) in the grammar of the language."""
    if language == "vi":
        return f"{number(n, language)} {_NOUNS_VI[noun]}"
    plural = "stories" if noun == "story" else f"{noun}s"
    return f"{number(n, language)} {noun if n == 1 else plural}"


def further(n: int, language: str, noun: str) -> str:
    """`n` beyond those already counted, for a sentence: `2 more articles`; Vietnamese has a verb for it."""
    counted = count(n, language, noun)
    return counted if language == "vi" else counted.replace(" ", " more ", 1)


def chip(label: str) -> str:
    """A topic's label as it stands in a list: its first name (`Thiên tai` of `Thiên tai (bão, lũ)`)."""
    return re.split(r"\s*[,(]", label, maxsplit=1)[0] or label


def heading(label: str) -> str:
    """A topic's label as a heading: with a capital, without what stands in brackets."""
    text = label.partition(" (")[0]
    return text[:1].upper() + text[1:]


def agency(name: str, language: str) -> str:
    """A credited agency or outlet as the language calls it."""
    return "VNA" if name == "TTXVN" and language != "vi" else name


def zone_name(zone: str, language: str) -> str:
    """A time zone for readers: `giờ Việt Nam`, `Berlin time`."""
    place = zone.rpartition("/")[2].replace("_", " ")
    if zone in _VIETNAM:
        place = "Việt Nam" if language == "vi" else "Vietnam"
    return f"giờ {place}" if language == "vi" else f"{place} time"


def number(n: int, language: str) -> str:
    """1.234 in Vietnamese, 1,234 in English."""
    text = f"{n:,}"
    return text.replace(",", ".") if language == "vi" else text


def decimal(value: float, language: str) -> str:
    """One decimal, with a comma in Vietnamese."""
    text = f"{value:.1f}"
    return text.replace(".", ",") if language == "vi" else text


def long_date(day: date, language: str) -> str:
    """`Chủ nhật, 22/11/2026`, `Sunday, 22 November 2026`."""
    if language == "vi":
        return f"{_WEEKDAYS_VI[day.weekday()]}, {day.day}/{day.month}/{day.year}"
    return f"{_WEEKDAYS_EN[day.weekday()]}, {day.day} {_MONTHS_EN[day.month - 1]} {day.year}"


def short_date(day: date, language: str) -> str:
    """`22/11` or `22 Nov`."""
    return f"{day.day}/{day.month}" if language == "vi" else f"{day.day} {_MONTHS_EN[day.month - 1][:3]}"


def clock(at: datetime, zone: str, language: str) -> str:
    """`05:40, 21/11` in the subscriber's zone."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%H:%M}, {short_date(local.date(), language)}"


def reason_of(match: Match, language: str) -> str:
    """One matched condition in words: `chủ đề Năng lượng`, `từ khóa “điện gió”`."""
    kinds = _KINDS_VI if language == "vi" else _KINDS_EN
    label = match.label(language)
    if match.kind == "keyword":
        label = f"“{label}”"
    elif match.kind == "topic":
        label = chip(label)
    kind = kinds.get(match.kind, "")
    named = label.casefold().startswith(f"{kind} ")  # Báo Đà Nẵng
    return label if named or not kind else f"{kind} {label}"


def reasons_of(matches: Sequence[Match], shown: DigestArticle, language: str) -> list[str]:
    """The matched conditions in words, those that rest on the same evidence together, with that evidence of
    the article shown when it says more than they do: `Đà Nẵng, Quảng Nam cũ (“Chu Lai”)`. Evidence that only
    an article in another language has is named as such."""
    by_evidence: dict[str, list[str]] = {}
    tongues: dict[str, str] = {}
    for match in matches:
        quote = match.quote(shown)
        evidence = quote.words.strip() if quote else ""
        by_evidence.setdefault(evidence, []).append(reason_of(match, language))
        tongues.setdefault(evidence, quote.language if quote else "")
    said = list(dict.fromkeys(by_evidence.pop("", ())))
    for evidence, reasons in by_evidence.items():
        text = ", ".join(dict.fromkeys(reasons))
        foreign = _foreign(tongues[evidence], shown, language)
        said.append(text if fold(evidence) in fold(text) else f"{text} (“{evidence}”{foreign})")
    return said


def _foreign(tongue: str, shown: DigestArticle, language: str) -> str:
    """How evidence in another language than the article shown names its language."""
    said = WORDS[language]
    if tongue == shown.language or tongue not in WORDS:
        return ""
    return ", " + said["in_language"].format(language=said[f"lang_{tongue}"])


def outage_reason(reason: str, language: str) -> str:
    """An outcome's reason in words for readers."""
    words = reason_words(reason)
    return words.vi if language == "vi" else words.en


def schedule_of(subscription: Subscription) -> str:
    """When the mail comes: `06:30 hằng ngày`, `at 06:30 on Mon, Wed`."""
    vietnamese = subscription.language == "vi"
    if subscription.frequency == "hourly":
        return (
            "khi có tin, nhiều nhất mỗi giờ một thư"
            if vietnamese
            else "when there is news, once an hour at most"
        )
    at = subscription.send_at.strftime("%H:%M")
    days = sorted(subscription.days)
    if subscription.frequency == "weekly":
        day = (_WEEKDAYS_VI if vietnamese else _WEEKDAYS_EN)[days[0] - 1]
        return f"{at} {day} hằng tuần" if vietnamese else f"every {day} at {at}"
    if len(days) == 7:
        return f"{at} hằng ngày" if vietnamese else f"daily at {at}"
    if vietnamese:
        return f"{at} " + ", ".join(_WEEKDAYS_VI[day - 1] for day in days)
    return f"at {at} on " + ", ".join(_WEEKDAYS_EN[day - 1] for day in days)
