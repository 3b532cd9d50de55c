"""Reading what the pipeline has made, without getting in its way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from warehouse.settings import Settings


class NoReleaseError(RuntimeError):
    """There is nothing to read yet."""


@contextmanager
def serving(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The analysts' database of the last release, read-only. Raises NoReleaseError before the first release."""
    if not settings.serving_path.exists():
        raise NoReleaseError(f"there is no {settings.serving_path} yet; make it with planledger run")
    with duckdb.connect(str(settings.serving_path), read_only=True) as con:
        yield con


@contextmanager
def newest(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, read-only, which also knows of runs that failed; while a run writes, the last release."""
    if not settings.warehouse_path.exists():
        raise NoReleaseError(f"there is no {settings.warehouse_path} yet; make it with planledger run")
    try:
        con = duckdb.connect(str(settings.warehouse_path), read_only=True)
    except duckdb.IOException:
        with serving(settings) as published:
            yield published
        return
    with con:
        yield con
