"""`planledger ui`: Dagster's web interface on the pipeline."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from orchestration.cli.options import data_option, settings_of


@click.command()
@data_option
@click.option("--port", default=3000, show_default=True, type=click.IntRange(1, 65535), help="Port on 127.0.0.1.")
def ui(data: Path | None, port: int) -> None:
    """Open the Dagster UI on 127.0.0.1: the graph of assets, their gates, row counts and runs."""
    from orchestration.instance import prepare_home  # imports Dagster, which takes seconds

    settings = settings_of(data=data)
    home = prepare_home(settings)
    environment = {**os.environ, "DAGSTER_HOME": str(home), "PLANLEDGER_DATA": str(settings.data.resolve())}
    click.echo(f"The Dagster UI opens on http://127.0.0.1:{port} (Ctrl-C ends it)")
    command = [sys.executable, "-m", "dagster", "dev", "-m", "orchestration.definitions", "-h", "127.0.0.1"]
    os.execve(sys.executable, [*command, "-p", str(port)], environment)
