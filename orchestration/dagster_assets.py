"""Every table as a Dagster asset, made from the declarations; the work is the pipeline's."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import dagster as dg

from assets.aggregated import queries
from assets.evaluated.floors import broken, load_floors
from assets.stage import Stage
from expectations.gate import GateFailedError, Verdict
from orchestration.evaluation import FLOORS, SAMPLE_GOLD, evaluate_gold, gold_set, write_scores
from orchestration.instance import BATCHES, SAMPLE_BATCH
from orchestration.pipeline import (
    Run,
    aggregate_table,
    load_reference_tables,
    opened,
    publish_release,
    run_stage,
)
from orchestration.presentation import (
    GATE,
    asset_key,
    check_metadata,
    gate_spec,
    published_paths,
    release_metadata,
    row_metadata,
    spec,
)
from orchestration.reading import read_sources
from orchestration.stages import CLEANED, EXTRACTED
from warehouse.schema import table, tables_of
from warehouse.settings import Settings
from warehouse.tables import row_count

BATCH = dg.DynamicPartitionsDefinition(name=BATCHES)
Materialized = dg.MaterializeResult[None]
Results = Iterator[Materialized | dg.AssetCheckResult]
_REFERENCE = [t.full_name for t in tables_of("reference")]
_SCORES = "ops.extraction_scores"


class Planledger(dg.ConfigurableResource[None]):
    """The pipeline's settings; an empty field means the environment's, or the default."""

    data: str = ""

    def settings(self) -> Settings:
        """The settings of a run."""
        environment = Settings.from_environment()
        return replace(environment, data=Path(self.data)) if self.data else environment

    @contextmanager
    def open(self) -> Iterator[Run]:
        """A run on the warehouse."""
        with opened(self.settings()) as run:
            yield run


def _results(planledger: Planledger, names: Sequence[str], work: Callable[[Run], object]) -> Results:
    """Do the work and yield a materialisation and a gate result for every table.

    When a gate fails, its results are yielded and the step fails without retry: nothing was committed.
    """
    with planledger.open() as run:
        try:
            work(run)
        except GateFailedError as failed:
            yield from (_check(name, failed.verdict) for name in names if failed.verdict.of(name))
            raise dg.Failure(str(failed), allow_retries=False) from None
        verdict = Verdict([f for v in run.verdicts.values() for f in v.findings])
        for name in names:
            yield dg.MaterializeResult(asset_key(name), metadata=row_metadata(row_count(run.con, name)))
            yield _check(name, verdict)


def _check(name: str, verdict: Verdict) -> dg.AssetCheckResult:
    findings = verdict.of(name)
    metadata = check_metadata(findings) if findings else {"unchanged": dg.MetadataValue.bool(True)}
    passed = not any(f.blocks for f in findings)
    return dg.AssetCheckResult(passed=passed, asset_key=asset_key(name), check_name=GATE, metadata=metadata)


def _checks(names: Sequence[str]) -> list[dg.AssetCheckSpec]:
    return [gate_spec(table(name)) for name in names]


@dg.multi_asset(specs=[spec(table(n), "raw") for n in _REFERENCE], check_specs=_checks(_REFERENCE), name="reference")
def reference_tables(planledger: Planledger) -> Results:
    """The reviewed reference data, from seeds/reference."""
    yield from _results(planledger, _REFERENCE, load_reference_tables)


@dg.multi_asset(
    specs=[spec(table("raw.documents"), "raw")],
    check_specs=_checks(["raw.documents"]),
    name="raw",
    partitions_def=BATCH,
)
def raw_documents(context: dg.AssetExecutionContext, planledger: Planledger) -> Results:
    """The batch's source files, read into documents exactly as received."""
    settings = planledger.settings()
    here = settings.landing / context.partition_key
    source = here if here.is_dir() or context.partition_key != SAMPLE_BATCH else settings.sample_corpus
    yield from _results(planledger, ["raw.documents"], lambda run: read_sources(run, [str(source)]))


def _stage_assets(stage: Stage, deps: Sequence[str], description: str) -> dg.AssetsDefinition:
    @dg.multi_asset(
        specs=[spec(table(n), stage.name, [*deps, *_REFERENCE]) for n in stage.tables],
        check_specs=_checks(stage.tables),
        name=stage.name,
        partitions_def=BATCH,
        description=description,
    )
    def stage_tables(planledger: Planledger) -> Results:
        yield from _results(planledger, stage.tables, lambda run: run_stage(run, stage))

    return stage_tables


def _aggregated_asset(name: str) -> dg.AssetsDefinition:
    full_name = f"aggregated.{name}"

    @dg.multi_asset(
        specs=[spec(table(full_name), "aggregated", queries.dependencies(name))],
        check_specs=_checks([full_name]),
        name=f"aggregated_{name}",
        description=table(full_name).description,
    )
    def aggregated_table(planledger: Planledger) -> Results:
        yield from _results(planledger, [full_name], lambda run: aggregate_table(run, name))

    return aggregated_table


@dg.multi_asset(
    specs=[spec(table(_SCORES), "extracted", EXTRACTED.tables)],
    check_specs=[
        dg.AssetCheckSpec(
            "floors", asset=asset_key(_SCORES), blocking=True,
            description="Agreement with the bundled gold annotations is nowhere below its floor.",
        )
    ],
    name="extraction_scores",
)  # fmt: skip
def extraction_scores(planledger: Planledger) -> Results:
    """The present code's cleaning and extraction against the bundled gold annotations."""
    with planledger.open() as run:
        evaluation = evaluate_gold(gold_set(SAMPLE_GOLD), run.reference)
        rows = write_scores(run, [evaluation])
    overall = evaluation.overall
    figures = {"f1": overall.lenient.f1 or 0.0, "strict_f1": overall.strict.f1 or 0.0, "gold_rows": overall.lenient.n}
    yield dg.MaterializeResult(asset_key(_SCORES), metadata={**row_metadata(rows), **figures})
    floors = load_floors(FLOORS).get(evaluation.name)
    failures = broken(floors, evaluation) if floors else ["no floors are pinned for the bundled gold annotations"]
    yield dg.AssetCheckResult(
        passed=not failures, asset_key=asset_key(_SCORES), check_name="floors",
        metadata={"below the floor": dg.MetadataValue.md("\n".join(f"- {f}" for f in failures))} if failures else {},
    )  # fmt: skip


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            dg.AssetKey(["published", name]), group_name="published", description=description, kinds={kind},
            deps=[asset_key(n) for n in (_SCORES, *(f"aggregated.{q}" for q in queries.in_order()))],
        )
        for name, description, kind in (
            ("release", "The versioned Parquet release with manifest, checksums and data dictionary.", "parquet"),
            ("serving_database", "The analysts' read-only database, replaced with every release.", "duckdb"),
        )
    ],
    name="published",
)  # fmt: skip
def published(planledger: Planledger) -> Iterator[Materialized]:
    """A release of everything that passed its gate; refused if any table's latest gate did not pass."""
    with planledger.open() as run:
        release = publish_release(run)
    for key, path in published_paths(release, planledger.settings()).items():
        yield dg.MaterializeResult(asset_key=key, metadata=release_metadata(release, path))


ASSETS: list[dg.AssetsDefinition] = [
    reference_tables,
    raw_documents,
    _stage_assets(CLEANED, ["raw.documents"], "Documents freed of residue, dated, de-duplicated, in sentences."),
    _stage_assets(EXTRACTED, ["cleaned.documents", "cleaned.sentences"], "What the sentences say, with evidence."),
    extraction_scores,
    *(_aggregated_asset(name) for name in queries.in_order()),
    published,
]
