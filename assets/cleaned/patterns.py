"""The reviewed residue patterns of `reference.residue_patterns`, compiled once per reference."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

from warehouse.reference import Reference

POSITIONS: Final = ("any", "head", "tail")
LONGEST_FLOATING: Final = 420
LONGEST_NOTICE: Final = 650
_FLOATING: Final = re.compile(r"(?:\(\?=)?(?:\.[{\[]|\[\^)")


class Hit(NamedTuple):
    """A piece of a line that a pattern recognises: end offset in the line, kind of residue, name of the pattern."""

    end: int
    kind: str
    pattern_id: str


@dataclass(frozen=True, eq=False)
class PatternSet:
    """All patterns as alternations, by the place of the page they hold in (`any`: everywhere).

    Those that begin with any character must read far into a line before they fail, and stand apart (`floating`).
    Of a line longer than any notice only the beginning can be residue (`leading`), below the article all of it.
    """

    opening: dict[str, re.Pattern[str]]
    floating: dict[str, re.Pattern[str]]
    leading: dict[str, re.Pattern[str]]
    kinds: dict[str, tuple[str, str]]

    def match(self, text: str, position: str = "any", start: int = 0) -> Hit | None:
        """The residue that begins exactly at `start`, by the patterns for `position` alone: any, head or tail."""
        length = len(text) - start
        found = (self.opening if length <= LONGEST_NOTICE else self.leading)[position].match(text, start)
        if found is None and length <= LONGEST_FLOATING:
            found = self.floating[position].match(text, start)
        if found is None or found.lastgroup is None:
            return None
        return Hit(found.end(), *self.kinds[found.lastgroup])

    @lru_cache(maxsize=8192)  # noqa: B019  few sets are alive; menus are the same on every page of a site
    def covering(self, text: str) -> tuple[Hit | None, ...]:
        """For each of POSITIONS the residue that covers all of the line, None where it is none."""
        hits = (self.match(text, position) for position in POSITIONS)
        return tuple(hit if hit and hit.end >= len(text) else None for hit in hits)


@lru_cache(maxsize=64)
def patterns_of(reference: Reference, outlet_id: str | None = None) -> PatternSet:
    """The patterns that hold on pages of `outlet_id` (only the general ones if None)."""
    rows = [r for r in reference.rows("residue_patterns") if r["outlet_id"] in (None, outlet_id)]
    named = {f"p{i}": r for i, r in enumerate(rows)}
    kinds = {name: (r["kind"], r["pattern_id"]) for name, r in named.items()}
    opening = {n: r for n, r in named.items() if not _FLOATING.match(r["pattern"])}
    floating = {n: r for n, r in named.items() if n not in opening}
    leading = {n: r for n, r in opening.items() if r["position"] == "tail" or not r["pattern"].endswith("$")}
    return PatternSet(_alternations(opening), _alternations(floating), _alternations(leading), kinds)


def _alternations(named: Mapping[str, dict[str, Any]]) -> dict[str, re.Pattern[str]]:
    found: dict[str, re.Pattern[str]] = {}
    for position in POSITIONS:
        # The name closes the alternative, so that the engine sees at its first character whether it can begin.
        chosen = [f"(?:{r['pattern']})(?P<{name}>)" for name, r in named.items() if r["position"] == position]
        # An alternation without members must match nothing, not everything.
        found[position] = re.compile("|".join(chosen) or r"(?!)")
    return found
