"""Every rule of every file: its example matches, its counterexample does not."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from assets.extracted.rules import Rule, expand, kinds, rules


def with_rules() -> list[str]:
    """The kinds whose file holds rules in the form that `rules` reads."""
    folder = files("assets.extracted.rules")
    return [k for k in kinds() if "rule" in tomllib.loads((folder / f"{k}.toml").read_text(encoding="utf-8"))]


RULES = [(kind, rule) for kind in with_rules() for rule in rules(kind)]
IDS = [f"{kind}.{rule.name}" for kind, rule in RULES]


def test_there_are_rules() -> None:
    assert len(RULES) > 50


@pytest.mark.parametrize(("kind", "rule"), RULES, ids=IDS)
def test_the_example_matches_and_the_counterexample_does_not(kind: str, rule: Rule) -> None:
    assert rule.pattern.search(rule.example), f"{rule.example!r} must match {rule.pattern.pattern}"
    found = rule.pattern.search(rule.counterexample)
    assert found is None, f"{found!r} of {rule.counterexample!r} must not match {rule.pattern.pattern}"


@pytest.mark.parametrize(("kind", "rule"), RULES, ids=IDS)
def test_a_rule_matches_something_and_says_something(kind: str, rule: Rule) -> None:
    assert rule.name and rule.example.strip() and rule.counterexample.strip()
    assert rule.example != rule.counterexample
    assert "{{" not in rule.pattern.pattern, "a fragment was not put in"


def test_fragments_may_use_fragments() -> None:
    assert expand("a{{b}}{{b}}", {"b": "x{{c}}", "c": "[0-9]"}) == "ax[0-9]x[0-9]"


def test_a_fragment_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="nothing"):
        expand("{{nothing}}", {})
