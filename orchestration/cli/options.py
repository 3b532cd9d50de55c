"""Options that several subcommands share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from warehouse.settings import ENGINES, Settings

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

data_option: Decorator = click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), help="Folder everything is written to."
)
engine_option: Decorator = click.option(
    "--engine", type=click.Choice(ENGINES), help="How documents are spread over cores."
)
workers_option: Decorator = click.option("--workers", type=click.IntRange(min=0), help="Processes; 0 for one per core.")
json_option: Decorator = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


def settings_of(**given: Any) -> Settings:
    """The environment's settings, overridden by the options that were given."""
    return replace(Settings.from_environment(), **{k: v for k, v in given.items() if v is not None})
