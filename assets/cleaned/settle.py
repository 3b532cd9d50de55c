"""What looks across documents: duplicates, relations, stories and revisions, recomputed as a function of the set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import duckdb
import polars as pl
import pyarrow as pa

from assets.cleaned.relations import (
    classified,
    in_order_of_preference,
    kept_documents,
    needs_word_similarity,
    stories,
    with_identical,
)
from assets.cleaned.relations_changes import changed_spans
from assets.cleaned.relations_pairs import candidates, compared, sampled, word_similarity
from assets.cleaned.relations_revisions import revised
from assets.cleaned.relations_shingles import shingles, word_codes, word_digests
from warehouse.results import arrow
from warehouse.schema.arrow import arrow_schema
from warehouse.tables import execute_with, replace_rows

_BATCH: Final = 2048
# Words kept from the first pass, at 12 bytes each; of a larger corpus they are read anew where needed.
_MOST_HELD: Final = 8_000_000
_NO_WORDS: Final = pl.DataFrame(schema={"doc": pl.UInt32, "code": pl.UInt64})
_DOCUMENTS: Final = """
    SELECT d.document_id, d.outlet_id, d.title, d.published_on, d.reposted_from_outlet_id,
           coalesce(r.source_url, d.url) AS source_url, r.retrieved_at, o.is_state_media
    FROM cleaned.documents d
    LEFT JOIN raw.documents r USING (document_id)
    LEFT JOIN reference.outlets o ON o.outlet_id = d.outlet_id
"""


def settle(con: duckdb.DuckDBPyConnection) -> None:
    """Fill what the documents of cleaned.documents are to each other, on the connection's open transaction.

    Replaces cleaned.document_relations and cleaned.revisions, and sets duplicate_of and story_id of every document.
    The result depends on the set of documents alone, not on the order they came in or on earlier results. Documents
    without text are nobody's duplicate, and each is a story of its own unless it has revisions.
    Raises duckdb.Error if the tables are missing.
    """
    documents = in_order_of_preference(pl.DataFrame(arrow(con, _DOCUMENTS)))
    corpus = _Corpus(con, documents)
    digests, index = _read(corpus)
    with_text = pl.col("text_digest").is_not_null()
    documents = documents.join(digests, on="doc", how="left").sort("doc").with_columns(
        first=pl.when(with_text).then(pl.col("doc").min().over("text_digest")).otherwise("doc")
    )  # fmt: skip
    distinct = documents.filter(pl.col("doc") == pl.col("first")).select("doc")
    measured = _measured(candidates(index.join(distinct, on="doc", how="semi")), corpus)
    relations = classified(measured, documents)
    relations, kept = with_identical(relations, kept_documents(relations), _identical(documents))
    revisions = revised(documents, corpus.grams)
    story = stories(len(documents), relations, _containers(relations, measured), revisions)
    _write_relations(con, relations, documents)
    _write_revisions(con, revisions, documents, corpus)
    _write_documents(con, documents, kept, story)


class _Corpus:
    """The texts of cleaned.documents, their words and 5-grams, by document number."""

    def __init__(self, con: duckdb.DuckDBPyConnection, documents: pl.DataFrame) -> None:
        self._con = con
        self._ids = documents["document_id"]
        self._held: list[pl.DataFrame] = []
        self._held_rows = 0

    def every(self) -> Iterator[pl.DataFrame]:
        """All texts in one streamed pass, in no particular order; no other query may run meanwhile."""
        numbers = pl.DataFrame({"document_id": self._ids}).with_row_index("doc")
        reader = self._con.sql("SELECT document_id, text FROM cleaned.documents").to_arrow_reader(_BATCH)
        for batch in reader:
            yield pl.DataFrame(batch).join(numbers, on="document_id").select("doc", "text")

    def texts(self, numbers: Sequence[int]) -> Iterator[pl.DataFrame]:
        """The texts of the documents numbered so: columns doc and text, in frames of at most _BATCH rows."""
        for at in range(0, len(numbers), _BATCH):
            doc = pl.Series("doc", numbers[at : at + _BATCH], dtype=pl.UInt32)
            wanted = pl.DataFrame({"doc": doc, "document_id": self._ids.gather(doc)}).to_arrow()
            query = "SELECT w.doc, d.text FROM given_rows w JOIN cleaned.documents d USING (document_id) ORDER BY doc"
            yield pl.DataFrame(arrow(self._con, query, given_rows=wanted))

    def text(self, number: int) -> str:
        """The text of one document."""
        return str(next(self.texts([number]))["text"].item())

    def hold(self, codes: pl.DataFrame) -> None:
        """Keep a batch's words for `codes`, unless that would be too many for all documents."""
        self._held_rows += len(codes)
        self._held = [*self._held, codes] if self._held_rows <= _MOST_HELD else []

    def codes(self, numbers: Sequence[int]) -> pl.DataFrame:
        """The words of the documents numbered so: columns doc and code."""
        if not numbers:
            parts = []
        elif self._held_rows <= _MOST_HELD:
            wanted = pl.DataFrame({"doc": pl.Series(numbers, dtype=pl.UInt32)})
            parts = [held.join(wanted, on="doc", how="semi", maintain_order="left") for held in self._held]
        else:
            parts = [word_codes(batch["doc"], batch["text"]) for batch in self.texts(numbers)]
        return pl.concat([_NO_WORDS, *parts])

    def grams(self, numbers: Sequence[int]) -> pl.DataFrame:
        """The 5-grams of the documents numbered so: columns doc and shingle."""
        return shingles(self.codes(numbers))


