"""The values and the change a sentence gives for a flow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assets.extracted.document import Found, Row, within
from assets.extracted.trade_flows.flows import Flow, of_part

_CONVERTED = re.compile(r"\(\s*(?:about |some |around |roughly )?$")
_SHARE = re.compile(r"\b(?:share|portion|accounts? for|dependence|dependency|prices?|economy|population)\b")
"""Between a flow and a percentage: the percentage is part of a whole or of something else, no change of the flow."""
_APART = re.compile(r"[,;]|\bthan\b|.{50}")
"""Between a figure and the flow behind it: the figure is not that of the flow."""
_BALANCE = re.compile(r"\b(?:deficit|surplus|shortfall|gap)\b")
"""From here on the amounts behind a flow are those of a balance."""
_PLAIN = re.compile(r"^[^,;.§0-9]{0,14}$")
"""Between a flow and a percentage that has no verb of its own ("… and its imports 1.5 percent")."""
_OWN_DATE = re.compile(r"^ (?:in|for|during|as of) ")
_REACH = 44
"""Characters before an amount in which words like "from" and "down" are its own."""
_AFTER = 30
"""Characters after an amount in which words like "less" and "shortfall" are its own."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What is said of a flow: offsets in the sentence, the value with its currency, the signed change in percent.

    `anchor` is the end of the value (else of the change), after which its date is looked for. `compared` says that
    it is the amount the flow is compared with, which belongs to another time, `further` that another figure of
    the flow stands before it.
    """

    start: int
    end: int
    anchor: int
    value: float | None
    currency: str | None
    change: float | None
    change_basis: str | None
    compared: bool = False
    further: bool = False


def figures_of(
    text: str, flow: Flow, low: int, high: int, found: Found, offset: int, before: Figure | None
) -> list[Figure]:
    """The figures of `flow`, looked for up to the next flow (`high`), else back to the last figure used (`low`).

    The first is the flow's own; then come amounts of other times: those it is compared with, and those with a date
    straight behind them. An amount repeated in a second currency is left out, so is a difference between two amounts.
    `before` is the figure of the flow before, from which "and its imports 1.5 percent" takes the direction of change.
    """
    balance = _BALANCE.search(text, flow.end, high)
    high = balance.start() if balance else high
    after = within(found.get("quantities", ()), offset + flow.start, offset + high)
    own = _own(text, flow, after, offset, high, before)
    if own is None:
        back = within(found.get("quantities", ()), offset + low, offset + flow.start)
        back = [r for r in back if not _APART.search(text[r["end_char"] - offset : flow.start])]
        levels, changes = _levels(text, back, offset)[-1:], _changes(text, back, offset)[-1:]
        own = _figure(text, next(iter(levels), None), next(iter(changes), None), offset, high)
        return [own] if own else []
    return [own, *_further(text, own, after, offset)]


def _own(text: str, flow: Flow, rows: Sequence[Row], offset: int, high: int, before: Figure | None) -> Figure | None:
    level = next(iter(_levels(text, rows, offset)), None)
    changes = [r for r in _changes(text, rows, offset) if not _SHARE.search(text[flow.end : r["start_char"] - offset])]
    figure = _figure(text, level, next(iter(changes), None), offset, high)
    if figure and figure.change is not None:
        return figure
    alone = _elliptical(text, flow, rows, offset, before)
    if figure and alone and alone.end < figure.start:
        return replace(figure, start=alone.start, change=alone.change, change_basis=alone.change_basis)
    return figure or alone


def _figure(text: str, level: Row | None, change: Row | None, offset: int, high: int) -> Figure | None:
    spans = [(r["start_char"] - offset, r["end_char"] - offset) for r in (level, change) if r]
    if not spans:
        return None
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    basis, basis_end = _basis(text, end, high) if change else (None, end)
    return Figure(
        start,
        max(end, basis_end),
        spans[0][1],
        abs(float(level["value"])) if level else None,
        level["currency"] if level else None,
        _signed(text, change, offset) if change else None,
        basis,
    )


def _elliptical(text: str, flow: Flow, rows: Sequence[Row], offset: int, before: Figure | None) -> Figure | None:
    """A percentage without a verb, which changes like the figure before."""
    row = next((r for r in rows if r.get("unit_id") == "percent" and r.get("value") is not None), None)
    if row is None or before is None or before.change is None:
        return None
    start, end = row["start_char"] - offset, row["end_char"] - offset
    tail = text[end : end + _AFTER]
    if not _PLAIN.match(text[flow.end : start]) or of_part("share")[0].pattern.match(tail):
        return None
    value = abs(float(row["value"])) * (-1 if before.change < 0 else 1)
    return Figure(start, end, end, None, None, value, before.change_basis)


def _further(text: str, own: Figure, rows: Sequence[Row], offset: int) -> list[Figure]:
    """Amounts of the same flow at other times."""
    found = []
    for row in rows:
        start, end = row["start_char"] - offset, row["end_char"] - offset
        if end == own.anchor or not _is_money(text, row, offset):
            continue
        compared = _is_base(text, row, offset)
        if compared or (start > own.anchor and _OWN_DATE.match(text[end:])):
            found.append(Figure(start, end, end, abs(float(row["value"])), row["currency"], None, None, compared, True))
    return found


def _before(text: str, row: Row, offset: int) -> str:
    start = row["start_char"] - offset
    return text[max(0, start - _REACH) : start]


def _ends(part: str, words: str) -> bool:
    return any(r.pattern.search(words) for r in of_part(part))


def _is_money(text: str, row: Row, offset: int) -> bool:
    """Whether a quantity is an amount of money that belongs to a flow, not a balance, a difference, a conversion."""
    if not row.get("currency") or row.get("value") is None:
        return False
    words, tail = _before(text, row, offset), text[row["end_char"] - offset :][:_AFTER]
    return not (
        _CONVERTED.search(words)
        or _ends("other_amount", words)
        or _ends("change_amount", words)
        or of_part("balance")[0].pattern.match(tail)
    )


def _is_base(text: str, row: Row, offset: int) -> bool:
    return _ends("base", _before(text, row, offset))


def _levels(text: str, rows: Sequence[Row], offset: int) -> list[Row]:
    """The amounts of money that are the level of a flow, in order."""
    return [r for r in rows if _is_money(text, r, offset) and not _is_base(text, r, offset)]


def _changes(text: str, rows: Sequence[Row], offset: int) -> list[Row]:
    """The percentages that say how a flow changed."""
    changes = []
    for row in rows:
        if row.get("unit_id") != "percent" or row.get("value") is None:
            continue
        words, tail = _before(text, row, offset), text[row["end_char"] - offset :][:_AFTER]
        if any(of_part(p)[0].pattern.match(tail) for p in ("share", "bulk")):
            continue
        if _ends("other_amount", words) or _ends("base", words):
            continue
        if of_part("change")[0].pattern.search(words + "|" + tail):
            changes.append(row)
    return changes


def _signed(text: str, row: Row, offset: int) -> float:
    tail = text[row["end_char"] - offset :][:_AFTER]
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
