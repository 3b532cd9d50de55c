"""Verifying a release: do its files hold what its manifest says, and do they hang together?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from assets.published.parquet import sha256_of
from warehouse.identity import digest
from warehouse.results import scalar
from warehouse.schema.ddl import identifier, quoted

_DESCRIPTIONS = frozenset({"manifest.json", "data_dictionary.md", "README.md", "SHA256SUMS"})


def verify_release(folder: Path) -> list[str]:
    """What differs, a sentence each; empty if the release is sound.

    Checks every file's checksum, size, rows, columns and key, that no file is missing or too many, that evidence
    has the length its offsets say and, where the release holds the texts, that it is those characters.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        entries = dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"manifest.json cannot be read ({type(error).__name__})"]
    differences = [*_strangers(folder, entries)]
    sound = {}
    for name, entry in entries.items():
        found = list(_file(folder, entry))
        differences += found
        if not found:
            sound[name] = entry
    differences += _content(manifest)
    with duckdb.connect() as con:
        for name, entry in sound.items():
            differences += _rows(con, folder, name, entry, manifest)
    return differences


def _strangers(folder: Path, entries: Mapping[str, Any]) -> Iterator[str]:
    known = {e["name"] for e in entries.values()} | _DESCRIPTIONS
    for path in sorted(folder.iterdir()):
        if path.name not in known:
            yield f"{path.name} is not in the manifest"


def _file(folder: Path, entry: Mapping[str, Any]) -> Iterator[str]:
    path = folder / entry["name"]
    if not path.is_file():
        yield f"{entry['name']} is missing"
        return
    if sha256_of(path) != entry["sha256"]:
        yield f"{entry['name']} has another checksum"
        return
    found = pq.ParquetFile(path)
    if found.metadata.num_rows != entry["rows"]:
        yield f"{entry['name']} has {found.metadata.num_rows} rows, not {entry['rows']}"
    if found.schema_arrow.names != list(entry["columns"]):
        yield f"{entry['name']} has other columns"


def _content(manifest: Mapping[str, Any]) -> Iterator[str]:
    data = {n: e for n, e in manifest["files"].items() if not n.startswith("ops.")}
    if manifest["content_sha256"] != digest(*(f"{n} {e['sha256']}" for n, e in sorted(data.items()))):
        yield "content_sha256 is not that of the files"


def _rows(
    con: duckdb.DuckDBPyConnection, folder: Path, name: str, entry: Mapping[str, Any], manifest: Mapping[str, Any]
) -> Iterator[str]:
    file = f"read_parquet({quoted(str(folder / entry['name']))})"
    key = ", ".join(identifier(k) for k in entry["key"])
    if scalar(con, f"SELECT count(*) FROM (SELECT {key} FROM {file} GROUP BY ALL HAVING count(*) > 1)"):
        yield f"{entry['name']}: {key} is not a key"
    if not name.startswith("extracted."):
        return
    if scalar(con, f"SELECT count(*) FROM {file} WHERE length(evidence) <> end_char - start_char"):
        yield f"{entry['name']}: evidence does not have the length of its offsets"
    if manifest["with_text"]:
        texts = f"read_parquet({quoted(str(folder / 'cleaned.documents.parquet'))})"
        differing = (
            f"SELECT count(*) FROM {file} AS x LEFT JOIN {texts} AS d USING (document_id) WHERE "
            "substring(d.text, x.start_char + 1, x.end_char - x.start_char) IS DISTINCT FROM x.evidence"
        )
        if scalar(con, differing):
            yield f"{entry['name']}: evidence is not the text at its offsets"
