"""Semantic versions of releases, computed from what changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assets.published.parquet import PublishedFile

FIRST = "1.0.0"


def step(earlier: Mapping[str, Any], files: Mapping[str, PublishedFile], keys: Mapping[str, list[str]]) -> str | None:
    """major, minor or patch: what the files change against an earlier release's manifest; None if nothing.

    A removed or retyped column, table or key is major; new columns, tables or another number of rows minor;
    anything else a patch. Only data tables count: `ops` describes the run, not the world.
    """
    before = {name: entry for name, entry in earlier["files"].items() if _is_data(name)}
    after = {name: file for name, file in files.items() if _is_data(name)}
    if all(name in before and before[name]["sha256"] == after[name].sha256 for name in after) and len(before) == len(
        after
    ):
        return None
    if any(_breaks(entry, after.get(name), keys.get(name)) for name, entry in before.items()):
        return "major"
    if after.keys() - before.keys():
        return "minor"
    same_shape = all(
        entry["rows"] == after[name].rows and entry["columns"] == after[name].columns for name, entry in before.items()
    )
    return "patch" if same_shape else "minor"


def _is_data(name: str) -> bool:
    return not name.startswith("ops.")


def _breaks(entry: Mapping[str, Any], file: PublishedFile | None, key: list[str] | None) -> bool:
    if file is None or entry["key"] != key:
        return True
    return any(file.columns.get(column) != kind for column, kind in entry["columns"].items())


def following(version: str, change: str) -> str:
    """The version after `version` for a major, minor or patch change."""
    major, minor, patch = (int(part) for part in version.split("."))
    if change == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if change == "minor" else f"{major}.{minor}.{patch + 1}"
