"""The database: one writer, many readers, on SQLite or PostgreSQL.

    store = open_store("sqlite:////var/lib/diembao/diembao.sqlite3")
    reasons = store.save([NewArticle(article=…, tags=…)], now=…)
    page = store.search(parse_query("tỉnh:48 cảng", now=…))

What is written in one call is committed together or not at all, and calling again with the same changes
nothing. Times are aware UTC. Errors are StoreError.
"""

from pipeline.store.exporting import ExportFormat, write_export
from pipeline.store.opening import open_store
from pipeline.store.restoring import restore
from pipeline.store.searching import Order
from pipeline.store.store import Store
from pipeline.store.values import (
    CheckReport,
    Known,
    NewArticle,
    Stats,
    StoredArticle,
    StoredRevision,
    UrlOutcome,
)

__all__ = [
    "CheckReport",
    "ExportFormat",
    "Known",
    "NewArticle",
    "Order",
    "Stats",
    "Store",
    "StoredArticle",
    "StoredRevision",
    "UrlOutcome",
    "open_store",
    "restore",
    "write_export",
]
