"""The bundled sample corpus from end to end: what must hold of it whatever the extraction finds."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from assets.published.verify import verify_release
from expectations.gate import has_passed
from orchestration.pipeline import opened
from orchestration.whole import Outcome, run_all
from warehouse.schema import TABLES, tables_of
from warehouse.settings import Settings


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Outcome]:
    settings = Settings(tmp_path_factory.mktemp("sample"), "local")
    with opened(settings) as run:
        outcome = run_all(run, [str(settings.sample_corpus)], with_text=True)
        assert all(has_passed(run.con, t) for t in TABLES.values() if t.schema != "ops")
    return settings, outcome


@pytest.fixture(scope="module")
def con(sample: tuple[Settings, Outcome]) -> Any:
    with duckdb.connect(str(sample[0].serving_path), read_only=True) as opened_:
        yield opened_


def ask(con: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    return con.execute(sql, list(parameters)).fetchall()


def document_of(con: duckdb.DuckDBPyConnection, uri: str) -> str:
    [(found,)] = ask(con, "SELECT document_id FROM raw.documents WHERE source_uri = ?", uri)
    return str(found)


def test_everything_readable_is_read_and_published(sample: tuple[Settings, Outcome]) -> None:
    settings, outcome = sample
    assert outcome.read.files == 62 and outcome.read.new_documents == outcome.rows["raw.documents"] >= 90
    assert outcome.release is not None and outcome.release.is_new and outcome.release.version == "1.0.0"
    assert verify_release(outcome.release.path) == []
    assert settings.serving_path.exists()


@pytest.mark.parametrize("table", tables_of("extracted"), ids=lambda t: t.name)
def test_every_piece_of_evidence_is_where_it_says(con: duckdb.DuckDBPyConnection, table: Any) -> None:
    rows = ask(
        con,
        f"SELECT x.evidence, d.text, x.start_char, x.end_char, x.sentence_id, x.rule "
        f"FROM {table.full_name} AS x LEFT JOIN cleaned.documents AS d USING (document_id)",
    )
    assert rows, f"the sample holds examples of {table.name}"
    sentences = dict(ask(con, "SELECT sentence_id, document_id FROM cleaned.sentences"))
    for evidence, text, start, end, sentence, rule in rows:
        assert text[start:end] == evidence and evidence  # counted by Python, not by the database
        assert sentence in sentences and rule


def test_the_state_budget_is_there_for_every_year_reported(con: duckdb.DuckDBPyConnection) -> None:
    years = {y for (y,) in ask(con, "SELECT DISTINCT fiscal_year FROM aggregated.state_budget")}
    assert years >= set(range(2019, 2026))


@pytest.mark.parametrize(
    ("year", "line", "basis", "measure", "value", "growth"),
    [
        (2023, "revenue", "actual", "index", 101.5, 1.5),
        (2023, "revenue", "actual", "fulfilment", 100.5, None),
        (2024, "defence", "planned", "share", 15.9, None),
        (2024, "expenditure", "planned", "growth", 3.4, 3.4),
        (2020, "revenue", "actual", "fulfilment", 100.1, None),
    ],
)
def test_budget_figures_of_the_record_are_read_as_what_they_are(
    con: duckdb.DuckDBPyConnection, year: int, line: str, basis: str, measure: str, value: float, growth: float | None
) -> None:
    rows = ask(
        con,
        "SELECT growth_percent FROM aggregated.state_budget WHERE fiscal_year = ? AND line = ? AND basis = ? "
        "AND measure = ? AND value_percent = ?",
        year, line, basis, measure, value,
    )  # fmt: skip
    assert rows == [(pytest.approx(growth) if growth is not None else None,)]


def test_two_customs_stories_that_disagree_stand_side_by_side(con: duckdb.DuckDBPyConnection) -> None:
    rows = ask(con, "SELECT change_percent, has_conflict FROM aggregated.trade WHERE value = 894e6 ORDER BY 1")
    assert rows == [(245.7, True), (247.5, True)]


def test_identical_texts_at_two_addresses_stay_two_documents(con: duckdb.DuckDBPyConnection) -> None:
    pair = {document_of(con, f"2026-01-30-unryul-start{end}.txt") for end in ("", "-copy")}
    assert len(pair) == 2
    rows = ask(
        con, "SELECT document_id, duplicate_of FROM cleaned.documents WHERE list_contains(?, document_id)", list(pair)
    )
    [(copy, kept)] = [(d, k) for d, k in rows if k is not None]
    assert {copy, kept} == pair


def test_a_lightly_edited_copy_is_a_duplicate(con: duckdb.DuckDBPyConnection) -> None:
    pair = {document_of(con, f"2025-02-08-unsan-factories{end}.txt") for end in ("", "-edited")}
    related = ask(
        con, "SELECT document_id, related_document_id FROM cleaned.document_relations WHERE kind = 'duplicate'"
    )
    assert pair in [set(r) for r in related]


def test_two_versions_under_one_address_are_a_revision(con: duckdb.DuckDBPyConnection) -> None:
    [(url, earlier, later, spans)] = ask(
        con, "SELECT source_url, earlier_document_id, later_document_id, changed_spans FROM cleaned.revisions"
    )
    assert url.endswith("/national-day") and earlier != later and spans


def test_the_damaged_archive_is_in_quarantine_with_a_sentence(con: duckdb.DuckDBPyConnection) -> None:
    rows = ask(con, "SELECT source_uri, reason, detail FROM ops.quarantine WHERE source_uri LIKE 'damaged-archive%'")
    assert rows and all(reason == "broken_compression" and detail.endswith(".") for _, reason, detail in rows)
    whole = ask(con, "SELECT 1 FROM ops.quarantine WHERE source_uri NOT LIKE 'damaged-archive%'")
    assert whole == [], "nothing else of the sample is broken"


def records(con: duckdb.DuckDBPyConnection, document: str) -> dict[str, int]:
    counts = {
        t.name: ask(con, f"SELECT count(*) FROM {t.full_name} WHERE document_id = ?", document)[0][0]
        for t in tables_of("extracted")
    }
    return {name: n for name, n in counts.items() if n}


def test_a_page_without_article_yields_no_record(con: duckdb.DuckDBPyConnection) -> None:
    document = document_of(con, "page-without-article.txt")
    assert ask(con, "SELECT text FROM cleaned.documents WHERE document_id = ?", document) == [("",)]
    assert records(con, document) == {}


@pytest.mark.parametrize(
    ("uri", "language"), [("2023-07-05-ko-twelve-goals.txt", "ko"), ("2025-02-26-es-obras-regionales.txt", "es")]
)
def test_other_languages_are_labelled_and_not_read(con: duckdb.DuckDBPyConnection, uri: str, language: str) -> None:
    document = document_of(con, uri)
    assert ask(con, "SELECT language FROM cleaned.documents WHERE document_id = ?", document) == [(language,)]
    assert records(con, document) == {}


def test_a_greeting_holds_no_plan_and_no_result(con: duckdb.DuckDBPyConnection) -> None:
    found = records(con, document_of(con, "2024-11-10-premier-greeting.txt"))
    assert not {"targets", "results", "budget_lines", "trade_flows"} & found.keys()


def test_what_was_cut_and_what_was_kept_make_up_a_plain_text(con: duckdb.DuckDBPyConnection) -> None:
    rows = ask(
        con,
        "SELECT r.content, d.text, (SELECT list(s.text) FROM cleaned.removed_spans AS s "
        "WHERE s.document_id = d.document_id) FROM raw.documents AS r JOIN cleaned.documents AS d USING (document_id) "
        "WHERE r.media_type = 'text/plain'",
    )
    for content, text, removed in rows:
        kept = sorted("".join((text + "".join(removed or [])).split()))
        assert kept == sorted("".join(content.split())), "no character is lost or made up"


def test_state_medias_word_and_its_retellings_are_one_origin(con: duckdb.DuckDBPyConnection) -> None:
    rows = ask(
        con,
        "SELECT independent_origin_count, document_count FROM aggregated.state_budget WHERE fiscal_year = 2024 "
        "AND line = 'expenditure' AND basis = 'planned' AND value_percent = 3.4",
    )
    assert len(rows) == 1 and rows[0][0] == 1 and rows[0][1] >= 2


def test_the_residue_of_pages_is_in_no_record(con: duckdb.DuckDBPyConnection) -> None:
    """RELATED lines of this page hold figures; none may come out as a figure of the article."""
    document = document_of(con, "2023-01-19-assembly-respectively.txt")
    removed = " ".join(t for (t,) in ask(con, "SELECT text FROM cleaned.removed_spans WHERE document_id = ?", document))
    [(text,)] = ask(con, "SELECT text FROM cleaned.documents WHERE document_id = ?", document)
    assert "RELATED" in removed.upper() and "RELATED" not in text
