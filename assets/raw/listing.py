"""What lies in a folder, local or remote: files to read, and what stands in the way of reading others."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from assets.raw.problems import Problem

IGNORE_FILE = ".planledgerignore"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file found: its path relative to the source's root (with slashes), what to open, its size in bytes (None if
    unknown), and why it is not read (None if it is)."""

    path: str
    location: str
    byte_size: int | None = None
    problem: Problem | None = None


def ignored_by(lines: Iterable[str]) -> Callable[[str, bool], bool]:
    """The test a `.planledgerignore` makes of a relative path and whether it is a folder's.

    A line is an fnmatch pattern for a name at any depth, or for the path from the root if it holds a slash; one
    with a slash at its end is for folders only. Lines that begin with # are comments.
    """
    patterns = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]

    def is_ignored(path: str, is_folder: bool) -> bool:
        return any(_matches(pattern, path, is_folder) for pattern in patterns)

    return is_ignored


def _matches(pattern: str, path: str, is_folder: bool) -> bool:
    if pattern.endswith("/") and not is_folder:
        return False
    pattern = pattern.rstrip("/")
    subject = path if "/" in pattern else path.rpartition("/")[2]
    return fnmatchcase(subject, pattern.lstrip("/"))


def local_file(path: Path, root: Path | None, shown: str) -> Entry:
    """One file, `shown` under that relative path; a symbolic link must not lead out of `root`."""
    location = str(path)
    if root is not None and path.is_symlink() and not path.resolve().is_relative_to(root):
        detail = "The symbolic link leads out of the source folder; name its target as a source if it is one."
        return Entry(shown, location, None, Problem("outside_source", detail))
    try:
        status = path.stat()
    except PermissionError:
        return _not_permitted(shown, location)
    except OSError:
        return Entry(shown, location, None, Problem("unreadable", "The symbolic link leads nowhere."))
    if not stat.S_ISREG(status.st_mode):
        return Entry(shown, location, None, Problem("unreadable", "It is no regular file."))
    if not os.access(path, os.R_OK):
        return _not_permitted(shown, location, status.st_size)
    return Entry(shown, location, status.st_size)


def _not_permitted(shown: str, location: str, byte_size: int | None = None) -> Entry:
    detail = "The file may not be read: permission is missing."
    return Entry(shown, location, byte_size, Problem("not_permitted", detail))


def local_folder(root: Path) -> list[Entry]:
    """Every file below a resolved folder, sorted by path, without hidden and ignored ones. Links to folders inside
    are not followed, as their target is walked itself. Raises OSError if the root cannot be listed."""
    ignore_file = root / IGNORE_FILE
    lines = ignore_file.read_text(encoding="utf-8", errors="replace").splitlines() if ignore_file.is_file() else []
    return sorted(_walk(root, root, ignored_by(lines)), key=lambda e: e.path)


def _walk(folder: Path, root: Path, is_ignored: Callable[[str, bool], bool]) -> Iterator[Entry]:
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        if folder == root:
            raise
        detail = "The folder may not be listed, so nothing in it is read."
        yield Entry(f"{folder.relative_to(root).as_posix()}/", str(folder), None, Problem("not_permitted", detail))
        return
    for path in paths:
        shown = path.relative_to(root).as_posix()
        is_folder = path.is_dir()
        if path.name.startswith(".") or is_ignored(shown, is_folder):
            continue
        if not is_folder or (path.is_symlink() and not path.resolve().is_relative_to(root)):
            yield local_file(path, root, shown)
        elif not path.is_symlink():
            yield from _walk(path, root, is_ignored)


def remote_folder(system: Any, root: str) -> list[Entry]:
    """Every file below a folder of an fsspec file system, sorted by path, without hidden and ignored ones."""
    found: dict[str, dict[str, Any]] = system.find(root, detail=True)
    prefix = root.rstrip("/") + "/"
    ignore_file = prefix + IGNORE_FILE
    lines = system.cat_file(ignore_file).decode("utf-8", "replace").splitlines() if ignore_file in found else []
    is_ignored = ignored_by(lines)
    entries = [
        remote_file(system, name, name.removeprefix(prefix), details)
        for name, details in found.items()
        if not _is_left_out(name.removeprefix(prefix), is_ignored)
    ]
    return sorted(entries, key=lambda e: e.path)


def remote_file(system: Any, name: str, shown: str, details: dict[str, Any]) -> Entry:
    """One file of an fsspec file system, `shown` under that relative path."""
    size = details.get("size")
    return Entry(shown, str(system.unstrip_protocol(name)), size if isinstance(size, int) else None)


def _is_left_out(path: str, is_ignored: Callable[[str, bool], bool]) -> bool:
    parts = path.split("/")
    folders = ("/".join(parts[:n]) for n in range(1, len(parts)))
    return any(p.startswith(".") for p in parts) or any(is_ignored(f, True) for f in folders) or is_ignored(path, False)
