"""How a page was read: each field, its value, where it was read, and what was thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment

from pipeline.extract.read import Extraction
from pipeline.extract.times import VIETNAM

_FIELDS = (
    "title", "lead", "authors", "published_at", "modified_at", "section", "language", "credit",
    "credit_text", "dateline", "image_url", "keywords", "captions", "completeness",
    "profile", "method", "url",
)  # fmt: skip
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ title }}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 1rem auto;
max-width: 75rem; padding: 0 1rem; color: #1b1b1b }
table { border-collapse: collapse; width: 100% } th, td { border-bottom: 1px solid #ddd; padding: .3rem .5rem;
text-align: left; vertical-align: top } th { width: 9rem } .from { width: 8rem; color: #555 }
.sides { display: flex; gap: 2rem; flex-wrap: wrap } .sides > section { flex: 1 1 20rem }
.dropped li { color: #8a1c1c } .none, .dropped .none { color: #666 }
td, .url { overflow-wrap: anywhere }
@media (max-width: 40rem) { thead { display: none } tr { display: block; border-bottom: 1px solid #ddd }
  th, td { display: block; border: 0; padding: .1rem 0 } td:empty { display: none } }
</style></head><body><main>
<h1>{{ title }}</h1>
<p class="url">{{ url }}</p>
<p><strong>{{ outcome }}</strong>{% if detail %}: {{ detail }}{% endif %}</p>
<table><thead><tr><th>field</th><th>value</th><th class="from">where from</th></tr></thead><tbody>
{% for row in rows %}<tr><th scope="row">{{ row.name }}</th><td>
{% if row.value %}{{ row.value }}{% else %}<span class="none">–</span>
{% endif %}</td><td class="from">{{ row.origin }}</td></tr>
{% endfor %}</tbody></table>
<div class="sides"><section><h2>Text</h2>
{% for line in lines %}<p>{{ line }}</p>
{% endfor %}</section><section class="dropped"><h2>Thrown away</h2><ul>
{% for line in dropped %}<li>{{ line }}</li>
{% else %}<li class="none">nothing</li>
{% endfor %}</ul></section></div>
</main></body></html>
"""


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as it was read; `value` is text for people, `origin` where it stood, both may be empty."""

    name: str
    value: str
    origin: str


def fields_of(found: Extraction) -> list[FieldView]:
    """The fields of an extraction in reading order; none when the page held no article."""
    return list(_fields(found))


def _fields(found: Extraction) -> Iterator[FieldView]:
    article = found.article
    if article is None:
        return
    for name in _FIELDS:
        value = getattr(article, name)
        if name.endswith("_at"):
            value = value.astimezone(VIETNAM).isoformat(sep=" ", timespec="minutes") if value else ""
        elif isinstance(value, tuple):
            value = "; ".join(map(str, value))
        origin = article.origins.get({"credit_text": "credit"}.get(name, name), "")
        yield FieldView(name, str(value), origin)


def as_text(found: Extraction, url: str) -> str:
    """The view for a terminal: outcome, fields with their origins, the text, what was thrown away."""
    lines = [url, f"outcome: {found.reason.value}" + (f" ({found.detail})" if found.detail else "")]
    lines += [f"{row.name:13} {row.origin or '-':12} {row.value or '-'}" for row in fields_of(found)]
    if found.article:
        lines += ["", *found.article.text.split("\n")]
    lines += ["", f"thrown away: {len(found.dropped)}", *(f"- {text}" for text in found.dropped)]
    return "\n".join(lines)


def as_html(found: Extraction, url: str) -> str:
    """The same as a page of its own. All that the outlet wrote is escaped."""
    article = found.article
    return (
        Environment(autoescape=True)
        .from_string(_PAGE)
        .render(
            title=article.title if article else "No article",
            url=url,
            outcome=found.reason.value,
            detail=found.detail,
            rows=fields_of(found),
            lines=article.text.split("\n") if article else [],
            dropped=found.dropped,
        )
    )
