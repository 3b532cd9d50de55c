"""Where things lie and how they run: one object, every field also an environment variable PLANLEDGER_*."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from warehouse.reference import SEEDS

ENGINES = ("processes", "local")
MAX_HOST_DELAY = 3600
_PARSERS: dict[str, tuple[Callable[[str], object], str]] = {
    "Path": (Path, "a path"),
    "str": (str, "text"),
    "int": (int, "a whole number"),
    "float": (float, "a number"),
    "bool": ({"1": True, "0": False}.__getitem__, "1 or 0"),
}


@dataclass(frozen=True)
class Settings:
    """Settings of a run.

    `data` is the folder everything is written to (PLANLEDGER_DATA), `engine` how documents are spread over
    processor cores (PLANLEDGER_ENGINE: processes or local), `workers` the number of processes (PLANLEDGER_WORKERS,
    0 for one per core), `batch_rows` the documents handed to a stage at a time (PLANLEDGER_BATCH_ROWS), `memory` what
    the database may use before it puts data aside on disk (PLANLEDGER_MEMORY).

    For fetching: `feeds` are addresses to fetch every day, divided by spaces (PLANLEDGER_FEEDS), `host_delay` the
    seconds between two requests to one host (PLANLEDGER_HOST_DELAY), and `allow_private_networks` lets addresses
    in private networks and on this machine be fetched (PLANLEDGER_ALLOW_PRIVATE_NETWORKS: 1 or 0).
    """

    data: Path = Path("data")
    engine: str = "processes"
    workers: int = 0
    batch_rows: int = 200
    memory: str = "4GB"
    feeds: str = ""
    host_delay: float = 1.0
    allow_private_networks: bool = False

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise ValueError(f"engine is {self.engine!r}; it must be one of {', '.join(ENGINES)}")
        if self.workers < 0 or self.batch_rows < 1:
            raise ValueError("workers must be 0 or more and batch_rows 1 or more")
        if not 0 <= self.host_delay <= MAX_HOST_DELAY:
            raise ValueError(f"host_delay is {self.host_delay}; it must be 0 to {MAX_HOST_DELAY} seconds")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The defaults, overridden by PLANLEDGER_* variables. Raises ValueError naming a variable that does not fit."""
        found: dict[str, object] = {}
        for f in fields(cls):
            text = environment.get(f"PLANLEDGER_{f.name.upper()}")
            if not text:
                continue
            parse, meaning = _PARSERS[str(f.type)]
            try:
                found[f.name] = parse(text)
            except (ValueError, KeyError):
                raise ValueError(f"PLANLEDGER_{f.name.upper()} is {text!r}; it must be {meaning}") from None
        return cls(**found)  # type: ignore[arg-type]  # the parser gives each field its own type

    @property
    def warehouse_path(self) -> Path:
        """The pipeline's own database; analysts never open it."""
        return self.data / "warehouse.duckdb"

    @property
    def serving_path(self) -> Path:
        """The analysts' database, replaced whole with every release."""
        return self.data / "planledger.duckdb"

    @property
    def releases(self) -> Path:
        """The folder of releases."""
        return self.data / "releases"

    @property
    def landing(self) -> Path:
        """Where fetched or delivered files wait, one folder a batch."""
        return self.data / "landing"

    @property
    def feeds_file(self) -> Path:
        """Addresses to fetch every day, one a line."""
        return self.data / "feeds.txt"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own records."""
        return self.data / "dagster"

    @property
    def sample_corpus(self) -> Path:
        """The bundled sample documents."""
        return SEEDS / "corpus"
