"""A small corpus in our own words, and one finished run over it that tests copy before they change it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import settings as hypothesis_settings

from orchestration.pipeline import opened
from orchestration.whole import Outcome, run_all
from warehouse.schema import TABLES
from warehouse.settings import Settings
from warehouse.tables import data_version

# How long an example takes says more about the machine than about the code.
hypothesis_settings.register_profile("planledger", deadline=None)
hypothesis_settings.load_profile("planledger")

BUDGET = """State Budget Report Made at Session

Pyongyang, January 22 (Sample State Wire) -- The session heard a report on the state budget.

Last year's plan for state budgetary revenue was carried out at 101.2 percent,
an increase of 2.1 percent against the year before.
The report said that state budgetary expenditure was fulfilled at 99.7 percent.
This year state budgetary revenue is to grow 1.9 percent and expenditure 1.6 percent against last year.
Spending for national defence will account for 15.8 percent of the total expenditure.
"""

FACTORIES = """Songchon County Builds Regional-Industry Factories

Songchon, May 9 (Sample State Wire) -- Builders in Songchon County, South Phyongan Province,
completed the roofs of three regional-industry factories, Sample State Wire reported.

"The county will finish the factories by the end of the year," a county official said.
The Ministry of Metal Industry fulfilled its rolled steel plan for the first quarter at 104 percent.
The Cabinet decided to build modern regional-industry factories in 20 counties every year.
"""

MONITOR = """<!DOCTYPE html>
<html><head><title>Doubts over county factories</title>
<meta property="article:published_time" content="2024-06-03T08:00:00Z"></head>
<body><nav><a href="/">Home</a> <a href="/economy">Economy</a></nav>
<article><h1>Doubts over county factories</h1>
<p>North Korea says it will build 20 county factories a year, but a source in South Phyongan Province told Sample
Inside Reports that cement had not arrived in Songchon since April.</p>
<p>State media admitted on Sunday that the first quarter plan of the building-materials sector was not met.</p>
<p>Analysts at the outlet doubt that the work can be finished by December.</p></article>
<footer>Copyright 2024 Sample North Monitor</footer></body></html>
"""

SPRING = (
    "The Ministry of Coal Industry dug 6 percent more coal in April than a year before. "
    "Miners of the Sunchon area pledged to fulfil the half-year plan by the middle of June. "
    "A meeting of managers was held in Pyongyang on May 2."
)

RECORDS = [
    {
        "url": "https://state-wire.example/en/2024/05/03/coal",
        "title": "Coal output grows",
        "date": "2024-05-03",
        "source": "Sample State Wire",
        "text": SPRING,
    },
    {
        "url": "https://state-times.example/2024/05/05/coal",
        "title": "Coal output grows",
        "date": "2024-05-05",
        "source": "Sample State Times",
        "text": SPRING,
    },
    {
        "url": "https://trade-desk.example/2024/05/20/april",
        "title": "April trade",
        "date": "2024-05-20",
        "source": "Sample Trade Desk",
        "text": "China's customs office said exports to North Korea came to 180 million dollars in April 2024, "
        "up 7.5 percent from a year earlier. Imports from North Korea stood at 30 million dollars.",
    },
]

CORPUS: dict[str, str] = {
    "2024-01-22-budget.txt": BUDGET,
    "2024-01-22-budget.txt.meta.json": json.dumps({"url": "https://state-wire.example/en/2024/01/22/budget"}),
    "2024-05-09-factories.txt": FACTORIES,
    "2024-05-09-factories.txt.meta.json": json.dumps({"url": "https://state-wire.example/en/2024/05/09/songchon"}),
    "2024-06-03-doubts.html": MONITOR,
    "2024-06-03-doubts.html.meta.json": json.dumps({"url": "https://north-monitor.example/2024/06/03/doubts"}),
    "records.jsonl": "".join(json.dumps(r) + "\n" for r in RECORDS),
}

ANOTHER = """Cement Plant Overfulfils Plan

