"""What was fetched when: the memory that lets a second visit take only what has changed."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

FILE_NAME = ".visits.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS pages (
    url TEXT PRIMARY KEY, digest TEXT NOT NULL, etag TEXT, last_modified TEXT, listed_as TEXT, batch TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS files (
    source TEXT NOT NULL, path TEXT NOT NULL, digest TEXT NOT NULL, batch TEXT NOT NULL, PRIMARY KEY (source, path)
);
"""


class LandingBusyError(ValueError):
    """Another process is fetching into the same landing area, or its memory cannot be opened."""


@dataclass(frozen=True, slots=True)
class Visit:
    """The last copy of a page: a digest that tells whether it has changed, the validators its server gave, the last
    change its sitemap stated, and the batch that holds the copy."""

    digest: str
    etag: str | None
    last_modified: str | None
    listed_as: str | None
    batch: str

    @property
    def validators(self) -> dict[str, str]:
        """What to ask with whether the page has changed."""
        return {k: v for k, v in (("etag", self.etag), ("last_modified", self.last_modified)) if v}


class Visits:
    """The visits of a landing area, in a file there. One process at a time: what it adds counts once it commits."""

    def __init__(self, landing: Path) -> None:
        """Open the memory and keep others out. Raises LandingBusyError, with one sentence."""
        path = landing / FILE_NAME
        try:
            landing.mkdir(parents=True, exist_ok=True)
            self._con = sqlite3.connect(path, timeout=0.2, isolation_level=None)
            self._con.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._con.execute("BEGIN EXCLUSIVE")
            for statement in _TABLES.split(";"):
                self._con.execute(statement)
            self.commit()
        except OSError as error:
            raise LandingBusyError(f"cannot write to {landing}: {error.strerror}; choose another --data") from None
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise LandingBusyError(f"{path} cannot be opened ({error}); check the folder's permissions") from None
            raise LandingBusyError(f"another process is fetching into {landing}; wait for it to end") from None
        except sqlite3.DatabaseError:
            raise LandingBusyError(f"{path} is no memory of visits; move it away and run again") from None

    def close(self) -> None:
        """Forget what was not committed, and let others in."""
        self._con.close()

    def commit(self) -> None:
        """What was added counts from now on."""
        self._con.execute("COMMIT")
        self._con.execute("BEGIN EXCLUSIVE")

    def page(self, url: str) -> Visit | None:
        """The last visit to a page."""
        row = self._con.execute(
            "SELECT digest, etag, last_modified, listed_as, batch FROM pages WHERE url = ?", [url]
        ).fetchone()
        return Visit(*row) if row else None

    def remember_page(self, url: str, visit: Visit) -> None:
        """Enter a visit in place of the one before."""
        values = [url, visit.digest, visit.etag, visit.last_modified, visit.listed_as, visit.batch]
        self._con.execute("REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?)", values)

    def file(self, source: str, path: str) -> str | None:
        """Digest of the copy of a source's file, None if there is none."""
        row = self._con.execute("SELECT digest FROM files WHERE source = ? AND path = ?", [source, path]).fetchone()
        return row[0] if row else None

    def remember_file(self, source: str, path: str, digest: str, batch: str) -> None:
        """Enter a copy in place of the one before."""
        self._con.execute("REPLACE INTO files VALUES (?, ?, ?, ?)", [source, path, digest, batch])
