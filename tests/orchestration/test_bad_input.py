"""Input that is broken in every way: a sentence or an entry in quarantine, and the good documents go through."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from assets.raw.sources import SourceError

GOOD = "The Ministry of Railways fulfilled its plan for May 2024 at 102 percent."
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


def packed(text: str) -> bytes:
    return gzip.compress(text.encode() * 50, mtime=0)


LINES = (
    json.dumps({"url": "https://a.example/1", "text": GOOD})
    + "\nno JSON\n"
    + json.dumps({"url": "https://a.example/2", "text": GOOD})
)
BAD: dict[str, tuple[bytes, str, int]] = {
    "picture.txt": (PNG, "not_what_ending_says", 0),
    "cut.txt.gz": (packed(GOOD)[:-20], "broken_compression", 0),
    "not-packed.jsonl.gz": (GOOD.encode(), "not_what_ending_says", 0),
    "one-bad-line.jsonl": (LINES.encode(), "bad_record", 2),
    "invalid.txt": (("보도 " + GOOD).encode() + b"\xff\xfe\xfa", "undecodable", 0),
    "empty.txt": (b"", "empty_text", 0),
    "blank.txt": (b" \n\t\n", "empty_text", 0),
    "large.txt": (GOOD.encode() + b" word" * 2_500_000, "too_large", 0),
    "strange.xyz": (b"what", "unsupported_type", 0),
    "picture.txt.meta.json": (b"{broken", "bad_sidecar", 0),
}


@pytest.fixture
def bad(fresh: Any, without_gates: Any) -> Any:
    for path in fresh.corpus.iterdir():
        path.unlink()
    (fresh.corpus / "good.txt").write_text(GOOD)
    return fresh


def test_everything_broken_is_set_aside_with_a_sentence_and_the_good_goes_through(bad: Any, without_gates: Any) -> None:
    without_gates()
    for name, (data, _, _) in BAD.items():
        (bad.corpus / name).write_bytes(data)
    outcome = bad.run(publish=False)
    documents = dict(bad.query("SELECT source_uri, count(*) FROM raw.documents GROUP BY ALL"))
    assert documents.pop("good.txt") == 1
    assert sum(documents.values()) == sum(count for _, _, count in BAD.values())
    found = bad.query("SELECT source_uri, reason, detail FROM ops.quarantine WHERE stage = 'raw'")
    for name, (_, reason, _) in BAD.items():
        details = [d for uri, r, d in found if uri.split("#")[0] == name and r == reason]
        assert details, f"{name} is not in quarantine as {reason}: {found}"
        assert all(d[0].isupper() and d.endswith(".") and str(bad.corpus) not in d for d in details)
    assert outcome.quarantined == len(found)
    assert bad.query("SELECT count(*) FROM cleaned.documents") == [(1 + 2,)]


def test_a_mended_file_leaves_quarantine(bad: Any, without_gates: Any) -> None:
    without_gates()
    (bad.corpus / "bad.txt").write_bytes(PNG)
    assert bad.run(publish=False).quarantined == 1
    assert bad.run(publish=False).quarantined == 1, "said once, not once a run"
    (bad.corpus / "bad.txt").write_text(GOOD + " More.")
    outcome = bad.run(publish=False)
    assert outcome.quarantined == 0 and outcome.read.new_documents == 1


def test_a_long_single_line_is_read(bad: Any, without_gates: Any) -> None:
    without_gates()
    text = f"{GOOD} " * 500
    (bad.corpus / "line.txt").write_text(text.strip())
    bad.run(publish=False)
    [(sentences,)] = bad.query("SELECT max(ordinal) FROM cleaned.sentences")
    assert sentences == 499


@pytest.mark.parametrize("source", ["nothing-there", "empty", "empty/*.txt", "only/strange.xyz"])
def test_a_source_without_anything_to_read_is_named(bad: Any, source: str, command: Any) -> None:
    home = bad.corpus.parent
    (home / "empty").mkdir()
    (home / "only").mkdir()
    (home / "only" / "strange.xyz").write_text("what")
    code, out, err = command("run", home / source, "--data", bad.settings.data, "--engine", "local")
    assert code == 2 and out == ""
    assert source in err and err.startswith("planledger: ") and "Traceback" not in err
    said = [line for line in err.splitlines() if line.startswith("planledger: ")]
    assert len(said) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_named(bad: Any) -> None:
    bad.corpus.chmod(0)
    try:
        with pytest.raises(SourceError, match="may not be read"):
            bad.run(publish=False)
    finally:
        bad.corpus.chmod(0o755)


def test_a_document_that_a_stage_cannot_process_does_not_stop_the_others(
    bad: Any, without_gates: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import assets.cleaned.stage
    import assets.extracted.stage

    without_gates()
    for name in ("poison-one", "poison-two"):
        (bad.corpus / f"{name}.txt").write_text(f"{GOOD} The {name} stands.")
    clean, extract = assets.cleaned.stage.clean, assets.extracted.stage.extract

    def cleaning(raw: Any, reference: Any) -> Any:
        if "poison-one" in raw["content"]:
            raise RecursionError("too deep")
        return clean(raw, reference)

    def extracting(document: Any, reference: Any) -> Any:
        if "poison-two" in document.text:
            raise ZeroDivisionError("by nothing")
        return extract(document, reference)

    monkeypatch.setattr(assets.cleaned.stage, "clean", cleaning)
    monkeypatch.setattr(assets.extracted.stage, "extract", extracting)
    bad.run(publish=False)
    rows = bad.query("SELECT stage, reason, detail, run_id IS NOT NULL FROM ops.quarantine ORDER BY stage")
    assert rows == [
        ("cleaned", "cleaning_failed", "RecursionError: too deep", True),
        ("extracted", "extraction_failed", "ZeroDivisionError: by nothing", True),
    ]
    assert bad.query("SELECT count(*) FROM cleaned.documents") == [(2,)]
    assert bad.query("SELECT count(DISTINCT document_id) FROM extracted.results") == [(1,)]


def test_the_run_survives_a_folder_given_twice(bad: Any, without_gates: Any) -> None:
    without_gates()
    outcome = bad.run([bad.corpus, Path(bad.corpus) / "good.txt"], publish=False)
    assert (outcome.read.files, outcome.read.new_documents) == (1, 1)
