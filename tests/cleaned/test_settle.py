"""settle: duplicates, relations, stories and revisions as a function of the set of documents."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assets.cleaned.settle import settle
from warehouse.identity import document_id
from warehouse.schema.ddl import create_all

TABLES = {
    "cleaned.documents": "document_id",
    "cleaned.document_relations": "document_id, related_document_id, kind",
    "cleaned.revisions": "source_url, earlier_document_id, later_document_id",
}
NOUNS = ["mill", "farm", "mine", "dam", "kiln", "port", "forge", "loom", "barn", "yard", "pump", "crane"]
VERBS = ["opened", "closed", "doubled", "repaired", "finished", "widened", "cleaned", "praised"]


@dataclass(frozen=True)
class Page:
    text: str
    url: str | None = None
    title: str | None = None
    published_on: str | None = None
    retrieved_at: str | None = None
    outlet_id: str | None = None
    reposted_from_outlet_id: str | None = None

    @property
    def id(self) -> str:
        return document_id(self.url, self.text)


def story(seed: int, sentences: int = 30) -> str:
    source = random.Random(seed)
    return " ".join(
        f"The {source.choice(NOUNS)} number {source.randint(1, 999)} was {source.choice(VERBS)} by team "
        f"{source.randint(1, 99)} of {source.choice(NOUNS)} {source.randint(1, 99)}."
        for _ in range(sentences)
    )


def warehouse() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for statement in create_all():
        con.execute(statement)
    con.execute("""
        INSERT INTO reference.outlets BY NAME
        SELECT outlet_id, outlet_id AS name, 'blog' AS kind, outlet_id = 'kcna' AS is_state_media, false AS is_sample
        FROM (VALUES ('kcna'), ('blog'), ('nk_news')) AS o(outlet_id)
    """)
    return con


def add(con: duckdb.DuckDBPyConnection, pages: Sequence[Page]) -> None:
    rows = [{**p.__dict__, "document_id": p.id} for p in pages]
    schema = dict.fromkeys(("document_id", *Page.__dataclass_fields__), pl.String)
    con.register("pages", pl.DataFrame(rows, schema=schema).to_arrow())
    con.execute("""
        INSERT INTO raw.documents BY NAME
        SELECT document_id, text AS content, url AS source_url, retrieved_at::TIMESTAMP AS retrieved_at FROM pages
    """)
    con.execute("""
        INSERT INTO cleaned.documents BY NAME
        SELECT document_id, outlet_id, url, title, published_on::DATE AS published_on, text, 0 AS word_count,
               0.0 AS residue_share, reposted_from_outlet_id FROM pages
    """)
    con.unregister("pages")


def settled(pages: Sequence[Page]) -> duckdb.DuckDBPyConnection:
    con = warehouse()
    con.execute("BEGIN")
    add(con, pages)
    settle(con)
    con.execute("COMMIT")
    return con


def tables(con: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    return {t: con.execute(f"SELECT * FROM {t} ORDER BY {key}").fetchall() for t, key in TABLES.items()}


def relations(con: duckdb.DuckDBPyConnection) -> set[tuple[str, str, str]]:
    query = "SELECT document_id, related_document_id, kind FROM cleaned.document_relations"
    return set(con.execute(query).fetchall())


def facts(con: duckdb.DuckDBPyConnection, page: Page) -> tuple[str | None, str]:
    query = "SELECT duplicate_of, story_id FROM cleaned.documents WHERE document_id = ?"
    found: tuple[str | None, str] = con.execute(query, [page.id]).fetchall()[0]
    return found


def test_same_text_under_two_addresses_stays_two_documents_of_one_story() -> None:
    one = Page(story(1), "http://a.example/1", published_on="2024-01-02")
    other = Page(story(1).upper(), "http://b.example/1", published_on="2024-01-01")
    con = settled([one, other])
    assert facts(con, one) == (other.id, min(one.id, other.id))
    assert facts(con, other) == (None, min(one.id, other.id))
    assert relations(con) == {(one.id, other.id, "duplicate")}
    assert con.execute("SELECT containment, similarity FROM cleaned.document_relations").fetchall() == [(1.0, 1.0)]


def test_state_media_is_kept_though_the_copy_is_dated_earlier() -> None:
    agency = Page(story(1), "http://a.example", outlet_id="kcna", published_on="2024-01-02")
    copy = Page(story(1) + " Comments are closed.", "http://b.example", outlet_id="blog", published_on="2024-01-01")
    con = settled([agency, copy])
    assert facts(con, copy)[0] == agency.id
    assert facts(con, agency)[0] is None


def test_short_texts_are_duplicates_only_if_equal() -> None:
    pages = [Page("Photo of a mill.", "a"), Page("Photo of a mill", "b"), Page("Photo of a mine.", "c")]
    con = settled(pages)
    assert len(relations(con)) == 1
    assert facts(con, pages[2]) == (None, pages[2].id)


def test_documents_without_text_are_nobodys_duplicate() -> None:
    pages = [Page("", "a"), Page("", "b"), Page(" -- ", "c")]
    con = settled(pages)
    assert relations(con) == set()
    assert [facts(con, p) for p in pages] == [(None, p.id) for p in pages]


def test_nothing_to_settle() -> None:
    con = settled([])
    assert tables(con) == {name: [] for name in TABLES}


def test_repost_of_an_identical_article_is_both() -> None:
    article = Page(story(1), "a", outlet_id="nk_news")
    wrap = Page(story(1), "b", outlet_id="blog", reposted_from_outlet_id="nk_news")
    con = settled([wrap, article])
    assert relations(con) == {(wrap.id, article.id, "duplicate"), (wrap.id, article.id, "repost")}


def test_duplicate_of_always_has_its_relation_and_is_itself_kept() -> None:
    text = story(1)
    pages = [Page(text, "a"), Page(text.lower(), "b"), Page(text.replace("team 1", "crew 1"), "c")]
    pages += [replace(pages[2], url="d"), Page(text + " The end.", "e")]
    con = settled(pages)
    kept = con.execute("SELECT count(*) FROM cleaned.documents WHERE duplicate_of IS NULL").fetchall()
    assert kept == [(1,)]
    astray = con.execute("""
        SELECT count(*) FROM cleaned.documents d ANTI JOIN cleaned.document_relations r
        ON r.document_id = d.document_id AND r.related_document_id = d.duplicate_of AND r.kind = 'duplicate'
        WHERE d.duplicate_of IS NOT NULL
    """).fetchall()
    assert astray == [(0,)]


def test_revision_orders_versions_and_names_the_changed_characters() -> None:
    earlier = Page("The mill made 40 tons of flour last week.", "u", "Flour from the mill in March", None, "2024-03-01")
    later = Page("The mill made 45 tons of flour last week.", "u", "Flour from the mill in March", None, "2024-03-02")
    again = replace(later, text=later.text.upper(), retrieved_at="2024-03-03")
    con = settled([again, later, earlier])
    rows = con.execute("SELECT * EXCLUDE (changed_values) FROM cleaned.revisions").fetchall()
    assert [r[:3] for r in rows] == [("u", earlier.id, later.id)]
    assert str(rows[0][3]) == "2024-03-02 00:00:00"
    assert rows[0][4] == [{"earlier_start": 14, "earlier_end": 16, "later_start": 14, "later_end": 16}]
    assert facts(con, earlier)[1] == facts(con, later)[1]


def test_replaced_text_under_the_same_title_is_a_revision() -> None:
    title = "Ploughing contest held in four counties"
    url = "http://news.example/en/article/q/1c5c5654.html"
    pages = [Page(story(n), url, title, None, f"2024-03-0{n}") for n in (1, 2, 3)]
    con = settled(pages)
    found = con.execute("SELECT earlier_document_id, later_document_id FROM cleaned.revisions").fetchall()
    assert set(found) == {(pages[0].id, pages[1].id), (pages[1].id, pages[2].id)}


@pytest.mark.parametrize("url", ["http://news.example/", "http://news.example/en/latest.html"])
def test_a_page_that_shows_the_latest_story_has_no_revisions(url: str) -> None:
    pages = [Page(story(n), url, "News of the day from the wire", None, f"2024-03-0{n}") for n in (1, 2, 3)]
    con = settled(pages)
    assert con.execute("SELECT count(*) FROM cleaned.revisions").fetchall() == [(0,)]


def test_page_of_the_day_holds_no_revisions() -> None:
    shared = story(50, 6)
    pages = [
        Page(f"{story(n, 8)} {shared}", "http://day.example", f"Story about subject {n}", "2011-03-04")
        for n in range(20)
    ]
    con = settled(pages)
    assert con.execute("SELECT count(*) FROM cleaned.revisions").fetchall() == [(0,)]
    assert len({facts(con, p)[1] for p in pages}) == 20


def test_corrected_story_on_a_page_of_the_day_is_a_revision() -> None:
    pages = [Page(story(n), "http://day.example", f"Story about subject {n}", "2011-03-04") for n in range(5)]
    corrected = replace(pages[2], text=pages[2].text + " The dam was finished.")
    con = settled([*pages, corrected])
    found = con.execute("SELECT earlier_document_id, later_document_id FROM cleaned.revisions").fetchall()
    assert [set(pair) for pair in found] == [{pages[2].id, corrected.id}]


def corpus() -> list[Page]:
    pages = []
    for n in range(12):
        text = story(n)
        pages += [
            Page(text, f"http://kcna.example/{n}", f"Report {n} of the day", f"2024-01-{n + 1:02}", None, "kcna"),
            Page(f"{story(n + 100, 4)} {text}", f"http://blog.example/{n}", None, None, None, "blog", "kcna"),
            Page(text.replace("opened", "reopened"), f"http://copy.example/{n}"),
            Page(text[: len(text) // 2], f"http://half.example/{n}", retrieved_at=f"2024-02-{n + 1:02}"),
        ]
        if n % 3 == 0:
            version = Page(f"{text} The port was cleaned.", pages[-4].url, pages[-4].title, None, "2024-03-01", "kcna")
            pages += [version, Page(text, f"http://second.example/{n}")]
    return [*pages, Page("", "e"), Page("Photo", "f"), Page("Photo", "g")]


EXPECTED = tables(settled(corpus()))


@given(st.randoms(use_true_random=False), st.integers(0, 60))
@hypothesis_settings(max_examples=6, deadline=None)
def test_result_does_not_depend_on_the_order_of_arrival(source: random.Random, first: int) -> None:
    pages = corpus()
    source.shuffle(pages)
    con = warehouse()
    for part in (pages[:first], pages[first:]):
        con.execute("BEGIN")
        add(con, part)
        settle(con)
        con.execute("COMMIT")
    assert tables(con) == EXPECTED


def test_settling_again_changes_nothing() -> None:
    con = settled(corpus())
    con.execute("BEGIN")
    settle(con)
    con.execute("COMMIT")
    assert tables(con) == EXPECTED


def test_corpus_too_large_to_hold_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assets.cleaned.settle._MOST_HELD", 1000)
    monkeypatch.setattr("assets.cleaned.relations_pairs._ROWS_AT_ONCE", 500)
    monkeypatch.setattr("assets.cleaned.relations_pairs._PAIRS_AT_ONCE", 7)
    assert tables(settled(corpus())) == EXPECTED


def test_sample_corpus_has_relations_of_every_kind_we_look_for() -> None:
    assert {r[2] for r in EXPECTED["cleaned.document_relations"]} >= {"duplicate", "contains", "repost"}
    assert EXPECTED["cleaned.revisions"]
    assert all(row[-1] for row in EXPECTED["cleaned.documents"])


def test_rolled_back_with_the_transaction() -> None:
    con = settled(corpus()[:6])
    before = tables(con)
    con.execute("BEGIN")
    add(con, corpus()[6:])
    settle(con)
    con.execute("ROLLBACK")
    assert tables(con) == before


def test_missing_tables_are_an_error() -> None:
    with duckdb.connect() as con, pytest.raises(duckdb.Error):
        settle(con)
