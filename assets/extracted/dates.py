"""extracted.dates: calendar expressions, resolved against the publication date where they need it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from assets.extracted.dates_calendar import Interval
from assets.extracted.dates_lists import DayList, ListedDay, earlier_days, further_days
from assets.extracted.dates_resolve import RESOLVERS, Reading, Resolver, is_base
from assets.extracted.document import Document, Found, Row, Sentence
from assets.extracted.needs import Needs, matches, needs_of
from assets.extracted.rules import rules
from warehouse.reference import Reference

_NAMES_ITS_DAY = re.compile(r"\s*[,(]?\s*")
"""Between a date and the weekday that only repeats it (January 16, 2024, Tuesday)."""
_DIGIT = re.compile(r"\d")
_RECENT_SENTENCES = 6
"""How many sentences back "the previous year" may look for the year it goes back from."""


@dataclass(frozen=True, slots=True)
class _DateRule:
    name: str
    find: re.Pattern[str]
    needs_digits: bool
    where: re.Pattern[str] | None
    span: str | int
    resolve: Resolver


class _Hit(NamedTuple):
    start: int
    end: int
    rank: int
    rule: _DateRule
    match: re.Match[str]


@cache
def _date_rules() -> tuple[_DateRule, ...]:
    where = {r.name: r.pattern for r in rules("dates_context")}
    return tuple(
        _DateRule(
            r.name,
            r.pattern,
            r.options.get("digits", False),
            where[r.options["where"]] if "where" in r.options else None,
            "span" if "span" in r.pattern.groupindex else 0,
            RESOLVERS[r.options["resolve"]],
        )
        for r in rules("dates")
    )


def extract(document: Document, reference: Reference, found: Found) -> list[Row]:  # noqa: ARG001
    """Calendar expressions with the days they name, as rows of extracted.dates without key and evidence.

    An expression that cannot be resolved (relative, and the document has no publication date) gives no row.
    """
    rows: list[Row] = []
    recent: list[tuple[int, Interval]] = []
    for sentence in document.candidates("calendar"):
        recent = [(o, i) for o, i in recent if sentence.ordinal - o <= _RECENT_SENTENCES]
        rows.extend(_rows(document, sentence, recent))
    return rows


def _rows(document: Document, sentence: Sentence, recent: list[tuple[int, Interval]]) -> list[Row]:
    text = document.sentence_text(sentence)
    rows: list[Row] = []
    listed_to = 0
    for hit in _chosen(_hits(text)):
        if hit.start < listed_to:
            continue
        if hit.rule.name == "weekday" and rows and _repeats(text, rows[-1], hit, sentence.start):
            continue
        reading = Reading(document.published_on, text[: hit.start], text[hit.end :], [i for _, i in recent])
        interval = hit.rule.resolve(hit.match, reading)
        if interval is None:
            continue
        if hit.rule.name not in _GO_BACK and not is_base(text[: hit.start]):
            recent.append((sentence.ordinal, interval))
        listed = _listed(text, hit, interval)
        if listed.year:
            interval = replace(
                interval, start=interval.start.replace(year=listed.year), end=interval.end.replace(year=listed.year)
            )
        row = _row(sentence.start, hit, interval, reading)
        if not listed.days:
            rows.append(row)
            listed_to = 0
            continue
        free = rows[-1]["end_char"] - sentence.start if rows else 0
        days = [row | _day_row(sentence.start, day) for day in listed.days if day.start >= free]
        rows.extend(sorted([row, *days], key=_start))
        listed_to = max(day.end for day in listed.days)
    return rows


_GO_BACK = frozenset({"previous", "year_earlier"})
_ONE_DAY = frozenset({"month_day", "month_day_after_the"})
_NO_DAYS = DayList(())
_DAY_FIRST = frozenset({"day_month", "day_month_year"})


def _listed(text: str, hit: _Hit, interval: Interval) -> DayList:
    """The other days of a list that the date is part of."""
    if hit.rule.name in _ONE_DAY:
        return further_days(text, hit.end, interval)
    return earlier_days(text, hit.start, interval) if hit.rule.name in _DAY_FIRST else _NO_DAYS


def _start(row: Row) -> int:
    start: int = row["start_char"]
    return start


def _day_row(offset: int, day: ListedDay) -> Row:
    return {
        "start_char": offset + day.start,
        "end_char": offset + day.end,
        "rule": "dates.listed_day",
        "start_date": day.interval.start,
        "end_date": day.interval.end,
    }


def _repeats(text: str, before: Row, hit: _Hit, offset: int) -> bool:
    """The weekday only repeats the date right before it."""
    gap = _NAMES_ITS_DAY.fullmatch(text, before["end_char"] - offset, hit.start)
    return gap is not None and before["granularity"] == "day" and before["rule"] != "dates.weekday"


def _hits(text: str) -> list[_Hit]:
    """Every match of every rule, offsets within the sentence."""
    has_digits = _DIGIT.search(text) is not None
    hits: list[_Hit] = []
    date_rules = _date_rules()
    stands: dict[re.Pattern[str], bool] = {}
    for rank, places in _needs().tried(text):
        rule = date_rules[rank]
        if rule.needs_digits and not has_digits:
            continue
        if (where := rule.where) is not None:
            if where not in stands:
                stands[where] = where.search(text) is not None
            if not stands[where]:
                continue
        for match in matches(rule.find, text, places):
            hits.append(_Hit(match.start(rule.span), match.end(rule.span), rank, rule, match))  # noqa: PERF401
    return hits


@cache
def _needs() -> Needs:
    return needs_of(rules("dates"))


def _chosen(hits: list[_Hit]) -> list[_Hit]:
    """Matches that do not overlap, in order; of those that do the longest, then the first rule's."""
    if len(hits) < 2:
        return hits
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.rank, h.start)):
        if all(hit.end <= k.start or k.end <= hit.start for k in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: h.start)


def _row(offset: int, hit: _Hit, interval: Interval, reading: Reading) -> Row:
    return {
        "start_char": offset + hit.start,
        "end_char": offset + hit.end,
        "rule": f"dates.{hit.rule.name}",
        "start_date": interval.start,
        "end_date": interval.end,
        "granularity": interval.granularity,
        # What another date of an undated text settles is not relative to a publication date.
        "is_relative": reading.used_anchor and reading.anchor is not None,
        "anchor_date": reading.anchor if reading.used_anchor else None,
    }
