"""Releases: the same input gives the same bytes, every difference is found, readers see the old one or the new one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from assets.published import release as published
from assets.published.parquet import ROWS_PER_GROUP, write_table
from assets.published.release import publish
from assets.published.selection import published_tables
from assets.published.verify import verify_release
from orchestration.pipeline import publish_release
from warehouse.results import scalar
from warehouse.schema import table
from warehouse.schema.arrow import arrow_schema


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def pointer(place: Any) -> dict[str, Any]:
    return dict(json.loads((place.settings.releases / "latest.json").read_text()))


def read_manifest(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "manifest.json").read_text()))


@pytest.fixture
def copied(finished: Any, tmp_path: Path) -> Path:
    """A copy of the finished run's release, to be tampered with."""
    return Path(shutil.copytree(finished.release, tmp_path / "release"))


def test_a_release_holds_every_published_table_and_says_so(finished: Any) -> None:
    manifest = read_manifest(finished.release)
    assert set(manifest["files"]) == {t.full_name for t in published_tables()}
    for name, entry in manifest["files"].items():
        path = finished.release / entry["name"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        assert path.stat().st_size == entry["byte_size"]
        assert pq.ParquetFile(path).metadata.num_rows == entry["rows"]
        assert entry["key"] == list(table(name).key)
    assert manifest["input"]["documents"] == 6
    assert manifest["gates"]["tables"] == len({n for n in manifest["files"] if not n.startswith("ops.")})


def test_checksums_are_those_of_the_usual_tool(finished: Any) -> None:
    lines = dict(reversed(line.split("  ")) for line in (finished.release / "SHA256SUMS").read_text().splitlines())
    assert lines == {n: d for n, d in digests(finished.release).items() if n.endswith(".parquet")}


def test_the_pointer_names_the_release(finished: Any) -> None:
    found = pointer(finished)
    assert (found["version"], found["path"]) == ("1.0.0", "1.0.0")
    assert found["content_sha256"] == read_manifest(finished.release)["content_sha256"]
    assert found["published_at"].endswith("+00:00")


@pytest.mark.parametrize("name", [t.full_name for t in published_tables()])
def test_files_are_readable_everywhere_and_carry_the_declarations(finished: Any, name: str) -> None:
    path = finished.release / f"{name}.parquet"
    columns = [c.name for c in table(name).published_columns(with_text=False)]
    found = pq.read_table(path)
    assert found.column_names == columns
    for column in columns:
        field = found.schema.field(column)
        assert field.metadata[b"description"].decode() == table(name).column(column).description
        assert field.type == arrow_schema(name).field(column).type
    assert found.schema.metadata[b"description"].decode() == table(name).description
    assert pl.read_parquet(path).rows() == [tuple(r.values()) for r in found.to_pylist()]
    with duckdb.connect() as con:
        assert con.execute(f"SELECT count(*) FROM '{path}'").fetchone() == (found.num_rows,)
    keys = [tuple(str(r[k]) for k in table(name).key) for r in found.to_pylist()]
    assert len(set(keys)) == len(keys)


def test_rows_are_sorted_by_key(finished: Any) -> None:
    ids = pq.read_table(finished.release / "cleaned.sentences.parquet")["sentence_id"].to_pylist()
    assert ids == sorted(ids) and len(ids) > 10


def test_publishers_texts_stay_out_unless_asked_for(place: Any) -> None:
    texts = {("raw.documents", "content"), ("cleaned.documents", "text"), ("cleaned.sentences", "text")}
    for name, column in texts:
        assert column not in pq.read_schema(place.release / f"{name}.parquet").names
    assert "not included" in (place.release / "README.md").read_text()
    outcome = place.run(with_text=True)
    assert outcome.release.is_new and outcome.release.version == "1.1.0", "new columns are a minor step"
    for name, column in texts:
        assert column in pq.read_schema(place.release / f"{name}.parquet").names
    assert verify_release(place.release) == []
    assert place.run().release.version == "2.0.0", "columns removed are a major step"


def test_clock_times_stay_out(finished: Any) -> None:
    assert "recorded_at" not in pq.read_schema(finished.release / "ops.gate_results.parquet").names
    assert "started" not in pq.read_schema(finished.release / "ops.runs.parquet").names


def test_a_table_of_many_rows_has_the_same_bytes_however_it_is_read(tmp_path: Path) -> None:
    declared, rows = table("ops.processed"), ROWS_PER_GROUP * 2 + 17
    written = []
    for folder, order in (("one", "ASC"), ("two", "DESC")):
        (tmp_path / folder).mkdir()
        with duckdb.connect(config={"threads": 1 if folder == "one" else 4}) as con:
            con.execute(
                f"CREATE TABLE t AS SELECT 'raw' AS stage, 'd' || range AS document_id, 'f' AS fingerprint "
                f"FROM range({rows}) ORDER BY range {order}"
            )
            written.append(write_table(con, declared, declared.columns, "FROM t", tmp_path / folder))
    assert written[0] == written[1] and written[0].rows == rows
    assert pq.ParquetFile(tmp_path / "one" / "ops.processed.parquet").metadata.num_row_groups == 3


# -- verifying ---------------------------------------------------------------------------------------------------


def test_a_sound_release_has_no_differences(finished: Any) -> None:
    assert verify_release(finished.release) == []


def rewrite(folder: Path, name: str, query: str) -> None:
    """Replace a table's rows and make manifest and checksums agree, as somebody with a reason might."""
    path = folder / f"{name}.parquet"
    schema = pq.read_schema(path)
    with duckdb.connect() as con:
        found = con.sql(query.format(file=f"read_parquet('{path}')")).to_arrow_table().cast(schema)
    pq.write_table(found, path)
    manifest = read_manifest(folder)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest["files"][name] |= {"sha256": sha256, "rows": found.num_rows, "byte_size": path.stat().st_size}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_a_changed_byte_is_found(copied: Path) -> None:
    path = copied / "extracted.targets.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert verify_release(copied) == ["extracted.targets.parquet has another checksum"]


def test_a_missing_and_a_strange_file_are_found(copied: Path) -> None:
    (copied / "extracted.dates.parquet").rename(copied / "extracted.days.parquet")
    differences = verify_release(copied)
    assert "extracted.dates.parquet is missing" in differences
    assert "extracted.days.parquet is not in the manifest" in differences


def test_a_wrong_number_of_rows_is_found(copied: Path) -> None:
    manifest = read_manifest(copied)
    manifest["files"]["extracted.targets"]["rows"] += 1
    (copied / "manifest.json").write_text(json.dumps(manifest))
    assert any("rows, not" in d for d in verify_release(copied))


def test_other_columns_are_found(copied: Path) -> None:
    manifest = read_manifest(copied)
    manifest["files"]["extracted.targets"]["columns"]["more"] = "VARCHAR"
    (copied / "manifest.json").write_text(json.dumps(manifest))
    assert "extracted.targets.parquet has other columns" in verify_release(copied)


def test_a_key_that_stands_twice_is_found(copied: Path) -> None:
    rewrite(copied, "cleaned.documents", "FROM {file} UNION ALL (FROM {file} LIMIT 1)")
    assert any("is not a key" in d for d in verify_release(copied))


def test_evidence_of_another_length_is_found(copied: Path) -> None:
    rewrite(copied, "extracted.dates", "SELECT * REPLACE (end_char + 1 AS end_char) FROM {file}")
    assert "extracted.dates.parquet: evidence does not have the length of its offsets" in verify_release(copied)


def test_rewritten_rows_do_not_fit_the_content_digest(copied: Path) -> None:
    rewrite(copied, "extracted.budget_lines", "SELECT * REPLACE (value_percent + 1 AS value_percent) FROM {file}")
    assert verify_release(copied) == ["content_sha256 is not that of the files"]


def test_evidence_that_is_shifted_is_found_where_the_texts_are(place: Any) -> None:
    place.run(with_text=True)
    rewrite(
        place.release,
        "extracted.dates",
        "SELECT * REPLACE (start_char + 1 AS start_char, end_char + 1 AS end_char) FROM {file}",
    )
    assert "extracted.dates.parquet: evidence is not the text at its offsets" in verify_release(place.release)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"files": 3}', "no JSON"])
