"""Percentages of a sentence, and the lists they stand in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assets.extracted.numbers import digits_to_number, numerals

_WORD = "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_SPOKEN = rf"(?:[0-9]{{1,3}}|{_WORD})-point-(?:[0-9]+|{_WORD})"
"""A decimal as it is read out: 15-point-9."""
_NUMBER = rf"(?:(?<![0-9.])[0-9]{{1,3}}(?:\.\s?[0-9]+)?(?![0-9])(?!-point)|{_SPOKEN})"
_FIGURE = re.compile(
    rf"(?<![\w.])(?<!-point-)(?P<numbers>{_NUMBER}(?:(?:, and|,| and) {_NUMBER})*)"
    r"(?:\s?%|[\s-](?:percent|per cent|pct)\b)"
    rf"|(?<![\w.])(?P<times>{_NUMBER})[\s-](?:times|fold)\b",
    re.IGNORECASE,
)
_ONE = re.compile(_NUMBER, re.IGNORECASE)
_JOINT = re.compile(r"^,? (?:and )?(?:by )?$")
_LAST_JOINT = re.compile(r"^,? and (?:by )?$")


@dataclass(frozen=True, slots=True)
class Figures:
    """One percentage, or several listed together: offsets in the sentence, and the values in order.

    `parts` are the percentages of a list by themselves, for where it turns out to be none.
    """

    start: int
    end: int
    values: tuple[float, ...]
    is_multiple: bool = False
    parts: tuple[Figures, ...] = ()


def figures_of(text: str) -> list[Figures]:
    """The percentages and multiples of a sentence; those of one list ("8 percent and 12.9 percent") are one."""
    found: list[Figures] = []
    run: list[Figures] = []
    for figures in map(_read, _FIGURE.finditer(text)):
        if run and not (_JOINT.match(text[run[-1].end : figures.start]) and not figures.is_multiple):
            found += _closed(run, text)
            run = []
        run.append(figures)
    return found + _closed(run, text)


def _read(match: re.Match[str]) -> Figures:
    printed = match["numbers"] or match["times"]
    values = tuple(float(next(numerals(n)).value if "-" in n else digits_to_number(n)) for n in _ONE.findall(printed))
    return Figures(match.start(), match.end(), values, match["times"] is not None)


def _closed(run: list[Figures], text: str) -> list[Figures]:
    """A run of neighbouring figures as one list if "and" joins its last, else each by itself."""
    if len(run) < 2 or not _LAST_JOINT.match(text[run[-2].end : run[-1].start]):
        return run
    return [Figures(run[0].start, run[-1].end, tuple(v for f in run for v in f.values), parts=tuple(run))]
