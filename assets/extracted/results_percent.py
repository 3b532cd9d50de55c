"""Percentages of plan: which number is the fulfilment, what it says of the outcome, and lists of several."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from assets.extracted.document import Row
from assets.extracted.frames import Clause, row
from assets.extracted.frames_object import noun_phrase
from assets.extracted.frames_verbs import VerbUse
from assets.extracted.rules import Rule

_GROWTH = re.compile(
    r"^\W*(?:\w+\s+){0,2}(?:as compared|compared|over (?:the same|last|the previous|that)|than (?:in )?(?:the same|last|the previous|that)|"
    r"year.on.year|surplus|deficit|increase|growth|more than (?:last|the)|up (?:from|on)|bigger|greater|higher|of the (?:total|country|world))",
    re.IGNORECASE,
)
_RISE = re.compile(r"\b(?:increas|grow|grew|rais|rose|swell|went up|boost|share|surplus|cut|reduc|lower)\w*\b[^,;]*$", re.IGNORECASE)
_EXCESS = re.compile(r"\b(?:over-?full?fil|exceed|surpass|outstrip|topp|outd)\w*", re.IGNORECASE)
_UNFINISHED = re.compile(r"\b(?:already|so far|as of|by now|to date)\b", re.IGNORECASE)
_JOIN = re.compile(r"\s*(?:,\s*(?:and\s+|while\s+)?|\band\s+|\bwhile\s+)")
_AGO = re.compile(r"\b(?:years ago|in those days|in the past days|historic(?:al)?|after liberation)\b", re.IGNORECASE)
Columns = Callable[[Clause, Rule, int, int, "VerbUse | None"], dict[str, Any]]


def years_ago(text: str, start: int) -> bool:
    """The clause tells of old times."""
    return bool(_AGO.search(text, start))


def fulfilment(text: str, quantity: Row, rule: Rule) -> float | None:
    """The percentage of plan that a percentage in a clause about a plan stands for, None for growth or shares:
    an excess ("overfulfilled by 2 percent") is 102, a level stays as printed."""
    start, end = quantity["start_char"], quantity["end_char"]
    if _GROWTH.match(text[end : end + 60]) or _RISE.search(text[max(0, start - 60) : start]):
        return None
    value = float(quantity["value"])
    if value < 100 and rule.options["outcome"] == "overfulfilled" and _EXCESS.search(text[max(0, start - 120) : end + 30]):
        return round(100 + value, 6)
    return value


def outcome_of(value: float, clause_text: str) -> str:
    """What a percentage of plan says: the number decides, unless the plan is still running."""
    if value < 100:
        return "in_progress" if _UNFINISHED.search(clause_text) else "under_fulfilled"
    return "overfulfilled" if value > 100 else "fulfilled"


def plan_rows(
    clause: Clause, rule: Rule, start: int, end: int, use: VerbUse | None, percents: list[Row], columns: Columns
) -> list[Row]:
    """One row for each percentage of plan in the clause; with "respectively" all on the whole clause, else the first
    on the clause up to the second percentage, the others on the words that belong to them."""
    text = clause.text[start:end]
    respectively = len(percents) > 1 and "respectively" in clause.text[start : end + 20]
    whole = columns(clause, rule, start, end, use)
    items = _items(text, len(percents)) if respectively else []
    rows = []
    left = start
    for i, q in enumerate(percents):
        value = fulfilment(clause.document.text, q, rule)
        assert value is not None
        right = end if respectively or i + 1 == len(percents) else _cut(clause, q, percents[i + 1])
        found = {**whole, "value": value, "unit_id": "percent", "is_percent_of_plan": True}
        found["outcome"] = outcome_of(value, text)
        if respectively and items:
            found |= {"object": items[i], "sector_id": clause.fields.sector(items[i])}
        elif i:
            found |= _continued(clause, left, right)
        rows.append(row(clause, start if respectively else left, right, rule.name, **found))
        left = right if respectively else _after_join(clause.text, right)
    return rows


def _items(text: str, count: int) -> list[str]:
    """The items of the list that begins the clause, if there are as many as percentages."""
    head = re.split(r"\b(?:reached|amounted|was|were|by|at|carried|overfulfilled|fulfilled)\b", text, maxsplit=1)[0]
    items = [i.strip() for i in re.split(r",\s*(?:and\s+)?|\s+and\s+", head) if i.strip()]
    return [noun_phrase(i, short=True) for i in items] if len(items) == count else []


def _cut(clause: Clause, q: Row, following: Row) -> int:
    """Where the words of one percentage end: before the last joint between it and the next."""
    first, last = q["end_char"] - clause.start, following["start_char"] - clause.start
    joints = list(_JOIN.finditer(clause.text, first, last))
    return joints[-1].start() if joints else first


def _after_join(text: str, at: int) -> int:
    match = _JOIN.match(text, at)
    return match.end() if match else at


def _continued(clause: Clause, left: int, right: int) -> dict[str, Any]:
    """The columns that a further percentage's own words give."""
    words = clause.text[left:right]
    after_in = re.search(r"(?:percent|%)\s+(?:in|for|of)\s+(.+)$", words)
    before = re.match(r"(.+?)\s+(?:at|to|by|reached|stood)?\s*(?:at\s+|to\s+|by\s+)?\d", words)
    thing = after_in.group(1) if after_in else before.group(1) if before else ""
    found: dict[str, Any] = {"object": noun_phrase(thing, short=True) or None}
    if sector := clause.fields.sector(thing):
        found["sector_id"] = sector
    if places := clause.fields.place_ids(*clause.absolute(left, right)):
        found["place_ids"] = places
    return found
