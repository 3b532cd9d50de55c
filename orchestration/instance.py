"""Dagster's own records: its home folder, and entering what the command did."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import dagster as dg

from assets.published.release import Release
from expectations.gate import Verdict
from orchestration.presentation import (
    GATE,
    check_metadata,
    gated_tables,
    published_paths,
    release_metadata,
    row_metadata,
)
from warehouse.schema.model import Table
from warehouse.settings import Settings

BATCHES = "batch"
SAMPLE_BATCH = "corpus"
PARTITIONED = ("raw", "cleaned", "extracted")


def prepare_home(settings: Settings) -> Path:
    """Create Dagster's home below the data folder (no telemetry, records in SQLite) and return it.

    The sample corpus and every folder in the landing area are entered as batches, so that the UI offers them.
    """
    home = settings.dagster_home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    configuration = home / "dagster.yaml"
    if not configuration.exists():
        configuration.write_text("telemetry:\n  enabled: false\n")
    with _instance(home) as instance:
        instance.add_dynamic_partitions(BATCHES, [SAMPLE_BATCH, *landed(settings)])
    return home


def landed(settings: Settings) -> list[str]:
    """The batches in the landing area: its folders, by name."""
    if not settings.landing.is_dir():
        return []
    return sorted(p.name for p in settings.landing.iterdir() if p.is_dir() and not p.name.startswith("."))


def _instance(home: Path) -> dg.DagsterInstance:
    os.environ["DAGSTER_HOME"] = str(home)
    return dg.DagsterInstance.get()


def report_to_dagster(
    settings: Settings,
    rows: Mapping[str, int],
    verdicts: Mapping[str, Verdict],
    release: Release | None,
    batch: str | None,
) -> None:
    """Enter row counts, gate verdicts and the release of a command-line run, so that the UI shows them.

    `rows` are rows per table, `verdicts` those of the stages that ran, `batch` the partition it stands for, if any.
    """
    found = [f for v in verdicts.values() for f in v.findings]
    with _instance(prepare_home(settings)) as instance:
        for declared in gated_tables():
            partition = batch if declared.schema in PARTITIONED else None
            _report(instance, declared, rows[declared.full_name], Verdict(found), partition)
        if release is None:
            return
        for key, path in published_paths(release, settings).items():
            instance.report_runless_asset_event(dg.AssetMaterialization(key, metadata=release_metadata(release, path)))


def _report(instance: dg.DagsterInstance, declared: Table, rows: int, verdict: Verdict, partition: str | None) -> None:
    key = dg.AssetKey([declared.schema, declared.name])
    instance.report_runless_asset_event(dg.AssetMaterialization(key, metadata=row_metadata(rows), partition=partition))
    findings = verdict.of(declared.full_name)
    if findings:
        passed = not any(f.blocks for f in findings)
        instance.report_runless_asset_event(
            dg.AssetCheckEvaluation(
                asset_key=key, check_name=GATE, passed=passed, metadata=check_metadata(findings), blocking=True
            )
        )
