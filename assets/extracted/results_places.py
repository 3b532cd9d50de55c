"""Results told of several places in one clause: one row for each place with its own day or amount."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from assets.extracted.document import Row
from assets.extracted.frames import Clause, row
from assets.extracted.frames_patterns import pattern
from assets.extracted.frames_times import period_of
from assets.extracted.rules import Rule

_SHORT_GAP = re.compile(r"[^.;:]{0,25}$")
_LOOSE = re.compile(r"(?:[\s,]|\b(?:and|while|the)\b)+$")
_LEAD = re.compile(r"\b(?:in|at)\s+(?:the\s+(?:city|county|counties)\s+of\s+)?$")
_NEXT = re.compile(r"\s*(?:,\s*)?(?:and\s+)?")


def by_place(clause: Clause, rule: Rule, start: int, end: int, whole: dict[str, Any]) -> list[Row]:
    """A row for each place where the clause names several with a day each: in turn ("in Anak on May 2 and in Unryul on
    May 5") or as two lists bound by "respectively". None where it does not."""
    fields, (first, last) = clause.fields, clause.absolute(start, end)
    last = _with_last_day(clause, last)
    places = fields.places(first, last)
    days = [d for d in fields.dates(first, last) if d["granularity"] == "day" and not fields.is_of_saying(d)]
    if len(days) < 2 or len({p["entity_id"] for p in places}) < 2:
        return []
    if "respectively" in clause.text[start : end + 20]:
        return _respectively(clause, rule, (start, end), whole, fields.place_ids(first, last) or [], days)
    return _in_turn(clause, rule, (first, last), whole, places, days)


def _with_last_day(clause: Clause, last: int) -> int:
    """`last`, moved behind the days and places of the sentence that go on after it."""
    end = clause.sentence.end
    following = [*clause.fields.dates(last, end), *clause.fields.places(last, end)]
    for m in sorted(following, key=lambda r: r["start_char"]):
        if re.fullmatch(r"[\s,:]*(?:(?:and|in|at|on|the|of)\s+)*", clause.document.text[last : m["start_char"]]):
            last = m["end_char"]
    return last


def _respectively(
    clause: Clause, rule: Rule, span: tuple[int, int], whole: dict[str, Any], places: list[str], days: list[Row]
) -> list[Row]:
    if len(places) != len(days):
        return []
    return [
        row(clause, *span, rule.name, **{**whole, "place_ids": [p], **period_of(d)})
        for p, d in zip(places, days, strict=True)
    ]


def _in_turn(
    clause: Clause, rule: Rule, span: tuple[int, int], whole: dict[str, Any], places: Sequence[Row], days: list[Row]
) -> list[Row]:
    """Each day with the places named since the day before it; the words before the first place are the first row's,
    unless a colon parts them from the list, which then makes a row of its own."""
    text, at = clause.document.text, span[0]
    rows: list[Row] = []
    for d in days:
        for unsaid in pattern("day_unsaid").finditer(text, at, d["start_char"]):
            at = unsaid.end()
        own = [p for p in places if at <= p["start_char"] < d["start_char"]]
        if not own:
            return []
        start = own[0]["start_char"]
        start -= len(m.group()) if (m := _LEAD.search(text[:start])) else 0
        if not rows:
            colon = text.find(":", span[0], start)
            start = start if colon >= 0 else span[0]
            if colon >= 0:
                rows.append({**row(clause, 0, 0, rule.name, **whole), "start_char": span[0], "end_char": colon})
        ids = list(dict.fromkeys(p["entity_id"] for p in own))
        made = row(clause, 0, 0, rule.name, **{**whole, "place_ids": ids, **period_of(d)})
        rows.append({**made, "start_char": start, "end_char": d["end_char"]})
        for column in ("value", "unit_id", "currency"):
            rows[-1].pop(column, None)
        next_word = _NEXT.match(text, d["end_char"])
        at = next_word.end() if next_word else d["end_char"]
    return rows


def elliptic(clause: Clause, made: Row) -> list[Row]:
    """Further places with amounts of the same unit that share the verb ("Anak realigned 20 hectares, Unryul 30"); the
    first row is cut before them."""
    fields, document = clause.fields, clause.document
    amounts = [
        q
        for q in fields.rows("quantities", made["start_char"], made["end_char"])
        if q.get("unit_id") == made["unit_id"]
    ]
    rows: list[Row] = []
    for before, q in pairwise(amounts):
        names = fields.mentions(before["end_char"], q["start_char"], "place", "organization")
        if not names or not _SHORT_GAP.match(document.text[names[-1]["end_char"] : q["start_char"]]):
            return rows
        if not rows:
            whole_end = made["end_char"]
            made["end_char"] = _before_name(document.text, names[0]["start_char"])
            made["place_ids"] = fields.place_ids(made["start_char"], made["end_char"])
        else:
            rows[-1]["end_char"] = _before_name(document.text, names[0]["start_char"])
        start = names[0]["start_char"]
        own = {"value": float(q["value"]), "place_ids": fields.place_ids(start, q["start_char"]), "actor_id": None}
        rows.append({**made, **own, "start_char": start, "end_char": whole_end})
    return rows


def _before_name(text: str, at: int) -> int:
    return at - len(text[:at]) + len(_LOOSE.sub("", text[:at]))
