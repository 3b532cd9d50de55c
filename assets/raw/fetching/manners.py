"""Manners of a robot: robots.txt is obeyed, and no host is asked more often than once in a while."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from protego import Protego

from assets.raw.fetching.web import PAGE, PRODUCT, StatusError, Web, WebLimits, normalised
from assets.raw.problems import ReadError

_LONGEST_DELAY = 60.0
_ROBOTS_BYTES = 500_000


class Manners:
    """Checks and paces the requests of one client, from which it also gets robots.txt.

    `delay` are seconds between two requests to a host; a host's own Crawl-delay counts if it is longer (at most a
    minute). Of a host whose robots.txt cannot be had because of an error nothing is fetched.
    """

    def __init__(self, web: Web, delay: float, limits: WebLimits = PAGE) -> None:
        self._web, self._delay, self._limits = web, delay, limits
        self._rules: dict[str, Protego | None] = {}
        self._last: dict[str, float] = {}
        self._named: set[str] = set()
        web.before_hop = self.before_hop

    def allow(self, url: str) -> None:
        """What a person has named is fetched, whatever is said to robots."""
        self._named.add(normalised(url))

    def before_hop(self, url: str) -> None:
        """Wait until the host may be asked again. Raises ReadError `robots` if the page is closed to robots."""
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        delay = self._delay
        if url not in self._named and not url.endswith("/robots.txt"):
            rules = self._rules_of(origin)
            if rules is None:
                raise ReadError("robots", "The host's robots.txt cannot be had, so nothing of the host is fetched.")
            if not rules.can_fetch(url, PRODUCT):
                raise ReadError("robots", "The host's robots.txt closes the page to robots.")
            delay = max(delay, min(rules.crawl_delay(PRODUCT) or 0.0, _LONGEST_DELAY))
        self._pause(origin, delay)

    def _pause(self, origin: str, delay: float) -> None:
        due = self._last.get(origin, float("-inf")) + delay
        time.sleep(max(0.0, due - time.monotonic()))
        self._last[origin] = time.monotonic()

    def _rules_of(self, origin: str) -> Protego | None:
        if origin not in self._rules:
            self._rules[origin] = None  # should robots.txt lead back to itself by way of another host
            self._rules[origin] = self._fetched_rules(origin)
        return self._rules[origin]

    def _fetched_rules(self, origin: str) -> Protego | None:
        """The rules; none for a host without robots.txt, None if an error keeps it from us."""
        try:
            answer = self._web.get(f"{origin}/robots.txt", limits=self._limits)
        except StatusError as error:
            return Protego.parse("") if 400 <= error.status < 500 else None
        except ReadError:
            return None
        return Protego.parse(answer.body[:_ROBOTS_BYTES].decode("utf-8", "replace"))
