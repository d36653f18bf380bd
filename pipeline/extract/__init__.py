"""Fetched bytes to an article: `extract(document, outlet)`.

One fast parse of the page (lexbor) gives its JSON-LD, meta tags and the elements that the family's profile
names. The profile narrows the page to the article, Trafilatura reads what is unclear, and the whole of a page
of no known family. Reading is pure over bytes: no network, no clock, no settings.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.extract.profiles import families_of, outlet_for
    from pipeline.extract.read import Extraction, extract

__all__ = ["Extraction", "extract", "families_of", "outlet_for"]

_MODULES = {
    "Extraction": "read",
    "extract": "read",
    "families_of": "profiles",
    "outlet_for": "profiles",
}


def __getattr__(name: str) -> object:
    """What stands above, imported when it is first asked for: the collecting process uses the pool alone, and
    Trafilatura weighs 15 MB."""
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
