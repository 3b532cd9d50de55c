"""Regular expressions with long lists of words, rewritten so that they are tried letter by letter.

`re` tries every alternative of `(?:barn|bridge|canal|…)` at every word. Written as `(?:b(?:arn|ridge)|c(?:anal)|…)` it
tries one alternative for each first letter, which makes lists of a hundred words several times faster. Rules are kept
as plain lists; this rewriting changes nothing about what they match.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

_OPENING = re.compile(r"\((?:\?(?:[:=!>]|<[=!]|P<\w+>|[aiLmsux-]+:))?(?!\?)")
_SWITCH = re.compile(r"\(\?(?P<on>[a-z]*)-?(?P<off>[a-z]*):")
_UNIT = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_CAPTURING = re.compile(r"(?<!\\)\((?:(?!\?)|\?P<)")
_REPEATS = "?*+{"


def grouped(pattern: str, *, ignore_case: bool) -> str:
    """A pattern that matches exactly what `pattern` does, alternatives with the same first letter put together."""
    rewritten, end = _alternation(pattern, 0, ignore_case)
    return rewritten if end == len(pattern) else pattern


def _alternation(pattern: str, at: int, ignore_case: bool) -> tuple[str, int]:
    """The alternatives from `at` to the closing parenthesis or the end, rewritten, and where they end."""
    alternatives, current = [], ""
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            alternatives.append(current)
            current, at = "", at + 1
            continue
        if pattern[at] == "(":
            opening = _OPENING.match(pattern, at)
            if opening is None:  # a reference or a condition: the whole pattern stays as it is
                return pattern, -1
            inner, end = _alternation(pattern, opening.end(), _ignores_case(opening.group(), ignore_case))
            if end < 0:
                return pattern, -1
            current, at = f"{current}{opening.group()}{inner})", end + 1
            continue
        unit = _UNIT.match(pattern, at)
        assert unit is not None
        current, at = current + unit.group(), unit.end()
    return "|".join(_together([*alternatives, current], ignore_case)), at


def _ignores_case(opening: str, ignore_case: bool) -> bool:
    """Whether case counts inside the parenthesis `opening`, which may switch it ("(?-i:")."""
    switched = _SWITCH.fullmatch(opening)
    if switched is None:
        return ignore_case
    return "i" not in switched["off"] and (ignore_case or "i" in switched["on"])


def _together(alternatives: list[str], ignore_case: bool) -> Iterator[str]:
    """The alternatives, each run of those that begin with a letter sorted by it; the order of any two that could match
    at the same place stays."""
    if len(alternatives) < 4 or any(_CAPTURING.search(a) for a in alternatives):
        yield from alternatives
        return
    for lettered, run in groupby(alternatives, _begins_with_letter):
        if not lettered:
            yield from run
            continue
        by_letter: dict[str, list[str]] = {}
        for alternative in run:
            letter = alternative[0].lower() if ignore_case else alternative[0]
            by_letter.setdefault(letter, []).append(alternative[1:])
        for letter, rests in by_letter.items():
            # Of alternatives that begin with a set of characters the engine leaves out those that cannot match without
            # trying them; of those that begin with a letter of either case it does not.
            first = f"(?-i:[{letter}{letter.upper()}])" if ignore_case and letter.isascii() else letter
            yield first + (rests[0] if len(rests) == 1 else f"(?:{'|'.join(rests)})")


def _begins_with_letter(alternative: str) -> bool:
    return alternative[:1].isalpha() and alternative[1:2] not in tuple(_REPEATS)
