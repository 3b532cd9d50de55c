"""What the sentences say: one module per kind of record.

The scanning core comes first (entity_mentions, dates, quantities, quotations, attributions); the records (events,
targets, results, budget_lines, trade_flows, assessments, review_rules) are read from what it found. Scans choose
the sentences, rules kept as data in `rules/` say what matches, modules only apply them. `document.py` has the
contract between the stage and an extractor.
"""
