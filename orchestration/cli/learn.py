"""`planledger learn-residue`: lines that repeat across an outlet's pages, for review."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import click

from assets.cleaned.repeated import proposals
from orchestration.cli.options import data_option, settings_of
from orchestration.serving import newest
from warehouse.schema import table

_COLUMNS = (*table("reference.residue_patterns").column_names, "documents")


@click.command("learn-residue")
@data_option
@click.option("--least", type=click.IntRange(min=2), default=5, show_default=True, help="Documents that hold the line.")
@click.option("--outlet", help="Only this outlet.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def learn_residue(data: Path | None, least: int, outlet: str | None, output: Path | None) -> None:
    """Propose residue patterns: lines that cleaning leaves on several pages of one outlet.

    Prints CSV in the form of seeds/reference/residue_patterns.csv. Nothing acts by itself: take over what is residue,
    name its kind and a line that must not match, and leave out the column documents.
    """
    with newest(settings_of(data=data)) as con:
        found = list(proposals(con, least, outlet))
    if not found:
        click.echo(f"No line stands on {least} pages of one outlet.", err=True)
        return
    stream = output.open("w", encoding="utf-8", newline="") if output else sys.stdout
    try:
        writer = csv.DictWriter(stream, _COLUMNS)
        writer.writeheader()
        writer.writerows(found)
    finally:
        if output:
            stream.close()
    if output:
        click.echo(f"Lines for review in {output}: {len(found)}", err=True)
