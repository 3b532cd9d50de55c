"""A delivery in the landing area: a folder that appears whole, or not at all, and is never changed after."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from assets.raw.forms import SIDECAR_ENDING
from assets.raw.problems import ReadError

_PARTIAL = ".partial-"
_UNFIT = re.compile(r"[^A-Za-z0-9.-]+")


def remove_leftovers(landing: Path) -> None:
    """Remove what killed processes left; nothing remembers it. Call only while no other process fetches."""
    for folder in landing.glob(f"{_PARTIAL}*"):
        shutil.rmtree(folder, ignore_errors=True)


class Delivery:
    """A batch that is being put together: hidden until `finish`, so that nobody reads half of it."""

    def __init__(self, landing: Path, what: str, moment: datetime) -> None:
        """`what` the batch holds (a host or a folder's name) and the time, UTC, make its name."""
        slug = _UNFIT.sub("-", what).strip("-.")[:60] or "batch"
        stem = name = f"{slug}-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        number = 1
        while (landing / name).exists():
            number += 1
            name = f"{stem}-{number}"
        self.name = name
        self._home = landing / name
        self._partial = landing / f"{_PARTIAL}{name}"

    def put(self, data: bytes, ending: str, meta: Mapping[str, object]) -> str:
        """Add a page under a name made from its content, with a sidecar; return the name."""
        stem = name = hashlib.sha256(data).hexdigest()[:16]
        number = 1
        while (self._partial / f"{name}{ending}").exists():  # the same content at two addresses
            number += 1
            name = f"{stem}-{number}"
        path = self._place(f"{name}{ending}")
        text = json.dumps({k: v for k, v in meta.items() if v}, ensure_ascii=False, indent=1)
        _write(path.with_name(path.name + SIDECAR_ENDING), (text.encode(),))
        _write(path, (data,))
        return path.name

    def copy(self, chunks: Iterable[bytes], path: str) -> str:
        """Add a file under its path relative to the source; return the SHA-256 of its bytes.

        Raises ReadError for a path that would lead elsewhere, and what `chunks` raises; then nothing is added.
        """
        return _write(self._place(path), chunks)

    def discard(self, path: str) -> None:
        """Take out a file again. Raises ReadError for a path that would lead elsewhere."""
        self._place(path).unlink(missing_ok=True)

    def _place(self, path: str) -> Path:
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or any(p == ".." or "\0" in p or "\\" in p for p in parts):
            raise ReadError("outside_source", "The file's path would lead out of the landing area.")
        target = self._partial / path
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def finish(self) -> str | None:
        """Show the batch to everybody and return its name; None if nothing was put into it."""
        found = self._partial.rglob("*")
        if not any(p.is_file() and not p.name.startswith(".") for p in found):
            shutil.rmtree(self._partial, ignore_errors=True)
            return None
        self._partial.rename(self._home)
        return self.name


def _write(path: Path, chunks: Iterable[bytes]) -> str:
    """Write a file under a hidden name first, so that an interruption leaves no half of it to be read."""
    hidden = path.with_name(f".{path.name}.partial")
    digest = hashlib.sha256()
    try:
        with hidden.open("wb") as handle:
            for chunk in chunks:
                digest.update(chunk)
                handle.write(chunk)
        hidden.chmod(0o444)
        hidden.rename(path)
    except BaseException:
        hidden.unlink(missing_ok=True)
        raise
    return digest.hexdigest()
