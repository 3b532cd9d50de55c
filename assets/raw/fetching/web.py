"""Getting a page or file from the web: bounded in size and time, each hop of a redirect checked."""

from __future__ import annotations

import email.utils
import io
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

import httpcore
import httpx

from assets.raw.bodies import READ, unpacked
from assets.raw.fetching.network import CheckedNetwork, Deadline
from assets.raw.problems import LIMITS, ReadError
from warehouse import __version__

PRODUCT = "planledger"
AGENT = f"{PRODUCT}/{__version__} (research dataset on announced economic plans)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRANSIENT = frozenset({429, 500, 502, 503, 504})
_UNREACHABLE = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, ssl.SSLError, OSError)


@dataclass(frozen=True, slots=True)
class WebLimits:
    """Bounds of one request: size of the body in bytes once unpacked, seconds in all and for one step, redirects,
    attempts, seconds before the second attempt (doubled each time), and the longest wait a server may ask for."""

    body_bytes: int = LIMITS.document_bytes
    seconds: float = 120.0
    step_seconds: float = 20.0
    redirects: int = 5
    attempts: int = 4
    backoff_seconds: float = 2.0
    longest_wait: float = 60.0


PAGE = WebLimits()
# A named data file may be large; nothing of it is held in memory.
FILE = WebLimits(body_bytes=20_000_000_000, seconds=6 * 3600.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: 200 with a body (empty if it was written elsewhere), or 304 without one."""

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters; empty if none was sent."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


Check = Callable[[str], None]


def _anything(url: str) -> None:
    """Allows every address."""


class Web:
    """A client. `before_hop` is called with each address before it is asked, and raises ReadError to forbid it."""

    def __init__(self, *, allow_private: bool = False, before_hop: Check = _anything) -> None:
        self._network = CheckedNetwork(allow_private=allow_private)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=4,
            max_keepalive_connections=4,
            keepalive_expiry=15.0,
            network_backend=self._network,
        )
        self.before_hop = before_hop

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def get(self, url: str, *, known: Mapping[str, str] | None = None, limits: WebLimits = PAGE) -> Answer:
        """The page at an http or https address, its body unpacked.

        `known` are validators of the copy at hand (`etag`, `last_modified`): the answer may then be a 304. Raises
        ReadError with one sentence for everything else that is no 200.
        """
        body = io.BytesIO()
        answer = self.get_into(body, url, known=known, limits=limits)
        return Answer(answer.url, answer.final_url, answer.status, answer.headers, body.getvalue())

    def get_into(
        self,
        sink: IO[bytes],
        url: str,
        *,
        known: Mapping[str, str] | None = None,
        limits: WebLimits = PAGE,
        unpack: bool = True,
    ) -> Answer:
        """As `get`, with the body written to `sink`; without `unpack` as it was sent."""
        deadline = Deadline(time.monotonic() + limits.seconds)
        headers = {"User-Agent": AGENT, "Accept-Encoding": READ if unpack else "identity", "Accept": "*/*"}
        for name, header in (("etag", "If-None-Match"), ("last_modified", "If-Modified-Since")):
            if known and known.get(name):
                headers[header] = known[name]
        request = _Request(_address(url), headers, limits, deadline, unpack)
        return self._persistent(sink, request)

    def _persistent(self, sink: IO[bytes], request: _Request) -> Answer:
        limits = request.limits
        wait = limits.backoff_seconds
        for attempt in range(1, limits.attempts + 1):
            sink.seek(0)
            sink.truncate()
            try:
                return self._followed(sink, request)
            except _PassingError as passing:
                asked = passing.wait if passing.wait is not None else wait
                over = time.monotonic() + asked >= request.deadline.at
                if attempt == limits.attempts or over or asked > limits.longest_wait:
                    raise ReadError("unreadable", passing.sentence(asked, limits, attempt)) from None
                time.sleep(asked)
                wait *= 2
        raise AssertionError("a request is tried once or more")

    def _followed(self, sink: IO[bytes], request: _Request) -> Answer:
        current, seen, limits = request.url, set[str](), request.limits
        while True:
            if str(current) in seen:
                raise ReadError("unreadable", "The server redirects in a circle.")
            if len(seen) > limits.redirects:
                raise ReadError("unreadable", f"The server redirects more than {limits.redirects} times.")
            seen.add(str(current))
            self._check(str(current), request.deadline)
            with self._asked(current, request.headers, limits) as answer:
                found = _headers(answer)
                if answer.status in _REDIRECTS and "location" in found:
                    current = _address(found["location"], current)
                    continue
                _refuse(
                    answer.status,
                    found,
                    conditional=bool({"If-None-Match", "If-Modified-Since"} & set(request.headers)),
                )
                if answer.status == 200:
                    _store(sink, answer, found, limits, request.unpack)
            return Answer(str(request.url), str(current), answer.status, found)

    def _check(self, url: str, deadline: Deadline) -> None:
        """Have the hop checked; the time the check waits is not the request's."""
        began = time.monotonic()
        self.before_hop(url)
        deadline.at += time.monotonic() - began
        self._network.deadline.at = deadline.at

    @contextmanager
    def _asked(self, url: httpx.URL, headers: dict[str, str], limits: WebLimits) -> Iterator[httpcore.Response]:
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        sent = [(b"Host", url.netloc), *((k.encode(), v.encode("latin-1", "replace")) for k, v in headers.items())]
        steps = dict.fromkeys(("connect", "read", "write", "pool"), limits.step_seconds)
        try:
            with self._pool.stream("GET", target, headers=sent, extensions={"timeout": steps}) as answer:
                yield answer
        except ReadError:
            raise
        except httpcore.TimeoutException:
            raise _PassingError("The server takes too long to answer") from None
        except ssl.SSLCertVerificationError:
            raise ReadError("unreadable", "The server's certificate does not hold.") from None
        except httpcore.ConnectError as error:
            if "CERTIFICATE" in str(error).upper():
                raise ReadError("unreadable", "The server's certificate does not hold.") from None
            raise _PassingError("The server cannot be reached") from None
        except httpcore.RemoteProtocolError:
            raise _PassingError("The answer is cut off or is no HTTP") from None
        except _UNREACHABLE:
            raise _PassingError("The connection to the server breaks off") from None


@dataclass(frozen=True, slots=True)
class _Request:
    url: httpx.URL
    headers: dict[str, str]
    limits: WebLimits
    deadline: Deadline
    unpack: bool


class StatusError(ReadError):
    """A server's answer with a status that will not pass."""

    def __init__(self, status: int) -> None:
        super().__init__("unreadable", f"The server answers with status {status}.")
        self.status = status


class _PassingError(Exception):
    """A failure that may pass; `wait` is how many seconds the server asks to wait, if it does."""

    def __init__(self, what: str, wait: float | None = None) -> None:
        super().__init__(what)
        self._what, self.wait = what, wait

    def sentence(self, asked: float, limits: WebLimits, attempts: int) -> str:
        if self.wait is not None and asked > limits.longest_wait:
            return f"{self._what} and asks to wait {asked:.0f} seconds; run again then."
        return f"{self._what}, also on attempt {attempts}." if attempts > 1 else f"{self._what}."


def _address(text: str, base: httpx.URL | None = None) -> httpx.URL:
    """The address, without fragment, user and password. Raises ReadError if it is none of http or https."""
    try:
        url = base.join(text) if base else httpx.URL(text)
        url = url.copy_with(fragment=None, username=None, password=None)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise ReadError("forbidden_address", "The address is not valid.") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise ReadError("forbidden_address", f"Only http and https addresses are fetched, not {url.scheme[:20]!r}.")
    return url


def normalised(url: str) -> str:
    """The address as it is asked for: without fragment, user and password. Raises ReadError if it is no web address."""
    return str(_address(url))


def _headers(answer: httpcore.Response) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}


def _refuse(status: int, headers: Mapping[str, str], *, conditional: bool) -> None:
    if status == 200 or (status == 304 and conditional):
        return
    if status in _TRANSIENT:
        raise _PassingError(f"The server answers with status {status}", _retry_after(headers.get("retry-after")))
    raise StatusError(status)


def _retry_after(value: str | None) -> float | None:
    """Seconds a server asks to wait, given as a number or as a date."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value.strip()[:9])
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _store(
    sink: IO[bytes], answer: httpcore.Response, headers: Mapping[str, str], limits: WebLimits, unpack: bool
) -> None:
    stated = headers.get("content-length", "")
    if stated.isdigit() and int(stated[:18]) > limits.body_bytes:
        raise ReadError("too_large", f"The answer is larger than {limits.body_bytes:,} bytes.")
    coding = headers.get("content-encoding", "") if unpack else ""
    for piece in unpacked(answer.iter_stream(), coding, limits.body_bytes):
        sink.write(piece)
