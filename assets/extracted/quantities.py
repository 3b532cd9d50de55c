"""extracted.quantities: numbers with what they measure or count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from assets.extracted.document import Document, Found, Row, Sentence, within
from assets.extracted.numbers import number_places
from assets.extracted.quantities_amounts import Amount, Span, amounts, blank, masked
from assets.extracted.quantities_nouns import measured_after, modified_after, named_before, subject_before
from assets.extracted.quantities_reading import Meaning, meanings
from assets.extracted.quantities_units import Unit, UnitLexicon, unit_lexicon
from assets.extracted.rules import rules
from warehouse.reference import Reference

_SPANS_OF_TIME = frozenset({"dates.span_ahead", "dates.span_back", "dates.decade_ahead", "dates.ago"})
"""Date rules whose expressions also hold an amount of time ("within ten years")."""
_PATTERN = {r.name: r.pattern for r in rules("quantities_words")}
_COMPARES = _PATTERN["compares"]
_BASE = re.compile(r"\s*of\s+(?:the\s+)?")
"""A percentage "of 2021" compares with 2021 and is no figure of that year."""
_POINT_IN_TIME = re.compile(
    r"\b(?:end|beginning|start|turn|middle|early|late|dawn|close|half|years|wars?|times?)\s+(?:of\s+|in\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
"""Before "the last century" where it is a time in which something was, and no length of time."""
_NEXT_DECADE = re.compile(
    r"\b(?:(?:next|last|past|coming)\s+(?P<unit>decade)|(?:next|past|coming)\s+(?P<unit2>century))\b", re.IGNORECASE
)
"""The last century is one with a number, and not the last hundred years."""
_TIMES = frozenset(
    {"second", "minute", "hour", "day", "week", "month", "quarter", "half_year", "year", "decade", "century"}
)
"""Units of amounts of time: these have a length, no period they are figures of."""
_SHORTEST_PERIOD, _FARTHEST_PERIOD, _COMPARING = 27, 90, 48
"""Days of a period of reporting (a month), and characters between a figure and the period it is about, and of the
words that make a period one to compare with."""
_SOUTH = re.compile(r"\b(?:south\s+korea\w*|rok|seoul)\b", re.IGNORECASE)
_NORTH = re.compile(r"\b(?:north\s+korea\w*|dprk|pyongyang)\b", re.IGNORECASE)


class _Around(NamedTuple):
    """What the rows of a sentence's quantities take from elsewhere: the periods, and the sectors and places that it
    names, by the column they go to."""

    text: str
    sentence: Sentence
    periods: Sequence[Row]
    named: Sequence[tuple[str, Sequence[Row]]]


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:
    """Numbers with what they measure or count, as rows of extracted.quantities without key and evidence.

    `value` is the number as printed (1.3 for an excess of 1.3 percent over the plan), in `unit_id` or `currency`.
    Ordinals and the numbers of names are rows with role ordinal_excluded.
    """
    rows: list[Row] = []
    lexicon = unit_lexicon(reference)
    for sentence in document.sentences:
        if "number" in sentence.scans:
            rows += _rows(document, sentence, lexicon, found)
    return _with_won(document, rows) if rows else rows


def _rows(document: Document, sentence: Sentence, lexicon: UnitLexicon, found: Found) -> list[Row]:
    text = document.text[sentence.start : sentence.end]
    dates = _inside("dates", sentence, found)
    spans = [_shifted(d, sentence.start) for d in dates if d["rule"] not in _SPANS_OF_TIME]
    blanked = blank(text, spans) if spans else text
    places = number_places(blanked, in_words="number_word" in sentence.scans)
    if not places:
        return _decades(sentence, text)
    blanked, ordinals = masked(blanked)
    rows = []
    if all_amounts := amounts(blanked, lexicon, places):
        kept = [a for a in all_amounts if not a.is_name and not _is_bare(blanked, a)]
        rows = _amount_rows(_around(document, sentence, dates, found), blanked, kept) if kept else []
        ordinals += [((a.start, a.number_end), "number_in_name") for a in all_amounts if a.is_name]
    rows += [_ordinal(sentence, text, span, rule) for span, rule in ordinals]
    return rows + _decades(sentence, text)


def _inside(table: str, sentence: Sentence, found: Found) -> Sequence[Row]:
    """The rows of a table found in a sentence."""
    rows = found.get(table)
    return within(rows, sentence.start, sentence.end) if rows else ()


def _around(document: Document, sentence: Sentence, dates: Sequence[Row], found: Found) -> _Around:
    mentions = [m for m in _inside("entity_mentions", sentence, found) if m.get("entity_id")]
    named = [(c, [m for m in mentions if m["entity_kind"] == kind]) for kind, c in _COLUMNS.items()]
    return _Around(document.text, sentence, [d for d in dates if _is_period(document.text, d)], named)


def _amount_rows(around: _Around, text: str, kept: list[Amount]) -> list[Row]:
    """The rows of amounts in the masked text of their sentence."""
    breaks = [m.span() for m in _BREAK.finditer(text)]
    return [
        _row(around, text, amount, meaning, _clause(breaks, len(text), amount))
        for amount, meaning in zip(kept, meanings(text, kept), strict=True)
    ]


def _shifted(row: Row, offset: int) -> Span:
    return row["start_char"] - offset, row["end_char"] - offset


_BARE_CONTEXT = _PATTERN["bare_amount_before"]


_CLOSED = _PATTERN["bare_amount_after"]


def _is_bare(text: str, amount: Amount) -> bool:
    """A number that neither measures nor counts anything one could name."""
    if amount.unit is not None or amount.form == "fraction":
        return False
    before, after = text[max(0, amount.start - 16) : amount.start], text[amount.end : amount.end + 12]
    if amount.form == "vague":
        return not after.startswith(" of")
    if amount.scale > 1 or (amount.form == "digits" and re.search(r"[.,]", text[amount.start : amount.number_end])):
        return False
    if amount.form == "words":
        return amount.value <= 1 or before.lower().endswith("the ") or _BARE_CONTEXT.search(before) is None
    return re.match(r"\s+[A-Z]", after) is not None or not (_BARE_CONTEXT.search(before) or _CLOSED.match(after))


def _row(around: _Around, text: str, amount: Amount, meaning: Meaning, clause: Span) -> Row:
    sentence, start = around.sentence, amount.said_from
    unit = amount.unit or Unit()
    is_won = unit.counted == "won"
    row: dict[str, Any] = {
        "start_char": sentence.start + start,
        "end_char": sentence.start + amount.end,
        "rule": f"quantities.{amount.rule}",
        "value": float(amount.value),
        "value_high": None if amount.high is None else float(amount.high),
        "unit_id": None if is_won else unit.unit_id,
        "currency": "won" if is_won else unit.currency,
        "is_percent": amount.is_percent,
        "role": meaning.role,
        "direction": meaning.direction,
        "approximation": amount.approximation,
        "measure": _measure(text, amount, meaning, start),
        "counted": None if is_won else unit.counted,
        "per": amount.per,
    }
    if (
        amount.unit is None
        and meaning.role in {"level", "count"}
        and _counts(text[max(0, start - _NEAR_NUMBER) : start], amount)
    ):
        row["unit_id"] = row["role"] = "count"
    place = sentence.start + amount.start
    span = (sentence.start + clause[0], sentence.start + clause[1])
    for column, mentions in around.named:
        row[column] = _nearest(mentions, span, place)
    if unit.unit_id not in _TIMES:
        periods = around.periods
        if periods and amount.is_percent and (base := _BASE.match(around.text, row["end_char"])):
            periods = [d for d in periods if d["start_char"] != base.end()]
        row["period_start"], row["period_end"] = _period(periods, span, place)
    return row


_NUMBER_OF = _PATTERN["number_of_things"]
_NEAR_NUMBER = 120


def _counts(before: str, amount: Amount) -> bool:
    """Whether the words before a number without a noun speak of a number of things ("the death toll rose to")."""
    whole = amount.high is None and amount.value == amount.value.to_integral() and amount.form != "fraction"
    return whole and _NUMBER_OF.search(before) is not None


def _measure(text: str, amount: Amount, meaning: Meaning, start: int) -> str | None:
    """What is measured, in the text's words, as far as they can be told apart from the rest; else None."""
    if amount.is_age:
        return "age"
    if amount.unit is not None and amount.unit.unit_id == "count" and amount.unit.counted:
        return amount.unit.counted
    if meaning.role != "ratio" and (words := measured_after(text, amount.end)):
        return words
    if "-" in text[amount.number_end : amount.end] and (words := modified_after(text, amount.end)):
        return words
    if meaning.cue is not None and meaning.role in {"change", "ratio", "share"}:
        return None if "respectively" in text[amount.end :] else subject_before(text, meaning.cue, meaning.begin)
    return named_before(text, start)


