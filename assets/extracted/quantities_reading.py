"""How the words around an amount make it exact or vague, a level, a change, a share or a ratio."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from assets.extracted.needs import Needs, matches, needs_of
from assets.extracted.quantities_amounts import COUNTED, Amount
from assets.extracted.rules import Rule, rules

_INDEX_LOW, _INDEX_HIGH = 100, 125
_INDEX = re.compile(r"\b(?:as\s+)?(?:compared|against|than|over)\b.{0,30}(?:\x00|\b(?:year|period)\b)", re.IGNORECASE)
_CONNECTS = re.compile(r"^[\s,]*(?:and|or|to)?[\s,]*(?:by|at|about|more than|over)?\s*(?:an?\s+)?$", re.IGNORECASE)
_RESTATED = re.compile(r"\s*,?\s*(?:or|\()\s*(?:about\s*)?$")
"""A change told twice: a drop of 240,000 tons or 5.2 percent."""
_LISTED = re.compile(r"^[^.;:]{0,90}$")
_TO = re.compile(r"\b(?:to|at)\s*$", re.IGNORECASE)
_BY = re.compile(r"\bby\s*$", re.IGNORECASE)
_PLAN = re.compile(r"\b(?:plans?|quotas?|assignments?|targets?|goals?|norms?)\b", re.IGNORECASE)
_NEAR_VERB = 3
"""Words that may stand between a verb of change and the amount it changes by."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Role and direction of an amount; where the word that told begins, and where the words about this amount do."""

    role: str
    direction: str = "none"
    cue: int | None = None
    begin: int = 0


@cache
def _context(side: str) -> tuple[Rule, ...]:
    return tuple(r for r in rules("quantities_context") if r.options["side"] == side)


@cache
def _approximations(side: str, telling: str) -> tuple[tuple[str, ...], tuple[tuple[Rule, tuple[str, ...]], ...]]:
    """The words of all rules that say on a side of a number how exact it is, and the rules with their own words."""
    found = [(r, tuple(r.options[telling])) for r in _context(side) if "approximation" in r.options]
    return tuple({word for _, words in found for word in words}), tuple(found)


_GAPS = "- \t\xa0\u2007\u2009\u202f"


def approximation(text: str, amount: Amount) -> tuple[str, int]:
    """How exact the text says the amount is, and where the words that say so begin."""
    window = max(0, amount.start - 36)
    before = text[window : amount.start]
    said = before.rstrip(_GAPS).lower()
    every, own = _approximations("before", "ends")
    if said.endswith(every):
        for rule, words in own:
            if said.endswith(words) and (match := rule.pattern.search(before)):
                return rule.options["approximation"], window + match.start()
    return _said_behind(text, amount) or ("over" if amount.form == "vague" else "exact"), amount.start


def _said_behind(text: str, amount: Amount) -> str | None:
    """How exact the words behind the number or behind its unit say that it is."""
    every, own = _approximations("after", "opens")
    behind = text[amount.end : amount.end + 16]
    behind_number = text[amount.number_end : amount.number_end + 16]
    if not (behind.lstrip(_GAPS).lower().startswith(every) or behind_number.lstrip(_GAPS).lower().startswith(every)):
        return None
    for rule, _ in own:
        if rule.pattern.match(behind) or rule.pattern.match(behind_number):
            approximate: str = rule.options["approximation"]
            return approximate
    return None


def meanings(text: str, found: list[Amount]) -> list[Meaning]:
    """Role and direction of each amount of a sentence; items of a list share what is said of one of them."""
    read: list[Meaning | None] = []
    for index, amount in enumerate(found):
        begin = found[index - 1].end if index else 0
        finish = found[index + 1].start if index + 1 < len(found) else len(text)
        amount.approximation, amount.said_from = approximation(text, amount)
        read.append(_meaning(amount, text[begin : amount.said_from], begin, text[amount.end : finish]))
    if len(found) > 1:
        _inherit_back(text, found, read)
        _inherit_forward(text, found, read)
    return [m or _default(a) for m, a in zip(read, found, strict=True)]


def _inherit_back(text: str, found: list[Amount], read: list[Meaning | None]) -> None:
    for i in range(len(found) - 2, -1, -1):
        ahead = read[i + 1]
        gap = text[found[i].end : found[i + 1].start]
        if read[i] is not None or ahead is None or not found[i].is_percent:
            continue
        if found[i + 1].is_percent and _CONNECTS.match(gap):
            read[i] = ahead
        elif ahead.role == "change" and _RESTATED.match(gap):
            read[i] = Meaning(ahead.role, ahead.direction)


