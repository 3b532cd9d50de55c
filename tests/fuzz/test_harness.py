"""What the fuzzing harness checks holds on short runs too; with atheris installed it is itself run for a moment."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

HARNESS = Path(__file__).with_name("harness.py")
_SPEC = importlib.util.spec_from_file_location("fuzz_harness", HARNESS)
assert _SPEC is not None and _SPEC.loader is not None
harness = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(harness)


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes(data: bytes) -> None:
    harness.check(data)


def test_a_broken_offset_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    import assets.cleaned.stage as stage
    from assets.cleaned.cuts import Cut

    clean = stage.clean

    def shifted(raw: object, reference: object) -> object:
        cleaned = clean(raw, reference)  # type: ignore[arg-type]
        return cleaned._replace(cuts=[Cut(5, 9, "markup"), Cut(7, 12, "markup")])

    monkeypatch.setattr(stage, "clean", shifted)
    with pytest.raises(AssertionError, match="overlap"):
        harness.check_cleaning("A text of several words, none of which is residue.", "text/plain")


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")
def test_atheris_runs(tmp_path: Path) -> None:
    command = [sys.executable, str(HARNESS), "-runs=300", "-max_len=512", "-seed=1"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=100)
