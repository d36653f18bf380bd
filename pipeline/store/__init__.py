"""The database: one writer, many readers, on SQLite or PostgreSQL.

    store = open_store("sqlite:////var/lib/diembao/diembao.sqlite3")
    reasons = store.save([NewArticle(article=…, tags=…)], now=…)
    page = store.search(parse_query("tỉnh:48 cảng", now=…))

What is written in one call is committed together or not at all, and calling again with the same changes
nothing. Times are aware UTC. Errors are StoreError.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.store.exporting import ExportFormat, write_export
    from pipeline.store.opening import open_store
    from pipeline.store.restoring import restore
    from pipeline.store.searching import Order
    from pipeline.store.store import Store
    from pipeline.store.values import (
        CheckReport,
        EndpointRead,
        Known,
        NewArticle,
        Stats,
        StoredArticle,
        StoredRevision,
        UrlOutcome,
    )

__all__ = [
    "CheckReport",
    "EndpointRead",
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

_STANDS = {
    "exporting": ("ExportFormat", "write_export"),
    "opening": ("open_store",),
    "restoring": ("restore",),
    "searching": ("Order",),
    "store": ("Store",),
}
_MODULES = {name: module for module, names in _STANDS.items() for name in names}


def __getattr__(name: str) -> object:
    """What stands above, imported when it is first asked for: worker processes use the parts of this package
    that need no database, and have no memory to give for its library."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'values')}"), name)