def _inherit_forward(text: str, found: list[Amount], read: list[Meaning | None]) -> None:
    for i in range(1, len(found)):
        last = read[i - 1]
        if read[i] is not None or last is None:
            continue
        gap = text[found[i - 1].end : found[i].start]
        both_percent = found[i].is_percent and found[i - 1].is_percent and _LISTED.match(gap)
        converted = found[i].is_money and found[i - 1].is_money and re.match(r"\s*\(\s*(?:about\s*)?$", gap)
        restated = last.role == "change" and _RESTATED.match(gap)
        if both_percent or converted or restated:
            read[i] = Meaning(last.role, last.direction)


def _default(amount: Amount) -> Meaning:
    if amount.is_percent:
        return Meaning("ratio")
    if amount.form == "fraction" and (amount.unit is None or amount.counted):
        return Meaning("share")
    if amount.unit is not None and amount.unit.unit_id == "times":
        return Meaning("ratio")
    return Meaning("count" if amount.unit is not None and amount.unit.unit_id in COUNTED else "level")


def _meaning(amount: Amount, before: str, offset: int, after: str) -> Meaning | None:
    """What the words right behind the amount say, else the nearest cue before it; None if neither says anything."""
    relative = amount.is_percent or (amount.unit is not None and amount.unit.unit_id in {"percentage_point", "times"})
    if relative or amount.form == "fraction":
        for rule in _context("after"):
            if "role" not in rule.options or (rule.options["role"] == "share" and amount.value > _INDEX_LOW):
                continue
            if rule.pattern.match(after):
                return Meaning(rule.options["role"], rule.options["direction"])
    for rule in () if relative else _context("after_amount"):
        if rule.pattern.match(after):
            return Meaning(rule.options["role"], rule.options["direction"])
    cue = _nearest_cue(before)
    if cue is None:
        return None
    rule, match = cue
    meaning = Meaning(rule.options["role"], rule.options["direction"], offset + match.start(), offset)
    tail = before[match.end() :]
    return (
        _relative(amount, rule, meaning, before, tail, after)
        if relative
        else _absolute(amount, rule, meaning, match[0], tail)
    )


@cache
def _cue_needs() -> Needs:
    return needs_of(_context("cue"))


def _nearest_cue(before: str) -> tuple[Rule, re.Match[str]] | None:
    best: tuple[Rule, re.Match[str]] | None = None
    cues = _context("cue")
    for index, places in _cue_needs().tried(before):
        rule = cues[index]
        for match in matches(rule.pattern, before, places):
            if best is None or match.end() > best[1].end():
                best = rule, match
    return best


def _relative(amount: Amount, rule: Rule, meaning: Meaning, before: str, tail: str, after: str) -> Meaning | None:
    """A percentage: of plan, of growth, of excess over the plan, or an index with the year before at 100."""
    if rule.name == "overfulfil":
        over = amount.value >= _INDEX_LOW or _TO.search(tail)
        return Meaning("ratio", "none", meaning.cue, meaning.begin) if over else meaning
    if rule.name == "plan_carried_out":
        return meaning if _PLAN.search(before) or _TO.search(tail) else None
    if meaning.role == "change":
        if _TO.search(tail):
            return Meaning("ratio", "none", meaning.cue, meaning.begin)
        if _INDEX_LOW <= amount.value < _INDEX_HIGH and amount.is_percent and _INDEX.search(after):
            return Meaning("ratio", "none", meaning.cue, meaning.begin)
    return meaning


def _absolute(amount: Amount, rule: Rule, meaning: Meaning, word: str, tail: str) -> Meaning | None:
    """An amount in a unit: a change only where the verb stands right before it or "by" leads to it."""
    if rule.name == "overfulfil":
        return None
    if meaning.role != "change" or _TO.search(tail):
        return Meaning(
            "level" if amount.unit and amount.unit.unit_id not in COUNTED else "count",
            "none",
            meaning.cue,
            meaning.begin,
        )
    is_count = amount.unit is None or amount.unit.unit_id in COUNTED
    adverb = word.lower() in {"up", "down", "higher", "lower", "extra", "added", "adding"} and not amount.is_money
    near = (
        tail.strip() == "of"
        or (not tail.strip() and not is_count and not adverb)
        or (_BY.search(tail) is not None and len(tail.split()) <= _NEAR_VERB + 5)
    )
    return meaning if near else None
