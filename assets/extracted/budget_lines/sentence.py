"""One sentence of the budget report, read figure by figure."""

from __future__ import annotations

from assets.extracted.budget_lines.clauses import Clause, clauses_of
from assets.extracted.budget_lines.measures import Measure, measures_of
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


def lines_of(text: str, context: Context) -> list[Row]:
    """The budget lines of a sentence, offsets within it; `context` learns the year the report has come to."""
    clauses = clauses_of(text, context.last_line)
    measures = measures_of(clauses)
    rows: list[Row] = []
    previous: Time | None = None
    for clause, measure in zip(clauses, measures, strict=True):
        time = time_of(clause, measure, previous, context)
        if measure is None:
            continue
        times = [time.at(year, context) for year in clause.years] or [time]
        made = [r for each in times for r in _rows(clause, measure, each)]
        if made:
            previous = time
            context.learn(time, made[-1]["line"])
        rows += made
    return rows


def _rows(clause: Clause, measure: Measure, time: Time) -> list[Row]:
    """The rows of a clause; a fulfilment of "the budget" gives none, as it does not say whether of income or outlay."""
    lines = ["balance"] * len(clause.figures.values) if measure.name == "surplus" else clause.lines
    if len(lines) != len(clause.figures.values):
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
        "rule": f"budget_lines.{measure.rule}" + ("_elliptical" if measure.borrowed else ""),
        "fiscal_year": time.year,
        "line": line,
        "measure": measure.name,
        "value_percent": value,
        "growth_percent": measure.growth(value),
        "basis": time.basis,
    }
