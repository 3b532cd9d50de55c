"""The words of the budget report: its patterns by part, its items, and whether a text is about it at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from assets.extracted.document import Document
from assets.extracted.rules import Rule, rules

_HEAD = 600
"""Characters at the top of a document that say whose budget it is about."""
_RANKS = ("item", "total", "budget")


@dataclass(frozen=True, slots=True)
class Item:
    """A budget item named in a text: offsets, its line, how specific the name is, whether it joins purposes."""

    start: int
    end: int
    line: str
    rank: int
    joint: bool


@cache
def patterns(part: str) -> tuple[Rule, ...]:
    """The rules of one part of budget_lines.toml, in order."""
    return tuple(r for r in rules("budget_lines") if r.options["part"] == part)


def pattern(part: str) -> re.Pattern[str]:
    """The pattern of a part that has one rule."""
    return patterns(part)[0].pattern


def about_state_budget(document: Document) -> bool:
    """Whether the document speaks of the DPRK's state budget (and is not about another country's)."""
    text = document.text
    if not pattern("document").search(text) or not pattern("topic").search(text):
        return False
    head = (document.title or "") + " " + text[:_HEAD]
    return bool(pattern("dprk").search(head)) or not pattern("foreign").search(head)


def concerns_budget(sentence: str) -> bool:
    """Whether a sentence could hold the state budget's figures: no other economy's, and no other statistics."""
    if pattern("exclude").search(sentence):
        return False
    return not pattern("foreign").search(sentence) or bool(pattern("dprk").search(sentence))


def is_other_matter(before: str, clause: str) -> bool:
    """Whether a figure is quoted as an error, or is one of output, prices or trade.

    The latter if words before it say so and its clause names no public money.
    """
    if pattern("misread").search(before):
        return True
    return bool(pattern("other_figures").search(before)) and not has_budget_money(clause)


def has_budget_money(sentence: str) -> bool:
    """Whether a sentence has a word for public money."""
    return bool(pattern("money").search(sentence))


def items(text: str, joint: bool) -> list[Item]:
    """The budget items a text names, in order; of overlapping names the longest. `joint` admits joint names."""
    hits = [
        Item(m.start(), m.end(), r.options["line"], _RANKS.index(r.options["rank"]), bool(r.options.get("joint")))
        for r in rules("budget_lines_names")
        if joint or not r.options.get("joint")
        for m in r.pattern.finditer(text)
    ]
    kept: list[Item] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start)):
        if all(hit.end <= k.start or k.end <= hit.start for k in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: h.start)
