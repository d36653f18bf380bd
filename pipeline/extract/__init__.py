"""Fetched bytes to an article: `extract(document, outlet)`.

One fast parse of the page (lexbor) gives its JSON-LD, meta tags and the elements that the family's profile
names. The profile narrows the page to the article, Trafilatura reads what is unclear, and the whole of a page
of no known family. Reading is pure over bytes: no network, no clock, no settings.
"""

from pipeline.extract.profiles import families_of, outlet_for
from pipeline.extract.read import Extraction, extract

__all__ = ["Extraction", "extract", "families_of", "outlet_for"]