def _read(corpus: _Corpus) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One pass over all texts: their digests (doc, text_digest) and the index of sampled 5-grams."""
    digests = [pl.DataFrame(schema={"doc": pl.UInt32, "text_digest": pl.String})]
    index = [sampled(shingles(_NO_WORDS))]
    for batch in corpus.every():
        codes = word_codes(batch["doc"], batch["text"])
        corpus.hold(codes)
        digests.append(word_digests(codes))
        index.append(sampled(shingles(codes)))
    return pl.concat(digests), pl.concat(index)


def _identical(documents: pl.DataFrame) -> pl.DataFrame:
    """Documents with the words of a preferred one: doc, first, outlet_first and reposted_from_outlet_id."""
    outlets = documents.select(first="doc", outlet_first="outlet_id")
    copies = documents.filter(pl.col("doc") != pl.col("first"))
    return copies.join(outlets, on="first").select("doc", "first", "outlet_first", "reposted_from_outlet_id")


def _measured(pairs: pl.DataFrame, corpus: _Corpus) -> pl.DataFrame:
    """The candidates that share text at all, compared exactly."""
    known = compared(pairs, corpus.grams).filter(pl.col("containment") >= 0.15)
    undecided = word_similarity(known.filter(needs_word_similarity()), corpus.codes)
    return pl.concat([undecided, known.filter(~needs_word_similarity())], how="diagonal").sort("first", "second")


def _containers(relations: pl.DataFrame, measured: pl.DataFrame) -> pl.DataFrame:
    """The relations of kind contains, with the contained text's share of the whole."""
    share = pl.min_horizontal("size_first", "size_second") / pl.max_horizontal("size_first", "size_second")
    ends = relations.filter(kind="contains").with_columns(
        first=pl.min_horizontal("doc", "related"), second=pl.max_horizontal("doc", "related")
    )
    return ends.join(measured.select("first", "second", share=share), on=["first", "second"]).sort("doc", "related")


def _write_relations(con: duckdb.DuckDBPyConnection, relations: pl.DataFrame, documents: pl.DataFrame) -> None:
    ids = documents["document_id"]
    rows = relations.select(
        document_id=ids.gather(relations["doc"]),
        related_document_id=ids.gather(relations["related"]),
        kind="kind",
        containment="containment",
        similarity="similarity",
    ).sort("document_id", "related_document_id", "kind")
    replace_rows(con, "cleaned.document_relations", rows.to_arrow())


def _write_revisions(
    con: duckdb.DuckDBPyConnection, revisions: pl.DataFrame, documents: pl.DataFrame, corpus: _Corpus
) -> None:
    ids, seen = documents["document_id"], documents["retrieved_at"]
    rows = [
        {
            "source_url": url,
            "earlier_document_id": ids[earlier],
            "later_document_id": ids[later],
            "first_seen": seen[later],
            "changed_spans": [c._asdict() for c in changed_spans(corpus.text(earlier), corpus.text(later))],
            "changed_values": None,
        }
        for url, earlier, later in revisions.iter_rows()
    ]
    rows.sort(key=lambda row: (row["source_url"], row["earlier_document_id"], row["later_document_id"]))
    replace_rows(con, "cleaned.revisions", pa.Table.from_pylist(rows, schema=arrow_schema("cleaned.revisions")))


def _write_documents(
    con: duckdb.DuckDBPyConnection, documents: pl.DataFrame, kept: dict[int, int], story: list[int]
) -> None:
    """Set duplicate_of and story_id where they differ; a story is known by the smallest document_id in it."""
    rows = documents.select(
        "document_id",
        duplicate=pl.col("doc").replace_strict(kept, default=None, return_dtype=pl.UInt32),
        story=pl.Series(story, dtype=pl.UInt32),
    )
    rows = rows.select(
        "document_id",
        duplicate_of=documents["document_id"].gather(rows["duplicate"]),
        story_id=pl.col("document_id").min().over("story"),
    )
    execute_with(
        con,
        """
        UPDATE cleaned.documents AS d SET duplicate_of = s.duplicate_of, story_id = s.story_id
        FROM given_rows s
        WHERE d.document_id = s.document_id
          AND (d.duplicate_of IS DISTINCT FROM s.duplicate_of OR d.story_id IS DISTINCT FROM s.story_id)
        """,
        rows.to_arrow(),
    )


__all__ = ["settle"]
