"""The replaying download handler: answers every request from an archive and never opens a socket."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.handler import response_of
from crawlers.refusal import Refused, Stopped
from crawlers.run import run_of
from models.outcome import Reason


class ReplayHandler:
    """Scrapy download handler (`DOWNLOAD_HANDLERS`) for http and https."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        self._run = run_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy once for each scheme."""
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """The recorded answer at the run's moment. Raises Refused for an address that is not recorded,
        except a robots.txt, whose absence means that nothing is forbidden (RFC 9309, 2.3.1.3)."""
        if self._run.stopping:
            raise Stopped
        archive = self._run.options.replay
        assert archive is not None
        moment = self._run.now()
        for url in (request.url, request.meta.get("canonical", "")):
            found = archive.lookup(url, moment) if url else None
            if found is not None:
                limit = request.meta.get("max_bytes") or self._run.options.max_page_bytes
                if len(found.body) > limit:
                    raise Refused(Reason.TOO_LARGE, f"{len(found.body)} bytes, limit {limit}")
                return response_of(found, request)
        if request.meta.get("robots"):
            return Response(request.url, status=404, request=request)
        raise Refused(Reason.NOT_IN_ARCHIVE, "not recorded")

    async def close(self) -> None:
        """Nothing is held open."""
