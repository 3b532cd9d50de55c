from __future__ import annotations

import gzip
import json
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from assets.raw.problems import Limits, ReadError
from assets.raw.readers import read_source
from assets.raw.records import Record
from assets.raw.sources import discover
from assets.raw.webarchives import warc_records
from warehouse.schema.arrow import arrow_schema

PAGE = "<html><body><p>공장 — the plan was met.</p></body></html>"
CHUNKED = "Transfer-Encoding: chunked\r\n"
SMALL = Limits(document_bytes=1_000, line_bytes=4_000, bomb_bytes=5_000, bomb_ratio=20)


def block(kind: str, block_bytes: bytes, content_type: str, **headers: str) -> bytes:
    named = {"WARC-Type": kind, "Content-Type": content_type, "Content-Length": str(len(block_bytes))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"WARC/1.1\r\n{lines}\r\n".encode() + block_bytes + b"\r\n\r\n"


def page(
    name: str = "a",
    body: bytes | str = PAGE,
    content_type: str = "text/html; charset=utf-8",
    http: str = "",
    status: str = "200 OK",
    **headers: str,
) -> bytes:
    data = body.encode() if isinstance(body, str) else body
    answer = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{http}\r\n".encode() + data
    headers = {
        "WARC_Record_ID": f"<urn:uuid:{name}>",
        "WARC_Target_URI": f"http://w.example/{name}",
        "WARC_Date": "2024-03-05T01:02:03Z",
        **headers,
    }
    return block("response", answer, "application/http; msgtype=response", **headers)


def text(name: str, body: str) -> bytes:
    headers = {"WARC_Record_ID": f"<urn:uuid:{name}>", "WARC_Target_URI": f"http://w.example/{name}"}
    return block("conversion", body.encode(), "text/plain", **headers)


def read(tmp_path: Path, data: bytes, name: str = "a.warc", **options: Any) -> tuple[list[Any], list[tuple[str, str]]]:
    (tmp_path / name).write_bytes(data)
    rows: list[Any] = []
    refused: list[tuple[str, str]] = []
    for batch, quarantined in read_source(discover([str(tmp_path / name)])[0], **options):
        assert batch.schema.equals(arrow_schema("raw.documents"))
        rows += batch.to_pylist()
        refused += [(q["source_uri"].partition("#")[2], q["reason"]) for q in quarantined]
        assert all(q["detail"].endswith(".") for q in quarantined)
    return rows, refused


def pointers(rows: list[Any]) -> list[str]:
    return [r["source_uri"].partition("#urn:uuid:")[2] for r in rows]


@pytest.mark.parametrize("name", ["c.warc", "c.warc.gz", "c.WARC.zst"])
def test_pages_of_an_archive(tmp_path: Path, name: str) -> None:
    records = [
        block("warcinfo", b"software: x\r\n", "application/warc-fields"),
        block("request", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
        page("a", http='ETag: "1"\r\nLast-Modified: Mon, 04 Mar 2024 01:00:00 GMT\r\n'),
        page("b", "Plain words.", "text/plain"),
        page("c", b"\x89PNG", "image/png"),
        page("d", "gone", status="404 Not Found"),
        page("e", "", status="301 Moved", http="Location: /x\r\n"),
        block("revisit", b"HTTP/1.1 200 OK\r\n\r\n", "application/http; msgtype=response"),
        block("response", b"20240305 w.example 1.2.3.4", "text/dns"),
        block("resource", PAGE.encode(), "text/html; charset=utf-8", WARC_Target_URI="http://w.example/r"),
        block("metadata", b"via: x", "application/warc-fields"),
    ]
    packed = {
        "c.warc": b"".join(records),
        "c.warc.gz": b"".join(gzip.compress(r) for r in records),
        "c.WARC.zst": zstandard.ZstdCompressor().compress(b"".join(records)),
    }
    rows, refused = read(tmp_path, packed[name], name)
    assert refused == []
    assert [r["source_uri"] for r in rows] == [f"{name}#urn:uuid:a", f"{name}#urn:uuid:b", f"{name}#10"]
    assert [r["media_type"] for r in rows] == ["text/html", "text/plain", "text/html"]
    assert rows[0]["content"] == PAGE and rows[0]["batch_id"] == "c"
    assert rows[0]["source_url"] == "http://w.example/a" and rows[0]["retrieved_at"] == datetime(2024, 3, 5, 1, 2, 3)
    assert json.loads(rows[0]["source_extra"]) == {
        "id": "urn:uuid:a",
        "content_type": "text/html",
        "etag": '"1"',
        "last_modified": "Mon, 04 Mar 2024 01:00:00 GMT",
    }


@pytest.mark.parametrize("name", ["a.wet", "a.wet.gz"])
def test_texts_of_an_archive(tmp_path: Path, name: str) -> None:
    data = text("a", "<not a page> The plan was met.") + text("b", " ") + text("c", "계획")
    rows, refused = read(tmp_path, gzip.compress(data) if name.endswith("gz") else data, name)
    assert [(r["content"], r["media_type"]) for r in rows] == [
        ("<not a page> The plan was met.", "text/plain"),
        ("계획", "text/plain"),
    ]
    assert refused == [("urn:uuid:b", "empty_text")]


@pytest.mark.parametrize(
    ("body", "content_type", "expected", "encoding"),
    [
        ("새 농장 (Kim)".encode("cp949"), "text/html; charset=euc-kr", "새 농장 (Kim)", "cp949"),
        ('<meta charset="euc-kr">새 농장'.encode("cp949"), "text/html", '<meta charset="euc-kr">새 농장', "cp949"),
        ("새 농장 (Kim)".encode(), "text/html; charset=iso-8859-1", "새 농장 (Kim)", "utf-8"),
        ("새 농장 (Kim)".encode("cp949"), "text/plain; charset='ks_c_5601-1987'", "새 농장 (Kim)", "cp949"),
        ("La fábrica".encode("cp1252"), "text/plain; charset=nonsense", "La fábrica", "cp1252"),
    ],
)
def test_charsets(tmp_path: Path, body: bytes, content_type: str, expected: str, encoding: str) -> None:
    rows, refused = read(tmp_path, page("a", body, content_type))
    assert refused == [] and (rows[0]["content"], rows[0]["encoding"]) == (expected, encoding)


@pytest.mark.parametrize(
    ("body", "http"),
    [
        (gzip.compress(PAGE.encode(), mtime=0), "Content-Encoding: gzip\r\n"),
        (b"5\r\n<html\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE.encode()) - 5, PAGE.encode()[5:]), CHUNKED),
        (PAGE.encode(), "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),  # taken off by the crawler
        (PAGE.encode(), "Content-Encoding: br\r\n"),
    ],
)  # fmt: skip
def test_packed_pages(tmp_path: Path, body: bytes, http: str) -> None:
    rows, refused = read(tmp_path, page("a", body, http=http))
    assert refused == [] and rows[0]["content"] == PAGE


def test_pages_that_are_refused_leave_the_others(tmp_path: Path) -> None:
    records = [
        page("a"),
        page("bomb", gzip.compress(b"a" * 900_000), http="Content-Encoding: gzip\r\n"),
        page("cut", gzip.compress(PAGE.encode())[:-9], http="Content-Encoding: gzip\r\n"),
        page("chunks", "5\r\nabcde\r\n9\r\nabc", http=CHUNKED),
        page("truncated", WARC_Truncated="length"),
        page("empty", " "),
        page("large", "a" * 1_100),
        page("larger", "a" * 5_000),
        page("bytes", b"The plan \xff was met."),
        block("response", b"rubbish", "application/http", WARC_Record_ID="<urn:uuid:rubbish>"),
        page("z"),
    ]
    rows, refused = read(tmp_path, b"".join(records), limits=SMALL)
    assert pointers(rows) == ["a", "z"]
    assert [(p.removeprefix("urn:uuid:"), reason) for p, reason in refused] == [
        ("bomb", "too_large"),
        ("cut", "broken_compression"),
        ("chunks", "bad_record"),
        ("truncated", "bad_record"),
        ("empty", "empty_text"),
        ("large", "too_large"),
        ("8", "too_large"),
        ("bytes", "undecodable"),
        ("rubbish", "bad_record"),
    ]


@pytest.mark.parametrize(
    ("broken", "kept"),
    [
        (b"RUBBISH\r\n" * 400, ["a", "z"]),
        (page("b").replace(b"Content-Length: ", b"Content-Length: 9"), ["a", "z"]),
        (page("b").replace(b"Content-Length: ", b"Content-Length: x"), ["a", "z"]),
        (page("b").replace(b"Content-Length: 1", b"Content-Length: "), ["a", "z"]),
        (page("b")[:60], ["a", "z"]),
        (page("b")[:-30], ["a", "z"]),
        (b"WARC/1.0\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", ["a", "z"]),
    ],
)
def test_a_broken_record_costs_itself_only(tmp_path: Path, broken: bytes, kept: list[str]) -> None:
    rows, refused = read(tmp_path, page("a") + broken + page("z"))
    assert pointers(rows) == kept and {reason for _, reason in refused} == {"bad_record"} and len(refused) <= 2


def test_an_archive_that_is_cut_off(tmp_path: Path) -> None:
    assert pointers(read(tmp_path, page("a") + page("b")[:-40])[0]) == ["a"]
    packed = gzip.compress(page("a") + page("b", random.Random(3).randbytes(9_000).hex()))
    rows, refused = read(tmp_path, packed[: len(packed) // 2], "a.warc.gz")
    assert pointers(rows) == ["a"] and ("", "broken_compression") in refused


def test_damage_costs_only_the_members_it_hits(tmp_path: Path) -> None:
    members = [gzip.compress(page(str(n), f"<p>{random.Random(n).randbytes(300).hex()}</p>")) for n in range(9)]
    for hit in (2, 5):
        members[hit] = members[hit][:200] + bytes(b ^ 0x5A for b in members[hit][200:230]) + members[hit][230:]
    members[7] = b"no gzip data here"
    rows, refused = read(tmp_path, b"".join(members), "a.warc.gz")
    assert pointers(rows) == ["0", "1", "3", "4", "6", "8"]
    assert refused == [("", "broken_compression")] * 3
    assert read(tmp_path, b"".join(members[:8]), "b.warc.gz")[0][-1]["source_uri"] == "b.warc.gz#urn:uuid:6"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.warc", b"", "not_what_ending_says"),
        ("a.warc", b"<html>", "not_what_ending_says"),
        ("a.warc.gz", b"plain", "not_what_ending_says"),
        ("a.warc.gz", gzip.compress(b"plain", mtime=0), "not_what_ending_says"),
        ("a.warc.gz", gzip.compress(b"a" * 500_000, mtime=0), "bomb"),
        ("a.warc", block("warcinfo", b"x", "application/warc-fields"), "empty_text"),
    ],
)
def test_files_that_are_no_archives(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    assert read(tmp_path, data, name, limits=SMALL) == ([], [("", reason)])


LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(lambda t: "One " + t)


@given(st.lists(st.tuples(LINES, st.integers(0, 30)), min_size=1, max_size=5), st.integers(1, 400))
def test_records_come_back_however_the_stream_is_cut(bodies: list[tuple[str, int]], chunk: int) -> None:
    data = b"".join(page(str(n), body) + b"\r\n" * gap for n, (body, gap) in enumerate(bodies))
    chunks = (data[i : i + chunk] for i in range(0, len(data), chunk))
    found = [r.fields["html"] if isinstance(r, Record) else r for r in warc_records(chunks, Limits())]
    assert found == [body for body, _ in bodies]


@given(st.binary(max_size=200), st.integers(0, 300), st.integers(0, 60))
def test_any_damage_is_survived(noise: bytes, at: int, gone: int) -> None:
    data = page("a") + page("b")
    damaged = data[:at] + noise + data[at + gone :]
    try:
        list(warc_records(iter([damaged]), SMALL))
    except ReadError as error:
        assert error.problem.reason == "not_what_ending_says"
