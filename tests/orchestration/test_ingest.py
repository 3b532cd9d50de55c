from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assets.raw.fetching.delivery import Delivery
from assets.raw.fetching.visits import LandingBusyError, Visit, Visits
from assets.raw.fetching.web import WebLimits
from assets.raw.problems import Problem, ReadError
from assets.raw.readers import read_source
from assets.raw.sources import SourceFile, discover
from orchestration.ingest import Ingest, SourceReport, listed_feeds
from orchestration.progress import Reporter
from warehouse.settings import Settings

QUICK = WebLimits(seconds=3.0, step_seconds=0.5, backoff_seconds=0.0, attempts=2)
PAGE = "<html><body><h1>{0}</h1><p>The plan of {0} was met.</p></body></html>"
Page = tuple[int, dict[str, str], bytes]


class Web:
    """A web server on this machine: pages by path, and the paths asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, Page | Callable[[BaseHTTPRequestHandler], Page]] = {}
        self.asked: list[str] = []
        web = self

        class Answering(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                web.asked.append(self.path)
                page = web.pages.get(self.path, (404, {}, b"gone"))
                status, headers, body = page(self) if callable(page) else page
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def page(self, path: str, text: str | bytes, kind: str = "text/html", status: int = 200, **headers: str) -> None:
        body = text.encode() if isinstance(text, str) else text
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        self.pages[path] = (status, {"Content-Type": kind, **named}, body)

    def tagged(self, path: str, text: str) -> None:
        """A page whose server knows whether it has changed."""
        tag = f'"{hashlib.md5(text.encode()).hexdigest()}"'

        def reply(request: BaseHTTPRequestHandler) -> Page:
            if request.headers.get("If-None-Match") == tag:
                return 304, {"ETag": tag}, b""
            return 200, {"ETag": tag, "Content-Type": "text/html"}, text.encode()

        self.pages[path] = reply

    def feed(self, *paths: str, at: str = "/feed.xml") -> str:
        items = "".join(
            f"<item><title>Title of {p}</title><link>{p}</link><pubDate>Tue, 05 Mar 2024</pubDate></item>"
            for p in paths
        )
        self.page(at, f"<rss><channel><title>Wire</title>{items}</channel></rss>", "application/rss+xml")
        return f"{self.url}{at}"


@pytest.fixture
def web() -> Iterator[Web]:
    served = Web()
    yield served
    served.server.shutdown()
    served.server.server_close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "data", "local", host_delay=0.0, allow_private_networks=True)


def fetch(settings: Settings, *sources: object, limit: int | None = None, dry_run: bool = False) -> list[SourceReport]:
    return Ingest(settings, limit=limit, limits=QUICK).run([str(s) for s in sources], dry_run=dry_run)


def counts(report: SourceReport) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, len(report.failed)


def landed(settings: Settings, report: SourceReport) -> dict[str, dict[str, Any]]:
    """The files of the report's batch and what their sidecars state."""
    folder = settings.landing / str(report.batch)
    files = [p for p in folder.rglob("*") if p.is_file() and not p.name.endswith(".meta.json")]
    sidecars = {p: p.with_name(p.name + ".meta.json") for p in files}
    return {str(p.relative_to(folder)): json.loads(s.read_text()) if s.exists() else {} for p, s in sidecars.items()}


def documents(source: object) -> list[dict[str, Any]]:
    batches = [b for f in discover([str(source)]) for b, _ in read_source(f)]
    return [row for b in batches for row in b.to_pylist()]


def test_pages_of_a_feed_land_and_are_read(web: Web, settings: Settings) -> None:
    korean = "<html><body><p>새 농장이 (Kim) 조업을 시작하였다.</p></body></html>"
    web.page("/a", PAGE.format("A"), etag='"1"', last_modified="Mon, 04 Mar 2024 01:00:00 GMT")
    web.page("/b", korean.encode("cp949"), "text/html; charset=euc-kr")
    web.page("/c", "The plan was met.", "text/plain; charset=utf-8")
    [report] = fetch(settings, web.feed("/a", "/b", "/c"))
    assert counts(report) == (3, 0, 0, 0) and report.found == 3 and str(report.batch).startswith("127.0.0.1-2")
    files = landed(settings, report)
    name = hashlib.sha256(PAGE.format("A").encode()).hexdigest()[:16] + ".html"
    assert len(files) == 3 and {n.rpartition(".")[2] for n in files} == {"html", "txt"}
    stated = files[name]
    assert datetime.fromisoformat(stated.pop("retrieved_at")).tzinfo is not None
    assert stated == {
        "url": f"{web.url}/a",
        "title": "Title of /a",
        "published": "Tue, 05 Mar 2024",
        "content_type": "text/html",
        "etag": '"1"',
        "last_modified": "Mon, 04 Mar 2024 01:00:00 GMT",
        "feed": f"{web.url}/feed.xml",
        "feed_title": "Wire",
    }
    rows = {r["source_url"].removeprefix(web.url): r for r in documents(settings.landing)}
    assert {r["batch_id"] for r in rows.values()} == {report.batch}
    assert rows["/b"]["content"] == korean and rows["/b"]["encoding"] == "cp949"
    assert rows["/a"]["source_title"] == "Title of /a" and rows["/a"]["source_published_at"] == "Tue, 05 Mar 2024"
    assert rows["/a"]["retrieved_at"] is not None


