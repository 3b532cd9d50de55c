from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import s3fs
from moto.server import ThreadedMotoServer

from assets.raw.readers import read_source, sha256_of
from assets.raw.sources import SourceError, discover

TEXT = "The county opened two new factories."


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    s3fs.S3FileSystem.clear_instance_cache()
    made = boto3.resource("s3").Bucket("deliveries")
    made.create()
    yield made
    made.objects.delete()
    made.delete()
    s3fs.S3FileSystem.clear_instance_cache()


def put(bucket: Any, **objects: bytes) -> None:
    for key, data in objects.items():
        bucket.put_object(Key=key, Body=data)


def table() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": [f"{TEXT} {n}" for n in range(3)]}), sink)
    return sink.getvalue()


def test_a_prefix_is_read_as_a_folder_is(bucket: Any) -> None:
    objects = {
        "2024/a.txt": TEXT.encode(),
        "2024/a.txt.meta.json": b'{"title": "A"}',
        "2024/june/b.jsonl.gz": gzip.compress(json.dumps({"text": TEXT}).encode()),
        "2024/c.parquet": table(),
        "2024/d.pdf": b"x",
        "2024/gold/e.txt": TEXT.encode(),
        "2024/.planledgerignore": b"gold/\n",
        "2023/f.txt": TEXT.encode(),
    }
    put(bucket, **objects)
    for source in ("s3://deliveries/2024", "s3://deliveries/2024/"):
        files = discover([source])
        assert [(f.batch_id, f.uri, f.problem is None) for f in files] == [
            ("2024", "a.txt", True),
            ("c", "c.parquet", True),
            ("2024", "d.pdf", False),
            ("b", "june/b.jsonl.gz", True),
        ]
    rows = [row for f in files for batch, _ in read_source(f) for row in batch.to_pylist()]
    assert [r["content"] for r in rows] == [TEXT, *(f"{TEXT} {n}" for n in range(3)), TEXT]
    assert rows[0]["source_title"] == "A" and rows[1]["source_uri"] == "c.parquet#1"
    assert len(sha256_of(files[0])) == 64
    assert [f.uri for f in discover(["s3://deliveries/*/*.txt"])] == ["2023/f.txt", "2024/a.txt"]
    assert [f.uri for f in discover(["s3://deliveries/2024/a.txt"])] == ["a.txt"]


def test_what_is_added_later_is_seen(bucket: Any) -> None:
    put(bucket, **{"in/a.txt": TEXT.encode()})
    assert len(discover(["s3://deliveries/in"])) == 1
    put(bucket, **{"in/b.txt": TEXT.encode()})
    assert len(discover(["s3://deliveries/in"])) == 2


@pytest.mark.parametrize("source", ["s3://deliveries/none", "s3://nowhere/in", "s3://deliveries/none/*.txt"])
def test_what_is_not_there_is_named_in_one_sentence(bucket: Any, source: str) -> None:
    with pytest.raises(SourceError) as caught:
        discover([source])
    assert str(caught.value).startswith(source) and "\n" not in str(caught.value)


def test_an_object_that_vanishes_is_put_on_record(bucket: Any) -> None:
    put(bucket, **{"in/a.txt": TEXT.encode()})
    [file] = discover(["s3://deliveries/in"])
    bucket.objects.delete()
    s3fs.S3FileSystem.clear_instance_cache()
    [(batch, refused)] = list(read_source(file))
    assert batch.num_rows == 0 and refused[0]["reason"] == "unreadable"


def test_a_service_that_does_not_answer(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    s3fs.S3FileSystem.clear_instance_cache()
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
    with pytest.raises(SourceError, match=r"^s3://deliveries/in .*check the address"):
        discover(["s3://deliveries/in"])
