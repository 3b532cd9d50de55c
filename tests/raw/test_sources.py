from __future__ import annotations

import itertools
import os
from pathlib import Path

import fsspec
import pytest

from assets.raw.listing import ignored_by
from assets.raw.sources import SourceError, SourceFile, discover, named_by_landing


def put(root: Path, *names: str, text: str = "The plan was met.") -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def problems(files: list[SourceFile]) -> dict[str, str]:
    return {f.uri: f.problem.reason for f in files if f.problem}


def keys(files: list[SourceFile]) -> list[tuple[str, str]]:
    return [(f.batch_id, f.uri) for f in files]


def test_folder_is_searched_to_its_bottom_and_sorted(tmp_path: Path) -> None:
    root = put(tmp_path / "delivery", "b.txt", "a.md", "2024/june/c.html", "2024/d.jsonl.gz", "e.PARQUET")
    files = discover([str(root)])
    assert [f.uri for f in files] == ["2024/d.jsonl.gz", "2024/june/c.html", "a.md", "b.txt", "e.PARQUET"]
    assert [f.batch_id for f in files] == ["d", "june", "delivery", "delivery", "e"]
    assert [f.form for f in files] == ["jsonl", "html", "markdown", "text", "parquet"]
    assert [f.compression for f in files] == ["gz", None, None, None, None]
    assert all(f.byte_size == 17 and Path(f.location).is_absolute() for f in files)


def test_names_do_not_depend_on_how_the_source_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = put(tmp_path / "delivery", "a.txt", "b.csv.zst")
    expected = [("delivery", "a.txt"), ("b", "b.csv.zst")]
    monkeypatch.chdir(root)
    (tmp_path / "link").symlink_to(root)
    ways = [[str(root)], ["."], ["../delivery/"], [str(tmp_path / "link")], [f"file://{root}"], ["*"], ["*.txt", "b.*"]]
    for way in ways:
        assert keys(discover(way)) == expected, way


def test_order_and_repetition_of_sources_do_not_matter(tmp_path: Path) -> None:
    put(tmp_path, "one/a.txt", "one/sub/b.txt", "two/c.jsonl")
    sources = [str(tmp_path / "one"), str(tmp_path / "one/sub/b.txt"), str(tmp_path / "two"), str(tmp_path / "two")]
    results = {tuple(discover(list(order))) for order in itertools.permutations(sources)}
    assert len(results) == 1
    assert keys(list(results.pop())) == [("one", "a.txt"), ("c", "c.jsonl"), ("sub", "sub/b.txt")]


def test_glob_takes_paths_relative_to_its_fixed_part(tmp_path: Path) -> None:
    put(tmp_path, "in/2023/a.txt", "in/2024/b.txt", "in/2024/c.jsonl")
    assert keys(discover([str(tmp_path / "in/*/*.txt")])) == [("2023", "2023/a.txt"), ("2024", "2024/b.txt")]
    assert keys(discover([str(tmp_path / "in/**/*.jsonl")])) == [("c", "2024/c.jsonl")]
    assert keys(discover([str(tmp_path / "in/*4")])) == [("2024", "2024/b.txt"), ("c", "2024/c.jsonl")]


def test_file_whose_name_looks_like_a_pattern(tmp_path: Path) -> None:
    put(tmp_path, "plan [draft].txt")
    assert [f.uri for f in discover([str(tmp_path / "plan [draft].txt")])] == ["plan [draft].txt"]


def test_equal_names_of_two_sources_are_told_apart(tmp_path: Path) -> None:
    put(tmp_path, "north/2024/a.txt", "south/2024/a.txt")
    files = discover([str(tmp_path / "north/2024"), str(tmp_path / "south/2024")])
    assert keys(files) == [("2024", "north/2024/a.txt"), ("2024", "south/2024/a.txt")]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("nowhere", "does not exist"),
        ("nowhere/*.txt", "matches no file"),
        ("empty", "without any file"),
        ("pictures", "no file of a form that is read"),
        ("pictures/a.png", "not of a form that is read"),
        ("bogus://host/a.txt", "cannot be reached"),
        ("https://", "names no host"),
        ("gs://bucket/a.txt", "needs the package gcsfs"),
    ],
)
def test_unusable_sources_are_named_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    put(tmp_path, "pictures/a.png", "pictures/b.png")
    with pytest.raises(SourceError) as caught:
        discover([source])
    message = str(caught.value)
    assert message.startswith(source) and says in message
    assert message.count("\n") == 0 and len(message) < 300


