"""How the reasons of outcomes are said to people, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from models.outcome import Reason
from models.query import Note

REASON_WORDS: Final[Mapping[Reason, Note]] = MappingProxyType(
    {
        Reason.STORED: Note("đã lưu", "stored"),
        Reason.REVISED: Note("đã lưu bản mới", "stored anew"),
        Reason.UNCHANGED: Note("không đổi", "unchanged"),
        Reason.KNOWN: Note("đã biết", "known already"),
        Reason.DUPLICATE: Note("trùng bài đã có", "met already under another address"),
        Reason.NOT_AN_ARTICLE: Note("không phải bài báo", "not an article"),
        Reason.OFFSITE: Note("dẫn sang trang khác", "leads to another site"),
        Reason.ROBOTS: Note("báo không cho đọc tự động", "robots refused"),
        Reason.BLOCKED_ADDRESS: Note(
            "địa chỉ nội bộ, không được phép đọc", "an inner address, not permitted"
        ),
        Reason.NOT_IN_ARCHIVE: Note("không có trong kho lưu trữ", "not in the archive"),
        Reason.UNREACHABLE: Note("không kết nối được", "no connection"),
        Reason.TIMEOUT: Note("quá thời gian chờ", "timed out"),
        Reason.HTTP_ERROR: Note("máy chủ báo lỗi", "server error"),
        Reason.MISSING: Note("trang không còn", "page gone"),
        Reason.TOO_LARGE: Note("trang quá lớn", "too large"),
        Reason.REDIRECT_LOOP: Note("chuyển hướng vô tận", "redirects without end"),
        Reason.NOT_HTML: Note("không phải trang web", "not a web page"),
        Reason.FETCH_ERROR: Note("tải về bị lỗi", "broken transfer"),
        Reason.CHALLENGE: Note("trang kiểm tra người dùng", "bot check"),
        Reason.SOFT_404: Note("trang trả về “không tìm thấy”", "a page that says nothing is there"),
        Reason.TEASER: Note("chỉ phần mở đầu", "teaser"),
        Reason.TOO_SHORT: Note("không đủ chữ", "too little text"),
        Reason.NO_TITLE: Note("không có tiêu đề", "no headline"),
        Reason.GARBLED: Note("lỗi phông chữ", "garbled text"),
        Reason.EXTRACT_TIMEOUT: Note("đọc trang quá lâu", "took too long to read"),
        Reason.PARSE_ERROR: Note("không hiểu được trang", "unreadable page"),
        Reason.FAULT: Note("lỗi của chương trình này", "an error of this program"),
    }
)


def reason_words(reason: str) -> Note:
    """A reason for readers; one that is not on the list as it stands."""
    if reason in set(Reason):
        return REASON_WORDS[Reason(reason)]
    plain = reason.replace("_", " ")
    return Note(plain, plain)
