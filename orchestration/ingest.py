"""Fetching into the landing area: the pages of feeds and sitemaps, and copies of files and folders.

Only what is new or has changed lands; every named source makes one batch of it, which the raw stage then reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from assets.raw.fetching.delivery import Delivery, remove_leftovers
from assets.raw.fetching.feeds import LISTING_BYTES, Link, Listing, each_once, listing_of
from assets.raw.fetching.manners import Manners
from assets.raw.fetching.sameness import digest_of
from assets.raw.fetching.visits import Visit, Visits
from assets.raw.fetching.web import PAGE, Answer, Web, WebLimits, normalised
from assets.raw.forms import SIDECAR_ENDING, form_of
from assets.raw.problems import ReadError
from assets.raw.sources import SourceError, SourceFile, discover, without_secrets
from assets.raw.streams import CHUNK, opened
from orchestration.progress import Reporter, SilentReporter
from warehouse.settings import Settings

MAX_PAGES = 50_000  # of one source in one go
MAX_SITEMAPS = 500
_ENDING_OF_TYPE = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
}
_UNSURE_TYPES = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/gzip", "text/csv"})


@dataclass(frozen=True)
class Failure:
    """A page or file that was not fetched: where it is, a reason code, and one sentence."""

    address: str
    reason: str
    detail: str


@dataclass
class SourceReport:
    """What came of one source: the batch it filled (None if nothing is new), how many pages or files it names, of
    these new, changed, unchanged and left out for a limit, what failed, and in a dry run what would be fetched."""

    source: str
    batch: str | None = None
    found: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: int = 0
    failed: list[Failure] = field(default_factory=list)
    would_fetch: list[str] = field(default_factory=list)
    unusable: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The report for machines."""
        return asdict(self)


