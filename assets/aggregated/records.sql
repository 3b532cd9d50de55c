-- One row is one extracted record (target, result, budget line, trade figure, assessment, review rule), with who
-- vouches for it and what claim it makes.
--
-- Two records with one claim_key say the same; two with one topic_key are about the same thing, so that different
-- values are a conflict. The origin is that of the attribution nearest to the record in its sentence, else the
-- document's outlet; every retelling of state media is the one origin `state_media`. Two kinds of figures have one
-- possible origin whoever prints them: the state budget is announced by the state, and trade statistics come from
-- whoever compiled them.
WITH record AS (
    SELECT 'target' AS record_kind, target_id AS record_id, document_id, sentence_id, start_char, object AS subject,
           actor_id, sector_id, place_ids, policy_id, value, unit_id, currency, NULL::DOUBLE AS change_percent,
           deadline_start AS period_start, deadline_end AS period_end,
           concat_ws('/', action, coalesce(per, '')) AS about, '' AS said,
           value IS NOT NULL AS is_comparable
    FROM extracted.targets
    UNION ALL BY NAME
    SELECT 'result' AS record_kind, result_id AS record_id, document_id, sentence_id, start_char, object AS subject,
           actor_id, sector_id, place_ids, policy_id, value, unit_id, currency, NULL AS change_percent,
           period_start, period_end,
           concat_ws('/', coalesce(actor_id, ''), is_percent_of_plan::VARCHAR) AS about, outcome AS said,
           value IS NOT NULL AND period_end IS NOT NULL
               AND (actor_id IS NOT NULL OR sector_id IS NOT NULL OR len(place_ids) > 0) AS is_comparable
    FROM extracted.results
    UNION ALL BY NAME
    SELECT 'budget_line' AS record_kind, budget_line_id AS record_id, document_id, sentence_id, start_char,
           concat_ws(' ', 'state budget', fiscal_year::VARCHAR, line, basis, measure) AS subject,
           value_percent AS value, 'percent' AS unit_id,
           make_date(fiscal_year, 1, 1) AS period_start, make_date(fiscal_year, 12, 31) AS period_end,
           '' AS about, '' AS said, fiscal_year IS NOT NULL AS is_comparable
    FROM extracted.budget_lines
    UNION ALL BY NAME
    SELECT 'trade_flow' AS record_kind, trade_flow_id AS record_id, document_id, sentence_id, start_char,
           concat_ws(' ', 'trade', coalesce(exporter, '?'), 'to', coalesce(importer, '?'),
                     array_to_string(commodities, ', ')) AS subject, reporter_id AS actor_id,
           value, currency, change_percent, period_start, period_end,
           concat_ws('/', coalesce(reporter_id, ''), coalesce(exporter, ''), coalesce(importer, ''),
                     coalesce(change_basis, '')) AS about,
           '' AS said, period_end IS NOT NULL AS is_comparable
    FROM extracted.trade_flows
    UNION ALL BY NAME
    SELECT 'assessment' AS record_kind, assessment_id AS record_id, document_id, sentence_id, start_char, subject,
           assessor_id AS actor_id, sector_id, coalesce(assessor_id, '') AS about, kind AS said, false AS is_comparable
    FROM extracted.assessments
    UNION ALL BY NAME
    SELECT 'review_rule' AS record_kind, review_rule_id AS record_id, document_id, sentence_id, start_char, subject,
           imposed_by_id AS actor_id, threshold AS value, unit_id, period_start, period_end,
           concat_ws('/', coalesce(imposed_by_id, ''), comparator) AS about, '' AS said, false AS is_comparable
    FROM extracted.review_rules
),
vouched AS (
    SELECT r.record_id, a.source_kind, a.source_entity_id, a.chain, a.traces_to_state_media, a.is_anonymous
    FROM record AS r
    JOIN extracted.attributions AS a USING (sentence_id)
    QUALIFY row_number() OVER (
        PARTITION BY r.record_id ORDER BY abs(a.start_char - r.start_char), a.attribution_id
    ) = 1
),
placed AS (
    SELECT r.*, v.source_kind, v.source_entity_id, v.chain, v.traces_to_state_media, v.is_anonymous,
           d.outlet_id, d.published_on,
           coalesce(d.reposted_from_outlet_id, kept.outlet_id, d.outlet_id) AS voice,
           regexp_matches(lower(s.text), 'satellite (image|photo|picture)') AS from_above,
           list_sort(list_distinct(list_filter(
               string_split_regex(lower(coalesce(r.subject, '')), '[^\pL\pN]+'),
               lambda w: length(w) > 2 AND w NOT IN {{insignificant_words}}
           ))) AS words
    FROM record AS r
    JOIN cleaned.documents AS d USING (document_id)
    JOIN cleaned.sentences AS s USING (sentence_id)
    LEFT JOIN cleaned.documents AS kept ON kept.document_id = d.duplicate_of
    LEFT JOIN vouched AS v USING (record_id)
),
origins AS (
    SELECT p.*,
           CASE
               WHEN p.record_kind = 'budget_line' THEN true
               WHEN p.record_kind = 'trade_flow' AND p.actor_id IS NOT NULL THEN false
               ELSE coalesce(p.traces_to_state_media, o.is_state_media, false)
           END AS by_state_media,
           CASE
               WHEN p.record_kind = 'trade_flow' AND p.actor_id IS NOT NULL THEN p.actor_id
               WHEN p.is_anonymous THEN coalesce(p.chain[1], p.voice) || '/anonymous'
               WHEN p.source_kind = 'outlet' THEN coalesce(p.chain[1], p.voice)
               ELSE coalesce(p.source_entity_id, p.chain[1], p.voice)
           END AS named_origin
    FROM placed AS p
    LEFT JOIN reference.outlets AS o ON o.outlet_id = p.voice
)
SELECT
    o.record_id, o.record_kind, o.document_id, o.outlet_id, o.published_on,
    CASE WHEN by_state_media THEN 'state_media' ELSE named_origin END AS origin,
    CASE
        WHEN by_state_media THEN 'state_media'
        WHEN named_origin IS NULL THEN NULL
        WHEN from_above THEN 'satellite_imagery'
        WHEN source_kind = 'anonymous_source' THEN 'in_country_source'
        WHEN g.kind IN ('bank', 'research_institute') THEN 'outside_estimate'
        WHEN source_kind = 'foreign_government' OR g.kind = 'foreign_agency' THEN 'partner_statistics'
        WHEN source_kind IN ('expert', 'official') THEN source_kind
        ELSE 'outlet'
    END AS origin_class,
    CASE WHEN by_state_media THEN true WHEN named_origin IS NOT NULL THEN false END AS is_state_media,
    o.subject,
    CASE WHEN is_comparable AND (len(words) > 0) THEN
        concat_ws('|', record_kind, about, array_to_string(words, ' '), array_to_string(list_sort(place_ids), ' '),
                  coalesce(o.policy_id, ''), coalesce(o.unit_id, o.currency, ''), coalesce(period_start::VARCHAR, ''),
                  coalesce(period_end::VARCHAR, ''))
    END AS topic_key,
    concat_ws('|', record_kind, about, said, array_to_string(words, ' '),
              coalesce(array_to_string(list_sort(place_ids), ' '), ''), coalesce(o.policy_id, ''),
              coalesce(o.unit_id, o.currency, ''), coalesce(value::VARCHAR, ''), coalesce(change_percent::VARCHAR, ''),
              coalesce(period_start::VARCHAR, ''), coalesce(period_end::VARCHAR, ''),
              CASE WHEN len(words) = 0 THEN record_id ELSE '' END) AS claim_key,
    o.actor_id, o.sector_id, o.place_ids, o.policy_id, o.value, o.unit_id, o.currency, o.change_percent,
    o.period_start, o.period_end
FROM origins AS o
LEFT JOIN reference.organizations AS g ON g.organization_id = o.named_origin
