from __future__ import annotations

import hashlib
import string

from hypothesis import given
from hypothesis import strategies as st

from warehouse.identity import digest, document_id, row_id

TEXT = st.text()
PARTS = st.lists(st.text(st.characters(exclude_characters="\x1f")), min_size=1, max_size=4)


@given(TEXT, TEXT)
def test_a_document_is_the_hash_of_url_and_content(url: str, content: str) -> None:
    packed = url.encode("utf-8", "surrogatepass") + b"\x1f" + content.encode("utf-8", "surrogatepass")
    assert document_id(url, content) == hashlib.sha256(packed).hexdigest()[:32]


@given(TEXT)
def test_no_url_is_the_empty_url(content: str) -> None:
    assert document_id(None, content) == document_id("", content)


@given(PARTS, PARTS)
def test_parts_are_kept_apart(one: list[str], other: list[str]) -> None:
    assert (digest(*one) == digest(*other)) == (one == other)


def test_url_and_content_do_not_run_together() -> None:
    assert document_id("ab", "c") != document_id("a", "bc")


@given(st.sampled_from(["tg", "rs"]), PARTS)
def test_a_row_key_is_its_prefix_and_twenty_hex_digits(prefix: str, parts: list[str]) -> None:
    key = row_id(prefix, *parts)
    head, _, tail = key.partition("_")
    assert head == prefix and len(tail) == 20 and set(tail) <= set(string.hexdigits.lower())
    assert key == row_id(prefix, *parts)


def test_the_definition_does_not_change_unnoticed() -> None:
    assert (
        document_id("https://a.example/1", "Text.") == hashlib.sha256(b"https://a.example/1\x1fText.").hexdigest()[:32]
    )
    assert digest("a", "b") == hashlib.sha256(b"a\x1fb").hexdigest()
