"""Percentages of a sentence, and the lists they stand in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assets.extracted.numbers import digits_to_number

_NUMBER = r"[0-9]+(?:\.\s?[0-9]+)?"
_FIGURE = re.compile(
    rf"(?:about |some |around |nearly |over |more than )?(?<![\w.])(?P<numbers>{_NUMBER}(?:(?:, and|,| and| or) {_NUMBER})*)(?:\s?%|[\s-](?:percent|per cent|pct)\b)"
    rf"|(?<![\w.])(?P<times>{_NUMBER})[\s-](?:times|fold)\b",
    re.IGNORECASE,
)
_ONE = re.compile(_NUMBER)
_JOINT = re.compile(r"^(?:,? (?:and|or) |, )(?:by )?$")


@dataclass(frozen=True, slots=True)
class Figures:
    """One percentage, or several listed together: offsets in the sentence, and the values in order."""

    start: int
    end: int
    values: tuple[float, ...]
    is_multiple: bool = False


def figures_of(text: str) -> list[Figures]:
    """The percentages and multiples of a sentence; those of one list ("8 percent and 12.9 percent") are one."""
    found: list[Figures] = []
    for match in _FIGURE.finditer(text):
        printed = match["numbers"] or match["times"]
        values = tuple(float(digits_to_number(n)) for n in _ONE.findall(printed))
        figures = Figures(match.start(), match.end(), values, match["times"] is not None)
        last = found[-1] if found else None
        if last and last.is_multiple == figures.is_multiple and _JOINT.match(text[last.end : figures.start]):
            found[-1] = Figures(last.start, figures.end, last.values + values, last.is_multiple)
        else:
            found.append(figures)
    return found
