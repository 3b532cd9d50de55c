"""Vectorised scans that choose the few sentences worth reading closely.

Each scan is a regular expression in polars' dialect (Rust: no look-around, `(?-u:\\b)` for fast word boundaries),
kept as data in `rules/scans.toml`, that must fire on every sentence in which its reader could find something: a
scan may fire too often, never too rarely.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import polars as pl


@cache
def _data() -> dict[str, dict[str, str]]:
    text = (files("assets.extracted.rules") / "scans.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def scans() -> dict[str, str]:
    """The scans by name, from `rules/scans.toml`."""
    return _data()["scan"]


def scan(sentences: pl.Series) -> list[frozenset[str]]:
    """For each sentence text, the names of the scans that fire on it."""
    firing: dict[str, pl.Series] = {}
    codes = [0] * len(sentences)
    for bit, (name, pattern) in enumerate(scans().items()):
        within = firing.get(_data()["within"].get(name, ""))
        searched = sentences if within is None else sentences.gather(within)
        found = searched.str.contains(pattern).arg_true()
        firing[name] = found if within is None else within.gather(found)
        for place in firing[name].to_list():
            codes[place] |= 1 << bit
    fired = {code: frozenset(n for bit, n in enumerate(firing) if code >> bit & 1) for code in set(codes)}
    return [fired[code] for code in codes]
