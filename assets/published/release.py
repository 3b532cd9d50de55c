"""Publishing: a versioned, immutable folder of Parquet files, the analysts' database, and the pointer to both."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from assets.published.card import dataset_card
from assets.published.dictionary import data_dictionary
from assets.published.parquet import PublishedFile, write_table
from assets.published.selection import published_query, published_tables
from assets.published.serving import write_serving_database
from assets.published.version import FIRST, following, step
from expectations.gate import unpassed
from warehouse import __version__
from warehouse.code import commit
from warehouse.identity import digest
from warehouse.schema import table, tables_of
from warehouse.settings import Settings

GATED_SCHEMAS = ("reference", "raw", "cleaned", "extracted", "aggregated")


class NotPublishableError(RuntimeError):
    """A table's latest gate did not pass, or is older than its data."""


@dataclass(frozen=True)
class Release:
    """A release: where it is, what it holds, and whether this run made it."""

    version: str
    path: Path
    content_sha256: str
    rows: dict[str, int]
    is_new: bool


def publish(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    *,
    with_text: bool = False,
    advance: Callable[[], None] = lambda: None,
) -> Release:
    """Write a release of all published tables; if nothing changed since the latest one, return that.

    Everything is written aside and renamed into place, `latest.json` last, so that a reader sees the old release or
    the new one and a killed run leaves at most a folder that the next run removes. Raises NotPublishableError
    naming the tables whose latest gate did not pass or is older than their data.
    """
    behind = unpassed(con, [t.full_name for s in GATED_SCHEMAS for t in tables_of(s)])
    if behind:
        raise NotPublishableError(
            f"nothing was published: the latest gate of {', '.join(behind)} did not pass or is older than the data"
        )
    settings.releases.mkdir(parents=True, exist_ok=True)
    for left in settings.releases.glob(".staging-*"):
        shutil.rmtree(left)
    staging = settings.releases / f".staging-{os.getpid()}"
    staging.mkdir()
    try:
        return _publish(con, settings, staging, with_text, advance)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _publish(
    con: duckdb.DuckDBPyConnection, settings: Settings, staging: Path, with_text: bool, advance: Callable[[], None]
) -> Release:
    files: dict[str, PublishedFile] = {}
    for declared in published_tables():
        columns = declared.published_columns(with_text=with_text)
        files[declared.full_name] = write_table(con, declared, columns, published_query(declared), staging)
        advance()
    earlier = latest_manifest(settings.releases)
    change = step(earlier, files, {name: list(table(name).key) for name in files}) if earlier else None
    if earlier and change is None:
        return _unchanged(con, settings, earlier)
    version = following(earlier["version"], change) if earlier and change else FIRST
    manifest = _manifest(con, version, files, with_text)
    _describe(staging, manifest, with_text)
    target = settings.releases / version
    if target.exists():  # of a run killed before `latest.json` named it: nobody was told of it
        shutil.rmtree(target)
    staging.rename(target)
    write_serving_database(con, settings.serving_path, manifest)
    _point_to(settings.releases, manifest)
    return Release(version, target, manifest["content_sha256"], _rows(manifest), is_new=True)


def _unchanged(con: duckdb.DuckDBPyConnection, settings: Settings, manifest: Mapping[str, Any]) -> Release:
    if not settings.serving_path.exists():
        write_serving_database(con, settings.serving_path, manifest)
    path = settings.releases / manifest["version"]
    return Release(manifest["version"], path, manifest["content_sha256"], _rows(manifest), is_new=False)


def _rows(manifest: Mapping[str, Any]) -> dict[str, int]:
    return {name: entry["rows"] for name, entry in manifest["files"].items()}


def latest_manifest(releases: Path) -> dict[str, Any] | None:
    """The manifest of the release that `latest.json` names; None before the first release."""
    pointer = releases / "latest.json"
    if not pointer.exists():
        return None
    path = releases / json.loads(pointer.read_text())["path"] / "manifest.json"
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def _manifest(
    con: duckdb.DuckDBPyConnection, version: str, files: Mapping[str, PublishedFile], with_text: bool
) -> dict[str, Any]:
    """What the release is made of. It holds no clock time: equal input and code give equal bytes."""
    data = {n: f for n, f in files.items() if not n.startswith("ops.")}
    documents = con.execute("SELECT document_id FROM raw.documents ORDER BY 1").fetchall()
    return {
        "name": "planledger",
        "version": version,
        "content_sha256": digest(*(f"{n} {f.sha256}" for n, f in sorted(data.items()))),
        "code": {"version": __version__, "commit": commit()},
        "input": {"documents": len(documents), "sha256": digest(*(d for (d,) in documents))},
        "with_text": with_text,
        "gates": _gate_summary(con),
        "files": {n: {**asdict(f), "key": list(table(n).key)} for n, f in sorted(files.items())},
    }


def _gate_summary(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    [(tables, expectations, unmet)] = con.execute(
        f"SELECT count(DISTINCT table_name), count(*), count(*) FILTER (NOT success) "
        f"FROM ({published_query(table('ops.gate_results'))})"
    ).fetchall()
    return {"tables": tables, "expectations": expectations, "warnings": unmet}


def _describe(folder: Path, manifest: Mapping[str, Any], with_text: bool) -> None:
    described = {t.full_name: (t, t.published_columns(with_text=with_text)) for t in published_tables()}
    texts = {
        "manifest.json": json.dumps(manifest, indent=1, ensure_ascii=False) + "\n",
        "data_dictionary.md": data_dictionary(described),
        "README.md": dataset_card(manifest),
        "SHA256SUMS": "".join(f"{f['sha256']}  {f['name']}\n" for f in manifest["files"].values()),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _point_to(releases: Path, manifest: Mapping[str, Any]) -> None:
    """Make `latest.json` name the release, in one step."""
    pointer = {
        "version": manifest["version"],
        "path": manifest["version"],
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "content_sha256": manifest["content_sha256"],
    }
    aside = releases / ".latest.json"
    aside.write_text(json.dumps(pointer, indent=1) + "\n")
    aside.replace(releases / "latest.json")
