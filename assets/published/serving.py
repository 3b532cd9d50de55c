"""The analysts' database: every published table with comments, views and macros, replaced whole."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from assets.published.selection import published_query, published_tables
from warehouse.results import arrow, scalar
from warehouse.schema import SCHEMAS
from warehouse.schema.ddl import comments, create_table, identifier, quoted
from warehouse.schema.model import Table
from warehouse.tables import insert

STORAGE_VERSION = "v1.0.0"  # readable by older clients


def write_serving_database(con: duckdb.DuckDBPyConnection, path: Path, manifest: Mapping[str, Any]) -> None:
    """Write the database aside and put it in place in one step; whoever has the old one open keeps reading it.

    It holds the texts too: it stays with the people who hold the sources.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    home = str(scalar(con, "SELECT current_database()"))
    con.execute(f"ATTACH {quoted(str(aside))} AS serving (STORAGE_VERSION {quoted(STORAGE_VERSION)})")
    try:
        _fill(con, manifest)
    finally:
        con.execute(f"USE {identifier(home)}")
        con.execute("DETACH serving")
    aside.chmod(0o444)
    aside.replace(path)


def _fill(con: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> None:
    rows = {t.full_name: _rows(con, t) for t in published_tables()}
    con.execute("USE serving")
    for schema in SCHEMAS:
        con.execute(f"CREATE SCHEMA {schema}")
    for declared in published_tables():
        con.execute(create_table(declared))
        insert(con, declared.full_name, rows[declared.full_name])
        for statement in comments(declared):
            con.execute(statement)
    con.execute(
        "CREATE TABLE release AS SELECT ? AS version, ? AS content_sha256, ? AS code_version, ? AS code_commit, "
        "? AS documents, ?::JSON AS gates",
        [
            manifest["version"], manifest["content_sha256"], manifest["code"]["version"], manifest["code"]["commit"],
            manifest["input"]["documents"], json.dumps(manifest["gates"]),
        ],
    )  # fmt: skip
    con.execute("COMMENT ON TABLE release IS 'Which release this database holds.'")
    for statement in (files(__package__) / "serving.sql").read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            con.execute(statement)


def _rows(con: duckdb.DuckDBPyConnection, declared: Table) -> Any:
    order = ", ".join(identifier(k) for k in declared.key)
    return arrow(con, f"SELECT * FROM ({published_query(declared)}) ORDER BY {order}")