def test_no_source_at_all() -> None:
    with pytest.raises(SourceError, match="No source"):
        discover([])


def test_hidden_and_ignored_files_are_left_out(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", ".hidden.txt", ".git/b.txt", "gold/c.txt", "sub/gold/d.txt", "sub/README.md", "sub/e.txt")
    put(tmp_path, "sub/f-draft.txt", "top/g.txt", "sub/top/h.txt")
    (tmp_path / ".planledgerignore").write_text("# notes\ngold/\n\nREADME.md\n*-draft.*\n/top/\n")
    assert [f.uri for f in discover([str(tmp_path)])] == ["a.txt", "sub/e.txt", "sub/top/h.txt"]


@pytest.mark.parametrize(
    ("line", "path", "is_folder", "expected"),
    [
        ("gold/", "gold", True, True),
        ("gold/", "gold", False, False),
        ("gold/", "a/gold", True, True),
        ("a/*.txt", "a/b.txt", False, True),
        ("a/*.txt", "c/a/b.txt", False, False),
        ("# a.txt", "a.txt", False, False),
    ],
)
def test_ignore_lines(line: str, path: str, is_folder: bool, expected: bool) -> None:
    assert ignored_by([line])(path, is_folder) is expected


def test_other_kinds_orphans_and_strays_are_not_dropped(tmp_path: Path) -> None:
    root = put(tmp_path / "in", "a.txt", "b.pdf", "c.json", "README", "gone.txt.meta.json", "b.pdf.meta.json")
    put(tmp_path, "outside/secret.txt")
    (root / "link.txt").symlink_to(tmp_path / "outside/secret.txt")
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "dangling.txt").symlink_to(root / "missing.txt")
    os.mkfifo(root / "pipe.txt")
    assert problems(discover([str(root)])) == {
        "README": "unsupported_type",
        "b.pdf": "unsupported_type",
        "c.json": "unsupported_type",
        "dangling.txt": "unreadable",
        "folder": "outside_source",
        "gone.txt.meta.json": "orphan_sidecar",
        "link.txt": "outside_source",
        "pipe.txt": "unreadable",
    }


def test_links_within_the_source(tmp_path: Path) -> None:
    root = put(tmp_path / "in", "a.txt", "sub/b.txt")
    (root / "again.txt").symlink_to(root / "a.txt")
    (root / "loop").symlink_to(root)
    assert [f.uri for f in discover([str(root)])] == ["a.txt", "again.txt", "sub/b.txt"]


def test_sidecars_go_with_their_file_however_it_is_named(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "a.txt.meta.json", "b.jsonl.gz", "b.jsonl.gz.meta.json", "c.txt")
    for way in (str(tmp_path), str(tmp_path / "*"), str(tmp_path / "*[tz]")):
        files = {f.uri: f for f in discover([way])}
        assert sorted(files) == ["a.txt", "b.jsonl.gz", "c.txt"]
        assert files["a.txt"].sidecar == str(tmp_path / "a.txt.meta.json")
        assert files["b.jsonl.gz"].sidecar == str(tmp_path / "b.jsonl.gz.meta.json")
        assert files["c.txt"].sidecar is None
    assert discover([str(tmp_path / "a.txt")])[0].sidecar == str(tmp_path / "a.txt.meta.json")


def test_sidecar_of_an_ignored_file_is_no_orphan(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "notes.md", "notes.md.meta.json")
    (tmp_path / ".planledgerignore").write_text("notes.md\n")
    assert keys(discover([str(tmp_path)])) == [(tmp_path.name, "a.txt")]


