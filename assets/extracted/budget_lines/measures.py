"""What a percentage of the budget report compares with."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assets.extracted.budget_lines.clauses import MARK, Clause
from assets.extracted.budget_lines.words import pattern, patterns

_HIGH = 60.0
"""Percentages above it are fulfilments or indices, those below growth or shares, where the text leaves it open."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure (growth, index, fulfilment, share, surplus, multiple) as one rule reads it.

    `excess` says that the figure counts from 100, `sign` that it is a decrease, `borrowed` that the clause leaves the
    measure out and takes it from another figure of its sentence.
    """

    name: str
    rule: str
    excess: bool = False
    sign: int = 1
    borrowed: bool = False

    def value(self, printed: float) -> float:
        """The percentage in the measure's own terms: overfulfilled by 1.3 is a fulfilment of 101.3."""
        return round(100 + printed, 6) if self.excess and printed < 100 else printed

    def growth(self, value: float) -> float | None:
        """Growth on the year before in percent, None where the measure allows none."""
        if self.name == "growth":
            return float(self.sign * value)
        if self.name == "index":
            return round(value - 100, 6)
        return round((value - 1) * 100, 6) if self.name == "multiple" else None


def measures_of(clauses: list[Clause], last: Measure | None, is_partition: bool) -> list[Measure | None]:
    """For each clause its measure; one that prints none takes that of the nearest like figure in the sentence.

    `last` is the measure of the figure before the sentence, which "the same figure" is in, and the parts of that
    figure where the sentence lists them (`is_partition`).
    """
    read = [_read(c) for c in clauses]
    complete: list[Measure | None] = []
    for index, (clause, measure) in enumerate(zip(clauses, read, strict=True)):
        measure = measure or _borrowed(index, clause, clauses, read, complete)
        if (
            measure is None
            and (clause.repeats or is_partition)
            and last
            and (last.name in ("fulfilment", "index")) == _is_high(clause)
        ):
            measure = replace(last, excess=False, borrowed=True)
        complete.append(measure)
    return complete


def _is_high(clause: Clause) -> bool:
    return clause.figures.values[0] >= _HIGH


def _read(clause: Clause) -> Measure | None:
    if clause.figures.is_multiple:
        return Measure("multiple", "multiple")
    if clause.level and not pattern("share_base").search(clause.text):
        return None
    for rule in patterns("measure"):
        low, high = rule.options.get("minimum", 0), rule.options.get("maximum", float("inf"))
        if all(low <= v < high for v in clause.figures.values) and rule.pattern.search(clause.text):
            name, sign = str(rule.options["measure"]), int(rule.options.get("sign", 1))
            return Measure(name, rule.name, bool(rule.options.get("excess")), sign)
    return None


def _is_fulfilment(measure: Measure | None) -> bool:
    return measure is not None and measure.name == "fulfilment"


def _borrowed(
    index: int, clause: Clause, clauses: list[Clause], read: list[Measure | None], complete: list[Measure | None]
) -> Measure | None:
    before = complete[index - 1] if index else None
    if before and before.excess and not clause.figures.is_multiple and clause.own:
        return Measure(before.name, before.rule, excess=True, borrowed=True)
    order = [*range(index - 1, -1, -1), *range(index + 1, len(clauses))]
    high = _is_high(clause)
    if high and f" at {MARK}" in clause.text:
        order.sort(key=lambda i: not _is_fulfilment(complete[i] if i < index else read[i]))
    for other in order:
        measure: Measure | None = complete[other] if other < index else read[other]
        if (
            measure
            and (measure.name in ("fulfilment", "index")) == high
            and measure.name not in ("surplus", "multiple")
        ):
            return Measure(measure.name, measure.rule, sign=measure.sign, borrowed=True)
    return None
