"""Jobs, and the sensor that starts one for every batch that lands."""

from collections.abc import Iterator

import dagster as dg

from orchestration.dagster_assets import BATCH
from orchestration.instance import landed
from warehouse.settings import Settings

ingest_batch = dg.define_asset_job(
    "ingest_batch",
    selection=dg.AssetSelection.groups("raw", "cleaned", "extracted") - dg.AssetSelection.key_prefixes("reference"),
    partitions_def=BATCH,
    description="One batch from the landing area (or the sample corpus) through raw, cleaned and extracted.",
)

publish_release = dg.define_asset_job(
    "publish_release",
    selection=dg.AssetSelection.groups("aggregated", "published"),
    description="Recompute the aggregated tables and publish a release if anything changed.",
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
