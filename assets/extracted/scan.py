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
def scans() -> dict[str, str]:
    """The scans by name, from `rules/scans.toml`."""
    text = (files("assets.extracted.rules") / "scans.toml").read_text(encoding="utf-8")
    patterns: dict[str, str] = tomllib.loads(text)["scan"]
    return patterns


def scan(sentences: pl.Series) -> list[frozenset[str]]:
    """For each sentence text, the names of the scans that fire on it."""
    names = list(scans())
    frame = sentences.to_frame("text").select(
        pl.col("text").str.contains(pattern).alias(name) for name, pattern in scans().items()
    )
    rows = list(zip(*(column.to_list() for column in frame), strict=True))
    fired = {row: frozenset(name for name, hit in zip(names, row, strict=True) if hit) for row in set(rows)}
    return [fired[row] for row in rows]
