"""Review rules: thresholds with a consequence ("under 70 percent of plan: step down")."""

from __future__ import annotations

import re
from typing import Any

from assets.extracted.document import Document, Found, Row
from assets.extracted.frames import Clause, reading_of, row
from assets.extracted.frames_object import noun_phrase
from assets.extracted.frames_patterns import pattern
from assets.extracted.rules import rules
from warehouse.reference import Reference

_COMPARATORS = (
    (re.compile(r"more than|over|above|exceed", re.IGNORECASE), ">"),
    (re.compile(r"at least", re.IGNORECASE), ">="),
    (re.compile(r"", re.IGNORECASE), "<"),
)
_NEGATED = re.compile(r"\bnot\s+(?:\w+\s+)?(?:exceed|reach|achiev|me)", re.IGNORECASE)


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:
    """The rows of `extracted.review_rules`: threshold, comparator, whom it is for, what follows and who imposes it."""
    rows: list[Row] = []
    for clause, names in reading_of(document, reference, found).clauses("review_rules"):
        for rule in rules("review_rules"):
            if rule.name in names and (match := rule.pattern.search(clause.text)):
                rows.append(_row(clause, rule.name, match))
                break
    return rows


def _row(clause: Clause, name: str, match: re.Match[str]) -> Row:
    start = clause.subject_start(match.start())
    end = len(clause.text.rstrip(" .\n\t"))
    start = min(start, match.start())
    return row(clause, start, end, name, **_columns(clause, match, start, end))


def _columns(clause: Clause, match: re.Match[str], start: int, end: int) -> dict[str, Any]:
    fields, first = clause.fields, clause.start + start
    number = clause.absolute(*match.span("number"))
    amount = next((q for q in fields.rows("quantities", clause.start, clause.sentence.end) if _holds(q, number)), None)
    printed = match.group("number").rstrip(".,").replace(",", "")
    after = clause.text[match.end("number") :]
    measure = pattern("measure").match(after)
    tail = clause.text[match.end("number") :] if match.start("consequence") > match.start("number") else ""
    consequence = clause.text[match.start("consequence") : end] if tail else match.group("consequence")
    is_percent = bool(re.match(r"\s?(?:percent|per cent|%)", after))
    return {
        "measure": f"share of {measure.group('measure').strip()}" if measure and is_percent else None,
        "comparator": comparator(match.group("comparator")),
        "threshold": float(amount["value"]) if amount and amount.get("value") is not None else float(printed),
        "unit_id": amount.get("unit_id") if amount else "percent" if is_percent else None,
        "subject": noun_phrase(_subject(clause, match, start)) or None,
        "consequence": consequence.strip(" .,;"),
        "imposed_by_id": _imposer(clause, match),
        **fields.period(first, clause.start + match.end()),
    }


def comparator(words: str) -> str:
    """The sign for the words of a threshold: how value and threshold compare when the rule bites."""
    if _NEGATED.search(words):
        return "<=" if "exceed" in words.lower() else "<"
    return next(sign for found, sign in _COMPARATORS if found.search(words))


def _holds(quantity: Row, number: tuple[int, int]) -> bool:
    return bool(quantity["start_char"] < number[1] and number[0] < quantity["end_char"])


def _subject(clause: Clause, match: re.Match[str], start: int) -> str:
    before = clause.text[: match.start()]
    if people := re.search(
        r"((?:the\s+)?(?:managers|heads|directors|officials|enterprises|units|workplaces|factories|farms|workers|those)\b[^.;,]{0,60}?)(?:\s+(?:that|who|whose|which|with)\b|$)",
        before,
        re.IGNORECASE,
    ):
        return people.group(1)
    return clause.text[start : match.start()]


def _imposer(clause: Clause, match: re.Match[str]) -> str | None:
    """The organization whose verb of ordering stands before the threshold."""
    for verb in pattern("imposing").finditer(clause.text, 0, match.start()):
        if actor := clause.fields.actor(clause.start, clause.start + verb.start()):
            return actor
    return None
