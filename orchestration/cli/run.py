"""`planledger run`: the whole pipeline."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

import click

from assets.raw.sources import SourceFile, discover
from expectations.gate import Verdict
from orchestration.cli.options import data_option, engine_option, json_option, settings_of, workers_option
from orchestration.pipeline import opened
from orchestration.progress import reporting
from orchestration.whole import Outcome, run_all
from warehouse.settings import Settings


@click.command()
@click.argument("sources", nargs=-1)
@data_option
@engine_option
@workers_option
@click.option("--no-publish", is_flag=True, help="Stop after the aggregated tables.")
@click.option("--publish-text", is_flag=True, help="Put publishers' full texts into the release.")
@click.option("--dry-run", is_flag=True, help="Only list what would be read.")
@json_option
def run(
    sources: tuple[str, ...],
    data: Path | None,
    engine: str | None,
    workers: int | None,
    no_publish: bool,
    publish_text: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take SOURCEs from raw to a release; without SOURCE the bundled sample corpus.

    A SOURCE is a file, a folder, a glob or an fsspec URL of .txt, .md, .html, .jsonl, .ndjson, .parquet or .csv,
    each also .gz or .zst. Only what is new or changed is processed; running again changes nothing.
    """
    settings = settings_of(data=data, engine=engine, workers=workers)
    wanted = sources or (str(settings.sample_corpus),)
    if dry_run:
        _list(discover(wanted))
        return
    began = time.monotonic()
    with reporting(silent=as_json) as reporter, opened(settings, reporter) as under_way:
        outcome = run_all(under_way, wanted, publish=not no_publish, with_text=publish_text)
    if any(outcome.processed.values()) or (outcome.release and outcome.release.is_new):
        _enter_in_dagster(settings, outcome, under_way.verdicts, sample=not sources)
    seconds = time.monotonic() - began
    if as_json:
        click.echo(json.dumps({**outcome.as_dict(), "seconds": round(seconds, 2)}, indent=1, ensure_ascii=False))
    else:
        click.echo(summary(outcome, settings, seconds))


def _enter_in_dagster(settings: Settings, outcome: Outcome, verdicts: dict[str, Verdict], *, sample: bool) -> None:
    """Let the Dagster UI show this run too; Dagster takes seconds to import, so only when something changed."""
    from orchestration.instance import SAMPLE_BATCH, report_to_dagster

    report_to_dagster(settings, outcome.rows, verdicts, outcome.release, SAMPLE_BATCH if sample else None)


def _list(files: Sequence[SourceFile]) -> None:
    for file in files:
        click.echo(f"{file.batch_id}\t{file.uri}\t{file.byte_size}")
    click.echo(f"{len(files)} files would be read", err=True)


def summary(outcome: Outcome, settings: Settings, seconds: float) -> str:
    """What a run did, for people: what was read, rows per table, the release, and what to open next."""
    read = outcome.read
    lines = [
        f"Read {read.files_read} of {_files(read.files)}: {read.new_documents} new documents"
        f"{f', {_files(read.unchanged_files)} unchanged' if read.unchanged_files else ''}.",
        f"In quarantine: {outcome.quarantined} (planledger quarantine list)." if outcome.quarantined else "",
        *_counts(outcome.rows),
        *_release(outcome, settings),
        f"Done in {seconds:.1f} s.",
    ]
    return "\n".join(line for line in lines if line)


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _counts(rows: dict[str, int]) -> list[str]:
    lines, schema = [], ""
    for name, count in rows.items():
        if name.startswith("ops."):
            continue
        if name.partition(".")[0] != schema:
            schema = name.partition(".")[0]
            lines.append(f"{schema}:")
        lines.append(f"  {name.partition('.')[2]:<28}{count:>10,}")
    return lines


def _release(outcome: Outcome, settings: Settings) -> list[str]:
    release = outcome.release
    if release is None:
        return ["Nothing was published (--no-publish)."]
    verb = "Published release" if release.is_new else "No change: still release"
    return [
        f"{verb} {release.version}: {release.path}",
        f'SQL:     planledger query "FROM ledger LIMIT 5"   or open {settings.serving_path} in DuckDB',
        f"Parquet: {release.path}/*.parquet   (start with README.md and data_dictionary.md there)",
        "DAG:     planledger ui",
    ]
