"""`planledger quarantine`: what was set aside, and why."""

from __future__ import annotations

import json
from pathlib import Path

import click

from orchestration.cli.options import data_option, json_option, settings_of
from orchestration.cli.tabular import rows_of, table_text
from orchestration.serving import newest
from warehouse.results import arrow


@click.group()
def quarantine() -> None:
    """Documents that could not be read and rows that failed a gate."""


@quarantine.command("list")
@data_option
@click.option("--stage", help="Only this stage.")
@json_option
def list_(data: Path | None, stage: str | None, as_json: bool) -> None:
    """List what is in quarantine, one line each."""
    with newest(settings_of(data=data)) as con:
        found = arrow(
            con,
            "SELECT quarantine_id, stage, reason, coalesce(source_uri, document_id, row_key) AS concerns, detail "
            "FROM ops.quarantine WHERE ? IS NULL OR stage = ? ORDER BY stage, reason, concerns",
            [stage, stage],
        )
    if as_json:
        click.echo(json.dumps(rows_of(found), indent=1, ensure_ascii=False, default=str))
    else:
        click.echo(table_text(found) if found.num_rows else "Nothing is in quarantine.")


@quarantine.command()
@click.argument("quarantine_id")
@data_option
def show(quarantine_id: str, data: Path | None) -> None:
    """Show one entry whole."""
    with newest(settings_of(data=data)) as con:
        found = arrow(con, "SELECT * FROM ops.quarantine WHERE quarantine_id = ?", [quarantine_id])
    if not found.num_rows:
        raise click.UsageError(f"{quarantine_id!r} is not in quarantine; planledger quarantine list shows what is")
    for name, value in rows_of(found)[0].items():
        if value is not None:
            click.echo(f"{name}: {value}")
