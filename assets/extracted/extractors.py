"""The extractors, in the order they run: each sees the rows of those before it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from assets.extracted import (
    assessments,
    attributions,
    budget_lines,
    dates,
    entity_mentions,
    events,
    quantities,
    quotations,
    results,
    review_rules,
    targets,
    trade_flows,
)
from assets.extracted.document import Extractor

EXTRACTORS: Mapping[str, Extractor] = MappingProxyType(
    {
        "entity_mentions": entity_mentions.extract,
        "dates": dates.extract,
        "quantities": quantities.extract,
        "quotations": quotations.extract,
        "attributions": attributions.extract,
        "events": events.extract,
        "targets": targets.extract,
        "results": results.extract,
        "budget_lines": budget_lines.extract,
        "trade_flows": trade_flows.extract,
        "assessments": assessments.extract,
        "review_rules": review_rules.extract,
    }
)