class Ingest:
    """Fetches sources into the landing area of the settings; `limit` is the most pages or files to take of each."""

    def __init__(
        self,
        settings: Settings,
        reporter: Reporter | None = None,
        *,
        limit: int | None = None,
        limits: WebLimits = PAGE,
    ) -> None:
        self._settings, self._reporter, self._limits = settings, reporter or SilentReporter(), limits
        self._limit = min(limit if limit is not None else MAX_PAGES, MAX_PAGES)
        self._web = Web(allow_private=settings.allow_private_networks)
        self._manners = Manners(self._web, settings.host_delay, limits)

    def run(self, sources: Sequence[str], *, dry_run: bool = False) -> list[SourceReport]:
        """Fetch what is new in the sources, in order; one that cannot be used does not keep the others back.

        A dry run fetches feeds and sitemaps only, and writes nothing. Raises LandingBusyError if another process is
        fetching.
        """
        try:
            if dry_run:
                return [self._listed(source) for source in dict.fromkeys(sources)]
            visits = Visits(self._settings.landing)
            try:
                remove_leftovers(self._settings.landing)
                return [self._fetched(source, visits) for source in dict.fromkeys(sources)]
            finally:
                visits.close()
        finally:
            self._web.close()

    def _listed(self, source: str) -> SourceReport:
        """What a source would bring."""
        report = SourceReport(source)
        with _reported(report):
            listing, answer = self._listing(source, report)
            if listing is not None:
                report.would_fetch = [link.url for link in self._chosen(listing, report)]
            elif answer is not None:
                report.found, report.would_fetch = 1, [answer.url]
            else:
                report.would_fetch = [f.uri for f in self._files(source, report)]
        return report

    def _fetched(self, source: str, visits: Visits) -> SourceReport:
        report = SourceReport(source)
        with _reported(report):
            listing, answer = self._listing(source, report)
            delivery = Delivery(self._settings.landing, _name_of(source), datetime.now(UTC))
            try:
                if listing is not None:
                    self._pages(source, listing, delivery, visits, report)
                elif answer is not None:
                    report.found = 1
                    self._land(Link(answer.url), answer, {}, delivery, visits, report)
                else:
                    self._copies(source, delivery, visits, report)
            finally:  # what was fetched before an interruption is kept
                report.batch = delivery.finish()
                visits.commit()
        return report

    def _listing(self, source: str, report: SourceReport) -> tuple[Listing | None, Answer | None]:
        """What a source names if it is a feed or sitemap; else the page, or neither for files and folders."""
        if source.startswith(("http://", "https://")) and not _is_data_file(source):
            self._manners.allow(source)
            answer = self._web.get(source, limits=self._sized(LISTING_BYTES))
            listing = listing_of(answer.body, answer.final_url)
            return (self._with_children(listing, report), None) if listing else (None, answer)
        path = Path(source).expanduser()
        if "://" in source or not path.is_file() or path.stat().st_size > LISTING_BYTES or form_of(path.name):
            return None, None
        listing = listing_of(path.read_bytes(), path.resolve().as_uri())
        return (self._with_children(listing, report) if listing else None), None

    def _sized(self, size: int) -> WebLimits:
        """The limits with a body of at least that many bytes."""
        values = {name: getattr(self._limits, name) for name in WebLimits.__slots__}
        return WebLimits(**{**values, "body_bytes": max(size, self._limits.body_bytes)})

    def _with_children(self, listing: Listing, report: SourceReport) -> Listing:
        """The listing with what its sitemaps name, and theirs; each is fetched once, and not too many."""
        links, waiting, seen = list(listing.links), list(listing.children), set[str]()
        while waiting and len(links) < MAX_PAGES:
            address = waiting.pop(0)
            if address in seen:
                continue
            if len(seen) >= MAX_SITEMAPS:
                detail = f"The source names more than {MAX_SITEMAPS} sitemaps; the rest is not read."
                report.failed.append(Failure(address, "too_large", detail))
                break
            seen.add(address)
            try:
                child = listing_of(self._web.get(address, limits=self._sized(LISTING_BYTES)).body, address)
            except ReadError as error:
                report.failed.append(Failure(address, error.problem.reason, error.problem.detail))
                continue
            if child is None:
                detail = "The address of a sitemap leads to none."
                report.failed.append(Failure(address, "not_what_ending_says", detail))
                continue
            links += child.links
            waiting += child.children
        return Listing(listing.title, each_once(links))

    def _chosen(self, listing: Listing, report: SourceReport) -> list[Link]:
        report.found = len(listing.links)
        report.left_out = max(0, report.found - self._limit)
        return listing.links[: self._limit]

    def _pages(self, source: str, listing: Listing, delivery: Delivery, visits: Visits, report: SourceReport) -> None:
        links = self._chosen(listing, report)
        self._reporter.step(without_secrets(source), len(links))
        feed = {"feed": without_secrets(source), "feed_title": listing.title}
        for link in links:
            try:
                self._page(link, feed, delivery, visits, report)
            except ReadError as error:
                report.failed.append(Failure(link.url, error.problem.reason, error.problem.detail))
            self._reporter.advance()

    def _page(
        self, link: Link, feed: Mapping[str, object], delivery: Delivery, visits: Visits, report: SourceReport
    ) -> None:
        last = visits.page(normalised(link.url))
        if last is not None and link.modified is not None and link.modified == last.listed_as:
            report.unchanged += 1  # the sitemap itself says that nothing has changed
            return
        answer = self._web.get(link.url, known=last.validators if last else None, limits=self._limits)
        self._land(link, answer, feed, delivery, visits, report)

    def _land(
        self,
        link: Link,
        answer: Answer,
        feed: Mapping[str, object],
        delivery: Delivery,
        visits: Visits,
        report: SourceReport,
    ) -> None:
        """Put a page into the batch, unless the last copy is the same."""
        url = answer.url
        last = visits.page(url)
        same = answer.status == 304
        digest = last.digest if last and same else digest_of(answer.body, answer.content_type)
        if last is not None and last.digest == digest:
            report.unchanged += 1
            batch = last.batch
        else:
            delivery.put(answer.body, _ending_of(answer), {**_stated(link, answer), **feed})
            report.changed += last is not None
            report.new += last is None
            batch = delivery.name
        etag = answer.headers.get("etag") or (last.etag if last and same else None)
        modified = answer.headers.get("last-modified") or (last.last_modified if last and same else None)
        visits.remember_page(url, Visit(digest, etag, modified, link.modified, batch))

    def _files(self, source: str, report: SourceReport) -> list[SourceFile]:
        files = discover([source])
        for file in files:
            if file.problem is not None:
                report.failed.append(Failure(file.uri, file.problem.reason, file.problem.detail))
        readable = [f for f in files if f.problem is None]
        report.found = len(readable)
        report.left_out = max(0, len(readable) - self._limit)
        return readable[: self._limit]

    def _copies(self, source: str, delivery: Delivery, visits: Visits, report: SourceReport) -> None:
        files = self._files(source, report)
        root = source if "://" in source else str(Path(source).expanduser().resolve())
        self._reporter.step(without_secrets(source), len(files))
        for file in files:
            try:
                _copy(file, root, delivery, visits, report)
            except ReadError as error:
                report.failed.append(Failure(file.uri, error.problem.reason, error.problem.detail))
            self._reporter.advance()


