"""The reviewed residue patterns of `reference.residue_patterns`, compiled once per reference."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from warehouse.reference import Reference

POSITIONS = ("any", "head", "tail")


class Hit(NamedTuple):
    """A piece of a line that a pattern recognises: end offset in the line, kind of residue, name of the pattern."""

    end: int
    kind: str
    pattern_id: str


@dataclass(frozen=True, slots=True)
class PatternSet:
    """All patterns, as one alternation for every place of the page (`any` patterns hold everywhere)."""

    by_position: dict[str, re.Pattern[str]]
    kinds: dict[str, tuple[str, str]]

    def match(self, text: str, position: str = "any", start: int = 0) -> Hit | None:
        """The residue that begins exactly at `start`; None if it is none. `position`: any, head or tail."""
        found = self.by_position[position].match(text, start)
        if found is None or found.lastgroup is None:
            return None
        return Hit(found.end(), *self.kinds[found.lastgroup])


@lru_cache(maxsize=8)
def patterns_of(reference: Reference, outlet_id: str | None = None) -> PatternSet:
    """The patterns that hold on pages of `outlet_id` (only the general ones if None)."""
    rows = [r for r in reference.rows("residue_patterns") if r["outlet_id"] in (None, outlet_id)]
    kinds = {f"p{i}": (r["kind"], r["pattern_id"]) for i, r in enumerate(rows)}
    return PatternSet({p: _alternation(rows, p) for p in POSITIONS}, kinds)


def _alternation(rows: list[dict[str, Any]], position: str) -> re.Pattern[str]:
    chosen = [
        f"(?P<p{i}>{r['pattern']})" for i, r in enumerate(rows) if r["position"] == "any" or r["position"] == position
    ]
    # An alternation without members must match nothing, not everything.
    return re.compile("|".join(chosen) or r"(?!)")
