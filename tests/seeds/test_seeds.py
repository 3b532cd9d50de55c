"""What we bring: the sample corpus says where its facts come from, the reference data is what it claims to be."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from pathlib import Path

import pytest

from assets.raw.sources import discover
from warehouse.reference import LIST_SEPARATOR, SEEDS, Reference, ReferenceDataError, load_reference
from warehouse.schema import tables_of

CORPUS = SEEDS / "corpus"
FILES = sorted(p for p in CORPUS.iterdir() if p.is_file() and not p.name.endswith(".meta.json"))
DOCUMENTS = [p for p in FILES if p.name not in ("README.md", ".planledgerignore")]
REFERENCE = sorted(t.name for t in tables_of("reference"))


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_every_document_is_read_named_in_the_readme_and_has_its_facts_from_somewhere(path: Path) -> None:
    assert path.name in {f.uri for f in discover([str(CORPUS)])}
    assert f"| {path.name} |" in (CORPUS / "README.md").read_text(encoding="utf-8")
    sidecar = json.loads(path.with_name(path.name + ".meta.json").read_text(encoding="utf-8"))
    if path.name not in ("damaged-archive.jsonl.gz", "page-without-article.txt"):
        assert sidecar["facts_from"] and all(re.match(r"https?://", u) for u in sidecar["facts_from"])


def test_the_readme_counts_what_is_there() -> None:
    text = (CORPUS / "README.md").read_text(encoding="utf-8")
    [(documents, files)] = re.findall(r"^(\d+) documents in (\d+) files", text, re.MULTILINE)
    counts = [int(n) for n in re.findall(r"^\| \S+ \| (\d+) \|", text, re.MULTILINE)]
    assert int(files) == len(DOCUMENTS)
    assert int(documents) == sum(counts)


@pytest.mark.parametrize("path", sorted((CORPUS / "gold").glob("*.json")), ids=lambda p: p.name)
def test_gold_offsets_are_those_of_the_text(path: Path) -> None:
    gold = json.loads(path.read_text(encoding="utf-8"))
    spans = [a for records in gold["records"].values() for a in records] + gold["must_not_extract"]
    assert spans
    for a in spans:
        assert gold["text"][a["start"] : a["end"]] == a["evidence"]


@pytest.mark.parametrize("name", REFERENCE)
def test_a_reference_file_is_sorted_and_clean(name: str, reference: Reference) -> None:
    path = SEEDS / "reference" / f"{name}.csv"
    data = path.read_bytes()
    assert b"\r" not in data and data.endswith(b"\n") and not data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(data.decode("utf-8").splitlines()))
    declared = next(t for t in tables_of("reference") if t.name == name)
    keys, lists = declared.key, {c.name for c in declared.columns if c.type == "VARCHAR[]"}
    found = [tuple(r[k] for k in keys) for r in rows]
    assert found == sorted(found) and len(set(found)) == len(found) == reference.tables[name].num_rows > 0
    for row in rows:
        for column, cell in row.items():
            assert cell == cell.strip(), f"{column} of {row}"
            assert column not in lists or not cell or all(cell.split(LIST_SEPARATOR)), f"{column} of {row}"


def test_residue_patterns_match_their_examples_only(reference: Reference) -> None:
    for row in reference.rows("residue_patterns"):
        assert re.search(row["pattern"], row["matching_example"]), row["pattern_id"]
        assert not re.search(row["pattern"], row["other_example"]), row["pattern_id"]


def test_cohort_days_are_days_of_their_time(reference: Reference) -> None:
    for row in reference.rows("regional_cohorts"):
        days = [row[c] for c in ("ground_broken_on", "completed_on") if row[c]]
        assert all(re.fullmatch(r"\d{4}(-\d{2}){0,2}", d) for d in days)
        assert days == sorted(days)


def test_calendar_steps_end_after_they_begin(reference: Reference) -> None:
    for row in reference.rows("plan_calendar"):
        assert date(1945, 1, 1) < row["start_date"] <= row["end_date"]


def test_the_digest_changes_with_any_file_and_not_without(tmp_path: Path, reference: Reference) -> None:
    for name in REFERENCE:
        (tmp_path / f"{name}.csv").write_bytes((SEEDS / "reference" / f"{name}.csv").read_bytes())
    same = load_reference(tmp_path)
    assert same == reference and hash(same) == hash(reference)
    with (tmp_path / "sectors.csv").open("a") as handle:
        handle.write("zz_new,New,,,\n")
    changed = load_reference(tmp_path)
    assert changed != reference and changed.rows("sectors")[-1] == {
        "sector_id": "zz_new", "name": "New", "parent_sector_id": None, "isic": None, "keywords": None,
    }  # fmt: skip


def broken(tmp_path: Path, name: str, change: object) -> None:
    for each in REFERENCE:
        text = (SEEDS / "reference" / f"{each}.csv").read_text(encoding="utf-8")
        if each != name:
            (tmp_path / f"{each}.csv").write_text(text, encoding="utf-8")
        elif callable(change):
            (tmp_path / f"{each}.csv").write_text(change(text), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (None, "is missing"),
        (lambda t: t.replace("latitude", "height", 1), "are declared"),
        (lambda t: re.sub(r",(\d+\.\d+),", ",north,", t, count=1), "does not fit reference.places"),
        (lambda t: "", "are declared"),
    ],
)
def test_a_reference_file_that_does_not_fit_is_named(tmp_path: Path, change: object, said: str) -> None:
    broken(tmp_path, "places", change)
    with pytest.raises(ReferenceDataError, match=re.escape(said)) as error:
        load_reference(tmp_path)
    assert "places.csv" in str(error.value)


def test_reference_data_survives_the_way_to_another_process(reference: Reference) -> None:
    import pickle

    again = pickle.loads(pickle.dumps(reference))
    assert again == reference and again.rows("units") == reference.rows("units")
