"""One sentence of the budget report, read figure by figure."""

from __future__ import annotations

from assets.extracted.budget_lines.clauses import Clause, clauses_of
from assets.extracted.budget_lines.measures import Measure, measures_of
from assets.extracted.budget_lines.words import is_other_matter, pattern
from assets.extracted.budget_lines.years import Context, Time, time_of
from assets.extracted.document import Row

__all__ = ["Context", "lines_of"]

# fmt: off
_PLAN_LINES = frozenset(
    {
        "revenue", "expenditure", "central", "local", "state_enterprises", "transaction_tax", "cooperatives",
        "depreciation", "real_estate_rent", "social_insurance",
    }
)
# fmt: on
"""The lines that have a plan of their own, so that a fulfilment can be theirs."""


_TOTALS = frozenset({"revenue", "expenditure"})


def lines_of(text: str, context: Context) -> list[Row]:
    """The budget lines of a sentence, offsets within it; `context` learns the year the report has come to."""
    clauses = clauses_of(text, context.last_line)
    measures = measures_of(clauses, context.last_measure, bool(pattern("partition").search(text)))
    rows: list[Row] = []
    previous: Time | None = None
    for clause, measure in zip(clauses, measures, strict=True):
        time = time_of(clause, measure, previous, context)
        if measure is None or _is_left_out(text, clause, time):
            previous = time if clause.left_behind else previous
            continue
        times = [time.at(year, context) for year in clause.years] or [time]
        made = [r for each in times for r in _rows(clause, measure, each)]
        if not (clause.level or clause.is_aside):
            previous = time
        if made and not (clause.level or clause.is_aside or clause.repeats):
            context.learn(time, made[-1]["line"])
            context.last_measure = measure
        rows += made
    return rows


def _is_left_out(text: str, clause: Clause, time: Time) -> bool:
    """Whether a figure is of another matter, or a level compared with whose year is not told."""
    if clause.left_behind or (clause.level and time.year is None):
        return True
    return is_other_matter(text[: clause.end], clause.text)


def _rows(clause: Clause, measure: Measure, time: Time) -> list[Row]:
    """The rows of a clause.

    A fulfilment of "the budget" gives none, as it does not say whether of income or outlay; nor does a total's share
    of itself, which is a misread purpose.
    """
    lines = ["balance"] * len(clause.figures.values) if measure.name == "surplus" else clause.lines
    if len(lines) != len(clause.figures.values) or (measure.name == "share" and set(lines) & _TOTALS):
        return []
    return [
        _row(clause, line, value, measure, time)
        for line, value in zip(lines, clause.figures.values, strict=True)
        if measure.name != "fulfilment" or (line in _PLAN_LINES and not clause.bare_budget)
    ]


def _row(clause: Clause, line: str, printed: float, measure: Measure, time: Time) -> Row:
    value = measure.value(printed)
    return {
        "start_char": clause.start,
        "end_char": clause.end,
        # In a list the words of measuring stand once ("revenue 102 percent of last year, spending 101 percent").
        "rule": f"budget_lines.{measure.rule}" + ("_elliptical" if measure.borrowed else ""),
        "fiscal_year": time.year,
        "line": line,
        "measure": measure.name,
        "value_percent": value,
        "growth_percent": measure.growth(value),
        "basis": time.basis,
    }
