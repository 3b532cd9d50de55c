from __future__ import annotations

import csv
import gzip
import io
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.raw.mojibake import repaired
from assets.raw.problems import Limits
from assets.raw.readers import at_hand, read_source, reader_of, sha256_of
from assets.raw.sources import SourceFile, discover
from warehouse.identity import document_id
from warehouse.schema.arrow import arrow_schema

TEXT = "The county opened two new factories, and the plan of the quarter was met."
SMALL = Limits(document_bytes=1_000, line_bytes=4_000, bomb_bytes=5_000, bomb_ratio=20)
PACK: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": partial(gzip.compress, mtime=0),
    ".zst": zstandard.ZstdCompressor().compress,
}
PROSE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda t: bool(t.strip()) and not repaired(t)[1]
)

Rows = list[dict[str, Any]]


def source(path: Path, data: bytes | str) -> SourceFile:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return discover([str(path)])[0]


def read(file: SourceFile, **options: Any) -> tuple[Rows, list[dict[str, str]]]:
    rows: Rows = []
    refused: list[dict[str, str]] = []
    for batch, quarantined in read_source(file, **options):
        assert batch.schema.equals(arrow_schema("raw.documents"))
        rows += batch.to_pylist()
        refused += quarantined
    for row in refused:
        assert set(row) == {"reason", "detail", "source_uri", "batch_id"}
        assert row["detail"][0].isupper() and row["detail"].endswith(".") and "\n" not in row["detail"]
        assert str(Path(file.location).parent) not in row["detail"]
    return rows, refused


def reasons(refused: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(r["source_uri"], r["reason"]) for r in refused]


def json_lines(*records: Any) -> str:
    return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)


