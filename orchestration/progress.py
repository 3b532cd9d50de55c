"""Telling whoever waits how far a run is: bars on a terminal, plain lines elsewhere, nothing for machines."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Reporter(Protocol):
    """Follows the steps of a run."""

    def step(self, label: str, total: int | None = None) -> None:
        """A step begins; `total` is its number of items, if known."""
        ...

    def advance(self, count: int = 1) -> None:
        """That many items of the step are done."""
        ...


class SilentReporter:
    """Says nothing."""

    def step(self, label: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, count: int = 1) -> None:
        """Say nothing."""


class LineReporter:
    """A line when a step begins, and one every few seconds while it lasts."""

    def __init__(self, stream: TextIO, every: float = 5.0) -> None:
        self._stream = stream
        self._every = every
        self._label, self._done, self._said = "", 0, 0.0
        self._total: int | None = None

    def step(self, label: str, total: int | None = None) -> None:
        """Print the step's name and size."""
        self._label, self._total, self._done, self._said = label, total, 0, time.monotonic()
        self._print(f"{label} ({total})" if total else label)

    def advance(self, count: int = 1) -> None:
        """Print how far the step is, now and then."""
        self._done += count
        if time.monotonic() - self._said >= self._every:
            self._said = time.monotonic()
            self._print(f"{self._label}: {self._done}" + (f" of {self._total}" if self._total else ""))

    def _print(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


class BarReporter:
    """A bar per step on a terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def step(self, label: str, total: int | None = None) -> None:
        """Finish the bar before and open the next."""
        self.finish()
        self._task = self._progress.add_task(label, total=total)

    def advance(self, count: int = 1) -> None:
        """Move the bar."""
        if self._task is not None:
            self._progress.advance(self._task, count)

    def finish(self) -> None:
        """Fill the bar of the step under way."""
        if self._task is not None:
            done = self._progress.tasks[self._task].completed
            self._progress.update(self._task, total=done or 1, completed=done or 1)


@contextmanager
def reporting(*, silent: bool = False) -> Iterator[Reporter]:
    """The reporter that fits where standard error goes."""
    if silent:
        yield SilentReporter()
    elif sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True)) as progress:
            reporter = BarReporter(progress)
            yield reporter
            reporter.finish()
    else:
        yield LineReporter(sys.stderr)