def test_missing_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = put(tmp_path / "in", "a.txt", "b.txt", "locked/c.txt")
    listing, access = Path.iterdir, os.access

    def iterdir(path: Path) -> object:
        if path.name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return listing(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "b.txt" and access(path, mode))
    assert problems(discover([str(root)])) == {"b.txt": "not_permitted", "locked/": "not_permitted"}
    for source in (root / "locked", root / "b.txt"):
        with pytest.raises(SourceError, match=r"permission"):
            discover([str(source)])


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_missing_permission_for_real(tmp_path: Path) -> None:
    root = put(tmp_path / "in", "a.txt", "b.txt", "locked/c.txt")
    (root / "b.txt").chmod(0)
    (root / "locked").chmod(0)
    try:
        assert problems(discover([str(root)])) == {"b.txt": "not_permitted", "locked/": "not_permitted"}
    finally:
        (root / "locked").chmod(0o700)


def test_file_name_that_is_no_utf8(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/pl\xe4n.txt")).write_text("The plan was met.")
    assert [f.uri for f in discover([str(tmp_path)])] == ["pl\\xe4n.txt"]


def test_web_addresses() -> None:
    page, data, signed = discover(
        [
            "https://wire.example/news/economy/article-17",
            "https://data.example/kcna.jsonl.gz",
            "https://user:pw@data.example/x/a.txt?part=2&X-Amz-Signature=abc",
        ]
    )
    page, data, signed = sorted((page, data, signed), key=lambda f: ("wire" not in f.uri, "kcna" not in f.uri))
    assert (page.form, page.batch_id, page.byte_size) == ("html", "economy", None)
    assert (data.form, data.compression, data.batch_id) == ("jsonl", "gz", "kcna")
    assert signed.uri == "https://data.example/x/a.txt?part=2"
    assert "pw" in signed.location


def test_files_in_the_landing_area_belong_to_their_batch(tmp_path: Path) -> None:
    landing = put(tmp_path / "landing", "one/a.txt", "one/sub/b.jsonl", "two/sub/b.jsonl", "stray.txt")
    put(tmp_path, "in/c.txt")
    expected = [("one", "one/a.txt"), ("one", "one/sub/b.jsonl")]
    for way in ([landing / "one"], [landing / "one/sub", landing / "one/a.txt"]):
        assert sorted(keys(named_by_landing(discover([str(w) for w in way]), landing))) == expected
    everything = named_by_landing(discover([str(landing), str(tmp_path / "in")]), landing)
    assert sorted(keys(everything)) == sorted(
        [*expected, ("two", "two/sub/b.jsonl"), ("landing", "stray.txt"), ("in", "c.txt")]
    )


def test_remote_folders_files_and_globs() -> None:
    system = fsspec.filesystem("memory")
    names = ("a.txt", "a.txt.meta.json", "sub/b.jsonl", "gold/c.txt", ".d.txt", "e.pdf", "f.txt.meta.json")
    for name in names:
        system.pipe_file(f"/bucket/in/{name}", b"The plan was met.")
    system.pipe_file("/bucket/in/.planledgerignore", b"gold/\n")
    files = discover(["memory://bucket/in"])
    assert keys(files) == [("in", "a.txt"), ("in", "e.pdf"), ("in", "f.txt.meta.json"), ("b", "sub/b.jsonl")]
    assert problems(files) == {"e.pdf": "unsupported_type", "f.txt.meta.json": "orphan_sidecar"}
    assert files[0].sidecar == "memory:///bucket/in/a.txt.meta.json"
    assert files[0].byte_size == 17
    assert keys(discover(["memory://bucket/in/*.txt"])) == [("in", "a.txt")]
    assert discover(["memory://bucket/in/a.txt"])[0] == files[0]
    with pytest.raises(SourceError, match="memory://bucket/none"):
        discover(["memory://bucket/none"])
