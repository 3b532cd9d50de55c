"""Assessments: admissions of failure, criticism, praise, warnings, forecasts and doubts about the economy."""

from __future__ import annotations

import re
from typing import Any

from assets.extracted.document import Document, Found, Row
from assets.extracted.frames import Clause, distinct, reading_of, row
from assets.extracted.frames_object import noun_phrase
from assets.extracted.frames_patterns import pattern
from assets.extracted.rules import Rule, rules
from warehouse.reference import Reference

_OWN_KINDS = ("forecast", "doubt")


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
        made = (_row(clause, rule, match) for match in rule.pattern.finditer(clause.text))
        groups += [[r] for r in made if r]
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
    if rule.options["kind"] == "forecast" and pattern("budget_words").search(clause.text):
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
    fields = clause.fields
    about = clause.text[match.end() : end] or clause.text[start : match.start()]
    cause = pattern("cause").search(clause.text, start)
    return {
        "assessor_id": _assessor(clause, rule, match, start),
        "subject": _subject(clause, match, about, start),
        "sector_id": fields.sector(about, clause.text[start:end]),
        "cause": cause.group("cause").strip() if cause else None,
    }


def _subject(clause: Clause, match: re.Match[str], about: str, start: int) -> str | None:
    """What is judged: what the rule names, else what follows the judging words, else what stands before them."""
    if named := match.groupdict().get("subject"):
        return noun_phrase(named) or None
    after = noun_phrase(pattern("judged_for").sub("", about, 1))
    found = after or noun_phrase(clause.text[start : match.start()])
    return None if not found or pattern("person_pronoun").fullmatch(found) else found


def _assessor(clause: Clause, rule: Rule, match: re.Match[str], start: int) -> str | None:
    """Whoever is the subject of the judging verb or says the sentence; for a forecast or doubt that nobody is said to
    have, the outlet."""
    fields, first = clause.fields, clause.start + start
    if rule.options.get("judge") == "subject" and (
        actor := fields.actor(first, clause.start + max(start, match.start()))
    ):
        return actor
    own_voice = clause.document.reposted_from_outlet_id or clause.document.outlet_id
    if pattern("own_view").search(clause.text[:start]):
        return own_voice
    if speaker := fields.speaker(first, clause.start, clause.sentence.end):
        return speaker
    if clause.sentence.in_quotation or fields.has_saying(clause.text) or rule.options["kind"] not in _OWN_KINDS:
        return None
    return own_voice
