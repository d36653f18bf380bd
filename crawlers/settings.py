"""Scrapy's settings: everything that this program does not use is off, and nothing listens."""

from __future__ import annotations

from typing import Any

from scrapy.settings import Settings

from crawlers.gate import Gate
from crawlers.handler import LiveHandler
from crawlers.replay import ReplayHandler
from crawlers.run import MOST_IN_HAND

_QUEUE_PER_CONNECTION = 4


def scrapy_settings(*, user_agent: str, parallel: int, replay: bool) -> Settings:
    """The settings of one crawl, live or replayed."""
    handler = ReplayHandler if replay else LiveHandler
    values: dict[str, Any] = {
        "TWISTED_REACTOR_ENABLED": False,  # runs inside any asyncio loop
        "USER_AGENT": user_agent,
        "DOWNLOAD_HANDLERS": {
            "http": handler,
            "https": handler,
            "file": None,
            "data": None,
            "ftp": None,
            "s3": None,
        },
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": {Gate: 100},
        "SPIDER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {},
        "ROBOTSTXT_OBEY": True,  # done by Gate, which also keeps the answer between runs
        "COOKIES_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        # Requests that wait for their host's pause count too; connections are limited by the handler.
        "CONCURRENT_REQUESTS": parallel * _QUEUE_PER_CONNECTION,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8 if replay else 1,
        "DOWNLOAD_DELAY": 0 if replay else 3,
        "DOWNLOAD_DELAY_JITTER": 0,
        "SCRAPER_SLOT_MAX_ACTIVE_SIZE": 2 * MOST_IN_HAND,  # so that only the handler's own bound holds
        "CONCURRENT_ITEMS": 1,  # Scrapy starts this many tasks for every response
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",  # the spider knows what it has met
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",  # in the outlet's own order
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "LOG_ENABLED": False,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
    }
    return Settings(values)