_BREAK = _PATTERN["clause_break"]


def _clause(breaks: Sequence[Span], size: int, amount: Amount) -> Span:
    """The part of a sentence of `size` characters, between breaks, that holds the amount."""
    start, end = 0, size
    for left, right in breaks:
        if right <= amount.start:
            start = right
        elif left >= amount.end:
            end = left
            break
    return start, end


_COLUMNS = {"sector": "sector_id", "place": "place_id"}


def _nearest(mentions: Sequence[Row], clause: Span, at: int) -> str | None:
    """What is named nearest to the amount in its clause."""
    inside = within(mentions, *clause) if mentions else ()
    nearest: str | None = min(inside, key=lambda m: abs(m["start_char"] - at))["entity_id"] if inside else None
    return nearest


def _is_period(text: str, named: Row) -> bool:
    """Whether a date is long enough for a figure to be about it, and no basis of comparison."""
    start = named["start_char"]
    return (
        (named["end_date"] - named["start_date"]).days >= _SHORTEST_PERIOD
        and named["rule"] not in _COMPARED
        and not _COMPARES.search(text[max(0, start - _COMPARING) : start])
    )


_COMPARED = frozenset({"dates.previous", "dates.year_earlier", "dates.same_span_last_year", "dates.span_ahead"})


def _period(periods: Sequence[Row], clause: Span, at: int) -> tuple[date | None, date | None]:
    """The days the figure is about: the nearest period of its clause."""
    if not periods:
        return None, None
    first, last = max(clause[0], at - _FARTHEST_PERIOD), min(clause[1] - 1, at + _FARTHEST_PERIOD)
    inside = [d for d in periods if first <= d["start_char"] <= last]
    chosen = min(inside, key=lambda d: abs(d["start_char"] - at), default=None)
    return (None, None) if chosen is None else (chosen["start_date"], chosen["end_date"])


