"""Who trades with whom: the flows a sentence names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assets.extracted.rules import Rule, rules

Country = tuple[int, int, str]
"""Offsets of a country's name in the sentence, and its place id."""
_MASK = "§"
# fmt: off
_NO_GOODS = frozenset(
    {
        "the", "a", "its", "their", "total", "overall", "annual", "monthly", "and", "or", "but", "with", "while",
        "whose", "in", "as", "were", "our",
    }
)
# fmt: on
_STATES = re.compile(
    r"^(?:total|overall|monthly|annual|quarterly|goods?|two-way|outbound|own|year|the|its|their)$", re.I
)


def of_part(part: str) -> tuple[Rule, ...]:
    """The rules of one part of trade_flows.toml, in order."""
    return tuple(r for r in rules("trade_flows") if r.options["part"] == part)


@dataclass(frozen=True, slots=True)
class Direction:
    """Two-way trade, exports or imports of a country (`holder`) with another (`partner`), either None if not named."""

    kind: str
    holder: str | None
    partner: str | None

    @property
    def exporter(self) -> str | None:
        """The exporting country, None for two-way trade."""
        return {"export": self.holder, "import": self.partner}.get(self.kind)

    @property
    def importer(self) -> str | None:
        """The importing country, None for two-way trade."""
        return {"export": self.partner, "import": self.holder}.get(self.kind)


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow as a sentence names it: offsets, direction, goods, and the rule that read it."""

    start: int
    end: int
    direction: Direction
    goods: list[str] | None
    rule: str


def flows_of(text: str, countries: Sequence[Country], recent: Direction | None) -> list[Flow]:
    """The flows of a sentence, in order. `recent` is what a bare "exports" or "imports" belongs to."""
    masked = _masked(text, countries)
    names = {start: place for start, _, place in countries}
    found: list[Flow] = []
    for rule in of_part("flow"):
        for match in rule.pattern.finditer(masked):
            if all(match.end() <= f.start or f.end <= match.start() for f in found):
                direction = _direction(rule, match, names, recent)
                if direction:
                    found.append(Flow(match.start(), match.end(), direction, _goods(text, match), rule.name))
    return sorted(found, key=lambda f: f.start)


def _masked(text: str, countries: Sequence[Country]) -> str:
    characters = list(text)
    for start, end, _ in countries:
        characters[start:end] = _MASK * (end - start)
    return "".join(characters)


def _direction(rule: Rule, match: re.Match[str], names: dict[int, str], recent: Direction | None) -> Direction | None:
    kind = rule.options["direction"]
    if rule.options.get("bare"):
        if kind == "both":
            return Direction(kind, recent.holder if recent else None, recent.partner if recent else None)
        return Direction(kind, recent.holder, recent.partner) if recent and (recent.holder or recent.partner) else None
    groups = match.groupdict()
    places = [names.get(next((match.start(g) for g in (x, x + "2", x + "3") if groups.get(g)), -1)) for x in ("a", "b")]
    return Direction(kind, places[0], places[1]) if places[0] else None


def _goods(text: str, match: re.Match[str]) -> list[str] | None:
    groups = match.groupdict()
    if groups.get("goods"):
        return [text[match.start("goods") : match.end("goods")].strip()]
    words = [w for w in (groups.get("kind") or "").split() if not _STATES.match(w)]
    if not words or any(w.lower() in _NO_GOODS or w.endswith("ed") or _MASK in w for w in words):
        return None
    return [" ".join(words).lower()]
