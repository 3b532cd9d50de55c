"""The stage: rows that fit their tables, offsets that hold, nothing lost, no dependence on the batch."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

import assets.cleaned.stage as stage
from assets.cleaned.stage import INPUT_QUERY, OUTPUTS, map_batch
from warehouse.identity import document_id, row_id
from warehouse.reference import load_reference
from warehouse.schema.arrow import arrow_schema, batch_of

REFERENCE = load_reference()
ARTICLE = (
    "Mill opens in the north\n\nBy Alex Sample, May 11, 2021\n\nThe county opened a paper mill on Monday, officials of "
    "the province said. A second one is to follow.[1]\n\n“Nobody saw.”\n\n[1] So the agency.\n\nComments are closed."
)
HTML = (
    "<html><head><title>Mill</title></head><body><nav>Home</nav><article><p>The county opened a paper mill on Monday, "
    "officials of the province said. A second one is to follow in the spring of next year.</p></article></body></html>"
)


def raw(content: str, media_type: str = "text/plain", url: str | None = None) -> dict[str, Any]:
    return {
        "document_id": document_id(url, content),
        "source_uri": "a.txt",
        "batch_id": "b",
        "media_type": media_type,
        "byte_size": len(content.encode()),
        "sha256": "0" * 64,
        "content": content,
        "source_url": url,
    }


def mapped(*rows: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {n: b.to_pylist() for n, b in map_batch(batch_of("raw.documents", rows), REFERENCE).items()}


def test_outputs_fit_their_tables() -> None:
    found = map_batch(batch_of("raw.documents", [raw(ARTICLE), raw(HTML, "text/html")]), REFERENCE)
    assert set(found) == set(OUTPUTS)
    for name, batch in found.items():
        assert isinstance(batch, pa.RecordBatch)
        assert batch.schema == arrow_schema(name)
    assert INPUT_QUERY == "SELECT * FROM raw.documents"


@pytest.mark.parametrize(("content", "media_type"), [(ARTICLE, "text/plain"), (HTML, "text/html")])
def test_offsets_hold(content: str, media_type: str) -> None:
    found = mapped(raw(content, media_type))
    (document,) = found["cleaned.documents"]
    assert found["cleaned.removed_spans"]
    for span in found["cleaned.removed_spans"]:
        assert content[span["start_char"] : span["end_char"]] == span["text"]
    for number, sentence in enumerate(found["cleaned.sentences"]):
        assert sentence["ordinal"] == number
        assert sentence["sentence_id"] == f"{document['document_id']}s{number}"
        assert document["text"][sentence["start_char"] : sentence["end_char"]] == sentence["text"]
    assert document["word_count"] == len(document["text"].split())
    assert 0 < document["residue_share"] < 1
    assert document["language"] == "en"


def test_kept_and_removed_make_up_the_text() -> None:
    found = mapped(raw(ARTICLE))
    removed = "".join(s["text"] for s in found["cleaned.removed_spans"])
    kept = found["cleaned.documents"][0]["text"]
    assert sorted("".join((removed + kept).split())) == sorted("".join(ARTICLE.split()))


def test_documents_do_not_depend_on_their_batch() -> None:
    rows = [raw(ARTICLE), raw(HTML, "text/html"), raw("Comments are closed."), raw("")]
    together = mapped(*rows)
    apart = [mapped(row) for row in rows]
    for name in OUTPUTS:
        assert together[name] == [r for one in apart for r in one[name]]


def test_residue_alone_gives_an_empty_text() -> None:
    (document,) = mapped(raw("Home | News | Contact\n\nComments are closed.\n\n© 2024 Sample"))["cleaned.documents"]
    assert document["text"] == ""
    assert document["residue_share"] == 1.0
    assert document["language"] is None


def test_a_document_that_raises_is_kept_in_quarantine(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(stage, "extract", fail)
    page = raw(HTML, "text/html")
    found = mapped(raw(ARTICLE), page)
    assert [d["document_id"] for d in found["cleaned.documents"]] == [raw(ARTICLE)["document_id"]]
    (row,) = found["ops.quarantine"]
    assert row["quarantine_id"] == row_id("qr", "cleaned", page["document_id"], "cleaning_failed")
    assert (row["stage"], row["reason"], row["detail"]) == ("cleaned", "cleaning_failed", "RecursionError: too deep")
    assert row["run_id"] is None


def test_address_and_site_name_of_a_page() -> None:
    page = HTML.replace("<head>", '<head><meta property="og:site_name" content="Sample North Monitor">')
    (document,) = mapped(raw(page, "text/html", "https://unknown.example/2024/01/16/mill"))["cleaned.documents"]
    assert document["outlet_id"] == "sample_north_monitor"
    assert document["url"] == "https://unknown.example/2024/01/16/mill"
    assert document["published_on_basis"] == "url"
