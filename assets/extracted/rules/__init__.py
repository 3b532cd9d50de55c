"""Patterns as data: `<kind>.toml` files of rules, each with a name, an example and a counterexample."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from assets.extracted.rules.grouping import grouped


@dataclass(frozen=True)
class Rule:
    """A named pattern with what else its file says of it.

    `example` must match and `counterexample` must not (both are tests). `options` holds the rule's other keys.
    """

    name: str
    pattern: re.Pattern[str]
    example: str
    counterexample: str
    options: dict[str, Any]


@cache
def rules(kind: str) -> tuple[Rule, ...]:
    """The rules of `<kind>.toml`, in order.

    The file holds `[fragments]` (name = regex), usable in patterns as `{{name}}`, and `[[rule]]` tables with
    name, pattern, example, counterexample and free further keys. Patterns are compiled with `re.VERBOSE` off and
    the flags that `flags` names ("i" by default). Raises ValueError naming a rule that lacks a key or repeats a name.
    """
    data = tomllib.loads((files(__package__) / f"{kind}.toml").read_text(encoding="utf-8"))
    fragments: dict[str, str] = data.get("fragments", {})
    found = tuple(_rule(kind, entry, fragments) for entry in data.get("rule", []))
    names = [r.name for r in found]
    if len(set(names)) != len(names):
        raise ValueError(f"{kind}.toml: a rule name is used twice")
    return found


def _rule(kind: str, entry: dict[str, Any], fragments: dict[str, str]) -> Rule:
    missing = {"name", "pattern", "example", "counterexample"} - entry.keys()
    if missing:
        raise ValueError(f"{kind}.toml: rule {entry.get('name')!r} lacks {sorted(missing)}")
    options = {k: v for k, v in entry.items() if k not in {"name", "pattern", "example", "counterexample"}}
    flags = re.IGNORECASE if "i" in options.pop("flags", "i") else 0
    return Rule(
        entry["name"],
        re.compile(grouped(expand(entry["pattern"], fragments), ignore_case=bool(flags)), flags),
        entry["example"],
        entry["counterexample"],
        options,
    )


def expand(pattern: str, fragments: dict[str, str]) -> str:
    """`pattern` with every `{{name}}` replaced by its fragment (fragments may use fragments)."""
    while match := re.search(r"\{\{(\w+)\}\}", pattern):
        pattern = pattern[: match.start()] + fragments[match.group(1)] + pattern[match.end() :]
    return pattern


def kinds() -> tuple[str, ...]:
    """The kinds that have a rule file."""
    return tuple(sorted(p.name.removesuffix(".toml") for p in files(__package__).iterdir() if p.name.endswith(".toml")))
