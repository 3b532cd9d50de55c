"""Connections to hosts on the public network only: every address a name stands for is checked, and the connection is
made to the address that was checked, so that a name cannot change its meaning in between."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass

import httpcore

from assets.raw.problems import ReadError

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass
class Deadline:
    """The moment by which a request must be done; `at` is on the monotonic clock, in seconds."""

    at: float = float("inf")

    def left(self, timeout: float | None) -> float:
        """Seconds until the deadline, at most `timeout`. Raises httpcore.ReadTimeout if none is left."""
        seconds = self.at - time.monotonic()
        if seconds <= 0:
            raise httpcore.ReadTimeout("the time for the request is over")
        return min(seconds, timeout) if timeout is not None else seconds


def is_public(address: str) -> bool:
    """Is the IP address one of the public internet, and not of a private, local or reserved network?

    An IPv4 address inside an IPv6 one counts as itself.
    """
    found = _innermost(ipaddress.ip_address(address.partition("%")[0]))
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def _innermost(address: _Address) -> _Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)


def addresses_of(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The IP addresses of a host. Raises ReadError `forbidden_address` if any of them is not public, unless private
    ones are allowed, and `unreadable` for a name that is not known."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ReadError("unreadable", f"The host {host} is not known.") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private and not all(is_public(a) for a in addresses):
        detail = f"The host {host} lies in a private or reserved network"
        raise ReadError("forbidden_address", f"{detail}; PLANLEDGER_ALLOW_PRIVATE_NETWORKS=1 allows that.")
    return addresses


class CheckedNetwork(httpcore.NetworkBackend):
    """Connects to checked addresses only, and lets nothing take longer than the deadline."""

    def __init__(self, *, allow_private: bool) -> None:
        self.deadline = Deadline()
        self._allow_private = allow_private
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's addresses that answers."""
        error: Exception = httpcore.ConnectError(host)
        for address in addresses_of(host, port, allow_private=self._allow_private)[:4]:
            try:
                left = self.deadline.left(timeout)
                stream = self._sockets.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
            else:
                return _Timed(stream, self.deadline)
        raise error


class _Timed(httpcore.NetworkStream):
    """A connection on which every step ends by the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
