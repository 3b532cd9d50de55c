from __future__ import annotations

import gzip
import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from assets.raw.bodies import unpacked
from assets.raw.fetching import network
from assets.raw.fetching.manners import Manners
from assets.raw.fetching.network import addresses_of, is_public
from assets.raw.fetching.web import AGENT, StatusError, Web, WebLimits, normalised
from assets.raw.problems import ReadError

QUICK = WebLimits(seconds=3.0, step_seconds=0.3, backoff_seconds=0.0, attempts=3)
PAGE = b"<html><p>The plan was met.</p></html>"
Reply = Callable[..., Callable[[BaseHTTPRequestHandler], None]]


@pytest.fixture
def web() -> Any:
    client = Web(allow_private=True)
    yield client
    client.close()


def refusal(client: Web, url: str, limits: WebLimits = QUICK) -> tuple[str, str]:
    with pytest.raises(ReadError) as caught:
        client.get(url, limits=limits)
    detail = caught.value.problem.detail
    assert detail[0].isupper() and detail.endswith(".") and "\n" not in detail
    return caught.value.problem.reason, detail


def test_a_page_is_fetched_and_we_say_who_we_are(web: Web, site: Any, reply: Reply) -> None:
    site.pages["/a?b=%EA"] = reply(PAGE, etag='"1"', content_type="text/HTML; charset=x")
    answer = web.get(f"{site.url}/a?b=%EA#part", limits=QUICK)
    assert (answer.body, answer.status, answer.content_type) == (PAGE, 200, "text/html")
    assert answer.headers["etag"] == '"1"' and answer.url == answer.final_url == f"{site.url}/a?b=%EA"
    assert site.asked[0][1]["User-Agent"] == AGENT and "planledger" in AGENT


def test_conditional_requests(web: Web, site: Any, reply: Reply) -> None:
    site.pages["/a"] = reply(status=304)
    answer = web.get(f"{site.url}/a", known={"etag": '"1"', "last_modified": "x"}, limits=QUICK)
    assert (answer.status, answer.body) == (304, b"")
    assert site.asked[0][1]["If-None-Match"] == '"1"' and site.asked[0][1]["If-Modified-Since"] == "x"
    assert refusal(web, f"{site.url}/a") == ("unreadable", "The server answers with status 304.")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw deflate"])
def test_packed_answers_are_unpacked(web: Web, site: Any, reply: Reply, coding: str) -> None:
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(PAGE) + gzip.compress(PAGE),
        "deflate": zlib.compress(PAGE * 2),
        "raw deflate": raw.compress(PAGE * 2) + raw.flush(),
    }
    site.pages["/a"] = reply(packed[coding], content_encoding=coding.split()[-1])
    assert web.get(f"{site.url}/a", limits=QUICK).body == PAGE * 2


@pytest.mark.parametrize(
    ("body", "headers", "reason"),
    [
        (gzip.compress(b"\0" * 50_000_000, mtime=0), {"content_encoding": "gzip"}, "bomb"),
        (
            gzip.compress(gzip.compress(b"\0" * 1_000_000, mtime=0), mtime=0),
            {"content_encoding": "gzip, gzip"},
            "unsupported_type",
        ),
        (PAGE, {"content_encoding": "compress"}, "unsupported_type"),
        (PAGE, {"content_encoding": "gzip"}, "broken_compression"),
        (gzip.compress(PAGE, mtime=0)[:-9], {"content_encoding": "gzip"}, "broken_compression"),
        (b"a" * 11_000_000, {}, "too_large"),
        (PAGE, {"content_length": "900000000"}, "too_large"),
    ],
)
def test_answers_that_are_refused(
    web: Web, site: Any, reply: Reply, body: bytes, headers: dict[str, str], reason: str
) -> None:
    site.pages["/a"] = reply(body, **headers)
    assert refusal(web, f"{site.url}/a")[0] == reason


def test_a_body_without_end_is_refused_in_bounded_memory(web: Web, site: Any) -> None:
    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        block = gzip.compress(b"\0" * 1_000)
        while True:
            request.wfile.write(b"%x\r\n%s\r\n" % (len(block), block))

    site.pages["/a"] = endless
    assert refusal(web, f"{site.url}/a", WebLimits(body_bytes=500_000))[0] == "too_large"


def test_expansion_takes_little_memory() -> None:
    bomb = gzip.compress(b"\0" * 60_000_000)
    tracemalloc.start()
    with pytest.raises(ReadError):
        for _ in unpacked([bomb], "gzip", 5_000_000):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000


