"""Percentages of plan: which number is the fulfilment, what it says of the outcome, and lists of several."""

from __future__ import annotations

import re
from typing import Any

from assets.extracted.document import Row
from assets.extracted.frames import Clause, row
from assets.extracted.frames_object import noun_phrase
from assets.extracted.frames_patterns import pattern
from assets.extracted.rules import Rule

_JOIN = re.compile(r"\s*(?:,\s*(?:and\s+|while\s+)?|\band\s+|\bwhile\s+)")
_IN_A_ROW = re.compile(r"^\s*(?:percent|per cent|%)?[\s,]*(?:and\s+)?$")
_PIECE = re.compile(r";\s*(?P<words>[^;.]*(?:\.\d[^;.]*)*)")


def years_ago(text: str, start: int) -> bool:
    """The clause tells of old times."""
    return bool(pattern("long_ago").search(text, start))


def fulfilment(text: str, quantity: Row, rule: Rule) -> float | None:
    """The percentage of plan that a percentage in a clause about a plan stands for, None for growth or shares:
    an excess ("overfulfilled by 2 percent") is 102, a level stays as printed."""
    start, end = quantity["start_char"], quantity["end_char"]
    if pattern("growth_after").match(text[end : end + 60]) or pattern("growth_before").search(
        text[max(0, start - 60) : start]
    ):
        return None
    value = float(quantity["value"])
    if (
        value < 100
        and rule.options["outcome"] == "overfulfilled"
        and pattern("excess").search(text[max(0, start - 120) : end + 30])
    ):
        return round(100 + value, 6)
    return value


def outcome_of(value: float, clause_text: str) -> str:
    """What a percentage of plan says: the number decides, unless the plan is still running."""
    if value < 100:
        return "in_progress" if pattern("unfinished").search(clause_text) else "under_fulfilled"
    return "overfulfilled" if value > 100 else "fulfilled"


def plan_rows(
    clause: Clause, rule: Rule, start: int, end: int, percents: list[Row], whole: dict[str, Any]
) -> list[Row]:
    """One row for each percentage of plan in the clause, `whole` being the columns they share: the first on the clause
    up to where the next one's words begin. Percentages in a row ("104 percent and 105 percent", with or without
    "respectively") stand on the same words and are bound to the items of the list before them in order."""
    rows: list[Row] = []
    left, runs = start, _runs(clause.document.text, percents)
    for i, run in enumerate(runs):
        right = end if i + 1 == len(runs) else _cut(clause, run[-1], runs[i + 1][0])
        shared = whole if i == 0 else {**whole, **_continued(clause, left, right)}
        items = _items(clause.text[left : run[0]["start_char"] - clause.start], len(run))
        for n, q in enumerate(run):
            found = {**shared, **_measured(clause, rule, q, clause.text[start:end])}
            if len(run) > 1:
                thing = items[n] if items else None
                found |= {"object": thing, "sector_id": clause.fields.sector(thing) if thing else None}
            each = _each(clause.text[left : run[0]["start_char"] - clause.start]) if len(run) == 1 else []
            own = [{"object": thing, "sector_id": clause.fields.sector(thing)} for thing in each] or [{}]
            rows += [row(clause, left, right, rule.name, **{**found, **columns}) for columns in own]
        left = _after_join(clause.text, right)
    return rows


def further_rows(clause: Clause, rule: Rule, end: int, whole: dict[str, Any]) -> list[Row]:
    """The rows of the pieces after the clause that go on by semicolon without a verb of their own ("; local revenue
    100.3 percent")."""
    rows: list[Row] = []
    for piece in _PIECE.finditer(clause.text, end):
        if piece.start() != (rows[-1]["end_char"] - clause.start if rows else end) and rows:
            break
        first, last = clause.absolute(*piece.span("words"))
        if any(piece.start() < u.start < piece.end() and u.mood != "adjective" for u in clause.verbs):
            break
        percents = [
            q for q in clause.fields.percents(first, last) if fulfilment(clause.document.text, q, rule) is not None
        ]
        if not percents:
            break
        own = {**whole, **_continued(clause, *piece.span("words"))}
        rows += plan_rows(clause, rule, *piece.span("words"), percents, own)
    return rows


def _measured(clause: Clause, rule: Rule, q: Row, words: str) -> dict[str, Any]:
    value = fulfilment(clause.document.text, q, rule)
    assert value is not None
    return {"value": value, "unit_id": "percent", "is_percent_of_plan": True, "outcome": outcome_of(value, words)}


def _runs(text: str, percents: list[Row]) -> list[list[Row]]:
    """The percentages, those with nothing but "and" or a comma between them together."""
    runs: list[list[Row]] = []
    for q in percents:
        if runs and _IN_A_ROW.match(text[runs[-1][-1]["end_char"] : q["start_char"]]):
            runs[-1].append(q)
        else:
            runs.append([q])
    return runs


def _items(text: str, count: int | None) -> list[str]:
    """The items of the list in `text`, if there are `count` of them."""
    head = pattern("predicate").split(text, maxsplit=1)[0]
    items = [i.strip() for i in re.split(r",\s*(?:and\s+)?|\s+and\s+", head) if i.strip()]
    return [noun_phrase(i) for i in items] if count in (None, len(items)) else []


def _each(text: str) -> list[str]:
    """The items of the list in `text` that each have the percentage after it ("cloth and tile each reported")."""
    head, each, _ = text.partition(" each ")
    if not each:
        return []
    maker = pattern("makers_of").match(head)
    return _items(head[maker.end() :] if maker else head, None)


def _cut(clause: Clause, q: Row, following: Row) -> int:
    """Where the words of one percentage end: before the last comma between it and the next, else the last "and"."""
    first, last = q["end_char"] - clause.start, following["start_char"] - clause.start
    joints = list(_JOIN.finditer(clause.text, first, last))
    commas = [j for j in joints if "," in j.group()]
    return (commas or joints)[-1].start() if joints else first


def _after_join(text: str, at: int) -> int:
    match = _JOIN.match(text, at)
    return match.end() if match else at


def _continued(clause: Clause, left: int, right: int) -> dict[str, Any]:
    """The columns that a further percentage's own words give."""
    words = clause.text[left:right]
    after_in = re.search(
        r"(?:percent|%)\s+(?:in|for|of)\s+(?!(?:the |its |their )?(?:\w+ )?(?:plan|target|goal|quota))(.+)$", words
    )
    before = re.match(r"(.+?)\s+(?:(?:at|to|by|reached|stood at|was|were|came to)\s+)*\d", words)
    thing = after_in.group(1) if after_in else before.group(1) if before else ""
    found: dict[str, Any] = {"object": noun_phrase(thing) or None}
    if found["object"]:
        found["sector_id"] = clause.fields.sector(thing)
    if places := clause.fields.place_ids(*clause.absolute(left, right)):
        found["place_ids"] = places
    return found