def _plain_row(sentence: Sentence, span: Span, rule: str, value: float | None) -> Row:
    return {
        "start_char": sentence.start + span[0],
        "end_char": sentence.start + span[1],
        "rule": f"quantities.{rule}",
        "value": value,
        "is_percent": False,
        "role": "ordinal_excluded",
        "direction": "none",
        "approximation": "exact",
    }


def _ordinal(sentence: Sentence, text: str, span: Span, rule: str) -> Row:
    digits = re.search(r"\d[\d,]*", text[span[0] : span[1]])
    return _plain_row(sentence, span, rule, float(digits[0].replace(",", "")) if digits else None)


def _decades(sentence: Sentence, text: str) -> list[Row]:
    """The next decade is ten years, the last century a hundred."""
    if "decade" not in text and "century" not in text:
        return []
    return [
        _plain_row(sentence, match.span(), "decade", 10.0 if match["unit"] else 100.0)
        | {"role": "level", "unit_id": "year"}
        for match in _NEXT_DECADE.finditer(text)
        if not _POINT_IN_TIME.search(text, 0, match.start())
    ]


def _won(text: str) -> str | None:
    south = max((m.start() for m in _SOUTH.finditer(text)), default=-1)
    north = max((m.start() for m in _NORTH.finditer(text)), default=-1)
    return None if south == north else "KRW" if south > north else "KPW"


def _with_won(document: Document, rows: list[Row]) -> list[Row]:
    """Decide which won a plain "won" is: the Korea named last before the first such amount, else in the text."""
    plain = [r for r in rows if r.get("currency") == "won"]
    if plain:
        decided = _won(document.text[: plain[0]["start_char"]]) or _won(document.text)
        for row in plain:
            row["currency"], row["unit_id"] = decided, None
    return rows
