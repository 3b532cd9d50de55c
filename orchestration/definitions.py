"""The whole platform on one page: assets with their gates, jobs, the feeds' schedule, the landing area's sensor."""

from __future__ import annotations

import dagster as dg

from orchestration.dagster_assets import ASSETS, Planledger
from orchestration.landing import daily_feeds, fetch_feeds, ingest_batch, landing_sensor, publish_release

defs = dg.Definitions(
    assets=ASSETS,
    jobs=[fetch_feeds, ingest_batch, publish_release],
    schedules=[daily_feeds],
    sensors=[landing_sensor],
    resources={"planledger": Planledger()},
    executor=dg.in_process_executor,  # one database, one writer: steps follow one another in one process
)
