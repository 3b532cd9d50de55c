"""The reviewed residue patterns of `reference.residue_patterns`, compiled once per reference."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from assets.cleaned.openings import Opening, opening_of
from warehouse.reference import Reference

POSITIONS: Final = ("any", "head", "tail")
LONGEST_FLOATING: Final = 420
LONGEST_NOTICE: Final = 650
_PREFIX: Final = 2
_FLOATING: Final = re.compile(r"(?:\(\?=)?(?:\.[{\[]|\[\^)")


class Hit(NamedTuple):
    """A piece of a line that a pattern recognises: end offset in the line, kind of residue, name of the pattern."""

    end: int
    kind: str
    pattern_id: str


NOTHING: Final[tuple[Hit | None, ...]] = (None,) * len(POSITIONS)


class Rule(NamedTuple):
    """A residue pattern: how it matches, the kind of residue, its name, the longest text it is tried on, and what it
    asks of a text."""

    match: Callable[[str, int], re.Match[str] | None]
    kind: str
    pattern_id: str
    longest: int
    opening: Opening


class Tried(NamedTuple):
    """The rules tried on texts of one beginning and size; `rare` finds the pieces (in lower case) without any of which
    only the `common` ones can match."""

    rules: Sequence[Rule]
    common: Sequence[Rule]
    rare: Callable[[str], Sequence[object]] | None

    def match(self, text: str, start: int) -> Hit | None:
        """What the first rule that matches exactly at `start` recognises."""
        rules = self.rules if self.rare is None or self.rare(text.lower()) else self.common
        for match, kind, name, _, _ in rules:
            if found := match(text, start):
                return Hit(found.end(), kind, name)
        return None


class Rules:
    """The rules for one place of the page, in the order in which they are tried."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._tried: dict[tuple[str, int], Tried] = {}
        self._beginning: dict[str, Sequence[Rule]] = {"": rules}

    def on(self, text: str, start: int = 0) -> Tried:
        """The rules to try on the text from `start` on."""
        length = len(text) - start
        key = (text[start : start + _PREFIX], 0 if length <= LONGEST_FLOATING else 1 if length <= LONGEST_NOTICE else 2)
        tried = self._tried.get(key)
        if tried is None:
            rules = [r for r in self._admitting(key[0]) if length <= r.longest]
            rare = frozenset(piece for r in rules for piece in r.opening.needs)
            tried = Tried(rules, [r for r in rules if not r.opening.needs], _finder(rare) if rare else None)
            self._tried[key] = tried
        return tried

    def _admitting(self, prefix: str) -> Sequence[Rule]:
        """The rules that may match a text with that beginning: most are ruled out by its first character."""
        if prefix not in self._beginning:
            rules = self._admitting(prefix[:-1])
            self._beginning[prefix] = [r for r in rules if r.opening.admits(prefix)]
        return self._beginning[prefix]


@lru_cache(maxsize=256)
def _finder(pieces: frozenset[str]) -> Callable[[str], Sequence[object]]:
    return AhoCorasick(sorted(pieces), implementation=Implementation.DFA).find_matches_as_indexes


@dataclass(frozen=True, eq=False)
class PatternSet:
    """All patterns by the place of the page they hold in (`any`: everywhere)."""

    rules: dict[str, Rules]

    def match(self, text: str, position: str = "any", start: int = 0) -> Hit | None:
        """The residue that begins exactly at `start`, by the patterns for `position` alone: any, head or tail."""
        return self.rules[position].on(text, start).match(text, start)

    @lru_cache(maxsize=8192)  # noqa: B019  few sets are alive; menus are the same on every page of a site
    def covering(self, text: str) -> tuple[Hit | None, ...]:
        """For each of POSITIONS the residue that covers all of the line, None where it is none (NOTHING if nowhere)."""
        length = len(text)
        found = [rules.on(text).match(text, 0) for rules in self.rules.values()]
        hits = tuple([hit if hit and hit.end >= length else None for hit in found])
        return hits if any(hits) else NOTHING


@lru_cache(maxsize=64)
def patterns_of(reference: Reference, outlet_id: str | None = None) -> PatternSet:
    """The patterns that hold on pages of `outlet_id` (only the general ones if None)."""
    holding = [r for r in reference.rows("residue_patterns") if r["outlet_id"] in (None, outlet_id)]
    # Patterns that may begin with anything must read far into a line before they fail: they come last.
    rows = sorted(holding, key=lambda row: _is_floating(row["pattern"]))
    return PatternSet({p: Rules([_rule(row) for row in rows if row["position"] == p]) for p in POSITIONS})


def _is_floating(pattern: str) -> bool:
    return _FLOATING.match(pattern) is not None


def _rule(row: Mapping[str, Any]) -> Rule:
    pattern, kind, name = row["pattern"], row["kind"], row["pattern_id"]
    match, opening = _compiled(pattern)
    if _is_floating(pattern):
        longest = LONGEST_FLOATING
    else:
        # Of a line longer than any notice only the beginning can be residue, below the article all of it.
        longest = LONGEST_NOTICE if pattern.endswith("$") and row["position"] != "tail" else sys.maxsize
    return Rule(match, kind, name, longest, opening)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> tuple[Callable[[str, int], re.Match[str] | None], Opening]:
    return re.compile(pattern).match, opening_of(pattern)
