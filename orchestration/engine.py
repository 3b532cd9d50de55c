"""Engines map a stage's function over batches: in this process or over a pool of processes, with the same results."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Protocol

import pyarrow as pa

from assets.stage import MapBatch, Outputs
from warehouse.reference import Reference
from warehouse.settings import Settings


class Engine(Protocol):
    """Maps a function over batches; results come in the order of the batches."""

    def map(self, function: MapBatch, batches: Iterable[pa.RecordBatch], reference: Reference) -> Iterator[Outputs]:
        """The function's outputs for each batch, in order, at most a few batches ahead of the reader."""
        ...


class LocalEngine:
    """Everything in this process."""

    def map(self, function: MapBatch, batches: Iterable[pa.RecordBatch], reference: Reference) -> Iterator[Outputs]:
        """The function's outputs, one batch at a time."""
        return (function(batch, reference) for batch in batches)


class ProcessEngine:
    """A pool of processes, started when there is more than one batch, each holding the reference data."""

    def __init__(self, workers: int) -> None:
        self.workers = workers or os.cpu_count() or 1

    def map(self, function: MapBatch, batches: Iterable[pa.RecordBatch], reference: Reference) -> Iterator[Outputs]:
        """The function's outputs in order; two batches per worker are under way at a time."""
        waiting = iter(batches)
        ahead = [batch for _, batch in zip(range(2), waiting, strict=False)]
        if self.workers == 1 or len(ahead) < 2:
            yield from LocalEngine().map(function, _chain(ahead, waiting), reference)
            return
        # A started process inherits nothing: database handles and the threads of polars do not survive a fork.
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(self.workers, context, _start_worker, (reference,))
        try:
            yield from self._ordered(pool, function, _chain(ahead, waiting))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _ordered(
        self, pool: ProcessPoolExecutor, function: MapBatch, batches: Iterator[pa.RecordBatch]
    ) -> Iterator[Outputs]:
        under_way: deque[Future[Outputs]] = deque()
        for batch in batches:
            under_way.append(pool.submit(_work, function, batch))
            if len(under_way) > 2 * self.workers:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _chain(first: list[pa.RecordBatch], rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield from first
    yield from rest


_reference: Reference | None = None
_ALLOCATIONS = 50_000
"""New objects after which the collector looks at them: as many as some hundred documents leave."""


def _start_worker(reference: Reference) -> None:
    os.environ["POLARS_MAX_THREADS"] = "1"  # one core per process is enough
    global _reference
    _reference = reference
    collect_rarely()


def collect_rarely() -> None:
    """Let the cyclic garbage collector of this process look seldom, and never at what there is by now.

    Stages make rows by the hundred thousand and no cycles to speak of, so nearly all that the collector does is to walk
    over rows that are still wanted and, now and then, over all of the modules and reference data.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, *gc.get_threshold()[1:])


def _work(function: MapBatch, batch: pa.RecordBatch) -> Outputs:
    assert _reference is not None
    return function(batch, _reference)


def engine_of(settings: Settings) -> Engine:
    """The engine the settings ask for."""
    return LocalEngine() if settings.engine == "local" else ProcessEngine(settings.workers)
