"""The patterns of `rules/assessments_context.toml` by name."""

from __future__ import annotations

import re
from functools import cache

from assets.extracted.rules import rules


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {r.name: r.pattern for r in rules("assessments_context")}


def context(name: str) -> re.Pattern[str]:
    """The pattern called `name` of `rules/assessments_context.toml`. Raises KeyError if there is none."""
    return _patterns()[name]
