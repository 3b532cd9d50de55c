from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.raw.records import as_json, parsed_time, stated, with_sidecar

SYNONYMS = {
    "source_url": ["url", "urls", "link", "uri", "source_url"],
    "source_title": ["title", "headline"],
    "source_outlet": ["outlet", "source", "site", "publisher"],
    "source_published_at": ["date", "published", "published_at", "date_published", "pubdate"],
    "source_language": ["lang", "language"],
}


@pytest.mark.parametrize(("column", "name"), [(c, n) for c, names in SYNONYMS.items() for n in names])
def test_every_synonym_is_read(column: str, name: str) -> None:
    for key in (name, name.upper(), f" {name.replace('_', ' ').title()} "):
        what = stated({key: "value", "text": "t"})
        assert what.values == {column: "value"} and what.extra == {}


@pytest.mark.parametrize("name", ["text", "content", "body", "article", "html"])
def test_every_name_of_the_text(name: str) -> None:
    what = stated({name: "The plan."})
    assert (what.text, what.is_html, what.extra) == ("The plan.", name == "html", {})


def test_first_usable_name_wins_and_nothing_is_dropped() -> None:
    what = stated({"headline": "Second", "title": "First", "content": "c", "text": " ", "html": "<p>h</p>", "id": 7})
    assert what.values == {"source_title": "First"}
    assert what.text == "c" and what.identifier == "7"
    assert what.extra == {"headline": "Second", "html": "<p>h</p>", "id": 7}
    assert stated({"title": None, "headline": "Second"}).values == {"source_title": "Second"}


@pytest.mark.parametrize(
    ("value", "url", "left"),
    [
        (["http://a.example/1"], "http://a.example/1", None),
        ("['http://a.example/1']", "http://a.example/1", None),
        (
            '["http://a.example/1", "http://b.example"]',
            "http://a.example/1",
            ["http://a.example/1", "http://b.example"],
        ),
        ([], None, None),
        ("[not a list", "[not a list", None),
        (17, None, 17),
    ],
)
def test_lists_of_addresses(value: Any, url: str | None, left: Any) -> None:
    what = stated({"urls": value})
    assert what.values.get("source_url") == url
    assert what.extra.get("urls") == (left if left is not None or url else value)


@pytest.mark.parametrize(
    ("value", "authors"),
    [
        (["Kim A", "Lee B"], ["Kim A", "Lee B"]),
        ("['Kim A', 'Lee B']", ["Kim A", "Lee B"]),
        ("Kim, A; Lee B", ["Kim, A", "Lee B"]),
        ("Kim A and Lee B", ["Kim A and Lee B"]),
        ([{"name": "Kim A", "role": "editor"}], ["Kim A"]),
        ("", None),
    ],
)
def test_authors(value: Any, authors: list[str] | None) -> None:
    assert stated({"author": value}).values.get("source_authors") == authors


def test_parts_of_authors_that_are_not_used_are_kept() -> None:
    author = [{"name": "Kim A", "role": "editor"}]
    assert stated({"author": author}).extra == {"author": author}


def test_an_address_is_no_outlet() -> None:
    what = stated({"source": "https://a.example", "publisher": "Wire"})
    assert what.values == {"source_outlet": "Wire"} and what.extra == {"source": "https://a.example"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-03-05", datetime(2024, 3, 5)),
        ("2024-03-05T23:30:00-05:00", datetime(2024, 3, 6, 4, 30)),
        ("2024-03-05T01:02:03Z", datetime(2024, 3, 5, 1, 2, 3)),
        ("20240305010203", datetime(2024, 3, 5, 1, 2, 3)),
        ("March 2024", None),
        ("2024", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_times_are_utc_or_unknown(value: str, expected: datetime | None) -> None:
    assert parsed_time(value) == expected
    what = stated({"crawled_at": value})
    assert what.values.get("retrieved_at") == expected
    assert what.extra == ({} if expected else {"crawled_at": value})


def test_times_of_tables() -> None:
    zone = timezone(timedelta(hours=9))
    assert stated({"retrieved_at": datetime(2024, 1, 1, 8, tzinfo=zone)}).values["retrieved_at"].isoformat() == (
        "2023-12-31T23:00:00"
    )
    assert stated({"retrieved_at": date(2024, 1, 1)}).values == {"retrieved_at": datetime(2024, 1, 1)}
    assert stated({"date": date(2024, 1, 1)}).values == {"source_published_at": "2024-01-01"}
    assert stated({"date": datetime(2024, 1, 1, tzinfo=UTC)}).values["source_published_at"].startswith("2024-01-01T")


def test_paragraphs_are_joined_and_other_values_are_no_text() -> None:
    assert stated({"text": ["One.", "Two."]}).text == "One.\n\nTwo."
    for value in (17, None, {"rendered": "x"}, [1], True):
        assert stated({"text": value}).text is None


def test_sidecar_of_a_document_says_all_and_of_a_table_little() -> None:
    sidecar = stated({"url": "https://a.example", "outlet": "Wire", "retrieved_at": "2024-01-01", "about": "sample"})
    document = with_sidecar(stated({"text": "t"}), sidecar, many=False)
    assert document.values["source_url"] == "https://a.example" and document.extra == {"about": "sample"}
    record = with_sidecar(stated({"text": "t", "outlet": "Other"}), sidecar, many=True)
    assert record.values == {"source_outlet": "Other", "retrieved_at": datetime(2024, 1, 1)}
    assert record.extra == {"sidecar": {"source_url": "https://a.example", "source_outlet": "Wire", "about": "sample"}}


def test_extra_is_json_whatever_it_holds() -> None:
    extra = {
        "a": float("nan"),
        "b": [float("inf")],
        "c": date(2024, 1, 1),
        "d": b"\xff",
        "e": b"x",
        "f": "\ud800",
        "g": "é",
    }
    read = json.loads(as_json(extra) or "", parse_constant=lambda name: pytest.fail(name))
    assert read == {"a": "nan", "b": ["inf"], "c": "2024-01-01", "d": "ff", "e": "x", "f": "\ud800", "g": "é"}
    (as_json(extra) or "").encode()
    assert as_json({}) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["url", "urls", "title", "text", "html", "author", "date", "retrieved_at", "x"]), JSON
    )
)
def test_any_record_is_read_and_every_field_is_somewhere(record: dict[str, Any]) -> None:
    what = stated(record)
    used = len(what.values) + (what.text is not None)
    given_something = [v for v in record.values() if v is not None and v != "" and v == v]
    assert used + len(what.extra) >= len([v for v in given_something if not (isinstance(v, str) and not v.strip())])
    as_json(what.extra)
