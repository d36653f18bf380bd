"""Record the newsroom: `python -m tests.newsroom.build [--check]`.

Writes newsroom.warc.gz beside this file, always the same records for the same sources and outlet files (and
the same bytes with the same zlib). With --check it writes nothing and exits 1 if the committed file does not
hold what the sources give.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import sys
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.outlets import endpoint_urls, load_outlets
from models.outlet import Outlet
from tests.newsroom.pages import CONTENT_TYPES, article_page, endpoint_body, holds, robots_txt, utc
from tests.newsroom.sources import (
    FOLDER,
    WEEK_START,
    Article,
    OddLink,
    load_articles,
    load_links,
    load_sites,
)

ARCHIVE = FOLDER / "newsroom.warc.gz"
CONFIG = FOLDER.parent.parent / "config"
MOMENTS = tuple(
    WEEK_START + timedelta(days=day, hours=hour, minutes=30) for day in range(7) for hour in (6, 23)
)[1:]
"""When the newsroom was recorded: 06:30 and 23:30 (+07:00) of each day, from Monday evening on, when every
outlet has published something (an empty listing is a broken one)."""
LAST_MOMENT = MOMENTS[-1]
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer to record."""

    url: str
    at: datetime
    body: bytes
    content_type: str
    status: int = 200
    location: str = ""


def build() -> bytes:
    """The whole archive.

    Raises ValueError for an article that no enabled endpoint of its outlet would show.
    """
    outlets = load_outlets(CONFIG)
    info = _member("warcinfo", Response(url="newsroom", at=MOMENTS[0], body=b"", content_type=""))
    return b"".join(
        [info, *(_member("response", r) for slug in load_sites() for r in _changes(outlets[slug]))]
    )


def responses(outlet: Outlet) -> Iterator[Response]:
    """Every answer of the outlet's hosts, each at every moment at which it was asked."""
    articles = [article for article in load_articles() if article.gold.outlet == outlet.slug]
    links = [link for link in load_links() if link.outlet == outlet.slug]
    _refuse_orphans(outlet, articles)
    for host in outlet.hosts:
        yield Response(
            url=f"https://{host}/robots.txt",
            at=MOMENTS[0],
            body=robots_txt(outlet),
            content_type="text/plain",
        )
    for moment in MOMENTS:
        yield from _endpoint_responses(outlet, [*articles, *links], moment)
        for article in articles:
            if article.gold.published <= moment:
                yield from _article_responses(outlet, article, articles, moment)
        yield from (_missing(link, moment) for link in links if link.kind == "missing" and link.at <= moment)


def _endpoint_responses(
    outlet: Outlet, entries: list[Article | OddLink], moment: datetime
) -> Iterator[Response]:
    for endpoint in outlet.endpoints:
        if endpoint.enabled:
            body = endpoint_body(outlet, endpoint, entries, moment)
            for url in endpoint_urls(endpoint, moment):
                yield Response(url=url, at=moment, body=body, content_type=CONTENT_TYPES[endpoint.kind])


def _article_responses(
    outlet: Outlet, article: Article, siblings: list[Article], moment: datetime
) -> Iterator[Response]:
    url = article.gold.url
    if article.old_url:
        yield Response(
            url=article.old_url,
            at=moment,
            body=b"",
            content_type=HTML,
            status=HTTPStatus.MOVED_PERMANENTLY,
            location=url,
        )
    asked = f"{url}?{article.tracking}" if article.tracking else url
    body = article_page(outlet, article, siblings, moment)
    yield from (
        Response(url=one, at=moment, body=body, content_type=HTML) for one in dict.fromkeys((asked, url))
    )


def _missing(link: OddLink, moment: datetime) -> Response:
    body = "<!DOCTYPE html><html lang='vi'><title>404</title><h1>Không tìm thấy trang</h1></html>".encode()
    return Response(url=link.url, at=moment, body=body, content_type=HTML, status=HTTPStatus.NOT_FOUND)


def _changes(outlet: Outlet) -> Iterator[Response]:
    """Only the answers that differ from the one recorded before: a replay finds the newest at its time."""
    last: dict[str, bytes] = {}
    for response in responses(outlet):
        if last.get(response.url) != response.body:
            last[response.url] = response.body
            yield response


def _refuse_orphans(outlet: Outlet, articles: list[Article]) -> None:
    for article in articles:
        section = article.gold.section
        if not any(endpoint.enabled and holds(endpoint, section) for endpoint in outlet.endpoints):
            raise ValueError(
                f"{article.gold.key}: no enabled endpoint of {outlet.slug} shows section {section!r}"
            )


def _member(kind: str, response: Response) -> bytes:
    """The response as one WARC record in a gzip member of its own, without any clock or chance in it."""
    digest = hashlib.sha256(f"{response.url} {response.at.isoformat()}".encode() + response.body).digest()
    warc = {
        "WARC-Record-ID": f"<urn:uuid:{uuid.UUID(bytes=digest[:16])}>",
        "WARC-Date": f"{utc(response.at):%Y-%m-%dT%H:%M:%SZ}",
    }
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version="1.1")
    if kind == "warcinfo":
        payload = b"software: tests.newsroom.build\r\nformat: WARC File Format 1.1\r\n"
        record = writer.create_warc_record(
            "", kind, payload=io.BytesIO(payload), length=len(payload), warc_headers_dict=warc
        )
    else:
        record = writer.create_warc_record(
            response.url,
            kind,
            payload=io.BytesIO(response.body),
            http_headers=_http(response),
            warc_headers_dict=warc,
        )
    writer.write_record(record)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(buffer.getvalue()) + packer.flush()


def is_current(target: Path, content: bytes) -> bool:
    """Whether the file holds the same records as `content`."""
    return target.is_file() and unpacked(target.read_bytes()) == unpacked(content)


def unpacked(archive: bytes) -> bytes:
    """The records without their compression, whose bytes depend on the machine's zlib."""
    return gzip.decompress(archive)


def _http(response: Response) -> StatusAndHeaders:
    headers = [("Content-Type", response.content_type), ("Content-Length", str(len(response.body)))]
    if response.location:
        headers.append(("Location", response.location))
    status = HTTPStatus(response.status)
    return StatusAndHeaders(f"{status.value} {status.phrase}", headers, protocol="HTTP/1.1")


def main(arguments: list[str], target: Path = ARCHIVE) -> int:
    """Write or check the archive; returns the exit code."""
    content = build()
    if "--check" in arguments:
        current = is_current(target, content)
        print(
            f"{target.name} is {'current' if current else 'not current: run python -m tests.newsroom.build'}"
        )
        return 0 if current else 1
    target.write_bytes(content)
    print(
        f"{target.name}: {len(content):,} bytes, {len(load_articles())} articles, {len(load_sites())} outlets"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
