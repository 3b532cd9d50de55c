"""Shares given for a second year by saying that they stay the same: filled from the figure they repeat."""

from __future__ import annotations

from assets.extracted.budget_lines.words import patterns
from assets.extracted.budget_lines.years import Context, year_of
from assets.extracted.document import Row


def repeated(text: str, antecedents: list[Row], context: Context) -> list[Row]:
    """The rows a sentence repeats for another year ("the same for 2024"), marked as derived in their rule.

    `antecedents` are the rows before; the last of them is repeated if it is a share.
    """
    if not antecedents or antecedents[-1]["measure"] != "share":
        return []
    source = antecedents[-1]
    rows: list[Row] = []
    for rule in patterns("same"):
        match = rule.pattern.search(text)
        if not match:
            continue
        words = next(w for w in match.groups() if w)
        year = year_of(words, context)
        if year is None and source["fiscal_year"] is not None:
            year = source["fiscal_year"] - 1
        if year is None or year == source["fiscal_year"]:
            continue
        rows.append(
            {
                **source,
                "start_char": match.start(),
                "end_char": match.end(),
                "rule": f"budget_lines.{rule.name}_derived",
                "fiscal_year": year,
                "basis": rule.options["basis"],
            }
        )
    return rows
