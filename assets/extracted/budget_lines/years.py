"""For which fiscal year a figure of the budget report stands, and whether as plan or as outcome."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assets.extracted.budget_lines.clauses import Clause
from assets.extracted.budget_lines.measures import Measure
from assets.extracted.budget_lines.words import pattern

_COUNTED = (("last", -1), ("this", 0), ("current", 0), ("next", 1))
_YEAR_BEFORE = re.compile(r"\b(?:previous|preceding|before|earlier|ago)\b", re.IGNORECASE)
_PLANNED = re.compile(r"\b(?:budget|plan|planned|projected|promised|forecast|expected|envisaged)\b")
_PRINTED = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass
class Context:
    """What the report has said so far: publication year, year and line it has come to, its last figure's sentence."""

    published: int | None
    year: int | None = None
    basis: str | None = None
    last_line: str | None = None
    last_measure: Measure | None = None
    last_sentence: int | None = None

    def learn(self, time: Time, line: str) -> None:
        """Note the time and line of a figure."""
        self.year = time.year if time.year is not None else self.year
        self.basis = time.basis
        self.last_line = line

    def hear(self, text: str) -> None:
        """Note the year of a sentence without figures that speaks of one year's budget."""
        if pattern("heading").search(text):
            years = {year_of(m.group(), self) for m in pattern("year").finditer(text)} - {None}
            if len(years) == 1:
                self.year, self.basis = years.pop(), None


@dataclass(frozen=True, slots=True)
class Time:
    """A fiscal year and its basis (planned, actual), either None where the text does not tell."""

    year: int | None
    basis: str | None

    def at(self, year: int, context: Context) -> Time:
        """The same for another year."""
        return replace(self, year=year, basis=basis_of(year, None, context) or self.basis)


def year_of(words: str, context: Context) -> int | None:
    """The year an expression means: a printed one, or one counted from publication."""
    printed = _PRINTED.findall(words)
    if printed:
        return int(printed[-1])
    if context.published is None:
        return None
    offset = next((n for word, n in _COUNTED if word in words.lower()), None)
    return None if offset is None else context.published + offset


def time_of(clause: Clause, measure: Measure | None, previous: Time | None, context: Context) -> Time:
    """The fiscal year and basis of a clause; `previous` is that of the figure before in the sentence."""
    if clause.level:
        return _time_compared(clause, previous, context)
    compared = [m["base"] for m in pattern("comparison").finditer(clause.text)]
    text = pattern("comparison").sub(" ", clause.text)
    planned = _modality(text)
    if planned is None and previous and measure and measure.borrowed and previous.basis and not clause.is_aside:
        planned = previous.basis == "planned"
    year = clause.years[0] if clause.years else _stated(text, context)
    if year is None and previous and (planned is None or planned == (previous.basis == "planned")):
        year = previous.year
        planned = previous.basis == "planned" if planned is None and previous.basis else planned
    if year is None and measure and measure.name in ("growth", "index", "multiple"):
        year = _after(compared, planned, context)
    if year is None:
        year = _from_context(planned, context)
    return Time(year, basis_of(year, planned, context))


def _time_compared(clause: Clause, previous: Time | None, context: Context) -> Time:
    """The time of a level compared with: a stated year, or that before the figure it is compared with."""
    match = pattern("base_level").search(clause.text)
    words = (match["base"] if match else None) or clause.text.partition("¤")[2]
    year = clause.years[0] if clause.years else None
    for stated in pattern("year").finditer(words):
        year = year or year_of(stated.group(), context)
        if year is None and _YEAR_BEFORE.search(stated.group()) and previous and previous.year:
            year = previous.year - 1
    planned = (
        bool(
            pattern("planned").search(clause.text)
            or _PLANNED.search((match[0] if match else "") + clause.text.partition("¤")[2])
        )
        or None
    )
    return Time(year, basis_of(year, planned, context))


def _modality(text: str) -> bool | None:
    """True if the clause speaks of a plan, False of the past, None if its words do not tell."""
    if pattern("planned").search(text):
        return True
    return False if pattern("past").search(pattern("decided").sub(" ", text)) else None


def _stated(text: str, context: Context) -> int | None:
    before, _, after = text.partition("¤")
    for side, take in ((before, -1), (after, 0)):
        years = [y for y in (year_of(m.group(), context) for m in pattern("year").finditer(side)) if y is not None]
        if years:
            return years[take]
    return None


def _after(compared: list[str], planned: bool | None, context: Context) -> int | None:
    """The year that follows the one compared with."""
    bases = [y for y in (year_of(c, context) for c in compared) if y is not None]
    if not bases:
        return None
    year = bases[0] + 1
    is_told_as_past = planned is False and context.published is not None and year >= context.published
    return None if is_told_as_past and context.year != year else year


def _from_context(planned: bool | None, context: Context) -> int | None:
    year, published = context.year, context.published
    if published is None:
        return year
    if planned is None:
        return year
    if year is not None and (year >= published) == planned:
        return year
    return published if planned else published - 1


def basis_of(year: int | None, planned: bool | None, context: Context) -> str | None:
    """Plan or outcome: by the verb, else by whether the year was over when the text appeared."""
    if planned:
        return "planned"
    if year is not None and context.published is not None:
        return "planned" if year >= context.published else "actual"
    if planned is None:
        return context.basis if year is not None and year == context.year else None
    return "actual"
