"""The language of a text, without the network and without the source's label."""

from __future__ import annotations

import socket

import pytest

from assets.cleaned.language import language_of

ENGLISH = "The Cabinet went over the plan for the quarter and found that most of the mills had met it. " * 3
SPANISH = "El gabinete revisó el plan del trimestre y comprobó que la mayoría de las fábricas lo habían cumplido. " * 3
KOREAN = "내각은 분기 계획을 검토하고 대부분의 공장이 계획을 수행했다고 밝혔다. 다음 회의는 봄에 열린다. "


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (SPANISH, "es"), (KOREAN, "ko"), (KOREAN * 20, "ko")])
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "Kim", "12 345 678", "- - -\n-0-", "COVID-19 2024"])
def test_too_short_to_tell(text: str) -> None:
    assert language_of(text) is None


def test_most_of_the_text_decides() -> None:
    assert language_of("내각 전원회의 확대회의 진행, 분기 계획 검토\n\n" + ENGLISH * 4) == "en"
    assert language_of("State budget report\n\n" + KOREAN * 20) == "ko"


def test_english_shows_by_its_function_words() -> None:
    assert language_of("A tremor shook the port of the island, and it was felt on the ships in Tamna.") == "en"
    assert language_of(KOREAN * 20 + ENGLISH) == "ko"
    quoted = "“The Spirit of the Plan for the Cabinet” "
    assert language_of(quoted + SPANISH * 6) == "es"


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert language_of(ENGLISH) == "en"
