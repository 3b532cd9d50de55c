"""Sources as they are named on the command line into the files to read."""

from __future__ import annotations

import glob
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from assets.raw.forms import READABLE, SIDECAR_ENDING, form_of
from assets.raw.listing import Entry, local_file, local_folder, remote_file, remote_folder
from assets.raw.problems import Problem

_MAGIC = frozenset("*?[")
_SECRETS = ("x-amz-", "x-goog-", "signature", "sig", "token", "access_token", "api_key", "apikey", "key")


class SourceError(ValueError):
    """A source that cannot be used; the message is one sentence that names it and the mend."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read, or one that cannot be read: then `problem` says why.

    `uri`: path relative to the source's root, or the address. `batch_id`: the delivery, a container's name without
    its endings, else the parent folder's name. `location`: what to open. `byte_size`: None if unknown. `form`: text,
    markdown, html, jsonl, parquet, csv, warc, or unsupported. `compression`: gz, zst or None. `sidecar`: what to
    open for the file's `.meta.json`, None if it has none.
    """

    uri: str
    batch_id: str
    location: str
    byte_size: int | None
    form: str
    compression: str | None = None
    sidecar: str | None = None
    problem: Problem | None = None


def discover(sources: Sequence[str]) -> list[SourceFile]:
    """The files of all sources, each once, sorted by uri, whatever order the sources are named in.

    A source is a file, a folder (searched to its bottom), a glob, or an address (http, https, and what fsspec
    reads). What lies in a source and is not read is in the list too, with its `problem`. Raises SourceError for a
    source that is not there, is empty, may not be read, or holds nothing of a readable form.
    """
    if not sources:
        raise SourceError("No source is named: give a file, a folder, a glob or an address.")
    found: dict[str, SourceFile] = {}
    for files in sorted((_files_of(s) for s in dict.fromkeys(sources)), key=_roots_first):
        for file in files:
            found.setdefault(file.location, file)
    return sorted(_unambiguous(list(found.values())), key=lambda f: (f.uri, f.batch_id, f.location))


def named_by_landing(files: Iterable[SourceFile], landing: Path) -> list[SourceFile]:
    """The files, those in the landing area named by their path in it and belonging to the batch whose folder they
    lie in: so they are the same whether a batch is read by itself or with all others."""
    root = landing.resolve()
    return [_named_by_landing(f, root) if Path(f.location).is_relative_to(root) else f for f in files]


def _named_by_landing(file: SourceFile, root: Path) -> SourceFile:
    path = Path(file.location).relative_to(root)
    batch = path.parts[0] if len(path.parts) > 1 else file.batch_id
    # What is no folder's own but a problem with it ends in a slash.
    uri = path.as_posix() + "/" * file.uri.endswith("/")
    return replace(file, uri=_writable(uri), batch_id=_writable(batch))


def _roots_first(files: list[SourceFile]) -> tuple[int, list[str]]:
    """Of two sources that hold the same file the one with the longer relative paths names it."""
    return -max(f.uri.count("/") for f in files), sorted(f.uri for f in files)


def _files_of(source: str) -> list[SourceFile]:
    if source.startswith("file://"):
        source = unquote(urlsplit(source).path)
    if "://" in source:
        listed = _web(source) if source.startswith(("http://", "https://")) else _remote(source)
    else:
        listed = _local(source)
    if all(f.problem is not None for f in listed):
        raise SourceError(_nothing_readable(source, listed))
    return listed


def _nothing_readable(source: str, listed: list[SourceFile]) -> str:
    if len(listed) == 1 and (problem := listed[0].problem) is not None and problem.reason != "unsupported_type":
        return f"{source} cannot be read: {problem.detail[0].lower()}{problem.detail[1:]}"
    what = "is not of a form that is read" if len(listed) == 1 else "holds no file of a form that is read"
    return f"{source} {what}: give {READABLE}."


def _local(source: str) -> list[SourceFile]:
    path = Path(source).expanduser()
    try:
        if path.is_dir():
            entries = _folder(source, path.resolve())
        elif os.path.lexists(path):
            entries = [_file(path)]
        elif _MAGIC & set(source):
            entries = _glob(source, path)
        else:
            raise SourceError(f"{source} does not exist: check the spelling and the folder you are in.")
    except PermissionError:
        raise SourceError(f"{source} may not be read: give yourself read permission for it.") from None
    return _paired(entries, os.path.lexists)


def _file(path: Path) -> Entry:
    """A file keeps the name it is given, also if it is a link; only its folder is resolved."""
    path = path.parent.resolve() / path.name
    return local_file(path, None, path.name)


def _folder(source: str, root: Path) -> list[Entry]:
    entries = local_folder(root)
    if not entries:
        raise SourceError(f"{source} is a folder without any file to read: put files of {READABLE} into it.")
    return entries


def _glob(source: str, pattern: Path) -> list[Entry]:
    parts = pattern.parts
    fixed = next(i for i, part in enumerate(parts) if _MAGIC & set(part))
    root = Path(*parts[:fixed]).resolve()
    # As in a shell: unlike Path.glob, this leaves hidden files out.
    matches = sorted(glob.glob("/".join(parts[fixed:]), root_dir=root, recursive=True))  # noqa: PTH207
    entries: dict[str, Entry] = {}
    for match in matches:
        path = root / match
        if not path.is_dir() or (path.is_symlink() and not path.resolve().is_relative_to(root)):
            entries[match] = local_file(path, root, match)
        elif "**" not in parts:
            below = (replace(e, path=f"{match}/{e.path}") for e in local_folder(path.resolve()))
            entries |= {e.path: e for e in below}
    if not entries:
        raise SourceError(f"{source} matches no file: check the pattern and the folder you are in.")
    return list(entries.values())


