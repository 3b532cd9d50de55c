"""Which documents share text, and how much: candidates from an index of sampled word 5-grams, then exact counts.

MinHash finds texts of about the same length; a page that wraps an article, or an article cut short, is alike in
containment only. An index of sampled 5-grams finds both at the cost of one join. Documents are numbered by how much
they are preferred (see relations.py), so "the first document of a bucket" is decided by the set of documents alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from assets.cleaned.relations_shingles import words_of

Texts = Callable[[Sequence[int]], Iterable[pl.DataFrame]]
"""Fetches texts by document number, in batches: columns doc (UInt32) and text."""

Grams = Callable[[Sequence[int]], pl.DataFrame]
"""Fetches the 5-grams of documents by number: columns doc (UInt32) and shingle (UInt64)."""

_SAMPLE: Final = 4
_SHORT: Final = 64
_BUCKET: Final = 24
_ROWS_AT_ONCE: Final = 500_000
_SPREAD: Final = 0xD1B54A32D192ED03
_MIN_SHARE: Final = 0.12
_PAIRS_AT_ONCE: Final = 2_000
_PAIR: Final = ["first", "second"]


def sampled(grams: pl.DataFrame) -> pl.DataFrame:
    """The part of a batch's 5-grams that goes into the index, each once: doc, shingle, size (5-grams of the text).

    A quarter of them, chosen by value and so the same in every text, and all of a short text's.
    """
    sizes = grams.group_by("doc").agg(size=pl.len())
    short = grams.join(sizes.filter(pl.col("size") < _SHORT), on="doc", how="semi").filter(~_is_sampled())
    return pl.concat([grams.filter(_is_sampled()), short]).unique().join(sizes, on="doc")


def _is_sampled() -> pl.Expr:
    # High bits: the low ones of a sum of products carry less of the words.
    return (pl.col("shingle") // 2**40) % _SAMPLE == 0


def candidates(index: pl.DataFrame) -> pl.DataFrame:
    """Pairs (first < second) of documents that share enough sampled 5-grams to be worth an exact comparison.

    `index` holds the rows of `sampled` of all documents. A short document meets other short ones on all its
    5-grams and long ones on the sampled ones. A 5-gram found in many documents pairs each with the first of them
    only, so boilerplate costs no more than its number of copies.
    """
    every = index.filter(_is_sampled()).select("doc", "shingle")
    short = index.filter(pl.col("size") < _SHORT).select("doc", "shingle")
    found = [_sharing(frame) for frame in (every, short)]
    return pl.concat(found).unique().sort(_PAIR)


def _sharing(index: pl.DataFrame) -> pl.DataFrame:
    sizes = index.group_by("doc").agg(size=pl.len())
    count = 1 + len(index) // _ROWS_AT_ONCE
    part = (pl.col("shingle") // 2**44) % count
    parts = [_meetings(index.filter(part == number)) for number in range(count)]
    counts = pl.concat(parts).group_by(_PAIR).agg(pl.col("shared").sum())
    sized = counts.join(sizes.rename({"doc": "first", "size": "a"}), on="first").join(
        sizes.rename({"doc": "second", "size": "b"}), on="second"
    )
    smaller = pl.min_horizontal("a", "b")
    enough = (pl.col("shared") >= _MIN_SHARE * smaller) & (pl.col("shared") >= pl.min_horizontal(smaller, pl.lit(2)))
    return sized.filter(enough).select(_PAIR)


def _meetings(index: pl.DataFrame) -> pl.DataFrame:
    """How many 5-grams each two documents of one partition of the index share."""
    buckets = index.group_by("shingle").agg(documents=pl.len(), head=pl.col("doc").min())
    seen = index.join(buckets.filter(pl.col("documents") > 1), on="shingle")
    few = seen.filter(pl.col("documents") <= _BUCKET).select("doc", "shingle")
    pairs = few.join(few, on="shingle").filter(pl.col("doc") < pl.col("doc_right"))
    many = seen.filter((pl.col("documents") > _BUCKET) & (pl.col("doc") > pl.col("head")))
    both = pl.concat(
        [
            pairs.select(first="doc", second="doc_right"),
            many.select(first="head", second="doc"),
        ]
    )
    return both.group_by(_PAIR).agg(shared=pl.len())


def compared(pairs: pl.DataFrame, grams: Grams) -> pl.DataFrame:
    """Exact comparison of each pair: adds shared, size_first, size_second, similarity and containment.

    similarity is the Jaccard similarity of the two sets of 5-grams, containment the share of the smaller set that
    the larger holds; 0 where a text has no 5-gram.
    """
    blocks = [_compared(block, grams(_members(block))) for block in pairs.sort(_PAIR).iter_slices(_PAIRS_AT_ONCE)]
    return pl.concat(blocks) if blocks else _compared(pairs, grams([]))


def _members(pairs: pl.DataFrame) -> list[int]:
    return pl.concat([pairs["first"], pairs["second"]]).unique().sort().to_list()


def _compared(pairs: pl.DataFrame, grams: pl.DataFrame) -> pl.DataFrame:
    numbers = grams["doc"].to_numpy()
    order = np.argsort(numbers, kind="stable")
    documents, starts = np.unique(numbers[order], return_index=True)
    parts = np.split(grams["shingle"].to_numpy()[order], starts[1:])
    sets = {doc: np.unique(part) for doc, part in zip(documents.tolist(), parts, strict=False)}
    none = np.empty(0, np.uint64)
    ends = [(sets.get(a, none), sets.get(b, none)) for a, b in pairs.select(_PAIR).iter_rows()]
    known = pairs.with_columns(
        shared=pl.Series([_common(a, b) for a, b in ends], dtype=pl.Int64),
        size_first=pl.Series([len(a) for a, _ in ends], dtype=pl.Int64),
        size_second=pl.Series([len(b) for _, b in ends], dtype=pl.Int64),
    )
    union = pl.col("size_first") + pl.col("size_second") - pl.col("shared")
    smaller = pl.min_horizontal("size_first", "size_second")
    return known.with_columns(
        similarity=pl.when(union > 0).then(pl.col("shared") / union).otherwise(0.0),
        containment=pl.when(smaller > 0).then(pl.col("shared") / smaller).otherwise(0.0),
    ).sort(_PAIR)


def _common(one: npt.NDArray[np.uint64], other: npt.NDArray[np.uint64]) -> int:
    """How many numbers two sorted arrays of distinct numbers share."""
    short, long = (one, other) if len(one) < len(other) else (other, one)
    if not len(short):
        return 0
    places = np.searchsorted(long, short)
    return int((long[np.minimum(places, len(long) - 1)] == short).sum())


def _key(document: str) -> pl.Expr:
    return pl.col("shingle") + pl.col(document).cast(pl.UInt64) * pl.lit(_SPREAD, dtype=pl.UInt64)


def word_similarity(pairs: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    """Adds words_alike: words the two texts have in common (counted as often as both use them) / words of the longer.

    Text with a word changed here and there keeps few 5-grams but nearly all its words.
    """
    blocks = [_alike(block, texts) for block in pairs.sort(_PAIR).iter_slices(_PAIRS_AT_ONCE)]
    return pl.concat(blocks) if blocks else pairs.with_columns(words_alike=pl.lit(None, pl.Float64))


def _alike(pairs: pl.DataFrame, texts: Texts) -> pl.DataFrame:
    batches = [_word_counts(batch) for batch in texts(_members(pairs))]
    counts = pl.concat(batches)
    lengths = counts.group_by("doc").agg(length=pl.col("times").sum())
    known = pairs.select(_PAIR)
    for side in _PAIR:
        known = known.join(lengths.rename({"doc": side, "length": f"length_{side}"}), on=side)
    shared = (
        known.join(counts, left_on="first", right_on="doc")
        .select(*_PAIR, "times", "length_first", "length_second", key=_key("second"))
        .join(counts.select("other", key=_key("doc")), on="key")
        .group_by(_PAIR)
        .agg(
            words_alike=pl.min_horizontal("times", "other").sum()
            / pl.max_horizontal("length_first", "length_second").first()
        )
    )
    return pairs.join(shared, on=_PAIR, how="left").with_columns(pl.col("words_alike").fill_null(0.0)).sort(_PAIR)


def _word_counts(batch: pl.DataFrame) -> pl.DataFrame:
    """How often each text uses each word; the word stands in the column shingle, as a number."""
    words = batch.select("doc", word=words_of(batch["text"])).explode("word").drop_nulls()
    return words.group_by("doc", shingle=pl.col("word").hash()).agg(times=pl.len()).with_columns(other="times")