def parquet(rows: dict[str, Any] | pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(rows if isinstance(rows, pa.Table) else pa.table(rows), sink)
    return sink.getvalue()


def test_a_row_says_where_it_is_from(tmp_path: Path) -> None:
    record = {"id": "wire-7", "urls": "['http://wire.example/7']", "headline": "Plan", "text": TEXT, "topics": ["a"]}
    record |= {"date": "5 March 2024", "outlet": "Wire", "lang": "en", "first_seen_snapshot": "2024-03-06"}
    rows, refused = read(source(tmp_path / "wire.jsonl.gz", PACK[".gz"](json_lines(record).encode())))
    assert refused == []
    assert rows == [
        {
            "document_id": document_id("http://wire.example/7", TEXT),
            "source_uri": "wire.jsonl.gz#wire-7",
            "batch_id": "wire",
            "media_type": "text/plain",
            "encoding": "utf-8",
            "byte_size": len(TEXT),
            "sha256": rows[0]["sha256"],
            "content": TEXT,
            "source_url": "http://wire.example/7",
            "source_title": "Plan",
            "source_authors": None,
            "source_outlet": "Wire",
            "source_published_at": "5 March 2024",
            "source_language": "en",
            "source_extra": '{"id": "wire-7", "topics": ["a"]}',
            "retrieved_at": datetime(2024, 3, 6),
        }
    ]


def test_a_document_takes_its_sidecar(tmp_path: Path) -> None:
    (tmp_path / "a.txt.meta.json").write_text(
        '{"link": "http://w.example/a", "retrieved_at": "2024-03-06", "about": "x"}'
    )
    file = source(tmp_path / "a.txt", "\ufeff" + TEXT + "\r\n")
    rows, refused = read(file)
    assert refused == [] and rows[0]["content"] == TEXT + "\r\n"
    assert rows[0]["byte_size"] == len(TEXT) + 5 and rows[0]["source_extra"] == '{"about": "x"}'
    assert rows[0]["document_id"] == document_id("http://w.example/a", TEXT + "\r\n")
    before = reader_of(file)
    (tmp_path / "a.txt.meta.json").write_text("[]")
    assert reader_of(file) != before and reader_of(file) == reader_of(file)
    rows, refused = read(file)
    assert rows[0]["source_url"] is None and reasons(refused) == [("a.txt.meta.json", "bad_sidecar")]


@pytest.mark.parametrize("packed", PACK)
@settings(max_examples=30, deadline=None)
@given(texts=st.lists(PROSE, min_size=1, max_size=5), titles=st.text(max_size=10))
def test_any_text_comes_back_from_records(
    packed: str, texts: list[str], titles: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    records = [{"text": t, "note": titles, "url": f"http://w.example/{n}"} for n, t in enumerate(texts)]
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, ["text", "note", "url"])
    writer.writeheader()
    writer.writerows(records)
    columns = {name: [r[name] for r in records] for name in ("text", "note", "url")}
    for name, data in (
        ("r.jsonl", json_lines(*records).encode()),
        ("r.csv", table.getvalue().encode()),
        ("r.parquet", parquet(columns)),
    ):
        rows, refused = read(source(folder / (name + packed), PACK[packed](data)))
        assert refused == [] and [r["content"] for r in rows] == texts
        assert [r["source_url"] for r in rows] == [r["url"] for r in records]
        assert [json.loads(r["source_extra"] or '{"note": ""}')["note"] for r in rows] == [titles] * len(texts)


@pytest.mark.parametrize("packed", PACK)
@settings(max_examples=30, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\r\t"), min_size=1))
def test_any_text_comes_back_from_files(packed: str, text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    text = repaired("A plan. " + text)[0]
    for name in ("d.txt", "d.md"):
        rows, refused = read(source(tmp_path_factory.getbasetemp() / (name + packed), PACK[packed](text.encode())))
        assert refused == [] and [r["content"] for r in rows] == [text]


@pytest.mark.parametrize(
    "name", ["x.txt", "x.html.gz", "x.md.zst", "x.jsonl", "x.jsonl.zst", "x.csv", "x.parquet", "x.parquet.gz"]
)
@settings(max_examples=60, deadline=None)
@given(
    data=st.binary(max_size=300), begin=st.sampled_from([b"", b"PAR1", b"text,a\n", b"{", b"\x1f\x8b\x08\x00", b"<p>"])
)
def test_any_bytes_are_read_or_quarantined(
    name: str, data: bytes, begin: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = begin + data
    for content in (data, PACK["." + name.rpartition(".")[2]](data) if name.endswith(("gz", "zst")) else data):
        rows, refused = read(source(tmp_path_factory.getbasetemp() / name, content))
        assert rows or refused


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"\x89PNG\r\n\x1a\n" + b"abc" * 9, "not_what_ending_says"),
        ("a.txt", b"PK\x03\x04" + b"abc" * 9, "not_what_ending_says"),
        ("a.md", PACK[".gz"](b"text"), "not_what_ending_says"),
        ("a.html", b"%PDF-1.7 abc", "not_what_ending_says"),
        ("a.txt", bytes(range(32)) * 9, "not_what_ending_says"),
        ("a.txt.gz", b"plain", "not_what_ending_says"),
        ("a.jsonl.zst", b"plain", "not_what_ending_says"),
        ("a.parquet", b"plain", "not_what_ending_says"),
        ("a.parquet.gz", PACK[".gz"](b"plain"), "not_what_ending_says"),
        ("a.jsonl", b"<!DOCTYPE html>\n<p>Not found", "not_what_ending_says"),
        ("a.jsonl", b'[\n{"text": "a"}\n]\n', "not_what_ending_says"),
        ("a.csv", b"PAR1abc", "not_what_ending_says"),
        ("a.parquet", b"PAR1" + b"abc" * 9, "unreadable"),
        ("a.parquet", parquet({"title": ["a"]}), "bad_record"),
        ("a.csv", b"title,date\na,b\n", "bad_record"),
        ("a.txt", b"The plan \xff was met.", "undecodable"),
        ("a.txt", b" \r\n\t", "empty_text"),
        ("a.md", b"", "empty_text"),
        ("a.jsonl", b"\n\n", "empty_text"),
        ("a.csv", b"text\n", "empty_text"),
        ("a.parquet", parquet({"text": pa.array([], pa.string())}), "empty_text"),
        ("a.txt", b"a" * 1_001, "too_large"),
        ("a.txt.gz", PACK[".gz"](b"ab" * 600), "too_large"),
        ("a.txt.gz", PACK[".gz"](b"a" * 500_000), "bomb"),
        ("a.jsonl.zst", PACK[".zst"](b'{"text": "a"}\n' * 50_000), "bomb"),
        ("a.parquet.gz", PACK[".gz"](b"a" * 500_000), "bomb"),
        ("a.txt.gz", PACK[".gz"](TEXT.encode())[:-9], "broken_compression"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    rows, refused = read(source(tmp_path / name, data), limits=SMALL)
    assert rows == [] and reasons(refused) == [(name, reason)]
    assert refused[0]["batch_id"] == (tmp_path.name if name.startswith(("a.txt", "a.md", "a.html")) else "a")


def test_one_bad_line_leaves_the_others(tmp_path: Path) -> None:
    good = json.dumps({"text": TEXT}).encode()
    lines = [good, b'{"text": "cut', b'["a"]', b'{"title": "a"}', b'{"text": null}', b'{"text": "  "}', b""]
    lines += [b'{"text": "\\ud800"}', b'{"text": "\xff"}', b'{"text": "%s"}' % (b"a" * 1_001), b"a" * 4_001]
    lines += [b"[" * 3_000, good, b'{"text": "caf\xe9 plans"}', b'{"text": 17}']
    rows, refused = read(source(tmp_path / "a.jsonl", b"\n".join(lines)), limits=SMALL)
    assert [(r["source_uri"], r["encoding"]) for r in rows] == [
        ("a.jsonl#L1", "utf-8"),
        ("a.jsonl#L13", "utf-8"),
        ("a.jsonl#L14", "cp1252"),
    ]
    assert [(r["source_uri"].partition("#L")[2], r["reason"]) for r in refused] == [
        ("2", "bad_record"),
        ("3", "bad_record"),
        ("4", "bad_record"),
        ("5", "bad_record"),
        ("6", "empty_text"),
        ("8", "undecodable"),
        ("9", "undecodable"),
        ("10", "too_large"),
        ("11", "too_large"),
        ("12", "bad_record"),
        ("15", "bad_record"),
    ]
    assert all(re.search(rf"[Ll]ine {r['source_uri'].partition('#L')[2]}\b", r["detail"]) for r in refused)


def test_line_separators_within_a_text_end_no_record(tmp_path: Path) -> None:
    text = "One.\u2028Two.\x85Three.\x0cFour."
    rows, refused = read(source(tmp_path / "a.ndjson", json_lines({"text": text})))
    assert refused == [] and rows[0]["content"] == text


def test_bad_rows_of_a_table(tmp_path: Path) -> None:
    table = 'text,title\n"One, two",a\nshort\n"x" y,b\n"",c\nThree,d\n\n"open to the end,e\nnever read,f\n'
    rows, refused = read(source(tmp_path / "a.csv", table))
    assert [(r["content"], r["source_uri"]) for r in rows] == [("One, two", "a.csv#1"), ("Three", "a.csv#5")]
    assert reasons(refused) == [
        ("a.csv#2", "bad_record"),
        ("a.csv#3", "bad_record"),
        ("a.csv#4", "empty_text"),
        ("a.csv#6", "bad_record"),
    ]
    assert "what follows is not read" in refused[-1]["detail"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_of_other_offices(tmp_path: Path, delimiter: str, charset: str) -> None:
    table = f"Título{delimiter}Content{delimiter}Content\r\na{delimiter}La fábrica\u2019s plan{delimiter}b\r\n"
    rows, refused = read(source(tmp_path / "a.csv", table.encode(charset)))
    assert refused == [] and rows[0]["content"] == "La fábrica\u2019s plan"
    assert json.loads(rows[0]["source_extra"]) == {"Título": "a", "Content_2": "b"}
    assert rows[0]["encoding"] == {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(charset, charset)


def test_a_table_row_without_end_is_refused_in_bounded_size(tmp_path: Path) -> None:
    data = "text,title\nOne,a\n" + '"' + "line\n" * 2_000
    rows, refused = read(source(tmp_path / "a.csv", data), limits=SMALL)
    assert [r["content"] for r in rows] == ["One"]
    assert [r["reason"] for r in refused] == ["too_large"]


def test_types_of_parquet(tmp_path: Path) -> None:
    table = pa.table(
        {
            "content": pa.array([TEXT, "Two", None, "x" * 1_001, "Five"], pa.large_string()),
            "urls": [["http://w.example/1"], [], None, None, None],
            "published": pa.array([datetime(2024, 3, 5)] * 5, pa.timestamp("ns")),
            "crawled_at": pa.array([datetime(2024, 3, 6, 1)] * 5, pa.timestamp("us", "UTC")),
            "scores": [{"a": 1.5}] * 5,
            "raw": pa.array([b"x", b"\xff", b"y", b"y", None]),
        }
    )
    rows, refused = read(source(tmp_path / "a.parquet", parquet(table)), limits=SMALL)
    assert reasons(refused) == [
        ("a.parquet#2", "undecodable"),
        ("a.parquet#3", "bad_record"),
        ("a.parquet#4", "too_large"),
    ]
    assert [r["source_uri"] for r in rows] == ["a.parquet#1", "a.parquet#5"]
    assert rows[0]["source_url"] == "http://w.example/1" and rows[0]["retrieved_at"] == datetime(2024, 3, 6, 1)
    assert rows[0]["source_published_at"] == "2024-03-05T00:00:00"
    assert json.loads(rows[0]["source_extra"]) == {"scores": {"a": 1.5}, "raw": "x"}


def test_damaged_parquet_gives_the_rows_around_it(tmp_path: Path) -> None:
    sink = io.BytesIO()
    table = pa.table({"text": [f"{TEXT} {n * 7919}" for n in range(400)]})
    pq.write_table(table, sink, row_group_size=100, compression="gzip", use_dictionary=False)
    data = bytearray(sink.getvalue())
    start = pq.ParquetFile(io.BytesIO(data)).metadata.row_group(2).column(0).data_page_offset
    data[start : start + 60] = b"\xff" * 60
    rows, refused = read(source(tmp_path / "a.parquet", bytes(data)))
    assert [r["source_uri"].partition("#")[2] for r in rows] == [str(n) for n in (*range(1, 201), *range(301, 401))]
    assert reasons(refused) == [("a.parquet#201", "unreadable")]


def test_a_cut_archive_gives_the_records_before(tmp_path: Path) -> None:
    records = [{"text": f"{TEXT} Number {n * 104729 % 99991}."} for n in range(2_000)]
    packed = PACK[".gz"](json_lines(*records).encode())
    rows, refused = read(source(tmp_path / "a.jsonl.gz", packed[: len(packed) // 2]))
    assert 500 < len(rows) < 1_500
    assert [r["content"] for r in rows] == [r["text"] for r in records[: len(rows)]]
    assert reasons(refused) == [("a.jsonl.gz", "broken_compression")]


def test_a_damaged_archive_gives_nothing_uncertain(tmp_path: Path) -> None:
    packed = bytearray(PACK[".gz"](json_lines(*[{"text": f"{TEXT} {n}"} for n in range(2_000)]).encode()))
    packed[-6] ^= 1  # only the checksum tells
    rows, refused = read(source(tmp_path / "a.jsonl.gz", bytes(packed)))
    assert rows == [] and reasons(refused) == [("a.jsonl.gz", "broken_compression")]


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.txt", TEXT, "text/plain"),
        ("a.txt", "<!-- saved -->\n<!doctype HTML><html><p>One</html>", "text/html"),
        ("a.txt", "<div><p>One</p><p>Two</p></div>", "text/html"),
        ("a.txt", "He wrote <b>bold</b> plans</p>", "text/plain"),
        ("a.txt", "<Pyongyang> The plan was met.", "text/plain"),
        ("a.md", "# Plan\n<div><p>One</p><p>Two</p></div>", "text/markdown"),
        ("a.md", "<html><body>One</body></html>", "text/html"),
        ("a.html", "<p>One", "text/html"),
        ("a.htm", "3 < 4, the plan was met.", "text/plain"),
    ],
)
def test_what_content_is(tmp_path: Path, name: str, content: str, media_type: str) -> None:
    assert [r["media_type"] for r in read(source(tmp_path / name, content))[0]] == [media_type]


def test_html_of_records(tmp_path: Path) -> None:
    page = "<div><p>One</p><p>Two</p></div>"
    data = json_lines({"html": "One"}, {"text": page}, {"text": "One <p> two"}, {"text": "One", "html": page})
    rows, _ = read(source(tmp_path / "a.jsonl", data))
    assert [r["media_type"] for r in rows] == ["text/html", "text/html", "text/plain", "text/plain"]
    assert json.loads(rows[3]["source_extra"]) == {"html": page}


def test_batches_are_bounded_and_cut_makes_no_difference(tmp_path: Path) -> None:
    data = json_lines(*[{"text": f"{TEXT} {n}"} if n % 3 else [] for n in range(100)])
    file = source(tmp_path / "a.jsonl", data)
    assert read(file, batch_rows=7) == read(file, batch_rows=1) == read(file)
    sizes = [(b.num_rows, len(q)) for b, q in read_source(file, batch_rows=7)]
    assert max(n for n, _ in sizes) == 7 and max(q for _, q in sizes) <= 7


def test_problems_found_on_discovery_reach_quarantine(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.pdf").write_text("x")
    (tmp_path / "c.txt.meta.json").write_text("{}")
    (tmp_path / "d.txt").symlink_to("/etc/hostname")
    refused = [row for file in discover([str(tmp_path)]) for row in read(file)[1]]
    assert reasons(refused) == [
        ("b.pdf", "unsupported_type"),
        ("c.txt.meta.json", "orphan_sidecar"),
        ("d.txt", "outside_source"),
    ]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(13, "no"), "not_permitted"),
        (FileNotFoundError(2, "no"), "unreadable"),
        (OSError(5, "no"), "unreadable"),
    ],
)
def test_files_that_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, reason: str
) -> None:
    file = source(tmp_path / "a.txt", TEXT)

    def fail(self: Path, *args: Any, **options: Any) -> None:
        raise error

    monkeypatch.setattr(Path, "open", fail)
    assert reasons(read(file)[1]) == [("a.txt", reason)]
    with pytest.raises(OSError, match="file"):
        sha256_of(file)


def test_digest_of_a_file(tmp_path: Path) -> None:
    file = source(tmp_path / "a.txt", "abc")
    assert sha256_of(file) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


_MEASURE = """
import resource, sys
from assets.raw.readers import read_source
from assets.raw.sources import discover
import pyarrow, zstandard, charset_normalizer
for batch, _ in read_source(discover([sys.argv[1] + "/small.jsonl"])[0]): pass
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for file in discover([sys.argv[1]]):
    for batch, quarantined in read_source(file):
        print(file.uri, batch.num_rows, *[q["reason"] for q in quarantined])
print("grown", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_huge_single_lines_are_refused_in_bounded_memory(tmp_path: Path) -> None:
    (tmp_path / "small.jsonl").write_text(json_lines({"text": TEXT}))
    for name, begin in (("a.txt", "A plan. "), ("b.jsonl", '{"text": "'), ("c.csv", 'text\n"')):
        with (tmp_path / name).open("wb") as huge:
            huge.write(begin.encode() + b"a" * 300_000)
            huge.truncate(200_000_000)  # sparse: takes no room on the disk
    command = [sys.executable, "-W", "ignore", "-c", _MEASURE, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    *lines, grown = done.stdout.splitlines()
    assert lines == ["a.txt 0 too_large", "b.jsonl 0 too_large", "c.csv 0 too_large", "small.jsonl 1"]
    kilobytes = int(grown.split()[1]) // (1024 if sys.platform == "darwin" else 1)
    assert kilobytes < 150_000, f"{kilobytes} KB more than a small file takes"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    served = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()


def test_files_on_the_web(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = read(discover([f"{server}/a.parquet"])[0])[1]
    assert refused[0]["reason"] == "forbidden_address" and "PLANLEDGER_ALLOW_PRIVATE_NETWORKS" in refused[0]["detail"]
    monkeypatch.setenv("PLANLEDGER_ALLOW_PRIVATE_NETWORKS", "1")
    (tmp_path / "a.parquet").write_bytes(parquet({"text": [TEXT]}))
    (tmp_path / "page").write_text("<html><p>One</p></html>")
    rows, refused = read(discover([f"{server}/a.parquet"])[0])
    assert refused == [] and rows[0]["source_uri"] == f"{server}/a.parquet#1"
    assert read(discover([f"{server}/page"])[0])[0][0]["media_type"] == "text/html"
    with at_hand(discover([f"{server}/a.parquet"])[0]) as here:
        assert "://" not in here.location and sha256_of(here) == sha256_of(discover([str(tmp_path / "a.parquet")])[0])
        (tmp_path / "a.parquet").write_bytes(b"changed meanwhile")
        assert read(here)[0] == rows
    assert not Path(here.location).exists()
    gone = discover([f"{server}/gone.txt"])[0]
    with at_hand(gone) as here, pytest.raises(OSError, match="no longer there"):
        sha256_of(here)
    assert read(here)[1] == read(gone)[1]
    assert read(gone)[1][0]["detail"] == "The server answers with status 404."


def test_files_of_other_file_systems() -> None:
    import fsspec

    fsspec.filesystem("memory").pipe_file("/readers/a.jsonl.gz", PACK[".gz"](json_lines({"text": TEXT}).encode()))
    file = discover(["memory://readers/a.jsonl.gz"])[0]
    assert [r["content"] for r in read(file)[0]] == [TEXT]
    assert len(sha256_of(file)) == 64


def test_repeated_keys_keep_all_their_values(tmp_path: Path) -> None:
    line = '{"title": "A", "title": "B", "text": "One.", "title": "C", "text": "Two.", '
    line += '"n": {"x": 1, "x": 2}, "title_2": 0}'
    rows, refused = read(source(tmp_path / "a.jsonl", line))
    assert refused == [] and (rows[0]["source_title"], rows[0]["content"]) == ("A", "One.")
    extra = {"title_2": "B", "title_3": "C", "text_2": "Two.", "n": {"x": 1, "x_2": 2}, "title_2_2": 0}
    assert json.loads(rows[0]["source_extra"]) == extra


@pytest.mark.parametrize("newline", ["\r", "\r\n", "\n"])
def test_line_ends_of_tables(tmp_path: Path, newline: str) -> None:
    table = newline.join(["text,title", '"One\u2028, two",a', '"x" y,b', f'"Three{newline}lines",c', ""])
    rows, refused = read(source(tmp_path / "a.csv", table))
    assert [r["content"] for r in rows] == ["One\u2028, two", f"Three{newline}lines"]
    assert [r["source_title"] for r in rows] == ["a", "c"] and reasons(refused) == [("a.csv#2", "bad_record")]


def test_mojibake_is_repaired_and_noted(tmp_path: Path) -> None:
    garbled = "공장이 준공되였다. “The plan”".encode().decode("latin-1")
    for name, data in (("a.txt", f"Fine — as is.\n{garbled}"), ("a.jsonl", json_lines({"text": garbled}))):
        rows, refused = read(source(tmp_path / name, data))
        assert refused == [] and rows[0]["encoding"] == "utf-8+ftfy"
        assert rows[0]["content"].endswith("공장이 준공되였다. “The plan”")
    rows, _ = read(source(tmp_path / "b.txt", "The party’s 공장: São Paulo, 50°C, «à » and Ÿ"))
    assert rows[0]["encoding"] == "utf-8"


def test_the_charset_a_server_named_is_believed(tmp_path: Path) -> None:
    (tmp_path / "a.html.meta.json").write_text('{"content_type": "text/html; charset=euc-kr"}')
    page = "<p>새 농장 (Kim)</p>"
    assert read(source(tmp_path / "a.html", page.encode("cp949")))[0][0]["content"] == page
    assert read(source(tmp_path / "a.html", page))[0][0]["encoding"] == "utf-8"