def _web(address: str) -> list[SourceFile]:
    """One page or file on the web; an address without a known ending is taken for a page."""
    parts = urlsplit(address)
    name = PurePosixPath(unquote(parts.path)).name
    form = form_of(name)
    folder = PurePosixPath(unquote(parts.path)).parent.name or parts.hostname or "web"
    batch_id = form.stem if form and form.is_container else folder
    if not parts.hostname:
        raise SourceError(f"{without_secrets(address)} names no host: give the whole address.")
    kind, compression = (form.name, form.compression) if form else ("html", None)
    return [SourceFile(without_secrets(address), batch_id, address, None, kind, compression)]


def without_secrets(address: str) -> str:
    """The address as it may be published: without user, password, and signatures in its query."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    query = parts.query
    kept = [(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if not _is_secret(k)]
    if len(kept) != len(parse_qsl(query, keep_blank_values=True)):
        query = urlencode(kept)
    return urlunsplit((parts.scheme, host, parts.path, query, ""))


def _is_secret(parameter: str) -> bool:
    name = parameter.lower()
    return name in _SECRETS or name.startswith(_SECRETS[:2])


def _remote(address: str) -> list[SourceFile]:
    import fsspec  # late: most runs read local files only

    shown = without_secrets(address)
    try:
        system, path = fsspec.core.url_to_fs(address)
        system.invalidate_cache()  # a process that lives long must see what has been added
        entries = _remote_entries(system, path)
    except ImportError:
        package = _package_for(address.partition("://")[0])
        raise SourceError(f"{shown} needs the package {package}, which is not installed: pip install it.") from None
    except PermissionError:
        raise SourceError(f"{shown} may not be read: give yourself read permission for it.") from None
    except Exception as error:  # each file system has errors of its own
        detail = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        raise SourceError(f"{shown} cannot be reached ({detail}): check the address and your access to it.") from None
    if not entries:
        raise SourceError(f"{shown} holds no file: check the address.")
    return _paired(entries, lambda location: bool(system.exists(location)))


def _package_for(scheme: str) -> str:
    from fsspec.registry import known_implementations

    return str(known_implementations.get(scheme, {}).get("class", scheme)).partition(".")[0]


def _remote_entries(system: Any, path: str) -> list[Entry]:
    if _MAGIC & set(path):
        fixed = path[: min(path.index(c) for c in _MAGIC & set(path))].rpartition("/")[0] + "/"
        found = system.glob(path, detail=True)
        files = {name: details for name, details in found.items() if details.get("type") == "file"}
        shown = {name.removeprefix(fixed): name for name in sorted(files)}
        return [remote_file(system, shown[p], p, files[shown[p]]) for p in shown if not f"/{p}".count("/.")]
    if system.isdir(path):
        return remote_folder(system, path)
    return [remote_file(system, path, PurePosixPath(path).name, system.info(path))]


def _paired(entries: Iterable[Entry], exists: Callable[[str], bool]) -> list[SourceFile]:
    """Source files of entries: sidecars go with their file, one without a file is a problem."""
    listed = {e.path: e for e in entries}
    files = []
    for path, entry in listed.items():
        if not path.endswith(SIDECAR_ENDING):
            sidecar = listed.get(path + SIDECAR_ENDING)
            files.append(_source_file(entry, _sidecar_location(entry, sidecar, exists)))
        elif entry.problem is not None:
            files.append(_source_file(entry, None))
        elif not exists(entry.location.removesuffix(SIDECAR_ENDING)):
            detail = f"The sidecar's file {PurePosixPath(path).name.removesuffix(SIDECAR_ENDING)} is not there."
            files.append(_source_file(replace(entry, problem=Problem("orphan_sidecar", _writable(detail))), None))
    return files


def _sidecar_location(entry: Entry, listed: Entry | None, exists: Callable[[str], bool]) -> str | None:
    if listed is not None:
        return listed.location if listed.problem is None else None
    location = entry.location + SIDECAR_ENDING
    return location if entry.problem is None and exists(location) else None


def _source_file(entry: Entry, sidecar: str | None) -> SourceFile:
    form = form_of(PurePosixPath(entry.path).name)
    folder = PurePosixPath(urlsplit(entry.location).path if "://" in entry.location else entry.location).parent.name
    problem = entry.problem
    if form is None and problem is None:
        problem = Problem("unsupported_type", f"Files of this kind are not read; {READABLE} are.")
    return SourceFile(
        uri=_writable(entry.path),
        batch_id=_writable(form.stem if form and form.is_container else folder or "source"),
        location=entry.location,
        byte_size=entry.byte_size,
        form=form.name if form else "unsupported",
        compression=form.compression if form else None,
        sidecar=sidecar,
        problem=problem,
    )


def _writable(name: str) -> str:
    """A name with bytes that are no UTF-8 written as escapes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _unambiguous(files: list[SourceFile]) -> list[SourceFile]:
    """Files of several sources may share delivery and uri: theirs are lengthened by the folders above."""
    groups: dict[tuple[str, str], list[SourceFile]] = defaultdict(list)
    for file in files:
        groups[file.batch_id, file.uri].append(file)
    return [f for group in groups.values() for f in (group if len(group) == 1 else _lengthened(group))]


def _lengthened(group: list[SourceFile]) -> list[SourceFile]:
    paths = [PurePosixPath(f.location).parts for f in group]
    size = group[0].uri.count("/") + 1
    while len({parts[-size:] for parts in paths}) < len(group):
        size += 1
    return [replace(f, uri=_writable("/".join(parts[-size:]))) for f, parts in zip(group, paths, strict=True)]
