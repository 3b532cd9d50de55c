"""Assessments: admissions of failure, criticism, praise, warnings, forecasts and doubts about the economy."""

from __future__ import annotations

import re
from typing import Any

from assets.extracted.document import Document, Found, Row
from assets.extracted.frames import Clause, distinct, pattern, reading_of, row
from assets.extracted.frames_object import noun_phrase
from assets.extracted.rules import Rule, rules
from warehouse.reference import Reference

_CAUSE = re.compile(r"\b(?:because of|due to|owing to|as a result of|because|caused by|blamed on)\s+(?P<cause>[^.;:”\"]{3,160})", re.IGNORECASE)
_OWN_KINDS = ("forecast", "doubt")
_OWN_VIEW = re.compile(r"\b(?:though|although|but|however)\s*,?\s*$", re.IGNORECASE)
_BUDGET = re.compile(r"\bbudget\w*\b|\b(?:allocation|disbursement|expenditure|revenue)s?\b", re.IGNORECASE)


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:
    """The rows of `extracted.assessments`: one for each clause that judges how the economy, a plan or those who carry
    it out fare; assessor and cause NULL where the text does not name them."""
    rows: list[Row] = []
    for clause, names in reading_of(document, reference, found).clauses("assessments"):
        rows += distinct(_of_sentence(clause, names))
    return rows


def _of_sentence(clause: Clause, names: frozenset[str]) -> list[list[Row]]:
    groups = []
    for rule in rules("assessments"):
        if rule.name not in names:
            continue
        for match in rule.pattern.finditer(clause.text):
            if made := _row(clause, rule, match):
                groups.append([made])
    return groups


def _row(clause: Clause, rule: Rule, match: re.Match[str]) -> Row | None:
    start = match.start()
    if rule.options.get("span") not in ("from", "match"):
        start = clause.subject_start(match.start())
    end = max(clause.right_end(match.end()), match.end())
    if rule.options.get("span") == "match":
        end = match.end()
    text = clause.text[start:end]
    if pattern("other_field").search(text) or not _is_on_the_economy(clause, rule, text):
        return None
    if rule.options["kind"] == "forecast" and _BUDGET.search(clause.text):
        return None
    return row(clause, start, end, rule.name, kind=rule.options["kind"], **_columns(clause, rule, match, start, end))


def _is_on_the_economy(clause: Clause, rule: Rule, text: str) -> bool:
    """The row names something of the economy; outside the state's media, where the whole report is about it, only the
    rules that say so ask for it."""
    if rule.options.get("economic"):
        return bool(pattern("economic").search(text))
    if clause.fields.is_outside_outlet(clause.document.outlet_id):
        return True
    return bool(pattern("economic").search(clause.text))


def _columns(clause: Clause, rule: Rule, match: re.Match[str], start: int, end: int) -> dict[str, Any]:
    fields, (first, last) = clause.fields, clause.absolute(start, end)
    about = clause.text[match.end() : end] or clause.text[start : match.start()]
    cause = _CAUSE.search(clause.text, start)
    return {
        "assessor_id": _assessor(clause, rule, match, start, end),
        "subject": noun_phrase(about, short=True) or noun_phrase(clause.text[start : match.start()], short=True) or None,
        "sector_id": fields.sector(about, clause.text[start:end]),
        "cause": cause.group("cause").strip() if cause else None,
    }


def _assessor(clause: Clause, rule: Rule, match: re.Match[str], start: int, end: int) -> str | None:
    """Whoever is the subject of the judging verb or says the sentence; for a plain statement of an outlet that speaks for
    itself, the outlet."""
    fields, (first, last) = clause.fields, clause.absolute(start, end)
    if rule.options.get("judge") == "subject" and (actor := fields.actor(first, clause.start + max(start, match.start()))):
        return actor
    own_voice = clause.document.reposted_from_outlet_id or clause.document.outlet_id
    if _OWN_VIEW.search(clause.text[:start]):
        return own_voice
    if speaker := fields.speaker(first, last, clause.start, clause.sentence.end):
        return speaker
    if clause.sentence.in_quotation or fields.has_saying(clause.text) or rule.options["kind"] not in _OWN_KINDS:
        return None
    return own_voice
