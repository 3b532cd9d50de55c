"""Jobs, the schedule that fetches feeds into the landing area, and the sensor that starts a job for what lands."""

from collections.abc import Iterator

import dagster as dg

from orchestration.dagster_assets import BATCH, Planledger
from orchestration.ingest import Ingest, listed_feeds
from orchestration.instance import landed
from warehouse.settings import Settings

ingest_batch = dg.define_asset_job(
    "ingest_batch",
    selection=dg.AssetSelection.groups("raw", "cleaned", "extracted")
    - dg.AssetSelection.key_prefixes("reference", "ops"),
    partitions_def=BATCH,
    description="One batch from the landing area (or the sample corpus) through raw, cleaned and extracted.",
)

publish_release = dg.define_asset_job(
    "publish_release",
    selection=dg.AssetSelection.groups("aggregated", "published") | dg.AssetSelection.key_prefixes("ops"),
    description="Recompute the aggregated tables and publish a release if anything changed and the code's agreement "
    "with the gold annotations is above its floors.",
)


@dg.sensor(job=ingest_batch, minimum_interval_seconds=60)
def landing_sensor(context: dg.SensorEvaluationContext) -> Iterator[dg.SensorResult]:
    """Starts `ingest_batch` for every folder that is new in the landing area."""
    known = set(context.instance.get_dynamic_partitions(str(BATCH.name)))
    new = [name for name in landed(Settings.from_environment()) if name not in known]
    yield dg.SensorResult(
        run_requests=[dg.RunRequest(run_key=name, partition_key=name) for name in new],
        dynamic_partitions_requests=[BATCH.build_add_request(new)] if new else [],
    )


@dg.op
def ingest(context: dg.OpExecutionContext, planledger: Planledger) -> list[str]:
    """Fetches what is new in the listed feeds into the landing area; the batches it made are its output.

    Pages that cannot be had are warnings; the step fails if a feed cannot be used, after all others are fetched.
    """
    settings = planledger.settings()
    reports = Ingest(settings).run(listed_feeds(settings))
    for failure in (f for r in reports for f in r.failed):
        context.log.warning(f"{failure.address}: {failure.detail}")
    batches = [r.batch for r in reports if r.batch]
    context.add_output_metadata(
        {
            "new": sum(r.new for r in reports),
            "changed": sum(r.changed for r in reports),
            "unchanged": sum(r.unchanged for r in reports),
            "not_fetched": sum(len(r.failed) for r in reports),
            "batches": batches,
        }
    )
    unusable = [r.source for r in reports if r.unusable]
    if unusable:
        raise dg.Failure(f"could not be used: {', '.join(unusable)}; the log says why", allow_retries=True)
    return batches


@dg.job(description="Pages of the listed feeds and sitemaps into the landing area.")
def fetch_feeds() -> None:
    """The job of one step."""
    ingest()


@dg.schedule(job=fetch_feeds, cron_schedule="0 4 * * *", execution_timezone="UTC")
def daily_feeds() -> dg.RunRequest | dg.SkipReason:
    """Starts `fetch_feeds` every day, if any feed is listed."""
    settings = Settings.from_environment()
    if not listed_feeds(settings):
        return dg.SkipReason(f"no feed is listed in PLANLEDGER_FEEDS or {settings.feeds_file}")
    return dg.RunRequest()
