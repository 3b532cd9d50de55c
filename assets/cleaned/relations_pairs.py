"""Which documents share text, and how much: candidates from an index of sampled word 5-grams, then exact counts.

MinHash finds texts of about the same length; a page that wraps an article, or an article cut short, is alike in
containment only. An index of sampled 5-grams finds both at the cost of one join. Documents are numbered by how much
they are preferred (see relations.py), so "the first document of a bucket" is decided by the set of documents alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Codes = Callable[[Sequence[int]], pl.DataFrame]
"""Fetches the words of documents by number: columns doc (UInt32) and code (UInt64)."""

Grams = Callable[[Sequence[int]], pl.DataFrame]
"""Fetches the 5-grams of documents by number: columns doc (UInt32) and shingle (UInt64)."""

# One 5-gram in four: those with both bits unset.
_SAMPLE_BITS: Final = 0b11 << 40
_SHORT: Final = 64
_BUCKET: Final = 24
_SPREAD: Final = 0xD1B54A32D192ED03
_ROWS_AT_ONCE: Final = 500_000
_MIN_SHARE: Final = 0.12
_PAIRS_AT_ONCE: Final = 2_000
_PAIR: Final = ["first", "second"]

_Numbers = npt.NDArray[np.uint64]
_Sets = dict[int, _Numbers]


def sampled(grams: pl.DataFrame) -> pl.DataFrame:
    """The part of a batch's 5-grams that goes into the index, each once: doc, shingle, size (5-grams of the text).

    A quarter of them, chosen by value and so the same in every text, and all of a short text's.
    """
    sizes = grams.group_by("doc").agg(size=pl.len())
    short = sizes.filter(pl.col("size") < _SHORT)["doc"].implode()
    return grams.filter(_is_sampled() | pl.col("doc").is_in(short)).unique().join(sizes, on="doc")


def _is_sampled() -> pl.Expr:
    # High bits: the low ones of a sum of products carry less of the words.
    return pl.col("shingle") & pl.lit(_SAMPLE_BITS, pl.UInt64) == 0


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
    shared = index.filter(pl.col("shingle").is_duplicated())
    buckets = shared.group_by("shingle").agg(documents=pl.len(), head=pl.col("doc").min())
    seen = shared.join(buckets, on="shingle")
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
    sets = _by_document(grams["doc"], grams["shingle"], _distinct)
    ends = list(_ends(pairs, sets))
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


def word_similarity(pairs: pl.DataFrame, codes: Codes) -> pl.DataFrame:
    """Adds words_alike: words the two texts have in common (counted as often as both use them) / words of the longer.

    Text with a word changed here and there keeps few 5-grams but nearly all its words.
    """
    blocks = [_alike(block, codes(_members(block))) for block in pairs.sort(_PAIR).iter_slices(_PAIRS_AT_ONCE)]
    return pl.concat(blocks) if blocks else pairs.with_columns(words_alike=pl.lit(None, pl.Float64))


def _alike(pairs: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    uses = _by_document(codes["doc"], codes["code"], _numbered)
    alike = [_common(a, b) / max(len(a), len(b), 1) for a, b in _ends(pairs, uses)]
    return pairs.with_columns(words_alike=pl.Series(alike, dtype=pl.Float64)).sort(_PAIR)


# -- sets of numbers, one for each document, as sorted arrays


def _by_document(documents: pl.Series, numbers: pl.Series, arranged: Callable[[_Numbers], _Numbers]) -> _Sets:
    """The numbers of each document, arranged by a function that makes sorted distinct ones of them."""
    owners = documents.to_numpy()
    order = np.argsort(owners, kind="stable")
    found, starts = np.unique(owners[order], return_index=True)
    parts = np.split(numbers.to_numpy()[order], starts[1:])
    return {document: arranged(part) for document, part in zip(found.tolist(), parts, strict=False)}


def _distinct(numbers: _Numbers) -> _Numbers:
    """The numbers in order, each once; np.unique goes through a hash table first, which takes four times as long."""
    ordered = np.sort(numbers)
    return ordered[_begins(ordered)]


def _numbered(numbers: _Numbers) -> _Numbers:
    """A number for every use of a number, the same for its first use everywhere, for its second and so on, in
    order: what two such arrays share is what both have, as often as both have it."""
    ordered = np.sort(numbers)
    begins = np.flatnonzero(_begins(ordered))
    lengths = np.diff(begins, append=len(ordered))
    use = np.arange(len(ordered)) - np.repeat(begins, lengths)
    return np.sort(ordered + use.astype(np.uint64) * np.uint64(_SPREAD))


def _begins(ordered: _Numbers) -> npt.NDArray[np.bool_]:
    """Where a number differs from the one before it."""
    begins = np.ones(len(ordered), np.bool_)
    begins[1:] = ordered[1:] != ordered[:-1]
    return begins


def _ends(pairs: pl.DataFrame, sets: _Sets) -> Iterator[tuple[_Numbers, _Numbers]]:
    none = np.empty(0, np.uint64)
    return ((sets.get(a, none), sets.get(b, none)) for a, b in pairs.select(_PAIR).iter_rows())


def _common(one: _Numbers, other: _Numbers) -> int:
    """How many numbers two sorted arrays of distinct numbers share."""
    short, long = (one, other) if len(one) < len(other) else (other, one)
    if not len(short):
        return 0
    places = np.searchsorted(long, short)
    return int((long[np.minimum(places, len(long) - 1)] == short).sum())