@contextmanager
def _reported(report: SourceReport) -> Iterator[None]:
    """A source that cannot be used at all is a failure of the report."""
    try:
        yield
    except ReadError as error:
        report.unusable = True
        report.failed.append(Failure(without_secrets(report.source), error.problem.reason, error.problem.detail))
    except SourceError as error:
        report.unusable = True
        report.failed.append(Failure(without_secrets(report.source), "unreadable", f"{error}"))


def _copy(file: SourceFile, root: str, delivery: Delivery, visits: Visits, report: SourceReport) -> None:
    """Copy a file with its sidecar, unless the last copy is the same."""
    path = PurePosixPath(urlsplit(file.uri).path).name if "://" in file.uri else file.uri
    places = {path: file.location}
    if file.sidecar is not None:
        places = {path + SIDECAR_ENDING: file.sidecar, **places}
    try:
        digest = " ".join(delivery.copy(_chunks(location), place) for place, location in places.items())
    except ReadError:
        _discard(delivery, places)
        raise
    known = visits.file(root, path)
    if known == digest:
        report.unchanged += 1
        _discard(delivery, places)
        return
    report.changed += known is not None
    report.new += known is None
    visits.remember_file(root, path, digest, delivery.name)


def _discard(delivery: Delivery, places: Mapping[str, str]) -> None:
    for place in places:
        with suppress(ReadError):
            delivery.discard(place)


def _chunks(location: str) -> Iterator[bytes]:
    with opened(location) as raw:
        yield from iter(partial(raw.read, CHUNK), b"")


def _stated(link: Link, answer: Answer) -> dict[str, object]:
    """The sidecar of a page: where and when it was fetched, and what feed and server say about it."""
    return {
        "url": link.url,
        "final_url": answer.final_url if answer.final_url != link.url else None,
        "retrieved_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "title": link.title,
        "published": link.published,
        "modified": link.modified,
        "content_type": answer.headers.get("content-type"),
        "etag": answer.headers.get("etag"),
        "last_modified": answer.headers.get("last-modified"),
    }


def _ending_of(answer: Answer) -> str:
    """The ending to save the answer under. Raises ReadError if it is of a kind that is not read."""
    ending = _ENDING_OF_TYPE.get(answer.content_type)
    name = PurePosixPath(unquote(urlsplit(answer.final_url).path)).name
    form = form_of(name)
    if form is not None and (ending is None or form.is_container):
        return name.removeprefix(form.stem).lower()
    if ending is None and answer.content_type in _UNSURE_TYPES and b"<html" in answer.body[:2000].lower():
        return ".html"
    if ending is None:
        kind = answer.content_type or "no stated type"
        raise ReadError("unsupported_type", f"The page is of a kind that is not read ({kind[:60]}).")
    return ending


def _is_data_file(address: str) -> bool:
    """Does the address name a file of records? Such a file may be large, and is copied as it is."""
    form = form_of(PurePosixPath(unquote(urlsplit(address).path)).name)
    return form is not None and form.is_container


def _name_of(source: str) -> str:
    """What a batch is named after: the host of a feed, the name of a file or folder."""
    if source.startswith(("http://", "https://")):
        return urlsplit(source).hostname or "web"
    name = PurePosixPath(source.rstrip("/")).name if "://" in source else Path(source).expanduser().resolve().name
    form = form_of(name)
    return form.stem if form else name


def listed_feeds(settings: Settings) -> list[str]:
    """The sources to fetch every day: those of PLANLEDGER_FEEDS and of feeds.txt in the data folder (one a line,
    lines that begin with # are comments)."""
    lines = []
    if settings.feeds_file.is_file():
        lines = settings.feeds_file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    listed = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return list(dict.fromkeys([*settings.feeds.split(), *listed]))