def test_a_second_visit_takes_only_what_has_changed(web: Web, settings: Settings) -> None:
    web.tagged("/tagged", PAGE.format("tagged"))
    web.tagged("/later", PAGE.format("later"))
    web.page("/plain", PAGE.format("plain"))
    feed = web.feed("/tagged", "/later", "/plain")
    [first] = fetch(settings, feed)
    [second] = fetch(settings, feed)
    assert counts(first) == (3, 0, 0, 0) and counts(second) == (0, 0, 3, 0)
    assert second.batch is None and len([p for p in settings.landing.iterdir() if p.is_dir()]) == 1
    web.tagged("/later", PAGE.format("later, and revised"))
    [third] = fetch(settings, feed)
    assert counts(third) == (0, 1, 2, 0) and third.batch not in (None, first.batch)
    assert counts(fetch(settings, feed)[0]) == (0, 0, 3, 0)
    versions = [r["content"] for r in documents(settings.landing) if r["source_url"].endswith("/later")]
    assert sorted(versions) == sorted([PAGE.format("later"), PAGE.format("later, and revised")])
    before = {p: p.read_bytes() for p in settings.landing.rglob("*.html")}
    fetch(settings, feed)
    assert {p: p.read_bytes() for p in settings.landing.rglob("*.html")} == before


def test_one_bad_page_keeps_no_other_back(web: Web, settings: Settings) -> None:
    web.page("/good", PAGE.format("good"))
    web.page("/same", PAGE.format("good"))
    web.page("/picture", b"\x89PNG", "image/png")
    web.page("/error", "x", status=500)
    web.page("/closed", PAGE.format("closed"))
    web.page("/robots.txt", "User-agent: *\nDisallow: /closed", "text/plain")
    web.page("/away", "", status=302, location="file:///etc/passwd")
    [report] = fetch(settings, web.feed("/picture", "/error", "/closed", "/gone", "/away", "/good", "/same"))
    assert counts(report) == (2, 0, 0, 5) and not report.unusable
    assert {f.address.removeprefix(web.url): f.reason for f in report.failed} == {
        "/picture": "unsupported_type",
        "/error": "unreadable",
        "/closed": "robots",
        "/gone": "unreadable",
        "/away": "forbidden_address",
    }
    assert "/closed" not in web.asked and web.asked.count("/error") == 2
    assert sorted(s["url"] for s in landed(settings, report).values()) == [f"{web.url}/good", f"{web.url}/same"]


def test_private_networks_are_closed_unless_opened(web: Web, settings: Settings) -> None:
    feed = web.feed("/a")
    [report] = fetch(replace(settings, allow_private_networks=False), feed)
    assert report.unusable and report.failed[0].reason == "forbidden_address" and web.asked == []
    assert not any(p.is_dir() for p in settings.landing.iterdir())


def test_sitemaps_and_what_they_say_has_changed(web: Web, settings: Settings) -> None:
    def sitemap(changed: str) -> None:
        entry = f"<url><loc>{web.url}/a</loc><lastmod>{changed}</lastmod></url>"
        web.page("/1.xml", f"<urlset>{entry}</urlset>", "application/xml")

    index = "".join(f"<sitemap><loc>{web.url}/{n}.xml</loc></sitemap>" for n in (1, 2, 3, "index"))
    web.page("/index.xml", f"<sitemapindex>{index}</sitemapindex>", "text/xml")
    web.page("/2.xml", f"<urlset><url><loc>{web.url}/b</loc></url></urlset>", "text/xml")
    web.page("/a", PAGE.format("a"))
    web.page("/b", PAGE.format("b"))
    sitemap("2024-03-05")
    [first] = fetch(settings, f"{web.url}/index.xml")
    assert counts(first) == (2, 0, 0, 1) and first.failed[0].address == f"{web.url}/3.xml"
    web.page("/a", PAGE.format("a, revised"))
    assert counts(fetch(settings, f"{web.url}/index.xml")[0]) == (0, 0, 2, 1) and web.asked.count("/a") == 1
    sitemap("2024-03-07")
    assert counts(fetch(settings, f"{web.url}/index.xml")[0]) == (0, 1, 1, 1)


