"""The units and currencies of the reference data, and how prose writes them around a number."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assets.extracted.quantities_nouns import singular
from assets.extracted.rules.grouping import grouped
from warehouse.reference import Reference

_SHORT = 3
"""Spellings of at most so many letters are matched with their case."""
_NEVER_A_UNIT = "sdha"
"""Letters that mean something else right behind digits (1990s, 5d, 2a)."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a row of extracted.quantities gives it: unit_id, or currency, or the words of a count."""

    unit_id: str | None = None
    currency: str | None = None
    counted: str | None = None

    @property
    def is_percent(self) -> bool:
        """A percentage, not percentage points."""
        return self.unit_id == "percent"


_COUNT = Unit(unit_id="count")
_CASED = frozenset({"s", "l"})
"""Groups of `UnitLexicon.after` whose spellings are told apart by case: symbols, and letters right behind digits."""
_GAP = re.compile(r"[\s-]+")


@dataclass(frozen=True, slots=True)
class UnitLexicon:
    """Compiled spellings: what may stand before a number, and behind it.

    `before_ends` are the characters with which what stands before ends. The groups of `after` say what stands behind: w
    words of units, m money, s symbols, l letters.
    """

    before: re.Pattern[str]
    before_ends: frozenset[str]
    money: re.Pattern[str]
    after: re.Pattern[str]
    money_suffix: re.Pattern[str]
    units: dict[str, Unit]
    suffix_values: dict[str, int]

    def unit_before(self, text: str, start: int) -> tuple[Unit, int] | None:
        """The currency written before the number at `start`, and where it begins."""
        window = max(0, start - 7)
        said = text[window:start]
        if said.rstrip("-").rstrip()[-1:] not in self.before_ends:  # as before nearly every number
            return None
        match = self.before.search(said)
        return (self.units["$" + re.sub(r"\s", "", match["u"])], window + match.start("u")) if match else None

    def unit_after(self, text: str, end: int) -> tuple[Unit, int] | None:
        """The unit or currency written after a number that ends at `end`, and where it ends."""
        match = self.after.match(text, end)
        if match is None:
            return None
        kind = match.lastgroup or ""
        spelling = _GAP.sub(" ", match[kind])
        unit = self.units[f"s{spelling}" if kind in _CASED else f"{kind}{spelling.lower()}"]
        return Unit(unit_id="count", counted=singular(spelling)) if unit == _COUNT else unit, match.end(kind)


def _alternatives(spellings: Iterable[str]) -> str:
    ordered = sorted(set(spellings), key=lambda s: (-len(s), s))
    escaped = (re.escape(s).replace(r"\ ", r"[\s-]+") for s in ordered)
    return "|".join(re.sub(r"(?<=[A-Z])\\\$", r"\\s?\\$", s) for s in escaped) or r"(?!)"


def _listed(spellings: Iterable[str], *, ignore_case: bool) -> str:
    return grouped(_alternatives(spellings), ignore_case=ignore_case)


def _behind(group: str, spellings: Iterable[str]) -> str:
    """Words behind a number, in a named group."""
    return rf"[\s-]*(?P<{group}>{_listed(spellings, ignore_case=True)})(?![A-Za-z])"


@cache
def _spellings() -> dict[str, dict[str, Any]]:
    text = (files("assets.extracted.rules") / "quantities_units.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _names(row: dict[str, Any], key: str, extra: dict[str, Any]) -> set[str]:
    names = {row["name"], *(row["aliases"] or []), *extra.get(row[key], [])}
    return {n for n in names | ({row["symbol"]} if row["symbol"] else set()) if n}


def _is_word(name: str) -> bool:
    return name[0].isascii() and name[0].isalpha() and len(name) > _SHORT


@cache
def unit_lexicon(reference: Reference) -> UnitLexicon:
    """The lexicon of a reference, with the further spellings of rules/quantities_units.toml."""
    data = _spellings()
    words: dict[str, Unit] = {}
    symbols: dict[str, Unit] = {}
    for words_of, spellings in data["other_unit"].items():
        _enter(words, symbols, spellings, Unit(unit_id="count", counted=words_of))
    for row in reference.rows("units"):
        _enter(words, symbols, _names(row, "unit_id", data["unit_alias"]), Unit(unit_id=row["unit_id"]))
    money, before = _money(reference, data["currency_alias"])
    units = {"w" + k: u for k, u in words.items()} | {"s" + k: u for k, u in symbols.items()}
    units |= {"m" + k: u for k, u in money.items()} | {"$" + k: u for k, u in before.items()}
    letters = "".join(s for s in symbols if len(s) == 1 and s.isascii() and s.isalpha() and s not in _NEVER_A_UNIT)
    longer = [s for s in symbols if not (len(s) == 1 and s.isascii() and s.isalpha())]
    return UnitLexicon(
        before=re.compile(rf"(?<![A-Za-z])(?P<u>{_alternatives(before)})\s?-?$"),
        before_ends=frozenset(b[-1] for b in before),
        money=re.compile(_behind("m", money), re.IGNORECASE),
        after=re.compile(
            rf"(?i:{_behind('w', words)}(?!\s+sterling\b)|{_behind('m', money)})|"
            rf"[\s-]?(?P<s>{_listed(longer, ignore_case=False)})(?![A-Za-z0-9])|"
            rf"(?<=\d)(?:\s(?=[mtgW]\b))?(?P<l>[{letters or '·'}])(?![\w'’])(?!\.\w)"
        ),
        money_suffix=re.compile(rf"\s?(?P<s>{_alternatives(data['money_suffix'])})(?![A-Za-z])", re.IGNORECASE),
        units=units,
        suffix_values=data["money_suffix"],
    )


def _enter(words: dict[str, Unit], symbols: dict[str, Unit], names: Iterable[str], unit: Unit) -> None:
    for name in names:
        if not _is_word(name):
            symbols[name] = unit
            continue
        words[re.sub(r"[\s-]+", " ", name).lower()] = unit


def _money(reference: Reference, extra: dict[str, Any]) -> tuple[dict[str, Unit], dict[str, Unit]]:
    """Currency words that follow a number (lower case), and signs and codes that stand before it."""
    words: dict[str, Unit] = {}
    before: dict[str, Unit] = {}
    for row in sorted(reference.rows("currencies"), key=lambda r: r["currency"] != "CNY"):
        unit = Unit(currency=row["currency"])
        before.setdefault(row["currency"], unit)
        words[row["currency"].lower()] = unit
        for name in _names(row, "currency", extra):
            if re.search(r"[a-z]{3}|[가-힣]|^[A-Z][a-z]", name):
                words[name.lower()] = unit
            else:
                before.setdefault(name.replace(" ", ""), unit)
                words.setdefault(name.lower(), unit) if name.isalpha() is False else None
    words.setdefault("won", Unit(currency=None, counted="won"))
    return words, before
