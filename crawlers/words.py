"""What people read of outlets, in both languages: their health and its reasons, coverage, probes.

    say("old", days=16)         Note("bài mới nhất đã 16 ngày", "the newest entry is 16 days old")
    failure("missing", "404")   Note("trang không còn (404)", "missing 404")
    both(say("no_time"))        "không rõ giờ · no time"

The English words stand in JSON and in the database too. An outlet is a `báo`, an endpoint a `kênh`; `nguồn`
is who wrote an article first, as in searches.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from models.outlet import EndpointKind
from models.query import Note
from models.reasons import reason_words

WORDS: Final[Mapping[str, Note]] = MappingProxyType(
    {
        # health
        "failing": Note(
            "{failing}/{polled} kênh không đọc được; {example}",
            "{failing} of {polled} endpoints fail; {example}",
        ),
        "refused": Note(
            "trong 7 ngày qua, {refused}/{tried} trang không cho đọc",
            "{refused} of {tried} pages were refused to us this week",
        ),
        "empty": Note("các kênh vẫn trả lời nhưng không có bài nào", "its endpoints answer and name nothing"),
        "silent": Note("hai ngày qua không có bài mới", "nothing new was named in the last two days"),
        "stale": Note(
            "bài mới nhất đã {age:.1f} ngày, quá mức {limit:.1f} ngày của báo này",
            "the newest entry is {age:.1f} days old, the limit for it is {limit:.1f} days",
        ),
        "few_stored": Note(
            "24 giờ qua chỉ lưu được {latest} bài, thường là {usual:g}, dù các kênh vẫn đưa tin đều",
            "{latest} articles stored in a day, usually {usual:g}, though entries come as usual",
        ),
        "low_yield": Note(
            "trong 7 ngày qua, chỉ {kept}/{tried} trang đọc ra bài",
            "{kept} of {tried} pages gave an article this week",
        ),
        "wrong_section": Note(
            "{foreign}/{all} bài của {url} không thuộc chuyên mục “{section}”",
            "{foreign} of {all} articles of {url} are not of “{section}”",
        ),
        "well_again": Note("đã đọc lại được", "well again"),
        "OK": Note("ổn", "OK"),
        "BLOCKED": Note("bị chặn", "BLOCKED"),
        "MOVED": Note("đổi địa chỉ", "MOVED"),
        "FAILING": Note("lỗi", "FAILING"),
        "EMPTY": Note("không có bài", "EMPTY"),
        "STALE": Note("tin cũ", "STALE"),
        "WRONG SECTION": Note("sai chuyên mục", "WRONG SECTION"),
        "outlet": Note("báo", "outlet"),
        "state": Note("tình trạng", "state"),
        "hours_ok": Note("đọc (h)", "ok h"),
        "hours_newest": Note("bài (h)", "age h"),
        "entries": Note("tìm thấy", "entries"),
        "articles": Note("lưu được", "articles"),
        "yield": Note("đọc ra", "yield"),
        # coverage
        "coverage": Note(
            "{day}: số bài có trong RSS, sitemap, chuyên mục (riêng: chỉ loại đó có)",
            "{day}: articles named by feed, sitemap, listing (alone: by no other)",
        ),
        "all": Note("tất cả", "all"),
        "alone": Note("riêng", "alone"),
        "not_in": Note("không có ở {kinds}", "not in {kinds}"),
        "never_named": Note(
            "chưa kênh nào có bài: cần thu tin trước (diembao collect)",
            "nothing was ever named: collect first (diembao collect)",
        ),
        "not_that_day": Note("không kênh nào có bài của ngày này", "nothing of that day was named"),
        "latest_named": Note(
            "không kênh nào có bài của ngày này; gần nhất là {latest} (xem --day)",
            "nothing of that day was named; the latest is of {latest} (see --day)",
        ),
        EndpointKind.FEED.value: Note("RSS", "feed"),
        EndpointKind.SITEMAP.value: Note("sitemap", "sitemap"),
        EndpointKind.LISTING.value: Note("chuyên mục", "listing"),
        # probe
        "no_endpoint": Note(
            "chưa khai báo và cũng không thấy kênh nào", "no endpoint is configured or announced"
        ),
        "well": Note("{well}/{all} kênh đọc tốt", "{well} of {all} endpoints answer well"),
        "no_article_form": Note(
            "{entries} mục, không mục nào có dạng địa chỉ bài báo", "{entries} entries, none of article form"
        ),
        "old": Note("bài mới nhất đã {days} ngày", "the newest entry is {days} days old"),
        "other_sections": Note(
            "{foreign}/{all} mục thuộc chuyên mục khác", "{foreign} of {all} entries are of other sections"
        ),
        "moved_for_good": Note(
            "đã chuyển hẳn sang {to}; hãy sửa tệp của báo",
            "moved permanently to {to}; update the outlet file",
        ),
        "untidy": Note("kênh không đúng quy cách", "{problems}"),
        "robots_forbids": Note("cấm {refused}/{all} kênh", "forbids {refused} of {all} endpoints"),
        "robots_silent": Note("không trả lời", "gave no answer"),
        "robots_failing": Note(
            "trả lời {status}: chưa đọc gì cho đến khi có robots.txt",
            "answered {status}: nothing is read until it is there",
        ),
        "robots_allows": Note("cho đọc", "allows us"),
        "robots_absent": Note("trả lời {status}: không cấm gì", "answered {status}: nothing is forbidden"),
        "announced": Note("báo có giới thiệu, chưa khai báo", "announced, not configured"),
        "no_sample": Note("không có bài để đọc thử", "no article to try"),
        "sample": Note("bài đọc thử: {reason}", "article {reason}"),
        "words": Note("{words} chữ", "{words} words"),
        "no_time": Note("không rõ giờ", "no time"),
        "readable": Note("đọc được", "stored"),
        "graded": Note("đã ghi {changed} kênh", "{changed} endpoints written"),
        "ungraded": Note(
            'không ghi được, hãy tự sửa trong tệp: {url} grade = "{grade}", checked = {checked}',
            'could not be written, change it by hand: {url} grade = "{grade}", checked = {checked}',
        ),
        # add, import
        "none_announced": Note(
            "không thấy RSS hay sitemap nào: phải tự thêm một [[endpoint]]",
            "no feed or sitemap is announced: an [[endpoint]] must be added by hand",
        ),
        "would_write": Note("thêm --save thì ghi vào tệp", "with --save it is written"),
        "written": Note("đã ghi", "written"),
        "left_out": Note("bỏ qua {url}: {why}", "left out {url}: {why}"),
        "not_http": Note("không phải http(s)", "not http(s)"),
        "not_public": Note(
            "địa chỉ nội bộ (xem allow_networks trong docs/settings.md)",
            "not a public address (see allow_networks in docs/settings.md)",
        ),
        "configured": Note(
            "{configured}/{all} kênh RSS đã khai báo", "{configured} of {all} feeds are configured"
        ),
    }
)
NOTHING: Final = Note("", "")


class _Vietnamese(float):
    """A number whose decimals stand behind a comma."""

    def __format__(self, form: str) -> str:
        return super().__format__(form).replace(".", ",")


def say(key: str, **values: Note | str | float) -> Note:
    """The words under `key` with their values, those that are notes themselves in each language."""
    words = WORDS[key]
    vi = {name: _Vietnamese(value) if isinstance(value, float) else value for name, value in values.items()}
    return Note(
        words.vi.format(**{name: each.vi if isinstance(each, Note) else each for name, each in vi.items()}),
        words.en.format(
            **{name: each.en if isinstance(each, Note) else each for name, each in values.items()}
        ),
    )


def failure(reason: str, detail: str, url: str = "") -> Note:
    """What came of an address. In English with the detail of the outcome, which is technical; of which
    Vietnamese takes what needs no words, such as a status."""
    short = f" ({detail})" if detail and not any(map(str.isalpha, detail)) else ""
    at = f"{url}: " if url else ""
    return Note(f"{at}{reason_words(reason).vi}{short}"[:300], f"{at}{reason} {detail}".strip()[:300])


def both(note: Note) -> str:
    """A note for a reader of either language: `riêng · alone`."""
    return note.vi if note.vi == note.en else f"{note.vi} · {note.en}"


def beneath(note: Note, indent: int = 4) -> list[str]:
    """A note as lines of its own below what it is about, one for each language."""
    return [f"{'':{indent}}{words}" for words in dict.fromkeys((note.vi, note.en)) if words]


def labelled(state: str) -> str:
    """A state of health with its meaning in Vietnamese: `FAILING · lỗi`."""
    return f"{state} · {WORDS[state].vi}"


def explained(state: str, reason: Note) -> Note:
    """Why an outlet or endpoint is in a state, with the state in Vietnamese unless it is well:
    `lỗi: quá thời gian chờ`."""
    told = [WORDS[state].vi] if state != "OK" else []
    return Note(": ".join([*told, *filter(None, [reason.vi])]), reason.en)
