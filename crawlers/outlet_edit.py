"""Changing and proposing outlet files as text, so that comments and order stay. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from itertools import pairwise
from json import dumps
from urllib.parse import urlsplit

from crawlers.health import State
from crawlers.probe import Probed, ProbeReport
from models.outlet import Endpoint, EndpointKind, Grade
from pipeline.vietnamese import fold, words

_TABLE = re.compile(r"\s*\[\[?\s*[\w.-]+\s*\]\]?\s*(?:#.*)?$")
_ENDPOINT = re.compile(r"\s*\[\[\s*endpoint\s*\]\]")
_URL = re.compile(r"""^\s*url\s*=\s*(?:"(?P<basic>[^"]*)"|'(?P<literal>[^']*)')""")
_GRADE = re.compile(r"""^(\s*grade\s*=\s*)(["'])[ABC]\2""")
_CHECKED = re.compile(r"^(\s*checked\s*=\s*)\d{4}-\d{2}-\d{2}")
_ENABLED = re.compile(r"^(\s*enabled\s*=\s*)true\b")
_LOST = {State.MOVED, State.EMPTY, State.WRONG_SECTION}
_LANGUAGES = ("vi", "en", "zh")


def new_grade(probed: Probed) -> Grade | None:
    """The grade that a probe gives: A for an endpoint that answers well; C, which switches it off, for one
    that is gone or answers something else; None to leave it, for what may pass or is not its fault."""
    if probed.state is State.OK:
        return Grade.A
    return Grade.C if probed.state in _LOST else None


def with_grades(text: str, grades: Mapping[str, Grade], checked: date) -> str:
    """The outlet file with the grade and date of the endpoints at these addresses, all else untouched."""
    lines = text.splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if _TABLE.match(line)] + [len(lines)]
    out = lines[: starts[0]]
    for start, end in pairwise(starts):
        block = lines[start:end]
        grade = grades.get(_url_of(block)) if _ENDPOINT.match(block[0]) else None
        out += block if grade is None else _graded(block, grade, checked)
    return "".join(out)


def not_written(text: str, grades: Mapping[str, Grade], checked: date) -> tuple[str, ...]:
    """Of these endpoints, those that the outlet file does not give their grade and date: it is in a form that
    `with_grades` does not know, such as a list of inline tables."""
    told = {
        each.get("url")
        for each in tomllib.loads(text).get("endpoint", ())
        if each.get("grade") == grades.get(each.get("url")) and each.get("checked") == checked
    }
    return tuple(url for url in grades if url not in told)


def _url_of(block: list[str]) -> str:
    found = next((match for line in block if (match := _URL.match(line))), None)
    return (found["basic"] or found["literal"] or "") if found else ""


def _graded(block: list[str], grade: Grade, checked: date) -> list[str]:
    dated = any(_CHECKED.match(line) for line in block)
    out = []
    for line in block:
        line = _CHECKED.sub(rf"\g<1>{checked.isoformat()}", line)
        if grade is Grade.C:
            line = _ENABLED.sub(r"\1false", line)
        marked = _GRADE.sub(rf'\g<1>"{grade.value}"', line)
        out.append(marked)
        if _GRADE.match(line) and not dated:
            indent, end = line[: len(line) - len(line.lstrip())], "\r\n" if line.endswith("\r\n") else "\n"
            out[-1] = marked.rstrip("\r\n") + end  # the last line of a file may lack it
            out.append(f"{indent}checked = {checked.isoformat()}{end}")
    return out


def proposal(report: ProbeReport, family: str, checked: date) -> str:
    """An outlet file made from a probe, for a person to complete: what answered well is of grade A, the
    rest is left out."""
    outlet = report.outlet
    lines = [
        "# Proposed by a probe. Check name and language; a provincial paper needs `province`, and an outlet",
        "# without a family needs `article_url` with `examples_article` if the general rules do not fit.",
        f"name = {_text(report.title or outlet.name)}",
        f"homepage = {_text(outlet.homepage)}",
        f"language = {_text(report.language if report.language in _LANGUAGES else 'vi')}",
        f"hosts = [{', '.join(map(_text, outlet.hosts))}]",
    ]
    if family:
        lines.append(f"family = {_text(family)}")
    for probed in report.endpoints:
        if probed.state is State.OK:
            lines += ["", *endpoint_lines(probed.endpoint, Grade.A, checked)]
    return "\n".join(lines) + "\n"


def endpoint_lines(endpoint: Endpoint, grade: Grade, checked: date | None = None) -> list[str]:
    """An endpoint's table in an outlet file."""
    lines = ["[[endpoint]]", f"kind = {_text(endpoint.kind.value)}", f"url = {_text(endpoint.url)}"]
    if endpoint.kind is EndpointKind.LISTING:
        lines.append('links = ["a[href]"]')
    lines.append(f"grade = {_text(grade.value)}")
    return lines + ([f"checked = {checked.isoformat()}"] if checked else [])


def slug_from(host: str) -> str:
    """A file name for an outlet: its host without www. and top domains."""
    with suppress(UnicodeError):
        host = host.encode().decode("idna")
    labels = host.removeprefix("www.").split(".")
    while len(labels) > 1 and labels[-1] in {"vn", "com", "net", "org", "gov", "info", "edu"}:
        labels.pop()
    return "-".join(words(fold(" ".join(labels))))


def host_and_twin(homepage: str) -> tuple[str, ...]:
    """The home page's host and its form with or without www."""
    host = urlsplit(homepage).hostname or ""
    twin = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    is_name = not host.replace(".", "").isdigit()
    return (host, twin) if is_name else (host,)


def _text(value: str) -> str:
    """A TOML basic string; JSON's escapes are a subset of TOML's."""
    return dumps(value, ensure_ascii=False)