Pyongyang, July 2 (Sample State Wire) -- The Sangwon Cement Complex overfulfilled its plan
for the first half of 2024 by 3 percent.
It pledged to produce 50,000 tons more by the end of the year.
"""


@dataclass
class Steps:
    """A reporter that remembers which steps a run took."""

    labels: list[str] = field(default_factory=list)

    def step(self, label: str, total: int | None = None) -> None:
        self.labels.append(label)

    def advance(self, count: int = 1) -> None:
        """Nothing to remember."""


@dataclass(frozen=True)
class Place:
    """A corpus and the data folder of runs over it."""

    corpus: Path
    settings: Settings

    def run(self, sources: Sequence[Path] | None = None, reporter: Steps | None = None, **options: Any) -> Outcome:
        """The whole pipeline over the corpus, or over these sources."""
        with self.opened(reporter) as run:
            return run_all(run, [str(s) for s in sources or [self.corpus]], **options)

    def opened(self, reporter: Steps | None = None) -> Any:
        """A run on the warehouse, to be used with `with`."""
        return opened(self.settings, reporter)

    def add(self, name: str = "2024-07-02-cement.txt", text: str = ANOTHER) -> Path:
        """One more document in the corpus."""
        path = self.corpus / name
        path.write_text(text, encoding="utf-8")
        return path

    def versions(self) -> dict[str, str]:
        """A digest of every gated table's content."""
        with self.reading() as con:
            return {
                name: data_version(con, name, declared.column_names)
                for name, declared in TABLES.items()
                if declared.schema != "ops"
            }

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a query on the warehouse."""
        with self.reading() as con:
            return con.execute(sql, list(parameters)).fetchall()

    def reading(self) -> duckdb.DuckDBPyConnection:
        """The warehouse, read-only, so that several processes may read the finished run at a time."""
        return duckdb.connect(str(self.settings.warehouse_path), read_only=True)

    @property
    def release(self) -> Path:
        """The folder of the current release."""
        return self.settings.releases / str(json.loads((self.settings.releases / "latest.json").read_text())["path"])


def write_corpus(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in CORPUS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith("PLANLEDGER_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """One finished run over the small corpus. Do not change it: `place` is a copy.

    It takes a while, so all processes of a test session share one.
    """
    base = tmp_path_factory.getbasetemp()
    home = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "finished"
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        place = Place(home / "corpus", Settings(home / "data", "local"))
        if not (home / "complete").exists():
            write_corpus(place.corpus)
            place.run()
            (home / "complete").touch()
    return place


def copied(place: Place, home: Path) -> Place:
    """The corpus and the data folder of a run copied to another folder."""
    shutil.copytree(place.corpus.parent, home)
    return Place(home / "corpus", Settings(home / "data", "local"))


@pytest.fixture(scope="session")
def copy_of() -> Callable[[Place, Path], Place]:
    """A function that copies a run to another folder."""
    return copied


@pytest.fixture
def place(finished: Place, tmp_path: Path) -> Place:
    """A copy of the finished run, to be changed at will."""
    return copied(finished, tmp_path / "home")


@pytest.fixture
def fresh(tmp_path: Path) -> Place:
    """The small corpus and an empty data folder."""
    return Place(write_corpus(tmp_path / "fresh" / "corpus"), Settings(tmp_path / "fresh" / "data", "local"))


@pytest.fixture
def steps() -> Steps:
    """A reporter that remembers the steps of a run."""
    return Steps()


@pytest.fixture
def without_gates(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it to let data pass unchecked from here on, where a test is about something else."""
    from expectations.gate import Verdict

    return lambda: monkeypatch.setattr("orchestration.pipeline.audit", lambda *arguments: Verdict())


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Iterator[Any]:
    """The `planledger` command in this process: exit code, standard output and standard error."""
    from orchestration.cli import main

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["planledger", *map(str, arguments)])
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capfdbinary.readouterr()
        return int(ended.value.code or 0), said.out.decode(), said.err.decode()

    yield call


@pytest.fixture
def grows_linearly() -> Callable[[Callable[[int], object]], bool]:
    """Does eight times the work take about eight times the processor time, and not its square? The rest of the
    machine does not matter, and between 8 and 64 there is room."""

    def spent(work: Callable[[int], object], times: int) -> float:
        begun = time.process_time()
        work(times)
        return time.process_time() - begun

    def judged(work: Callable[[int], object]) -> bool:
        return min(spent(work, 8) for _ in range(2)) < 24 * max(spent(work, 1), 0.002)

    return judged
