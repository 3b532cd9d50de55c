"""Rows of a table, or lines of a list, that give one budget line's percentage year by year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assets.extracted.budget_lines.measures import Measure
from assets.extracted.budget_lines.words import is_other_matter, items, pattern, patterns
from assets.extracted.budget_lines.years import Context, basis_of
from assets.extracted.document import Document, Row, Sentence
from assets.extracted.numbers import digits_to_number

_LINE = re.compile(
    r"^(?:[-*•|]\s*)?(?:FY ?|fiscal )?(?P<year>(?:19|20)[0-9]{2})\)?\s*(?:[|:\t–—-]|\s{2,})[\s|]*"
    r"(?P<value>[+−-]?[0-9]{1,3}(?:\.[0-9]+)?)\s?(?:percent|per cent|pct|%)\s*\|?\s*[.;]?$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^[\s|:=-]*$")
_LEAD = 3
"""How many lines above a table may say what it shows."""


def tables_of(document: Document, context: Context) -> list[Row]:
    """The rows of every such table of two lines or more whose heading names one line and one measure."""
    rows: list[Row] = []
    for first, lines in _tables(document):
        read = _heading(document, first)
        if read:
            rows += [_row(s, m, *read, context) for s, m in lines]
    return rows


def _tables(document: Document) -> Iterator[tuple[int, list[tuple[Sentence, re.Match[str]]]]]:
    """The index of a table's first line, and its lines."""
    run: list[tuple[Sentence, re.Match[str]]] = []
    start = 0
    for index, sentence in enumerate(document.sentences):
        match = _LINE.match(document.sentence_text(sentence).strip())
        if match:
            start = start if run else index
            run.append((sentence, match))
            continue
        if len(run) > 1:
            yield start, run
        run = []
    if len(run) > 1:
        yield start, run


def _heading(document: Document, first: int) -> tuple[str, Measure] | None:
    """The budget line and the measure that the lines above a table name; None unless both are settled."""
    lines: set[str] = set()
    measures: dict[str, Measure] = {}
    for sentence in reversed(document.sentences[max(0, first - _LEAD) : first]):
        text = document.sentence_text(sentence)
        if _RULE.match(text):
            continue
        if is_other_matter(text, text) or pattern("exclude").search(text):
            return None
        named = items(text, joint=True)
        best = min((i.rank for i in named), default=0)
        lines = lines or {i.line for i in named if i.rank == best}
        found = {
            r.options["measure"]: Measure(r.options["measure"], r.name)
            for r in patterns("table_measure")
            if r.pattern.search(text)
        }
        measures = measures or found
        if lines and measures:
            break
    if len(lines) != 1 or len(measures) != 1:
        return None
    return lines.pop(), next(iter(measures.values()))


def _row(sentence: Sentence, match: re.Match[str], line: str, measure: Measure, context: Context) -> Row:
    year = int(match["year"])
    value = float(digits_to_number(match["value"].replace("−", "-").lstrip("+")))
    return {
        "start_char": sentence.start + match.start("year"),
        "end_char": sentence.start + match.end("value"),
        "rule": f"budget_lines.{measure.rule}",
        "fiscal_year": year,
        "line": line,
        "measure": measure.name,
        "value_percent": value,
        "growth_percent": measure.growth(value),
        "basis": basis_of(year, None, context),
    }
