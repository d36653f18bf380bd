"""Small pages and documents for the tests of extraction."""

from __future__ import annotations

from datetime import UTC, datetime

from models.document import RawDocument

FETCHED = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

SENTENCES = (
    "Sáng nay, xã đưa vào dùng cây cầu gỗ mới nối hai bờ suối sau bốn tháng thi công.",
    "Cầu dài 42 mét, mặt rộng hai mét, đủ cho xe máy và xe thồ qua lại trong mùa mưa.",
    "Người dân hai thôn góp gần 600 ngày công, tỉnh hỗ trợ gỗ và dây cáp.",
    "Trước đây học sinh phải đi vòng bảy cây số để đến trường vào những ngày nước lớn.",
)


def document(
    body: bytes, url: str = "https://unknown.example/bai-1234567.html", charset: str = ""
) -> RawDocument:
    return RawDocument(
        outlet="", url=url, final_url=url, fetched_at=FETCHED, status=200, body=body,
        content_type="text/html", charset=charset,
    )  # fmt: skip


def page(body: str, head: str = "", title: str = "Cầu gỗ mới ở bản vùng cao") -> str:
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body><h1>{title}</h1>{body}</body></html>"
    )


def prose(*extra: str) -> str:
    return "<article>" + "".join(f"<p>{text}</p>" for text in (*SENTENCES, *extra)) + "</article>"
