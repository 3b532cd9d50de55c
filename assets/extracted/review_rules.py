"""Review rules: thresholds with a consequence ("under 70 percent of plan: step down")."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from assets.extracted.document import Document, Found, Row
from assets.extracted.frames import Clause, reading_of, row
from assets.extracted.frames_object import noun_phrase
from assets.extracted.rules import rules
from warehouse.reference import Reference

_LESS = re.compile(r"\b(?:less|fewer|lower|below|under|short|miss\w*|fail\w*|unless|not)\b", re.IGNORECASE)
_MORE = re.compile(r"\b(?:more|over|above|beyond|exceed\w*|overfulfil\w*|surpass\w*|higher)\b", re.IGNORECASE)
_PERCENT = re.compile(r"\s?(?:percent|per cent|%)")
_FOR_ANYBODY = frozenset(("reach_or_else", "line_drawn"))
_REACH = 60  # characters between a body and its verb of ordering


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:
    """The rows of `extracted.review_rules`: threshold, comparator, whom it is for, what follows and who imposes it."""
    rows: list[Row] = []
    for clause, names in reading_of(document, reference, found).clauses("review_rules"):
        for rule in rules("review_rules"):
            if rule.name in names and (match := rule.pattern.search(clause.text)):
                made = _row(clause, rule.name, match)
                rows += [made] if made else []
                break
    return rows


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {r.name: r.pattern for r in rules("review_rules_context")}


def _row(clause: Clause, name: str, match: re.Match[str]) -> Row | None:
    number = clause.absolute(*match.span("number"))
    amount = next((q for q in clause.fields.rows("quantities", *_sentence(clause)) if _holds(q, number)), None)
    value = amount["value"] if amount and amount.get("value") is not None else _printed(match.group("number"))
    if value is None or not _is_rule(clause.text, name, match):
        return None
    end = _untold(clause.text)
    start = min(clause.subject_start(match.start()), match.start())
    first, last = _consequence(match)
    after = clause.text[match.end("number") :]
    measure = _patterns()["measure"].match(after)
    is_percent = _PERCENT.match(after) is not None
    columns: dict[str, Any] = {
        "measure": f"share of {measure.group('measure').strip()}" if measure and is_percent else None,
        "comparator": comparator(match.group("comparator"), name),
        "threshold": float(value),
        "unit_id": amount.get("unit_id") if amount else "percent" if is_percent else None,
        "subject": _subject(clause.text[: match.start()], match.group()),
        "consequence": clause.text[first : end if first > match.start("number") else last].strip(" .,;"),
        "imposed_by_id": _imposer(clause),
        **clause.fields.period(clause.start + start, clause.start + match.end()),
    }
    return row(clause, start, max(end, match.end()), name, **columns)


def _is_rule(text: str, name: str, match: re.Match[str]) -> bool:
    """The threshold is a condition for somebody: not the share of people something happens to, nor a mere amount."""
    if _patterns()["counted_people"].match(text, match.end("number")):
        return False
    if name in _FOR_ANYBODY:
        return True
    words = match.group("comparator")
    is_condition = _patterns()["conditional_verb"].search(words) or _patterns()["condition"].search(
        text[: match.start("comparator")]
    )
    is_conditional = re.match(r"\W*(?:if|when|should)\b", text, re.IGNORECASE) is not None
    has_subject = _subject(text[: match.start()], match.group()) is not None
    return bool(is_condition) and (has_subject or is_conditional)


def _sentence(clause: Clause) -> tuple[int, int]:
    return clause.start, clause.sentence.end


def _printed(number: str) -> float | None:
    """The number as printed in digits; None for one in words that no quantity was read from."""
    digits = number.rstrip(".,").replace(",", "")
    return float(digits) if digits[:1].isdigit() else None


def _untold(text: str) -> int:
    """The end of the rule without who tells of it (", the ministry warned")."""
    told = _patterns()["told"].search(text.rstrip(" .\n\t"))
    return told.start() if told else len(text.rstrip(" .\n\t"))


def _consequence(match: re.Match[str]) -> tuple[int, int]:
    """Where the consequence stands."""
    groups = ("consequence", "consequence2", "consequence3")
    return next(match.span(g) for g in groups if match.groupdict().get(g))


def comparator(words: str, rule: str = "") -> str:
    """The sign for the words of a threshold: how value and threshold compare when the rule bites."""
    if rule == "reach_or_else":
        return "<"
    if "exceed" in words.lower() and "not" in words.lower():
        return "<="
    low, high = _LESS.search(words), _MORE.search(words)
    if rule == "number_then_comparator":
        return "<=" if low else ">="
    return "<" if low else ">" if high else ">="


def _holds(quantity: Row, number: tuple[int, int]) -> bool:
    return bool(quantity["start_char"] < number[1] and number[0] < quantity["end_char"])


def _subject(before: str, words: str) -> str | None:
    """Those whom the rule is for: named last before the threshold, else first in the rule's own words."""
    found = list(_patterns()["those"].finditer(before)) or list(_patterns()["those"].finditer(words))[:1]
    return noun_phrase(found[-1].group("those")) or None if found else None


def _imposer(clause: Clause) -> str | None:
    """The organization whose verb of ordering stands in the sentence."""
    fields = clause.fields
    for verb in _patterns()["imposing"].finditer(clause.text):
        at = clause.start + verb.start()
        near = fields.mentions(max(clause.start, at - _REACH), at, "organization")
        if near:
            return str(near[-1]["entity_id"])
        if actor := fields.actor(clause.start, at):
            return actor
    return None
