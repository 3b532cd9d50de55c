"""The pipeline as Dagster sees it."""

from __future__ import annotations

from typing import Any

import dagster as dg
import pytest

from assets.aggregated import queries
from assets.published.release import GATED_SCHEMAS
from expectations import checks
from orchestration.dagster_assets import ASSETS, Planledger
from orchestration.definitions import defs
from orchestration.instance import SAMPLE_BATCH, landed, prepare_home
from orchestration.landing import landing_sensor
from warehouse.schema import tables_of
from warehouse.schema.model import Table
from warehouse.settings import Settings

GATED = [t for schema in GATED_SCHEMAS for t in tables_of(schema)]
# reference.* is part of what raw reads and so of its group.
GROUPS = {"reference": "raw", "raw": "raw", "cleaned": "cleaned", "extracted": "extracted", "aggregated": "aggregated"}


@pytest.fixture(scope="module")
def graph() -> Any:
    dg.Definitions.validate_loadable(defs)
    return defs.resolve_asset_graph()


def key_of(table: Table) -> dg.AssetKey:
    return dg.AssetKey([table.schema, table.name])


def test_there_are_five_groups(graph: Any) -> None:
    groups = {graph.get(k).group_name for k in graph.get_all_asset_keys()}
    assert groups == {"raw", "cleaned", "extracted", "aggregated", "published"}


@pytest.mark.parametrize("table", GATED, ids=lambda t: t.full_name)
def test_every_gated_table_is_an_asset_with_columns_and_a_blocking_gate(graph: Any, table: Table) -> None:
    node = graph.get(key_of(table))
    assert node.group_name == GROUPS[table.schema]
    columns = node.metadata["dagster/column_schema"].columns
    assert [(c.name, c.type) for c in columns] == [(c.name, c.type) for c in table.columns]
    assert all(c.description for c in columns)
    assert [c.constraints.nullable for c in columns] == [c.nullable for c in table.columns]
    gate = dg.AssetCheckKey(key_of(table), "gate")
    assert gate in graph.asset_check_keys
    [spec] = [s for a in ASSETS for s in a.check_specs if s.key == gate]
    assert spec.blocking


def test_nothing_else_is_an_asset(graph: Any) -> None:
    published = {dg.AssetKey(["published", "release"]), dg.AssetKey(["published", "serving_database"])}
    scores = dg.AssetKey(["ops", "extraction_scores"])
    assert graph.get_all_asset_keys() - {key_of(t) for t in GATED} == {*published, scores}


def test_what_is_aggregated_depends_on_what_its_query_reads(graph: Any) -> None:
    for name in queries.in_order():
        parents = graph.get(dg.AssetKey(["aggregated", name])).parent_keys
        assert parents == {dg.AssetKey(d.split(".")) for d in queries.dependencies(name)}


def test_publishing_comes_after_everything_aggregated(graph: Any) -> None:
    parents = graph.get(dg.AssetKey(["published", "release"])).parent_keys
    assert parents >= {dg.AssetKey(["aggregated", n]) for n in queries.in_order()}


def test_jobs_and_sensor_are_there() -> None:
    assert {j.name for j in defs.resolve_all_job_defs()} >= {"ingest_batch", "publish_release"}
    assert [s.job_name for s in defs.sensors or () if s.name == "landing_sensor"] == ["ingest_batch"]


def test_the_sensor_starts_a_run_for_every_new_batch(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANLEDGER_DATA", str(tmp_path))
    for name in ("one", "two", ".hidden"):
        (tmp_path / "landing" / name).mkdir(parents=True)
    with dg.DagsterInstance.ephemeral() as instance:
        [result] = landing_sensor(dg.build_sensor_context(instance=instance, definitions=defs))
        assert [r.partition_key for r in result.run_requests] == ["one", "two"]
        assert [r.partition_keys for r in result.dynamic_partitions_requests] == [["one", "two"]]
        instance.add_dynamic_partitions("batch", ["one", "two"])
        [result] = landing_sensor(dg.build_sensor_context(instance=instance, definitions=defs))
        assert not result.run_requests and not result.dynamic_partitions_requests


def test_the_home_offers_the_batches_and_sends_nothing(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))  # put back afterwards, as preparing sets it
    settings = Settings(tmp_path / "data")
    (settings.landing / "delivery").mkdir(parents=True)
    home = prepare_home(settings)
    assert "enabled: false" in (home / "dagster.yaml").read_text()
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert set(instance.get_dynamic_partitions("batch")) == {SAMPLE_BATCH, "delivery"}
    assert landed(settings) == ["delivery"]


def materialized(place: Any, instance: dg.DagsterInstance, **options: Any) -> dg.ExecuteInProcessResult:
    instance.add_dynamic_partitions("batch", ["delivery"])
    return dg.materialize(
        ASSETS,
        instance=instance,
        partition_key="delivery",
        resources={"planledger": Planledger(data=str(place.settings.data))},
        **options,
    )


@pytest.fixture
def delivered(place: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The finished run with one more document waiting in the landing area."""
    monkeypatch.setenv("PLANLEDGER_ENGINE", "local")
    landing = place.settings.landing / "delivery"
    landing.mkdir(parents=True)
    place.add().rename(landing / "cement.txt")
    return place


def test_everything_is_materialized_and_checked_from_a_batch(delivered: Any) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        result = materialized(delivered, instance)
        assert result.success
        done = {e.asset_key for e in result.get_asset_materialization_events()}
        assert done >= {key_of(t) for t in GATED}
        evaluations = {e.asset_key: e for e in result.get_asset_check_evaluations()}
        assert set(evaluations) >= {key_of(t) for t in GATED} and all(e.passed for e in evaluations.values())
        assert evaluations[dg.AssetKey(["cleaned", "documents"])].metadata["expectations"].value > 10
        documents = result.asset_materializations_for_node("raw")[0]
        assert documents.metadata["dagster/row_count"].value == 7
    assert delivered.release.name == "1.1.0"


def test_a_failed_gate_fails_the_run_and_nothing_downstream_is_materialized(
    delivered: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(checks.CHECKS, "cleaned.documents", (checks.Check("There are no documents.", "true"),))
    tables = delivered.versions()
    with dg.DagsterInstance.ephemeral() as instance:
        result = materialized(delivered, instance, raise_on_error=False)
        assert not result.success
        done = {e.asset_key.path[0] for e in result.get_asset_materialization_events()}
        assert done == {"reference", "raw"}
        failed = {e.asset_key for e in result.get_asset_check_evaluations() if not e.passed}
        assert failed == {dg.AssetKey(["cleaned", "documents"])}
    after = delivered.versions()
    assert {n for n in after if after[n] != tables[n]} == {"raw.documents"}
    assert delivered.release.name == "1.0.0"
