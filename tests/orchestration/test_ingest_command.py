from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import dagster as dg
import pytest
import s3fs
from moto.server import ThreadedMotoServer

from orchestration.definitions import defs
from orchestration.instance import landed
from orchestration.landing import daily_feeds, landing_sensor
from orchestration.pipeline import opened
from orchestration.reading import read_sources
from warehouse.settings import Settings

PAGE = "<html><body><p>The plan of the county was met.</p></body></html>"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Path]]:
    """A web server's address, and the folder it serves."""
    root = tmp_path / "site"
    root.mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    served = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))
    url = f"http://127.0.0.1:{served.server_port}"
    threading.Thread(target=served.serve_forever, args=(0.01,), daemon=True).start()
    (root / "a.html").write_text(PAGE)
    items = "".join(f"<item><link>{url}/{name}</link></item>" for name in ("a.html", "gone.html"))
    (root / "feed.xml").write_text(f"<rss><channel>{items}</channel></rss>")
    monkeypatch.setenv("PLANLEDGER_ALLOW_PRIVATE_NETWORKS", "1")
    monkeypatch.setenv("PLANLEDGER_HOST_DELAY", "0")
    monkeypatch.setenv("PLANLEDGER_DATA", str(tmp_path / "data"))
    yield url, root
    served.shutdown()
    served.server_close()


def test_the_command_says_what_landed_and_what_did_not(command: Any, site: tuple[str, Path], tmp_path: Path) -> None:
    feed = f"{site[0]}/feed.xml"
    code, out, _ = command("ingest", feed, "--dry-run")
    assert (code, (tmp_path / "data").exists()) == (0, False)
    assert out.splitlines() == [f"{site[0]}/a.html", f"{site[0]}/gone.html", "2 pages or files would be fetched"]
    code, out, err = command("ingest", feed)
    lines = out.splitlines()
    [batch] = landed(Settings(tmp_path / "data"))
    assert code == 0 and err.startswith(feed)
    assert lines == [
        f"{feed}: 1 new, 0 changed, 0 unchanged of 2",
        f"  not fetched: {site[0]}/gone.html: The server answers with status 404.",
        f"  landed in {tmp_path / 'data' / 'landing' / batch}",
        f"Next: planledger run {tmp_path / 'data' / 'landing'}",
    ]
    code, out, err = command("ingest", feed, "--json", "--limit", "1")
    found = json.loads(out)["sources"][0]
    assert (code, err, found["unchanged"], found["left_out"], found["batch"]) == (0, "", 1, 1, None)


def test_sources_that_cannot_be_used(
    command: Any, site: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = command("ingest", tmp_path / "nowhere", f"{site[0]}/a.html")
    says = f"planledger: {tmp_path / 'nowhere'} does not exist: check the spelling and the folder you are in."
    assert code == 2 and says in err.splitlines() and "1 new" in out and "nowhere" not in out
    code, _, err = command("ingest", "--data", tmp_path / "other")
    assert code == 2 and "feeds.txt" in err and err.count("\n") == 1
    code, _, err = command("ingest", "x", "--limit", "0")
    assert code == 2 and "--limit" in err
    (tmp_path / "file").write_text("x")
    code, _, err = command("ingest", tmp_path / "site", "--data", tmp_path / "file" / "data")
    assert code == 2 and "cannot write to" in err and err.count("\n") == 1
    monkeypatch.setenv("PLANLEDGER_ALLOW_PRIVATE_NETWORKS", "0")
    code, out, err = command("ingest", f"{site[0]}/feed.xml")
    assert (code, out) == (2, "") and "private or reserved network" in err and err.count("\n") == 1
    assert command("ingest", f"{site[0]}/feed.xml", "--json")[0] == 2


def test_what_landed_is_read_once(command: Any, without_gates: Any, site: tuple[str, Path], tmp_path: Path) -> None:
    without_gates()
    settings = Settings(tmp_path / "data", "local")
    (settings.data).mkdir()
    settings.feeds_file.write_text(f"{site[0]}/feed.xml\n")
    assert command("ingest")[0] == 0
    [batch] = landed(settings)
    # As the sensor reads it, all that landed, and the one file: it is the same file under the same name.
    [page] = (settings.landing / batch).glob("*.html")
    for source, expected in ((settings.landing / batch, 1), (settings.landing, 0), (page, 0)):
        with opened(settings) as run:
            report = read_sources(run, [str(source)])
            found = run.con.execute("SELECT source_url, batch_id, source_uri FROM raw.documents").fetchall()
        assert (report.files_read, report.new_documents, report.quarantined) == (expected, expected, 0)
        assert found == [(f"{site[0]}/a.html", batch, f"{batch}/{page.name}")]


def test_a_bucket_is_read_into_the_warehouse(
    command: Any, without_gates: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_gates()
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        s3fs.S3FileSystem.clear_instance_cache()
        bucket = boto3.resource("s3", region_name="us-east-1").Bucket("deliveries")
        bucket.create()
        bucket.put_object(Key="in/2024/a.txt", Body=b"The plan of the county was met.")
        bucket.put_object(Key="in/b.jsonl", Body=b'{"text": "One."}\n{"text": "Two."}\nbroken\n')
        code, out, _ = command("run", "s3://deliveries/in", "--dry-run")
        assert code == 0 and out.splitlines() == ["2024\t2024/a.txt\t31", "b\tb.jsonl\t41"]
        for expected in ((2, 3, 1), (0, 0, 0)):
            with opened(Settings(tmp_path / "data", "local")) as run:
                report = read_sources(run, ["s3://deliveries/in"])
            assert (report.files_read, report.new_documents, report.quarantined) == expected
        code, out, _ = command("ingest", "s3://deliveries/in", "--data", tmp_path / "data")
        assert code == 0 and "2 new" in out
        [batch] = landed(Settings(tmp_path / "data"))
        assert (tmp_path / "data/landing" / batch / "2024/a.txt").read_bytes() == b"The plan of the county was met."
    finally:
        server.stop()
        s3fs.S3FileSystem.clear_instance_cache()


def test_a_package_that_is_missing(command: Any) -> None:
    code, _, err = command("run", "gs://bucket/in")
    assert code == 2 and "needs the package gcsfs" in err and err.count("\n") == 1


def test_the_schedule_starts_the_job_if_a_feed_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANLEDGER_DATA", str(tmp_path))
    context = dg.build_schedule_context()
    skipped = daily_feeds.evaluate_tick(context)
    assert not skipped.run_requests and "feeds.txt" in (skipped.skip_message or "")
    (tmp_path / "feeds.txt").write_text("https://a.example/feed\n")
    assert len(daily_feeds.evaluate_tick(context).run_requests or []) == 1
    assert defs.resolve_schedule_def("daily_feeds").job_name == "fetch_feeds"


def test_the_job_fetches_and_the_sensor_sees_it(site: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANLEDGER_FEEDS", f"{site[0]}/feed.xml")
    job = defs.resolve_job_def("fetch_feeds")
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance)
        assert result.success and len(result.output_for_node("ingest")) == 1
        [tick] = landing_sensor(dg.build_sensor_context(instance=instance, definitions=defs))
        assert [r.partition_key for r in tick.run_requests] == result.output_for_node("ingest")
        monkeypatch.setenv("PLANLEDGER_FEEDS", f"{site[0]}/gone.xml")
        assert not job.execute_in_process(instance=instance, raise_on_error=False).success
