"""What documents that share text are to each other: duplicate, container, repost, rewrite; and the stories they tell.

The measures are those of relations_pairs.py: similarity (Jaccard) and containment of word 5-grams. Agency prose is
formulaic: two arrivals, two wreaths, two printings of a work share most of their words and are different reports.
So the shorter the text, and the further apart two texts of one outlet appeared, the more alike they have to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl

_PAIR: Final = ["first", "second"]
_LONG: Final = 150
_SHORT: Final = 50
_FEW_DAYS: Final = 7

_smaller = pl.min_horizontal("size_first", "size_second")
_larger = pl.max_horizontal("size_first", "size_second")
_share = _smaller / _larger
# Where the outlet is unknown, one address still has one publisher.
_same_outlet = (pl.col("outlet_first") == pl.col("outlet_second")).fill_null(False) | (
    pl.col("url_first") == pl.col("url_second")
).fill_null(False)
_other_outlet = (pl.col("outlet_first") != pl.col("outlet_second")).fill_null(False)
_days = (pl.col("published_first") - pl.col("published_second")).dt.total_days().abs()

RELATION_SCHEMA: Final = pl.Schema(
    {
        "doc": pl.UInt32,
        "related": pl.UInt32,
        "kind": pl.String,
        "containment": pl.Float64,
        "similarity": pl.Float64,
    }
)


def in_order_of_preference(documents: pl.DataFrame) -> pl.DataFrame:
    """`documents` with a column doc: its place (from 0) in the order in which duplicates are kept.

    An original before a page that says it wraps another's article; state media before others, because nearly all
    reporting on plans goes back to them and theirs is the wording others retell; then the earliest publication
    (a page without a date after those with one), the earliest retrieval, and the smallest document_id, so that no
    two documents tie. It needs nothing but the documents' own columns: arrival order has no part in it.
    """
    ordered = documents.sort(
        pl.col("reposted_from_outlet_id").is_not_null(),
        pl.col("is_state_media").fill_null(False).not_(),
        "published_on",
        "retrieved_at",
        "document_id",
        nulls_last=True,
    )
    return ordered.with_row_index("doc")


def _described(pairs: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The pairs with outlet, address, day and reposted outlet of both documents."""
    for side in _PAIR:
        facts = documents.select(
            pl.col("doc").alias(side),
            pl.col("outlet_id").alias(f"outlet_{side}"),
            pl.col("source_url").alias(f"url_{side}"),
            pl.col("published_on").alias(f"published_{side}"),
            pl.col("reposted_from_outlet_id").alias(f"reposted_{side}"),
        )
        pairs = pairs.join(facts, on=side, how="left")
    return pairs.sort(_PAIR)


def needs_word_similarity() -> pl.Expr:
    """Pairs that are about as long and share a fair part of their 5-grams: edited copies or mere formula."""
    return (pl.col("similarity") >= 0.25) & (pl.col("similarity") < 0.7) & (_share >= 0.7)


def _is_duplicate() -> pl.Expr:
    length = pl.when(_smaller < _SHORT).then(0.8).when(_smaller < _LONG).then(0.6).otherwise(0.25)
    by_day = pl.when(_same_outlet).then(
        pl.when((_days <= 1).fill_null(True)).then(0.6).otherwise(0.9)
    ).otherwise(pl.when((_days <= _FEW_DAYS).fill_null(True)).then(0.25).otherwise(0.9))  # fmt: skip
    alike = (pl.col("similarity") >= 0.7) | (pl.col("words_alike") >= 0.84).fill_null(False)
    return alike & (pl.col("similarity") >= length) & (pl.col("similarity") >= by_day)


def _contains() -> pl.Expr:
    # Two texts of one outlet that are about as long and yet no duplicates are formula, and so are lists of the
    # same names days apart.
    enough = pl.when(~_same_outlet).then(0.8).when((_days <= 1).fill_null(True)).then(0.85).otherwise(0.95)
    return (pl.col("containment") >= enough) & (_smaller >= 30) & (_share.lt(0.8) | ~_same_outlet)


def _is_rewrite() -> pl.Expr:
    known = _other_outlet & (_days <= _FEW_DAYS).fill_null(False)
    substantial = (pl.col("similarity") >= 0.15) | (pl.col("containment") >= 0.35)
    strong = (pl.col("similarity") >= 0.3) | (pl.col("containment") >= 0.5)
    unknown = ~_same_outlet & (_days <= _FEW_DAYS).fill_null(True)
    return (known & substantial & (_smaller >= _SHORT)) | (unknown & strong & (_smaller >= _LONG))


def _reposts(side: str, other: str) -> pl.Expr:
    wraps = (pl.col(f"reposted_{side}") == pl.col(f"outlet_{other}")).fill_null(False)
    return wraps & (_smaller >= 20) & (pl.col("containment") >= 0.6)


