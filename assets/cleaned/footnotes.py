"""Footnote marks: "[1]" after a word and before its note. The notes' words stay, the marks go."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assets.cleaned.lines import Line

_INLINE = re.compile(r"(?<=[\w.,;:!?\"'”’)%])(?:\[(\d{1,3}|[a-z])\]|\((\d{1,2})\)(?=\s|$|[.,;])|([¹²³⁴-⁹]+))")
_NOTE = re.compile(r"(?:\[(\d{1,3}|[a-z])\]|\((\d{1,2})\)|([¹²³⁴-⁹]+))(?=\s*\S)")


def footnote_marks(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Offsets of all footnote marks in the text.

    A mark in square brackets glued to a word is one in any case; "(2)" only if a line beginning with "(2)" stands
    below it, and a mark at the beginning of a line only if it is glued to a word above.
    """
    notes = {_number(m): (line.start + m.start(), line.start + m.end()) for line, m in _notes(lines)}
    marks: list[tuple[int, int]] = []
    cited: dict[str, int] = {}
    for line in lines:
        if not _may_hold_marks(line.text):
            continue
        for match in _INLINE.finditer(line.text):
            number = _number(match)
            note = notes.get(number)
            start = line.start + match.start()
            if match.group(1) or (note and start < note[0]):
                marks.append((start, line.start + match.end()))
                cited.setdefault(number, start)
    marks += [span for number, span in notes.items() if number in cited and cited[number] < span[0]]
    return sorted(set(marks))


def _may_hold_marks(text: str) -> bool:
    if "]" in text or not text.isascii():
        return True
    return ")" in text and any(before[-1:].isdigit() for before in text.split(")"))


def _notes(lines: Sequence[Line]) -> list[tuple[Line, re.Match[str]]]:
    return [(line, m) for line in lines if line.text[0] in "[(¹²³⁴⁵⁶⁷⁸⁹" and (m := _NOTE.match(line.text))]


def _number(match: re.Match[str]) -> str:
    return next(g for g in match.groups() if g)
