"""Trafilatura: the prose of a page or of a part of it, as text."""

from __future__ import annotations

from functools import cache
from typing import Any

import trafilatura
from lxml import etree
from lxml import html as lxml_html


def read_prose(html: str) -> str:
    """What Trafilatura takes for the text of a page, or of a part of one; empty if it finds none."""
    try:
        tree = lxml_html.document_fromstring(html, parser=_parser())
        text = trafilatura.extract(tree, fast=True, include_comments=False, include_tables=True)
    except (ValueError, TypeError, AttributeError, IndexError, RecursionError, etree.LxmlError):
        return ""  # Trafilatura stumbles over some broken trees
    return text or ""


@cache
def _parser() -> etree.HTMLParser:
    """Trafilatura's parser with one class for all elements: lxml's own asks Python for the class of each node
    each time one is touched, which is a fifth of Trafilatura's time."""
    options: dict[str, Any] = {"collect_ids": False, "default_doctype": False, "encoding": "utf-8"}
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, **options)
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=lxml_html.HtmlElement))
    return parser