def classified(pairs: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The relations (RELATION_SCHEMA) between compared pairs; a repost that is a duplicate too gives two rows.

    `pairs` has the columns of `compared` and words_alike; `documents` those of `in_order_of_preference`. Of
    duplicates and rewrites doc is the less preferred document, of containment the larger, of reposts the reposter.
    """
    known = _described(pairs, documents).with_columns(
        duplicate=_is_duplicate(),
        by_first=_reposts("first", "second"),
        by_second=_reposts("second", "first"),
    )
    repost = pl.col("by_first") | pl.col("by_second")
    known = known.with_columns(contains=_contains() & ~pl.col("duplicate") & ~repost)
    rewrite = _is_rewrite() & ~pl.col("duplicate") & ~repost & ~pl.col("contains")
    larger_first = pl.col("size_first") > pl.col("size_second")
    rows = [
        _rows(known.filter("duplicate"), "duplicate"),
        _rows(known.filter(pl.col("contains") & ~larger_first), "contains"),
        _rows(known.filter(pl.col("contains") & larger_first), "contains", turned=True),
        _rows(known.filter("by_second"), "repost"),
        _rows(known.filter(pl.col("by_first") & ~pl.col("by_second")), "repost", turned=True),
        _rows(known.filter(rewrite), "rewrite"),
    ]
    return pl.concat(rows)


def _rows(pairs: pl.DataFrame, kind: str, *, turned: bool = False) -> pl.DataFrame:
    doc, related = ("first", "second") if turned else ("second", "first")
    return pairs.select(
        doc=doc, related=related, kind=pl.lit(kind), containment="containment", similarity="similarity"
    ).cast(RELATION_SCHEMA)


def kept_documents(relations: pl.DataFrame) -> dict[int, int]:
    """For each duplicate the document it is a duplicate of, which is none itself.

    In order of preference a document is kept unless it is directly a duplicate of one already kept, so a chain of
    small changes does not make its two ends duplicates of each other.
    """
    duplicates = relations.filter(kind="duplicate").sort("doc", "related")
    kept: dict[int, int] = {}
    for doc, related in duplicates.select("doc", "related").iter_rows():
        if doc not in kept and related not in kept:
            kept[doc] = related
    return kept


def with_identical(
    relations: pl.DataFrame, kept: Mapping[int, int], identical: pl.DataFrame
) -> tuple[pl.DataFrame, dict[int, int]]:
    """Relations and kept documents extended to documents whose words are those of an earlier one.

    `identical` has the columns doc, first (the most preferred document with the same words), outlet_first and
    reposted_from_outlet_id. Only first took part in the comparison.
    """
    target = {doc: kept.get(first, first) for doc, first in identical.select("doc", "first").iter_rows()}
    same = identical.select(
        doc="doc", related="first", kind=pl.lit("duplicate"), containment=pl.lit(1.0), similarity=pl.lit(1.0)
    )
    reposts = identical.filter(pl.col("reposted_from_outlet_id") == pl.col("outlet_first")).select(
        doc="doc", related="first", kind=pl.lit("repost"), containment=pl.lit(1.0), similarity=pl.lit(1.0)
    )
    measures = relations.filter(kind="duplicate").rename({"doc": "first", "related": "kept"})
    through = (
        identical.with_columns(kept=pl.col("doc").replace_strict(target, return_dtype=pl.UInt32))
        .join(measures, on=["first", "kept"])
        .select("doc", related="kept", kind="kind", containment="containment", similarity="similarity")
    )
    return pl.concat([relations, *(f.cast(RELATION_SCHEMA) for f in (same, reposts, through))]), {**kept, **target}


class Components:
    """Connected components of a graph on 0..n-1; each is known by its smallest member."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def root(self, node: int) -> int:
        """The smallest member of the node's component."""
        parent = self._parent
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def join(self, edges: Iterable[tuple[int, int]]) -> None:
        """Connect both ends of every edge."""
        for one, other in edges:
            a, b = self.root(one), self.root(other)
            self._parent[max(a, b)] = min(a, b)


def stories(count: int, relations: pl.DataFrame, containers: pl.DataFrame, revisions: pl.DataFrame) -> list[int]:
    """The story of each of `count` documents, as the smallest number among the story's documents.

    Stories are connected by every relation and by `revisions` (columns earlier, later), with one exception: a page
    that contains several reports, each less than half of it and not connected otherwise, is a digest and does not
    make them one story. `containers` are the rows of `relations` of kind contains with a column share, the
    contained text's part of the whole.
    """
    components = Components(count)
    components.join(relations.filter(pl.col("kind") != "contains").select("doc", "related").iter_rows())
    components.join(revisions.select("earlier", "later").iter_rows())
    components.join(containers.filter(pl.col("share") >= 0.5).select("doc", "related").iter_rows())
    parts: dict[int, set[int]] = {}
    for container, part in containers.filter(pl.col("share") < 0.5).select("doc", "related").iter_rows():
        parts.setdefault(container, set()).add(components.root(part))
    components.join([(container, min(roots)) for container, roots in parts.items() if len(roots) == 1])
    return [components.root(doc) for doc in range(count)]
