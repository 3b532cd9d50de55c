"""Looking at what there is: `planledger status`, `query`, `ledger` and `explain`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
import duckdb
import pyarrow as pa

from orchestration.cli.options import data_option, json_option, settings_of
from orchestration.cli.tabular import FORMATS, render, rows_of, table_text
from orchestration.explanation import explain_row
from orchestration.serving import newest, serving
from warehouse.results import arrow
from warehouse.schema import SCHEMAS, tables_of
from warehouse.tables import row_count


@click.command()
@data_option
@json_option
def status(data: Path | None, as_json: bool) -> None:
    """Rows per stage, how the last gates went, the last run and release, and what is in quarantine."""
    settings = settings_of(data=data)
    with newest(settings) as con:
        found = _status(con, settings.releases)
    click.echo(json.dumps(found, indent=1, default=str) if as_json else _status_text(found))


def _status(con: duckdb.DuckDBPyConnection, releases: Path) -> dict[str, Any]:
    present = {f"{s}.{t}" for s, t in con.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()}
    counted = (t.full_name for s in SCHEMAS for t in tables_of(s) if t.full_name in present)
    counts = {name: row_count(con, name) for name in counted}
    gates = arrow(
        con,
        "SELECT table_name, bool_and(success OR severity <> 'critical') AS passed, count(*) AS expectations, "
        "count(*) FILTER (NOT success) AS not_met, max(recorded_at) AS at FROM (SELECT * FROM ops.gate_results "
        "QUALIFY recorded_at = max(recorded_at) OVER (PARTITION BY table_name)) GROUP BY ALL ORDER BY ALL",
    )
    runs = arrow(con, "SELECT status, started, ended FROM ops.runs ORDER BY started DESC LIMIT 1")
    reasons = arrow(con, "SELECT stage, reason, count(*) AS entries FROM ops.quarantine GROUP BY ALL ORDER BY ALL")
    pointer = releases / "latest.json"
    return {
        "rows": counts,
        "gates": rows_of(gates),
        "last_run": next(iter(rows_of(runs)), None),
        "quarantine": rows_of(reasons),
        "release": json.loads(pointer.read_text()) if pointer.exists() else None,
    }


def _status_text(found: dict[str, Any]) -> str:
    gates = {g["table_name"]: g for g in found["gates"]}
    rows = [
        {"table": name, "rows": count, "gate": _gate_text(gates.get(name))}
        for name, count in found["rows"].items()
        if not name.startswith("ops.")
    ]
    release, run = found["release"], found["last_run"]
    lines = [
        f"Release: {release['version']}, published {release['published_at']}" if release else "No release yet.",
        f"Last run: {run['status']}, started {run['started']:%Y-%m-%d %H:%M:%S} UTC" if run else "No run yet.",
        "Quarantine: "
        + (", ".join(f"{q['entries']} {q['reason']} ({q['stage']})" for q in found["quarantine"]) or "empty"),
        table_text(pa.Table.from_pylist(rows)),
    ]
    return "\n".join(lines)


def _gate_text(gate: dict[str, Any] | None) -> str:
    if gate is None:
        return "not yet"
    warnings = f", {gate['not_met']} not met" if gate["not_met"] else ""
    return f"{'passed' if gate['passed'] else 'FAILED'} ({gate['expectations']} expectations{warnings})"


@click.command()
@click.argument("sql")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@data_option
def query(sql: str, form: str, output: Path | None, data: Path | None) -> None:
    """Run SQL on the analysts' database of the last release, read-only."""
    with serving(settings_of(data=data)) as con:
        try:
            result = con.sql(sql)  # None for a statement without a result, such as SET
            found = result.to_arrow_table() if result is not None else pa.table({})
        except duckdb.Error as error:
            raise click.UsageError(str(error)) from None
    _deliver(render(found, form), output, form)


def _deliver(content: bytes, output: Path | None, form: str) -> None:
    if output is not None:
        output.write_bytes(content)
    elif form == "parquet" and sys.stdout.isatty():
        raise click.UsageError("Parquet is not for a terminal; name a file with -o")
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


@click.command()
@click.option("--status", "review_status", help="Only this review status, e.g. paper_only.")
@click.option("--place", help="Only plans that name this place.")
@click.option("--sector", help="Only this sector.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@data_option
def ledger(review_status: str | None, place: str | None, sector: str | None, form: str, data: Path | None) -> None:
    """The plan ledger: every target, with what became of it."""
    with serving(settings_of(data=data)) as con:
        places = _place_ids(con, place) if place else None
        found = arrow(
            con,
            "SELECT ledger_id, review_status, action, object, value, unit, deadline_end AS due, "
            "announced_on AS announced, document_count AS documents, independent_origin_count AS origins, "
            "review_reason AS reason FROM ledger "
            "WHERE ($1 IS NULL OR review_status = $1) AND ($2 IS NULL OR list_has_any(place_ids, $2)) "
            "AND ($3 IS NULL OR contains(lower(sector), lower($3))) ORDER BY announced_on DESC NULLS LAST, ledger_id",
            [review_status, places, sector],
        )
    if form == "table" and not found.num_rows:
        click.echo("No plan fits.")
    else:
        _deliver(render(found, form), None, form)


def _place_ids(con: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """The places a name may mean; a name that means none is an error with the nearest ones."""
    rows = con.execute(
        "SELECT place_id FROM reference.places WHERE lower($1) IN (lower(name), place_id, name_ko) "
        "OR list_contains(list_transform(aliases, lambda a: lower(a)), lower($1)) ORDER BY place_id",
        [name],
    ).fetchall()
    if rows:
        return [r[0] for r in rows]
    near = con.execute(
        "SELECT name FROM reference.places ORDER BY jaro_winkler_similarity(lower(name), lower($1)) DESC, name LIMIT 3",
        [name],
    ).fetchall()
    raise click.UsageError(f"no place is called {name!r}; did you mean {', '.join(r[0] for r in near)}?")


@click.command()
@click.argument("row_id")
@data_option
@json_option
def explain(row_id: str, data: Path | None, as_json: bool) -> None:
    """From ROW_ID, the key of any published row, back to sentence, document, rule and chain of sources."""
    with serving(settings_of(data=data)) as con:
        found = explain_row(con, row_id)
    if found is None:
        raise click.UsageError(f"no published row has the id {row_id!r}")
    click.echo(json.dumps(found.as_dict(), indent=1, ensure_ascii=False, default=str) if as_json else found.as_text())