def test_a_manifest_that_cannot_be_read_is_a_difference(copied: Path, content: str) -> None:
    (copied / "manifest.json").write_text(content)
    assert verify_release(copied) and "manifest.json" in verify_release(copied)[0]


def test_a_folder_without_manifest_is_a_difference(tmp_path: Path) -> None:
    assert verify_release(tmp_path) == ["manifest.json cannot be read (FileNotFoundError)"]


# -- versions and crashes ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ahead(copy_of: Any, finished: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The finished run with one more document, everything done but published."""
    place = copy_of(finished, tmp_path_factory.mktemp("ahead") / "home")
    place.add()
    place.run(publish=False)
    return place


@pytest.fixture
def unpublished(copy_of: Any, ahead: Any, tmp_path: Path) -> Any:
    """A copy of it, to publish."""
    return copy_of(ahead, tmp_path / "unpublished")


def published_by(place: Any) -> Any:
    with place.opened() as run:
        return publish_release(run)


def test_one_more_document_is_a_minor_step_and_the_old_release_stays(unpublished: Any) -> None:
    before = digests(unpublished.release)
    assert published_by(unpublished).version == "1.1.0" and pointer(unpublished)["version"] == "1.1.0"
    assert digests(unpublished.settings.releases / "1.0.0") == before


def crash(*arguments: Any, **options: Any) -> None:
    raise RuntimeError("the machine stops")


