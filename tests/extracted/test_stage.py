from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.extracted import stage
from assets.extracted.document import Document, Sentence, within
from assets.extracted.stage import INPUT_QUERY, OUTPUTS, documents_of, extract, map_batch, with_evidence
from warehouse.reference import Reference, load_reference
from warehouse.schema.arrow import arrow_schema

TEXT = "The ministry met its plan. It vowed 한 more. Nobody asked."
SPANS = [(0, 26), (27, 43), (44, 57)]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


def document(text: str = TEXT, document_id: str = "d1") -> Document:
    spans = SPANS if text == TEXT else [(0, len(text))]
    sentences = [Sentence(f"{document_id}s{n}", n, 0, a, b, False) for n, (a, b) in enumerate(spans)]
    return Document(document_id, text, None, date(2024, 5, 1), None, None, None, "en", sentences)


def row(document_id: str, text: str = TEXT) -> dict[str, Any]:
    spans = SPANS if text == TEXT else [(0, len(text))]
    return {
        "document_id": document_id,
        "text": text,
        "title": None,
        "published_on": date(2024, 5, 1),
        "dateline_place_id": None,
        "outlet_id": None,
        "reposted_from_outlet_id": None,
        "language": "en",
        "sentences": [
            {"sentence_id": f"{document_id}s{n}", "ordinal": n, "paragraph": 0, "start_char": a, "end_char": b,
             "in_quotation": False}
            for n, (a, b) in enumerate(spans)
        ],
    }  # fmt: skip


def batch(*rows: dict[str, Any]) -> pa.RecordBatch:
    sentence = pa.struct(
        [("sentence_id", pa.string()), ("ordinal", pa.int32()), ("paragraph", pa.int32()), ("start_char", pa.int32()),
         ("end_char", pa.int32()), ("in_quotation", pa.bool_())]
    )  # fmt: skip
    names = ["document_id", "text", "title", "dateline_place_id", "outlet_id", "reposted_from_outlet_id", "language"]
    fields = [*((n, pa.string()) for n in names), ("published_on", pa.date32()), ("sentences", pa.list_(sentence))]
    return pa.RecordBatch.from_pylist(list(rows), schema=pa.schema(fields))


def found(start: int, end: int, **more: Any) -> dict[str, Any]:
    return {"start_char": start, "end_char": end, "rule": "r", **more}


@given(st.lists(st.tuples(st.integers(0, 56), st.integers(1, 57)).filter(lambda s: s[0] < s[1]), max_size=6))
def test_evidence_is_the_text_of_the_span(spans: list[tuple[int, int]]) -> None:
    rows = with_evidence("dates", document(), [found(a, b) for a, b in spans])
    assert len(rows) == len(spans) and len({r["date_id"] for r in rows}) == len(spans)
    for made in rows:
        assert made["evidence"] == TEXT[made["start_char"] : made["end_char"]]
        number = int(made["sentence_id"].removeprefix("d1s"))
        assert SPANS[number][0] <= made["start_char"] < (SPANS[number + 1][0] if number < 2 else 58)


@given(st.permutations([found(0, 3, granularity="day"), found(0, 3, granularity="year"), found(4, 9), found(30, 40)]))
def test_keys_do_not_depend_on_the_order_rows_are_found_in(rows: list[dict[str, Any]]) -> None:
    made = with_evidence("dates", document(), rows)
    keyed = {r["date_id"]: (r["start_char"], r["end_char"], r.get("granularity")) for r in made}
    again = with_evidence("dates", document(), list(reversed(rows)))
    assert keyed == {r["date_id"]: (r["start_char"], r["end_char"], r.get("granularity")) for r in again}


def test_keys_differ_between_documents_and_tables() -> None:
    one = with_evidence("dates", document(), [found(0, 3)])[0]["date_id"]
    other = with_evidence("dates", document(document_id="d2"), [found(0, 3)])[0]["date_id"]
    quantity = with_evidence("quantities", document(), [found(0, 3)])[0]["quantity_id"]
    assert one != other and one.partition("_")[2] == quantity.partition("_")[2] and one.startswith("dt_")


@pytest.mark.parametrize(("start", "end"), [(3, 3), (5, 4), (-1, 3), (50, 59)])
def test_a_span_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="is not in the text of 57 characters"):
        with_evidence("dates", document(), [found(start, end)])


def test_each_extractor_sees_what_the_ones_before_it_found(reference: Reference) -> None:
    seen: list[set[str]] = []

    def extractor(document: Document, reference: Reference, found_before: Any) -> list[dict[str, Any]]:
        seen.append(set(found_before))
        return [found(9, 12), found(0, 3)]

    rows = extract(document(), reference, {"dates": extractor, "quantities": extractor})
    assert seen == [set(), {"dates"}]
    assert [r["start_char"] for r in rows["dates"]] == [0, 9], "in order of position"


def test_the_batch_becomes_documents_with_scans() -> None:
    [made] = documents_of(batch(row("d1", "Output rose by 4 percent.")))
    assert made.document_id == "d1" and made.sentences[0].scans
    assert made.sentence_text(made.sentences[0]) == made.text


def test_all_tables_come_back_in_their_declared_form(reference: Reference) -> None:
    outputs = map_batch(batch(row("d1"), row("d2", "The mine dug 500 tons of coal on May 3, 2024.")), reference)
    assert set(outputs) == {*OUTPUTS, "ops.quarantine"}
    for name, rows in outputs.items():
        assert rows.schema.equals(arrow_schema(name))
    assert outputs["ops.quarantine"].num_rows == 0
    assert outputs["extracted.quantities"].num_rows > 0


def test_the_cut_of_batches_does_not_matter(reference: Reference) -> None:
    rows = [row("d1"), row("d2", "The mine dug 500 tons of coal on May 3, 2024."), row("d3", "He vowed to finish it.")]
    whole = map_batch(batch(*rows), reference)
    parts = [map_batch(batch(r), reference) for r in rows]
    for name in OUTPUTS:
        assert whole[name].to_pylist() == [r for p in parts for r in p[name].to_pylist()], name


def test_a_document_an_extractor_fails_on_is_set_aside_whole(
    reference: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(document: Document, reference: Reference) -> dict[str, Any]:
        if document.document_id == "d1":
            raise ZeroDivisionError("by nothing")
        return {"dates": [found(0, 3, granularity="day", is_relative=False)]}

    monkeypatch.setattr(stage, "extract", failing)
    outputs = map_batch(batch(row("d1"), row("d2")), reference)
    assert outputs["extracted.dates"].column("document_id").to_pylist() == ["d2"]
    [entry] = outputs["ops.quarantine"].to_pylist()
    assert (entry["stage"], entry["reason"], entry["document_id"]) == ("extracted", "extraction_failed", "d1")
    assert entry["detail"] == "ZeroDivisionError: by nothing"


def test_only_english_texts_are_read() -> None:
    assert "language = 'en'" in INPUT_QUERY


def test_sentences_are_found_by_offset() -> None:
    made = document()
    assert [made.sentence_at(n).ordinal for n in (0, 25, 26, 27, 56)] == [0, 0, 0, 1, 2]  # type: ignore[union-attr]
    empty = Document("d", "text", None, None, None, None, None, "en", [])
    assert empty.sentence_at(0) is None


def test_rows_within_a_span() -> None:
    rows = [found(0, 3), found(2, 6), found(4, 9)]
    assert within(rows, 0, 6) == rows[:2] and within(rows, 1, 6) == rows[1:2]