def test_limit_and_dry_run(web: Web, settings: Settings) -> None:
    paths = [f"/{n}" for n in range(5)]
    for path in paths:
        web.page(path, PAGE.format(path))
    feed = web.feed(*paths)
    [listed] = fetch(settings, feed, limit=2, dry_run=True)
    assert listed.would_fetch == [f"{web.url}/0", f"{web.url}/1"] and web.asked == ["/feed.xml"]
    assert not settings.data.exists()
    [report] = fetch(settings, feed, limit=2)
    assert (report.new, report.left_out, report.found) == (2, 3, 5)


def test_a_page_and_a_data_file_of_their_own(web: Web, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANLEDGER_ALLOW_PRIVATE_NETWORKS", "1")
    web.page("/news/one", PAGE.format("one"))
    web.page("/x/wire.jsonl", '{"text": "The plan was met."}\n', "application/octet-stream")
    page, data = fetch(settings, f"{web.url}/news/one", f"{web.url}/x/wire.jsonl")
    assert counts(page) == counts(data) == (1, 0, 0, 0)
    assert list(landed(settings, data)) == ["wire.jsonl"]
    assert sorted(r["content"] for r in documents(settings.landing))[1] == "The plan was met."
    again = fetch(settings, f"{web.url}/news/one", f"{web.url}/x/wire.jsonl")
    assert [counts(r) for r in again] == [(0, 0, 1, 0)] * 2


def test_a_folder_is_copied_and_only_what_is_new_the_next_time(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "reports 2024"
    (folder / "june").mkdir(parents=True)
    (folder / "june/a.txt").write_text("One.")
    (folder / "june/a.txt.meta.json").write_text('{"title": "A"}')
    (folder / "b.txt").write_text("Two.")
    (folder / "c.pdf").write_text("x")
    (folder / "d.txt").symlink_to("/etc/hostname")
    [first] = fetch(settings, folder)
    assert counts(first) == (2, 0, 0, 2) and str(first.batch).startswith("reports-2024-2")
    assert {f.address: f.reason for f in first.failed} == {"c.pdf": "unsupported_type", "d.txt": "outside_source"}
    assert landed(settings, first) == {"june/a.txt": {"title": "A"}, "b.txt": {}}
    assert counts(fetch(settings, folder)[0]) == (0, 0, 2, 2)
    (folder / "b.txt").write_text("Two and a half.")
    (folder / "june/a.txt.meta.json").write_text('{"title": "B"}')
    [third] = fetch(settings, folder)
    assert counts(third) == (0, 2, 0, 2) and landed(settings, third) == {"june/a.txt": {"title": "B"}, "b.txt": {}}


def test_unusable_sources_keep_the_others_going(tmp_path: Path, web: Web, settings: Settings) -> None:
    (tmp_path / "a.txt").write_text("One.")
    web.page("/bomb.xml", '<!DOCTYPE rss [<!ENTITY a "b">]><rss>&a;</rss>', "text/xml")
    reports = fetch(settings, tmp_path / "nowhere", f"{web.url}/gone", f"{web.url}/bomb.xml", tmp_path / "a.txt")
    assert [r.unusable for r in reports] == [True, True, True, False]
    assert all(f.detail.endswith(".") and "\n" not in f.detail for r in reports for f in r.failed)
    assert landed(settings, reports[3]) == {"a.txt": {}}


def test_a_feed_in_a_file(tmp_path: Path, web: Web, settings: Settings) -> None:
    web.page("/a", PAGE.format("a"))
    (tmp_path / "saved.xml").write_text(f"<rss><channel><item><link>{web.url}/a</link></item></channel></rss>")
    assert counts(fetch(settings, tmp_path / "saved.xml")[0]) == (1, 0, 0, 0)


def test_an_interruption_keeps_what_was_fetched(web: Web, settings: Settings) -> None:
    for path in ("/a", "/b", "/c"):
        web.page(path, PAGE.format(path))
    feed = web.feed("/a", "/b", "/c")

    class Impatient:
        """Presses Ctrl-C after the second page."""

        done = 0

        def step(self, label: str, total: int | None = None) -> None:
            pass

        def advance(self, count: int = 1) -> None:
            self.done += count
            if self.done == 2:
                raise KeyboardInterrupt

    reporter: Reporter = Impatient()
    with pytest.raises(KeyboardInterrupt):
        Ingest(settings, reporter, limits=QUICK).run([feed])
    assert len(documents(settings.landing)) == 2
    assert counts(fetch(settings, feed)[0]) == (1, 0, 2, 0)


def test_leftovers_of_a_killed_process_go(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.")
    leftover = settings.landing / ".partial-x"
    leftover.mkdir(parents=True)
    (leftover / "half.html").write_text("<p>half")
    fetch(settings, tmp_path / "a.txt")
    assert not leftover.exists() and [r["content"] for r in documents(settings.landing)] == ["One."]


def test_one_process_at_a_time(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.")
    visits = Visits(settings.landing)
    with pytest.raises(LandingBusyError, match="another process"):
        fetch(settings, tmp_path / "a.txt")
    visits.close()
    assert counts(fetch(settings, tmp_path / "a.txt")[0]) == (1, 0, 0, 0)


def test_a_memory_that_is_none(settings: Settings, tmp_path: Path) -> None:
    settings.landing.mkdir(parents=True)
    (settings.landing / ".visits.sqlite").write_bytes(b"no database at all, but long enough to be looked at" * 20)
    with pytest.raises(LandingBusyError, match="move it away"):
        fetch(settings, tmp_path)


def test_what_is_not_committed_is_forgotten(tmp_path: Path) -> None:
    visit = Visit("d", None, None, None, "batch")
    for commit in (False, True):
        visits = Visits(tmp_path)
        visits.remember_page("http://a.example", visit)
        if commit:
            visits.commit()
        visits.close()
        visits = Visits(tmp_path)
        assert visits.page("http://a.example") == (visit if commit else None)
        visits.close()
    assert sqlite3.connect(tmp_path / ".visits.sqlite").execute("SELECT count(*) FROM pages").fetchone() == (1,)


@pytest.mark.parametrize("path", ["../a.txt", "x/../../a.txt", "/etc/a.txt", "a\0.txt", "..\\a.txt", ""])
def test_no_path_leads_out_of_the_landing_area(tmp_path: Path, path: str) -> None:
    delivery = Delivery(tmp_path / "landing", "x", datetime(2024, 3, 5, tzinfo=UTC))
    (tmp_path / "a.txt").write_text("mine")
    for act in (partial(delivery.copy, [b"theirs"]), delivery.discard):
        with pytest.raises(ReadError) as caught:
            act(path)
        assert caught.value.problem.reason == "outside_source"
    assert (tmp_path / "a.txt").read_text() == "mine" and [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_keys_of_a_bucket_that_would_lead_elsewhere(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("One.")
    files = [
        SourceFile("../../evil.txt", "b", str(tmp_path / "a.txt"), 4, "text"),
        SourceFile("gone.txt", "b", str(tmp_path / "gone.txt"), 4, "text", sidecar=str(tmp_path / "a.txt")),
        SourceFile("fine.txt", "b", str(tmp_path / "a.txt"), 4, "text"),
        SourceFile("bad.pdf", "b", "x", 4, "unsupported", problem=Problem("unsupported_type", "No.")),
    ]
    monkeypatch.setattr("orchestration.ingest.discover", lambda sources: files)
    [report] = fetch(settings, "s3://bucket/prefix")
    assert {f.address: f.reason for f in report.failed} == {
        "../../evil.txt": "outside_source",
        "gone.txt": "unreadable",
        "bad.pdf": "unsupported_type",
    }
    assert list(landed(settings, report)) == ["fine.txt"] and not list(tmp_path.rglob("evil.txt"))
    assert not list(settings.landing.rglob("gone*"))


def test_batches_of_one_second_are_told_apart(tmp_path: Path) -> None:
    moment = datetime(2024, 3, 5, 1, 2, 3, tzinfo=UTC)
    names = []
    for _ in range(2):
        delivery = Delivery(tmp_path, "../w.example/..", moment)
        delivery.put(b"x", ".txt", {})
        names.append(delivery.finish())
    assert names == ["w.example-20240305T010203Z", "w.example-20240305T010203Z-2"]


def test_feeds_that_are_listed(settings: Settings) -> None:
    assert listed_feeds(settings) == []
    settings.data.mkdir(parents=True)
    settings.feeds_file.write_text("# mine\nhttps://a.example/feed\n\n  https://b.example/map.xml \n")
    feeds = "https://c.example/x https://a.example/feed"
    assert listed_feeds(replace(settings, feeds=feeds)) == [
        "https://c.example/x",
        "https://a.example/feed",
        "https://b.example/map.xml",
    ]
