"""Who trades with whom: the flows a sentence names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assets.extracted.rules import Rule, rules

Country = tuple[int, int, str]
"""Offsets of a country's name in the sentence, and its place id."""
_MASK = "§"
_WHOLE = 40
"""Characters before a flow in which "percent of" or "share of" makes it the whole of a share."""
# fmt: off
_NO_GOODS = frozenset(
    {
        "the", "a", "its", "their", "total", "overall", "annual", "monthly", "and", "or", "but", "with", "while",
        "whose", "in", "as", "were", "our",
    }
)
# fmt: on
_BEHIND = re.compile(
    r"^ (?:worth )?of (?P<goods>(?!goods\b|products\b|merchandise\b|the )[a-z][\w-]*(?: [\w-]+){0,2}?)"
    r"(?= from| to| in\b|[,.;]| and\b)"
)
"""Behind an amount: the goods it was for ("$5 million of rice")."""
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
    """The flows of a sentence, in order. `recent` is what a bare "exports" or "imports" belongs to.

    A bare "exports" of a country alone is taken of the DPRK only; the totals of others are no matter of these texts.
    A flow that is only the whole of a share ("a third of the North's imports") is none.
    """
    masked = _masked(text, countries)
    names = {start: place for start, _, place in countries}
    found: list[Flow] = []
    for rule, match in _matches(masked):
        direction = _direction(rule, match, names, recent)
        if direction:
            found.append(Flow(match.start(), match.end(), direction, _goods(text, match), rule.name))
            recent = direction
    return found


def _matches(text: str) -> list[tuple[Rule, re.Match[str]]]:
    """Where a flow is named, in order; of overlapping readings that of the earlier rule."""
    kept: list[tuple[Rule, re.Match[str]]] = []
    for rule in of_part("flow"):
        for match in rule.pattern.finditer(text):
            taken = any(match.start() < m.end() and m.start() < match.end() for _, m in kept)
            if not taken and not _is_whole(text, match.start()):
                kept.append((rule, match))
    return sorted(kept, key=lambda k: k[1].start())


def _is_whole(text: str, start: int) -> bool:
    return any(r.pattern.search(text[max(0, start - _WHOLE) : start]) for r in of_part("whole"))


def _masked(text: str, countries: Sequence[Country]) -> str:
    characters = list(text)
    for start, end, _ in countries:
        characters[start:end] = _MASK * (end - start)
    return "".join(characters)


def _direction(rule: Rule, match: re.Match[str], names: dict[int, str], recent: Direction | None) -> Direction | None:
    kind = rule.options["direction"]
    groups = match.groupdict()
    first, second = (
        names.get(next((match.start(g) for g in (x, x + "2", x + "3") if groups.get(g)), -1)) for x in ("a", "b")
    )
    if first and not second and (groups.get("ref") or rule.options.get("bare")):
        second = _other(first, recent)
    if second and not first:
        return Direction(kind, _other(second, recent), second)
    if first:
        return Direction(kind, first, second)
    if not rule.options.get("bare"):
        return None
    holder, partner = (recent.holder, recent.partner) if recent else (None, None)
    if kind == "both" or partner or holder == "dprk":
        return Direction(kind, holder, partner)
    return None


def _other(partner: str, recent: Direction | None) -> str | None:
    """Whose trade with `partner` is meant: the other country of those spoken of before."""
    known = (recent.holder, recent.partner) if recent else ()
    return next((c for c in known if c and c != partner), None)


def goods_behind(text: str, end: int) -> list[str] | None:
    """The goods named straight behind an amount that ends at `end`."""
    match = _BEHIND.match(text[end:])
    return [match["goods"]] if match else None


def _goods(text: str, match: re.Match[str]) -> list[str] | None:
    groups = match.groupdict()
    if groups.get("goods"):
        return [text[match.start("goods") : match.end("goods")].strip()]
    words = [w for w in (groups.get("kind") or "").split() if not _STATES.match(w)]
    if not words or any(w.lower() in _NO_GOODS or w.endswith("ed") or _MASK in w for w in words):
        return None
    return [" ".join(words).lower()]
