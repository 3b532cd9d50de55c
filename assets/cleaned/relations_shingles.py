"""Words and word 5-grams as 64-bit numbers, computed for whole batches of texts.

The numbers depend on the words alone (BLAKE2 of each distinct word, then integer arithmetic), not on the machine,
the library version or the other texts, so which documents are compared is the same everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
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


def word_codes(documents: Sequence[int] | pl.Series, texts: pl.Series) -> pl.DataFrame:
    """The words of each text in order, as numbers: columns doc (UInt32) and code (UInt64).

    `documents` numbers the `texts`; a text's rows stand together. Words are found in what stands between spaces,
    once for each such piece there is: a corpus has a hundred times fewer of them than words.
    """
    frame = pl.DataFrame({"doc": pl.Series(documents, dtype=pl.UInt32), "piece": texts.str.split(" ")})
    # polars' hash differs between machines, so it only serves to look the words' own codes up.
    pieces = frame.explode("piece").drop_nulls("piece").with_columns(key=pl.col("piece").hash())
    known = pieces.select("key", "piece").unique("key")
    words = known.select("key", word=words_of(known["piece"])).explode("word").drop_nulls("word")
    distinct = words.select("word").unique()
    coded = distinct.with_columns(code=pl.Series(map(_code, distinct["word"]), dtype=pl.UInt64))
    codes = words.join(coded, on="word", maintain_order="left").select("key", "code")
    return pieces.select("doc", "key").join(codes, on="key", maintain_order="left_right").select("doc", "code")


def word_digests(codes: pl.DataFrame) -> pl.DataFrame:
    """A digest of each text's sequence of words: columns doc and text_digest; no row for a text without words.

    Equal for texts that differ in case, spaces and marks only. `codes` is what `word_codes` makes of the texts.
    """
    lengths = codes.group_by("doc", maintain_order=True).agg(length=pl.len())
    parts = np.split(codes["code"].to_numpy(), np.cumsum(lengths["length"].to_numpy())[:-1])
    digests = [hashlib.blake2b(part.tobytes(), digest_size=16).hexdigest() for part in parts[: len(lengths)]]
    return lengths.select("doc", text_digest=pl.Series(digests, dtype=pl.String))


def shingles(codes: pl.DataFrame) -> pl.DataFrame:
    """The word 5-grams of each text, as often as they occur: columns doc (UInt32) and shingle (UInt64).

    `codes` is what `word_codes` makes of the texts; a text of fewer than five words has none.
    """
    parts = [pl.col("code").shift(-i) * pl.lit(m, dtype=pl.UInt64) for i, m in enumerate(_MULTIPLIERS)]
    rolled = codes.select(
        "doc", shingle=pl.sum_horizontal(parts, ignore_nulls=False), last=pl.col("doc").shift(1 - SHINGLE_WORDS)
    )
    return rolled.filter(pl.col("doc") == pl.col("last")).select("doc", "shingle")


@lru_cache(maxsize=200_000)
def _code(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
