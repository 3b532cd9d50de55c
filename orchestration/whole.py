"""The whole pipeline in order, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assets.published.release import Release
from assets.raw.sources import discover
from orchestration.pipeline import Run, aggregate, load_reference_tables, publish_release, run_stage, table_counts
from orchestration.reading import ReadReport, read_files
from orchestration.stages import STAGES


@dataclass(frozen=True)
class Outcome:
    """What a run did: files read, documents processed per stage, rows per table, entries in quarantine, release."""

    read: ReadReport
    processed: dict[str, int]
    rows: dict[str, int]
    quarantined: int
    release: Release | None

    def as_dict(self) -> dict[str, Any]:
        """The outcome for machines."""
        release = {**asdict(self.release), "path": str(self.release.path)} if self.release else None
        return {
            "read": asdict(self.read),
            "processed": self.processed,
            "rows": self.rows,
            "quarantined": self.quarantined,
            "release": release,
        }


def run_all(run: Run, sources: Sequence[str], *, publish: bool = True, with_text: bool = False) -> Outcome:
    """Reference, raw, cleaned, extracted, aggregated and, unless told not to, published.

    Raises what the stages raise: SourceError for a source that cannot be used, NothingReadError if no file could be
    read, GateFailedError when a gate fails (everything before it stays committed, nothing after it runs),
    NotPublishableError.
    """
    files = discover(sources)  # first: a mistyped path should be told at once
    load_reference_tables(run)
    read = read_files(run, files)
    processed = {stage.name: run_stage(run, stage) for stage in STAGES}
    aggregate(run)
    release = publish_release(run, with_text=with_text) if publish else None
    rows = table_counts(run.con)
    return Outcome(read, processed, rows, rows["ops.quarantine"], release)
