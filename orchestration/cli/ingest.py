"""`planledger ingest`: fetch into the landing area."""

from __future__ import annotations

import json
from pathlib import Path

import click

from orchestration.cli.options import data_option, json_option, settings_of
from orchestration.ingest import Ingest, SourceReport, listed_feeds
from orchestration.progress import reporting
from warehouse.settings import Settings

_SHOWN = 20


@click.command()
@click.argument("sources", metavar="[FEED_OR_SOURCE]...", nargs=-1)
@data_option
@click.option("--limit", type=click.IntRange(min=1), help="The most pages or files to take of each source.")
@click.option("--dry-run", is_flag=True, help="Only list what would be fetched.")
@json_option
def ingest(sources: tuple[str, ...], data: Path | None, limit: int | None, dry_run: bool, as_json: bool) -> None:
    """Fetch what is new into the landing area, for planledger run to read.

    A FEED is an RSS or Atom feed or a sitemap: the pages it names are fetched, obeying robots.txt, one request a
    second to each host. A SOURCE is anything planledger run takes; its files are copied. Without either, the feeds
    of PLANLEDGER_FEEDS and of feeds.txt in the data folder. What has not changed since the last time is left out.

    Exit code 2 if a source could not be used at all; pages that could not be had are listed, and keep nothing back.
    """
    settings = settings_of(data=data)
    wanted = sources or tuple(listed_feeds(settings))
    if not wanted:
        raise click.UsageError(f"no source is named: give a feed or a folder, or list feeds in {settings.feeds_file}")
    with reporting(silent=as_json) as reporter:
        reports = Ingest(settings, reporter, limit=limit).run(wanted, dry_run=dry_run)
    if as_json:
        click.echo(json.dumps({"sources": [r.as_dict() for r in reports]}, indent=1, ensure_ascii=False))
    else:
        for line in _listed(reports) if dry_run else summary(reports, settings):
            click.echo(line)
    unusable = [r for r in reports if r.unusable]
    for report in unusable if not as_json else ():
        click.echo(f"planledger: {_sentence(report)}", err=True)
    if unusable:
        raise click.exceptions.Exit(2)


def _sentence(report: SourceReport) -> str:
    """Why a source could not be used."""
    failure = report.failed[-1]
    named = failure.detail.startswith(failure.address)
    return failure.detail if named else f"{failure.address} is not fetched: {failure.detail}"


def _listed(reports: list[SourceReport]) -> list[str]:
    lines = [address for r in reports for address in r.would_fetch]
    failures = [f"not fetched: {f.address}: {f.detail}" for r in reports if not r.unusable for f in r.failed]
    return [*lines, *failures, f"{len(lines)} pages or files would be fetched"]


def summary(reports: list[SourceReport], settings: Settings) -> list[str]:
    """What came of each source that could be used, for people, and what to do next."""
    lines = []
    for r in (r for r in reports if not r.unusable):
        left_out = f", {r.left_out} left out (--limit)" if r.left_out else ""
        lines.append(f"{r.source}: {r.new} new, {r.changed} changed, {r.unchanged} unchanged of {r.found}{left_out}")
        lines += [f"  not fetched: {f.address}: {f.detail}" for f in r.failed[:_SHOWN]]
        if len(r.failed) > _SHOWN:
            lines.append(f"  and {len(r.failed) - _SHOWN} more (--json lists all)")
        if r.batch:
            lines.append(f"  landed in {settings.landing / r.batch}")
    if any(r.batch for r in reports):
        lines.append(f"Next: planledger run {settings.landing}")
    return lines
