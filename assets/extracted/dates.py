"""extracted.dates: calendar expressions, resolved against the publication date where they need it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import compress, pairwise
from typing import NamedTuple

from assets.extracted.dates_calendar import Interval
from assets.extracted.dates_lists import NO_DAYS, DayList, ListedDay, earlier_days, further_days
from assets.extracted.dates_resolve import RESOLVERS, Reading, Resolver, is_base
from assets.extracted.document import Document, Found, Row, Sentence
from assets.extracted.needs import Needs, members, needs_of
from assets.extracted.rules import rules
from assets.extracted.rules.together import together
from warehouse.reference import Reference

_NAMES_ITS_DAY = re.compile(r"\s*[,(]?\s*")
"""Between a date and the weekday that only repeats it (January 16, 2024, Tuesday)."""
_MANY = 3
"""From so many rules at a place on, one pattern for all of them is faster than each by itself."""
_RECENT_SENTENCES = 6
"""How many sentences back "the previous year" may look for the year it goes back from."""


@dataclass(frozen=True, slots=True)
class _DateRule:
    name: str
    find: re.Pattern[str]
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
    return tuple(
        _DateRule(
            r.name,
            r.pattern,
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
    for sentence in document.sentences:
        if "calendar" not in sentence.scans:
            continue
        if recent:
            recent = [(o, i) for o, i in recent if sentence.ordinal - o <= _RECENT_SENTENCES]
        rows += _rows(document, sentence, recent)
    return rows


def _rows(document: Document, sentence: Sentence, recent: list[tuple[int, Interval]]) -> list[Row]:
    text = document.sentence_text(sentence)
    rows: list[Row] = []
    listed_to = 0
    for hit in _chosen(_hits(text, sentence.scans)):
        if hit.start < listed_to:
            continue
        if hit.rule.name == "weekday" and rows and _repeats(text, rows[-1], hit, sentence.start):
            continue
        reading = Reading(document.published_on, text[: hit.start], text[hit.end :], recent)
        interval = hit.rule.resolve(hit.match, reading)
        if interval is None:
            continue
        if hit.rule.name not in _GO_BACK and not is_base(reading.before):
            recent.append((sentence.ordinal, interval))
        listed = _listed(text, hit, interval)
        if listed.year:
            interval = interval._replace(
                start=interval.start.replace(year=listed.year), end=interval.end.replace(year=listed.year)
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
_DAY_FIRST = frozenset({"day_month", "day_month_year"})


def _listed(text: str, hit: _Hit, interval: Interval) -> DayList:
    """The other days of a list that the date is part of."""
    if hit.rule.name in _ONE_DAY:
        return further_days(text, hit.end, interval)
    return earlier_days(text, hit.start, interval) if hit.rule.name in _DAY_FIRST else NO_DAYS


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


def _hits(text: str, scans: frozenset[str]) -> list[_Hit]:
    """Every match of every rule, those of one rule not overlapping, offsets within the sentence."""
    date_rules = _date_rules()
    needs = _needs()
    met, places = needs.begun_in(text)
    possible = met & _possible(scans)
    hits: list[_Hit] = []
    free: dict[int, int] = {}
    for place, begun in places:
        for rank in _matching(text, place, begun) if (begun & possible) else ():
            rule = date_rules[rank]
            if possible >> rank & 1 and place >= free.get(rank, 0) and (match := rule.find.match(text, place)):
                free[rank] = match.end()
                hits.append(_Hit(match.start(rule.span), match.end(rule.span), rank, rule, match))
    for rank in members(possible & needs.anywhere):
        rule = date_rules[rank]
        for match in rule.find.finditer(text):
            hits.append(_Hit(match.start(rule.span), match.end(rule.span), rank, rule, match))  # noqa: PERF401
    return hits


def _matching(text: str, place: int, begun: int) -> Iterable[int]:
    """Of the rules that begin with the words at a place those worth trying there, by their rank."""
    ranks, pattern, others = _together(begun)
    match = pattern.match(text, place) if pattern else None
    if match is None:
        return (*ranks, *others)
    return others if match.lastindex is None else (*compress(ranks, match.groups()), *others)


@cache
def _together(begun: int) -> tuple[tuple[int, ...], re.Pattern[str] | None, tuple[int, ...]]:
    """Of rules that begin with the same words those that need no other word, by their rank, and, where they are many, a
    pattern that tells them; and the others."""
    needy = [bool(r.options.get("begins")) for r in rules("dates")]
    ranks = tuple(rank for rank in members(begun) if needy[rank])
    others = tuple(rank for rank in members(begun) if not needy[rank])
    return ranks, together([_date_rules()[rank].find for rank in ranks]) if len(ranks) >= _MANY else None, others


@cache
def _possible(scans: frozenset[str]) -> int:
    """The rules, as bits of a number, that the scans which fire on a sentence do not rule out."""
    return sum(1 << rank for rank, r in enumerate(rules("dates")) if r.options.get("scan", "calendar") in scans)


@cache
def _needs() -> Needs:
    return needs_of(rules("dates"))


def _chosen(hits: list[_Hit]) -> list[_Hit]:
    """Matches that do not overlap, in order; of those that do the longest, then the first rule's."""
    hits.sort(key=_begin)
    if all(one.end <= other.start for one, other in pairwise(hits)):
        return hits
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.rank, h.start)):
        if all(hit.end <= k.start or k.end <= hit.start for k in kept):
            kept.append(hit)
    return sorted(kept, key=_begin)


def _begin(hit: _Hit) -> int:
    return hit.start


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
