"""Word 5-grams as 64-bit numbers, computed for whole batches of texts.

The numbers depend on the words alone (BLAKE2 of each distinct word, then integer arithmetic), not on the machine,
the library version or the other texts, so which documents are compared is the same everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import polars as pl

SHINGLE_WORDS: Final = 5
_WORD: Final = r"\w+"
# Letters that NFKC rewrites: combining marks, Hangul letters, letter-like signs, compatibility and full-width forms.
# Few texts have any, and normalising takes as long as all the rest.
_COMPATIBLE: Final = r"[ªº\x{300}-\x{36F}\x{1100}-\x{11FF}\x{2100}-\x{214F}\x{F900}-\x{FFEF}]"
# Odd multipliers, one for each place in the 5-gram, so that order counts.
_MULTIPLIERS: Final = (
    0x9E3779B97F4A7C15,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0xD6E8FEB86659FD93,
    0xFF51AFD7ED558CCD,
)


def words_of(texts: pl.Series) -> pl.Series:
    """The lower-case words of each text, a list column; compatibility forms (NFKC) count as equal."""
    rare = texts.str.contains(_COMPATIBLE)
    if rare.any():
        texts = _normalized(texts, rare)
    return texts.str.to_lowercase().str.extract_all(_WORD)


def _normalized(texts: pl.Series, rare: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"text": texts, "rare": rare})
    return frame.select(
        pl.when("rare").then(pl.when("rare").then("text").str.normalize("NFKC")).otherwise("text").alias("text")
    )["text"]


def word_digests(words: pl.Series) -> list[str | None]:
    """A digest of each text's sequence of words, equal for texts that differ in case, spaces and marks only.

    `words` is a list column as `words_of` makes it; None for a text without words.
    """
    joined = words.list.join(" ").to_list()
    return [hashlib.blake2b(t.encode(), digest_size=16).hexdigest() if t else None for t in joined]


def shingles(documents: Sequence[int] | pl.Series, words: pl.Series) -> pl.DataFrame:
    """The word 5-grams of each text, as often as they occur: columns doc (UInt32) and shingle (UInt64).

    A text of fewer than five words has none. `documents` numbers the texts whose words are in `words`.
    """
    frame = pl.DataFrame({"doc": pl.Series(documents, dtype=pl.UInt32), "word": words})
    tokens = frame.explode("word").drop_nulls("word")
    if tokens.is_empty():
        return pl.DataFrame(schema={"doc": pl.UInt32, "shingle": pl.UInt64})
    # polars' hash differs between machines, so it only serves to look the words' own codes up.
    tokens = tokens.select("doc", "word", key=pl.col("word").hash())
    vocabulary = tokens.select("key", "word").unique("key")
    codes = vocabulary.select("key", code=pl.Series(map(_code, vocabulary["word"]), dtype=pl.UInt64))
    tokens = tokens.select("doc", "key").join(codes, on="key", how="left", maintain_order="left")
    parts = [pl.col("code").shift(-i) * pl.lit(m, dtype=pl.UInt64) for i, m in enumerate(_MULTIPLIERS)]
    rolled = tokens.select(
        "doc", shingle=pl.sum_horizontal(parts, ignore_nulls=False), last=pl.col("doc").shift(1 - SHINGLE_WORDS)
    )
    return rolled.filter(pl.col("doc") == pl.col("last")).select("doc", "shingle")


@lru_cache(maxsize=200_000)
def _code(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