@pytest.mark.parametrize(
    "point", ["write_table", "step", "_manifest", "_describe", "write_serving_database", "_point_to"]
)
def test_a_crash_while_publishing_leaves_the_old_release_and_the_next_run_recovers(
    unpublished: Any, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = unpublished
    before, old = pointer(place), digests(place.release)
    with monkeypatch.context() as patch:
        patch.setattr(published, point, crash)
        with pytest.raises(RuntimeError, match="stops"), place.opened() as run:
            publish_release(run)
    assert pointer(place) == before and digests(place.release) == old
    with duckdb.connect(str(place.settings.serving_path), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM cleaned.documents").fetchone()[0] in (6, 7)
    with place.opened() as run:
        release = publish_release(run)
    assert (release.version, release.is_new) == ("1.1.0", True)
    assert pointer(place)["version"] == "1.1.0" and verify_release(release.path) == []
    assert sorted(p.name for p in place.settings.releases.iterdir()) == ["1.0.0", "1.1.0", "latest.json"]
    with duckdb.connect(str(place.settings.serving_path), read_only=True) as con:
        assert con.execute("SELECT version, documents FROM release").fetchall() == [("1.1.0", 7)]


def test_the_pointer_is_written_last(unpublished: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    place = unpublished
    seen: list[str] = []
    point_to = published._point_to

    def watched(releases: Path, manifest: Any) -> None:
        seen.extend(sorted(p.name for p in (releases / manifest["version"]).iterdir()))
        assert verify_release(releases / manifest["version"]) == []
        with duckdb.connect(str(place.settings.serving_path), read_only=True) as con:
            assert scalar(con, "SELECT version FROM release") == manifest["version"]
        point_to(releases, manifest)

    monkeypatch.setattr(published, "_point_to", watched)
    with place.opened() as run:
        publish_release(run)
    assert {"manifest.json", "README.md", "data_dictionary.md", "SHA256SUMS"} <= set(seen)


def test_what_a_killed_run_left_is_removed(place: Any) -> None:
    left = place.settings.releases / ".staging-12345"
    left.mkdir()
    (left / "half.parquet").write_bytes(b"half")
    published_by(place)
    assert not left.exists()


def test_a_lost_serving_database_is_made_again(place: Any) -> None:
    place.settings.serving_path.unlink()
    assert not published_by(place).is_new
    with duckdb.connect(str(place.settings.serving_path), read_only=True) as con:
        assert con.execute("SELECT version FROM release").fetchall() == [("1.0.0",)]


# -- the serving database ----------------------------------------------------------------------------------------


@pytest.fixture
def serving(finished: Any) -> Any:
    with duckdb.connect(str(finished.settings.serving_path), read_only=True) as con:
        yield con


def test_the_serving_database_may_not_be_written(finished: Any) -> None:
    assert finished.settings.serving_path.stat().st_mode & 0o222 == 0


def test_the_serving_database_has_comments_on_everything(serving: Any) -> None:
    assert serving.execute("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL").fetchall() == []
    bare = serving.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND schema_name <> 'main' "
        "AND NOT internal"
    ).fetchall()
    assert bare == []
    assert (
        serving.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL").fetchall() == []
    )


def test_the_serving_database_holds_the_release(finished: Any, serving: Any) -> None:
    manifest = read_manifest(finished.release)
    for name, entry in manifest["files"].items():
        assert scalar(serving, f"SELECT count(*) FROM {name}") == entry["rows"], name
    [(version, content)] = serving.execute("SELECT version, content_sha256 FROM release").fetchall()
    assert (version, content) == (manifest["version"], manifest["content_sha256"])


def test_views_and_macros_work(serving: Any) -> None:
    views = [v for (v,) in serving.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()]
    assert {"ledger", "budget", "extracted_rows"} <= set(views)
    for view in views:
        serving.execute(f"FROM {view}").fetchall()
    [(ids,)] = serving.execute("SELECT evidence_ids FROM aggregated.plan_ledger ORDER BY ALL LIMIT 1").fetchall()
    rows = serving.execute("FROM evidence_of(?)", [ids]).fetchall()
    assert {r[1] for r in rows} == set(ids) and all(r[5] in r[6] or r[6] for r in rows)


def test_an_open_reader_keeps_its_release_while_the_next_is_published(unpublished: Any) -> None:
    place = unpublished
    with duckdb.connect(str(place.settings.serving_path), read_only=True) as reader:
        assert scalar(reader, "SELECT version FROM release") == "1.0.0"
        inode = os.stat(place.settings.serving_path).st_ino  # noqa: PTH116
        published_by(place)
        assert place.settings.serving_path.stat().st_ino != inode, "replaced, not written to"
        assert reader.execute("SELECT count(*) FROM extracted.entity_mentions").fetchone()[0] > 0
        assert scalar(reader, "SELECT count(*) FROM cleaned.documents") == 6
    with duckdb.connect(str(place.settings.serving_path), read_only=True) as reader:
        assert scalar(reader, "SELECT version FROM release") == "1.1.0"


def test_publishing_again_says_nothing_new(place: Any) -> None:
    before = digests(place.release)
    with place.opened() as run:
        first, second = publish(run.con, place.settings), publish(run.con, place.settings)
    assert not first.is_new and not second.is_new and first.content_sha256 == second.content_sha256
    assert digests(place.release) == before
