"""The value and the change a sentence gives for a flow."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assets.extracted.document import Found, Row, within
from assets.extracted.trade_flows.flows import Flow, of_part

_CONVERTED = re.compile(r"\(\s*(?:about |some |around |roughly )?$")
_SHARE = re.compile(r"\b(?:share|portion|accounts? for|dependence)\b")
"""Between a flow and a percentage: the percentage is part of a whole, and no change of the flow."""
_REACH = 30
"""Characters before an amount in which words like "from" and "down" are its own."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What is said of a flow: offsets in the sentence, the value with its currency, the signed change in percent."""

    start: int
    end: int
    value: float | None
    currency: str | None
    change: float | None
    change_basis: str | None


def figure_of(text: str, flow: Flow, low: int, high: int, found: Found, offset: int) -> Figure | None:
    """The figure of `flow`, looked for up to the next flow (`high`), else back to the one before (`low`).

    None if there is none; an amount repeated in a second currency is left out, so is a difference between two amounts.
    """
    after = within(found.get("quantities", ()), offset + flow.start, offset + high)
    values = _values(text, after, offset)
    changes = [r for r in _changes(text, after, offset) if not _SHARE.search(text[flow.end : r["start_char"] - offset])]
    if not values and not changes:
        before = within(found.get("quantities", ()), offset + low, offset + flow.start)
        values, changes = _values(text, before, offset)[-1:], _changes(text, before, offset)[-1:]
    if not values and not changes:
        return None
    value, change = next(iter(values), None), next(iter(changes), None)
    spans = [(r["start_char"] - offset, r["end_char"] - offset) for r in (value, change) if r]
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    basis, basis_end = _basis(text, end, high) if change else (None, end)
    return Figure(
        start,
        max(end, basis_end),
        float(value["value"]) if value else None,
        value["currency"] if value else None,
        _signed(text, change, offset) if change else None,
        basis,
    )


def _before(text: str, row: Row, offset: int) -> str:
    start = row["start_char"] - offset
    return text[max(0, start - _REACH) : start]


def _ends(part: str, words: str) -> bool:
    return any(r.pattern.search(words) for r in of_part(part))


def _values(text: str, rows: list[Row], offset: int) -> list[Row]:
    """The amounts of money that are the level of a flow, the likeliest first."""
    levels = []
    for row in rows:
        words = _before(text, row, offset)
        if not row.get("currency") or row.get("value") is None or _CONVERTED.search(words):
            continue
        if _ends("base", words) or _ends("other_amount", words) or _ends("change_amount", words):
            continue
        levels.append(row)
    return levels


def _changes(text: str, rows: list[Row], offset: int) -> list[Row]:
    """The percentages that say how a flow changed."""
    changes = []
    for row in rows:
        if row.get("unit_id") != "percent" or row.get("value") is None:
            continue
        words, tail = _before(text, row, offset), text[row["end_char"] - offset :][:_REACH]
        if of_part("share")[0].pattern.match(tail) or _ends("other_amount", words):
            continue
        if of_part("change")[0].pattern.search(words + "|" + tail):
            changes.append(row)
    return changes


def _signed(text: str, row: Row, offset: int) -> float:
    tail = text[row["end_char"] - offset :][:_REACH]
    down = _ends("decrease_before", _before(text, row, offset)) or _ends("decrease_after", tail)
    value = abs(float(row["value"]))
    return -value if down or row["value"] < 0 else value


def _basis(text: str, end: int, high: int) -> tuple[str | None, int]:
    """What a change compares with, if the words after it (or around it) say so, and where those words end."""
    for region, base in ((text[end:high], end), (text, 0)):
        hits = [(m.start(), m.end(), r) for r in of_part("basis") if (m := r.pattern.search(region))]
        if hits:
            _, stop, rule = min(hits, key=lambda h: h[0])
            return rule.options["change_basis"], (base + stop if base else end)
    return None, end
