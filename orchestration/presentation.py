"""How tables and gates look in Dagster: column schemas, row counts, check results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from assets.published.release import GATED_SCHEMAS, Release
from expectations.gate import Finding
from warehouse.schema import tables_of
from warehouse.schema.model import Table
from warehouse.settings import Settings

GATE = "gate"


def published_paths(release: Release, settings: Settings) -> dict[dg.AssetKey, Path]:
    """The published assets and where each lies."""
    return {
        dg.AssetKey(["published", "release"]): release.path,
        dg.AssetKey(["published", "serving_database"]): settings.serving_path,
    }


def gated_tables() -> Iterator[Table]:
    """The tables that are assets, each behind a gate."""
    return (t for schema in GATED_SCHEMAS for t in tables_of(schema))


def asset_key(full_name: str) -> dg.AssetKey:
    """`schema.table` as an asset key."""
    return dg.AssetKey(full_name.split("."))


def column_schema(declared: Table) -> dg.TableSchema:
    """The table's columns as Dagster shows them."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                c.name,
                c.type,
                description=c.meaning,
                constraints=dg.TableColumnConstraints(nullable=c.nullable, unique=declared.key == (c.name,)),
            )
            for c in declared.columns
        ]
    )


def spec(declared: Table, group: str, deps: Sequence[str] = (), **more: Any) -> dg.AssetSpec:
    """The asset of a table: key, description, columns, dependencies."""
    return dg.AssetSpec(
        asset_key(declared.full_name),
        description=f"{declared.description} Key: {', '.join(declared.key)}.",
        group_name=group,
        deps=[asset_key(d) for d in deps],
        kinds={"duckdb"},
        metadata={"dagster/column_schema": column_schema(declared), "dagster/table_name": declared.full_name},
        **more,
    )


def gate_spec(declared: Table) -> dg.AssetCheckSpec:
    """The blocking check of a table."""
    return dg.AssetCheckSpec(
        GATE, asset=asset_key(declared.full_name), blocking=True,
        description="The table's Great Expectations suite, run before its data is committed.",
    )  # fmt: skip


def row_metadata(rows: int) -> dict[str, dg.MetadataValue]:
    """Metadata of a materialisation."""
    return {"dagster/row_count": dg.MetadataValue.int(rows)}


def release_metadata(release: Release, path: Path) -> dict[str, Any]:
    """Metadata of a release: its version, whether it is new, its content's digest, and where it lies."""
    return {
        "version": release.version,
        "new": release.is_new,
        "content_sha256": release.content_sha256,
        "path": dg.MetadataValue.path(path.resolve()),
        "dagster/row_count": sum(release.rows.values()),
    }


def check_metadata(findings: Sequence[Finding]) -> dict[str, dg.MetadataValue]:
    """Metadata of a gate: how many expectations held, and what those that did not found."""
    failed = [f.row for f in findings if not f.row["success"]]
    metadata: dict[str, dg.MetadataValue] = {
        "expectations": dg.MetadataValue.int(len(findings)),
        "not met": dg.MetadataValue.int(len(failed)),
    }
    if failed:
        lines = (f"- {r['severity']}: {r['expectation']} ({r['unexpected_count']} rows)" for r in failed)
        metadata["what was not met"] = dg.MetadataValue.md("\n".join(lines))
    return metadata
