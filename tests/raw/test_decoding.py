from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.raw.decoding import decode
from assets.raw.problems import ReadError

KOREAN = "군의 지방공업공장들이 준공되고 올해 과제가 수행되였다고 한다. 새 농장도 조업을 시작하였다."
SPANISH = "La fábrica comenzó a producir en otoño; el año próximo se abrirán más."


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf8_comes_back(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode(text.encode()) == (text, "utf-8")


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8"])
def test_byte_order_marks_decide_and_are_no_text(charset: str) -> None:
    assert decode(("\ufeff" + KOREAN).encode(charset)) == (KOREAN, charset)


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (KOREAN, "cp949"),
        (SPANISH, "cp1252"),
        ("It’s the plan of “all” counties – so far.", "cp1252"),
        (
            "В провинции открыли новый завод, сообщили в четверг. План года по добыче угля выполнен досрочно, а дома "
            "для рабочих построены в срок. Это уже третий такой завод за последние два года, и все они работают.",
            "cp1251",
        ),
        ("新工場は今年の秋に操業を始めたと伝えられた。農場の計画も達成されたという。", "cp932"),
        ("The quota was met in full.", "utf-16-le"),
        ("The quota was met in full.", "utf-16-be"),
    ],
)
def test_other_charsets_that_fit_beyond_doubt(text: str, charset: str) -> None:
    assert decode(text.encode(charset)) == (text, charset)


@pytest.mark.parametrize(
    "data",
    [
        b"The plan was met \xff by all.",
        "계획 계획 계획".encode() + b"\xff done",
        "The farm’s 계획".encode()[:-1],
        "It’s “met” — so".encode() + b" caf\xe9",
        "He (김정) spoke of the plan at length.".encode("cp949"),
        "工場".encode("cp932"),
        b"\xff\xfe\x00\xd8\x00\xd8",
    ],
)
def test_what_fits_no_charset_beyond_doubt_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        decode(data)
    assert caught.value.problem.reason == "undecodable"


def test_binary_data_is_no_text() -> None:
    with pytest.raises(ReadError) as caught:
        decode(bytes(range(256)) * 8)
    assert caught.value.problem.reason == "not_what_ending_says"


def test_a_page_says_its_charset() -> None:
    page = '<html><head><meta charset="euc-kr"></head><body>새 농장 (Kim)</body></html>'
    assert decode(page.encode("cp949"), html=True) == (page, "cp949")
    assert decode(page.encode(), html=True) == (page, "utf-8"), "the bytes are right where the page is wrong"


@pytest.mark.parametrize("name", ["utf-16", "punycode", "idna", "hex", "nonsense", "unicode_escape"])
def test_a_page_cannot_ask_for_any_codec(name: str) -> None:
    page = f'<meta charset="{name}"><p>La f\u00e1brica y el plan'
    assert decode(page.encode("cp1252"), html=True) == (page, "cp1252")


@given(st.binary(max_size=400))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        text, charset = decode(data)
    except ReadError as error:
        assert error.problem.reason in {"undecodable", "not_what_ending_says"}
    else:
        assert data.endswith(text.encode(charset)) or charset not in {"utf-8", "cp1252"}