def test_lies_about_the_length(web: Web, site: Any, reply: Reply) -> None:
    def short(request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        request.send_response(200)
        request.send_header("Content-Length", "5000")
        request.end_headers()
        request.wfile.write(PAGE)

    site.pages["/a"] = short
    reason, detail = refusal(web, f"{site.url}/a")
    assert reason == "unreadable" and "cut off" in detail and len(site.asked) == 3


def test_slow_servers(web: Web, site: Any, reply: Reply) -> None:
    def silent(request: BaseHTTPRequestHandler) -> None:
        time.sleep(0.6)

    def dripping(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for n in range(100):
            request.wfile.write(b"X-%d: a\r\n" % n)
            time.sleep(0.05)

    site.pages |= {"/silent": silent, "/dripping": dripping}
    began = time.monotonic()
    for path in ("/silent", "/dripping"):
        limits = WebLimits(seconds=0.8, step_seconds=0.2, attempts=2, backoff_seconds=0.0)
        assert refusal(web, f"{site.url}{path}", limits)[0] == "unreadable"
    assert time.monotonic() - began < 2.5


def test_redirects(web: Web, site: Any, reply: Reply) -> None:
    site.pages |= {
        "/a": reply(status=301, location="/b"),
        "/b": reply(status=307, location="c?x=1"),
        "/c?x=1": PAGE,
        "/round": reply(status=302, location="/about"),
        "/about": reply(status=302, location="/round"),
        "/file": reply(status=302, location="file:///etc/passwd"),
        "/ftp": reply(status=302, location="ftp://127.0.0.1/x"),
        "/bad": reply(status=302, location="http://[::bad/"),
        "/nowhere": reply(status=302),
    }
    for n in range(9):
        site.pages[f"/{n}"] = reply(status=302, location=f"/{n + 1}")
    answer = web.get(f"{site.url}/a", limits=QUICK)
    assert answer.body == PAGE and answer.url == f"{site.url}/a" and answer.final_url == f"{site.url}/c?x=1"
    assert "circle" in refusal(web, f"{site.url}/round")[1]
    assert "more than 5 times" in refusal(web, f"{site.url}/0")[1]
    for path in ("/file", "/ftp", "/bad"):
        assert refusal(web, f"{site.url}{path}")[0] == "forbidden_address", path
    assert refusal(web, f"{site.url}/nowhere") == ("unreadable", "The server answers with status 302.")


@pytest.fixture
def as_if_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.1 counts as a public address, so that a test can be led from one to a private one."""
    monkeypatch.setattr(network, "is_public", lambda a: a == "127.0.0.1" or is_public(a))


@pytest.mark.parametrize(
    "target", ["http://127.0.0.2/", "http://169.254.169.254/latest/meta-data", "http://[::1]/", "http://0x7f000002/"]
)
def test_redirects_into_private_networks(as_if_public: None, site: Any, reply: Reply, target: str) -> None:
    site.pages |= {"/a": PAGE, "/b": reply(status=302, location=target)}
    web = Web()
    assert web.get(f"{site.url}/a", limits=QUICK).body == PAGE
    reason, detail = refusal(web, f"{site.url}/b")
    assert reason == "forbidden_address" and "PLANLEDGER_ALLOW_PRIVATE_NETWORKS" in detail
    web.close()


def test_nothing_is_asked_of_private_networks(site: Any) -> None:
    web = Web()
    for host in ("127.0.0.1", "localhost"):
        assert refusal(web, site.url.replace("127.0.0.1", host) + "/a")[0] == "forbidden_address"
    web.close()
    assert site.asked == []


def test_a_name_is_looked_up_once_and_all_its_addresses_count(
    as_if_public: None, monkeypatch: pytest.MonkeyPatch, site: Any
) -> None:
    site.pages["/a"] = PAGE
    looked_up: list[str] = []
    addresses = {"rebinding.example": ["127.0.0.1"], "mixed.example": ["127.0.0.1", "10.0.0.1"]}

    def look_up(host: str, port: int, *args: Any, **options: Any) -> list[Any]:
        looked_up.append(host)
        found = addresses[host] if looked_up.count(host) == 1 else ["10.0.0.1"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in found]

    connected: list[str] = []

    def connecting(address: tuple[str, int], *args: Any, **options: Any) -> socket.socket:
        connected.append(address[0])
        made = socket.socket()
        made.connect(address)
        return made

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connecting)
    web, port = Web(), site.url.rpartition(":")[2]
    assert web.get(f"http://rebinding.example:{port}/a", limits=QUICK).body == PAGE
    assert site.asked[0][1]["Host"] == f"rebinding.example:{port}"
    assert looked_up == ["rebinding.example"] and connected == ["127.0.0.1"]
    assert refusal(web, f"http://mixed.example:{port}/a")[0] == "forbidden_address"
    assert connected == ["127.0.0.1"]
    web.close()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.215.14", True),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_public_addresses(address: str, expected: bool) -> None:
    assert is_public(address) is expected


def test_unknown_hosts() -> None:
    with pytest.raises(ReadError, match="not known"):
        addresses_of("nowhere.invalid", 80, allow_private=True)


def test_passing_failures_are_tried_again(web: Web, site: Any, reply: Reply) -> None:
    answers = iter([reply(status=429), reply(status=503, retry_after="0"), reply(PAGE)])
    site.pages["/a"] = lambda request: next(answers)(request)
    assert web.get(f"{site.url}/a", limits=QUICK).body == PAGE
    site.pages["/b"] = reply(status=500)
    assert refusal(web, f"{site.url}/b")[1] == "The server answers with status 500, also on attempt 3."
    assert site.paths().count("/b") == 3
    with pytest.raises(StatusError):
        web.get(f"{site.url}/gone", limits=QUICK)
    assert site.paths().count("/gone") == 1


def test_waiting_as_long_as_asked_but_no_longer_than_allowed(
    web: Web, site: Any, reply: Reply, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    date = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    site.pages |= {"/soon": reply(status=429, retry_after="2"), "/late": reply(status=503, retry_after=date)}
    refusal(web, f"{site.url}/soon", WebLimits(seconds=30, attempts=3))
    assert waited == [2.0, 2.0]
    assert "asks to wait 7" in refusal(web, f"{site.url}/late")[1] and len(waited) == 2


def test_addresses_are_stripped_of_what_is_nobodys_business() -> None:
    assert normalised("HTTP://user:pw@A.example/계획?x=1#y") == "http://a.example/%EA%B3%84%ED%9A%8D?x=1"
    for wrong in ("ftp://a.example", "javascript:alert(1)", "http://", "/path", "file:///etc/passwd"):
        with pytest.raises(ReadError):
            normalised(wrong)


def test_robots_txt_is_obeyed(web: Web, site: Any, reply: Reply) -> None:
    site.pages |= {
        "/robots.txt": b"User-agent: *\nDisallow: /closed\n\nUser-agent: planledger\nDisallow: /only-for-others\n",
        "/only-for-others/a": PAGE,
        "/closed/a": PAGE,
        "/named": PAGE,
        "/way": reply(status=302, location="/only-for-others/a"),
    }
    manners = Manners(web, 0.0, QUICK)
    assert web.get(f"{site.url}/closed/a", limits=QUICK).body == PAGE  # a group of our own overrides the general one
    assert refusal(web, f"{site.url}/only-for-others/a")[0] == "robots"
    assert refusal(web, f"{site.url}/way")[0] == "robots"
    assert site.paths().count("/robots.txt") == 1 and "/only-for-others/a" not in site.paths()
    manners.allow(f"{site.url}/only-for-others/a")
    assert web.get(f"{site.url}/only-for-others/a", limits=QUICK).body == PAGE


@pytest.mark.parametrize(("status", "is_open"), [(404, True), (403, True), (500, False), (429, False)])
def test_a_host_whose_robots_txt_cannot_be_had(web: Web, site: Any, reply: Reply, status: int, is_open: bool) -> None:
    site.pages |= {"/robots.txt": reply(status=status), "/a": PAGE}
    Manners(web, 0.0, QUICK)
    if is_open:
        assert web.get(f"{site.url}/a", limits=QUICK).body == PAGE
    else:
        assert refusal(web, f"{site.url}/a")[0] == "robots"
        assert "/a" not in site.paths()


def test_robots_txt_that_leads_in_a_circle_of_hosts(web: Web, site: Any, reply: Reply) -> None:
    other = site.url.replace("127.0.0.1", "localhost")
    site.pages |= {
        "/robots.txt": lambda request: reply(
            status=302, location=(site.url if "localhost" in request.headers["Host"] else other) + "/rules"
        )(request),
        "/rules": PAGE,
        "/a": PAGE,
    }
    Manners(web, 0.0, QUICK)
    assert refusal(web, f"{site.url}/a")[0] == "robots"


def test_a_host_is_not_asked_too_often(web: Web, site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site.pages |= {"/robots.txt": b"User-agent: *\nCrawl-delay: 3\n", "/a": PAGE, "/b": PAGE}
    clock, waited = [1000.0], list[float]()

    def sleep(seconds: float) -> None:
        waited.append(round(seconds, 3))
        clock[0] += seconds

    Manners(web, 1.0, QUICK)
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(time, "sleep", sleep)
    for path in ("/a", "/b"):
        web.get(f"{site.url}{path}", limits=QUICK)
    assert waited == [0.0, 3.0, 3.0]
