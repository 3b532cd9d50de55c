from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from assets.published.parquet import PublishedFile
from assets.published.version import following, step

Files = dict[str, PublishedFile]
KEYS = {"extracted.targets": ["target_id"], "raw.documents": ["document_id"], "ops.runs": ["run_id"]}


def file(name: str, sha256: str = "a", rows: int = 3, **columns: str) -> PublishedFile:
    return PublishedFile(f"{name}.parquet", sha256, 100, rows, columns or {"id": "VARCHAR", "value": "DOUBLE"})


@pytest.fixture
def files() -> Files:
    return {name: file(name) for name in KEYS}


def manifest(files: Files) -> dict[str, Any]:
    return {
        "files": {
            name: {"sha256": f.sha256, "rows": f.rows, "columns": dict(f.columns), "key": KEYS[name]}
            for name, f in files.items()
        }
    }


def test_the_same_files_are_no_step(files: Files) -> None:
    assert step(manifest(files), deepcopy(files), KEYS) is None


def test_what_the_run_says_of_itself_is_no_step(files: Files) -> None:
    changed = {**files, "ops.runs": file("ops.runs", "b", 9, other="DATE")}
    assert step(manifest(files), changed, KEYS) is None


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"sha256": "b"}, "patch"),
        ({"sha256": "b", "rows": 4}, "minor"),
        ({"sha256": "b", "rows": 2}, "minor"),
        ({"sha256": "b", "id": "VARCHAR", "value": "DOUBLE", "more": "DATE"}, "minor"),
        ({"sha256": "b", "id": "VARCHAR"}, "major"),
        ({"sha256": "b", "id": "VARCHAR", "value": "VARCHAR"}, "major"),
        ({"sha256": "b", "rows": 4, "id": "VARCHAR"}, "major"),
    ],
)
def test_the_step_of_a_changed_file(files: Files, change: dict[str, Any], wanted: str) -> None:
    assert step(manifest(files), {**files, "raw.documents": file("raw.documents", **change)}, KEYS) == wanted


def test_a_removed_table_is_major(files: Files) -> None:
    assert step(manifest(files), {n: f for n, f in files.items() if n != "raw.documents"}, KEYS) == "major"


def test_another_key_is_major(files: Files) -> None:
    changed = {**files, "raw.documents": file("raw.documents", "b")}
    assert step(manifest(files), changed, {**KEYS, "raw.documents": ["id", "document_id"]}) == "major"


def test_a_new_table_is_minor(files: Files) -> None:
    more = {**files, "raw.more": file("raw.more")}
    assert step(manifest(files), more, {**KEYS, "raw.more": ["id"]}) == "minor"


def test_the_greatest_step_counts(files: Files) -> None:
    changed = {"raw.documents": file("raw.documents", "b", 7), "ops.runs": files["ops.runs"]}
    assert step(manifest(files), changed, KEYS) == "major"


@pytest.mark.parametrize(
    ("version", "change", "wanted"),
    [
        ("1.0.0", "patch", "1.0.1"),
        ("1.2.9", "patch", "1.2.10"),
        ("1.2.3", "minor", "1.3.0"),
        ("1.9.3", "minor", "1.10.0"),
        ("9.2.3", "major", "10.0.0"),
    ],
)
def test_the_version_after(version: str, change: str, wanted: str) -> None:
    assert following(version, change) == wanted
