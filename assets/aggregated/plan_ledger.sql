-- One row is one target, made one from its mentions, with the results reported for it and what a review would find.
--
-- A result is matched to a target when it came later, their places, actors, sectors and periods do not
-- contradict each other, and either both belong to one policy or at least half of the words of their objects agree.
-- It counts as the target's fulfilment only if it covers it: all places or all words of the object, the whole amount,
-- and not one year of a yearly rate. A target too unspecific to be matched has no status.
-- "Today" is the day of the newest document, so that the same documents always give the same ledger. The threshold
-- for "below" is the one the texts themselves state most often (extracted.review_rules), 70 percent if none does.
WITH today AS (
    SELECT max(published_on) AS day FROM cleaned.documents
),
threshold AS (
    SELECT coalesce(
        (SELECT mode(threshold ORDER BY threshold) FROM extracted.review_rules
         WHERE unit_id = 'percent' AND comparator IN ('<', '<=')), 70) AS percent
),
target AS (
    SELECT
        c.claim_id, c.subject AS object, c.value, c.unit_id, c.currency, c.period_start AS deadline_start,
        c.period_end AS deadline_end, c.policy_id, c.sector_id, c.first_published_on AS announced_on,
        c.document_count, c.independent_origin_count, c.evidence_ids,
        min(t.action) AS action, min(t.per) AS per, min(t.actor_id) AS actor_id,
        any_value(t.place_ids ORDER BY t.target_id) AS place_ids,
        arg_min(t.force, list_position(['ordered', 'planned', 'pledged', 'proposed', 'predicted'], t.force)) AS force
    FROM aggregated.claims AS c
    JOIN extracted.targets AS t ON list_contains(c.evidence_ids, t.target_id)
    WHERE c.claim_kind = 'target'
    GROUP BY ALL
),
result AS (
    SELECT r.*, x.outcome, x.is_percent_of_plan
    FROM aggregated.records AS r
    JOIN extracted.results AS x ON x.result_id = r.record_id
),
spoken AS (
    SELECT claim_id AS id, unnest(string_split_regex(lower(object), '[^\pL\pN]+')) AS word FROM target
    UNION
    SELECT record_id, unnest(string_split_regex(lower(subject), '[^\pL\pN]+')) FROM result
),
word AS (
    SELECT id, word FROM spoken
    WHERE length(word) > 2 AND word NOT IN {{insignificant_words}}
),
shared AS (
    SELECT t.id AS claim_id, r.id AS record_id, count(*) AS words
    FROM word AS t JOIN word AS r USING (word)
    WHERE starts_with(t.id, 'cl_') AND starts_with(r.id, 'rs_')
    GROUP BY ALL
),
size AS (
    SELECT id, count(*) AS words FROM word GROUP BY ALL
),
matched AS (
    SELECT DISTINCT t.claim_id, r.record_id,
           coalesce(list_has_all(r.place_ids, t.place_ids), false) OR coalesce(s.words = ts.words, false) AS covers,
           coalesce(s.words = ts.words, false) AS says_all,
           coalesce(s.words = ts.words AND s.words = rs.words, false) AS says_same
    FROM target AS t
    JOIN result AS r
      ON (t.announced_on IS NULL OR r.published_on IS NULL OR r.published_on > t.announced_on
          OR t.deadline_end < t.announced_on)  -- looked back upon: what was reported before counts too
     AND NOT coalesce(regexp_matches(lower(t.object), '\bbudget'), false)  -- growth is not fulfilment: see state_budget
     AND (t.place_ids IS NULL OR r.place_ids IS NULL OR list_has_any(t.place_ids, r.place_ids))
     AND (t.actor_id IS NULL OR r.actor_id IS NULL OR t.actor_id = r.actor_id)
     AND (t.sector_id IS NULL OR r.sector_id IS NULL OR t.sector_id = r.sector_id)
     AND (t.deadline_start IS NULL OR r.period_end IS NULL OR r.period_end >= t.deadline_start)
     -- The plan of another year is another plan.
     AND NOT coalesce(r.outcome IN ('fulfilled', 'overfulfilled', 'mainly_attained', 'under_fulfilled')
                      AND r.period_start > coalesce(t.deadline_end, t.announced_on + INTERVAL 1 YEAR), false)
    LEFT JOIN shared AS s ON s.claim_id = t.claim_id AND s.record_id = r.record_id
    LEFT JOIN size AS ts ON ts.id = t.claim_id
    LEFT JOIN size AS rs ON rs.id = r.record_id
    WHERE (t.policy_id = r.policy_id AND (t.place_ids IS NULL OR r.place_ids IS NOT NULL))
       OR (s.words >= 2 AND 2 * s.words >= ts.words + rs.words - s.words)
       OR (s.words = ts.words AND list_has_any(t.place_ids, r.place_ids))
),
reported AS (
    SELECT
        m.claim_id,
        list({'result_id': r.record_id, 'outcome': r.outcome, 'value': r.value, 'unit_id': r.unit_id,
              'reported_on': r.published_on, 'origin': r.origin, 'is_state_media': r.is_state_media}
             ORDER BY r.published_on NULLS FIRST, r.record_id) AS results,
        max(r.published_on) AS latest_result_on,
        arg_max(r.outcome, (r.outcome = 'overfulfilled', r.outcome = 'fulfilled'))
            FILTER (m.covers AND r.outcome IN ('fulfilled', 'overfulfilled', 'completed', 'opened')) AS covering_outcome,
        bool_or(NOT r.is_state_media) AS independent_support,
        arg_max(r.outcome, (coalesce(r.published_on, DATE '0001-01-01'), r.record_id)) AS latest_outcome,
        arg_max(r.value, (coalesce(r.published_on, DATE '0001-01-01'), r.record_id))
            FILTER (r.is_percent_of_plan AND m.says_all) AS percent_of_plan,
        arg_max(r.value / t.value, (coalesce(r.published_on, DATE '0001-01-01'), r.record_id))
            FILTER (NOT r.is_percent_of_plan AND t.value > 0 AND r.value >= 0 AND t.per IS NULL AND m.says_all
                    AND (t.unit_id IS DISTINCT FROM 'count' OR m.says_same)  -- a count of the same things
                    AND r.outcome IN ('completed', 'fulfilled', 'overfulfilled', 'under_fulfilled', 'opened')
                    AND (r.unit_id = t.unit_id OR r.currency = t.currency)) AS amount_ratio,
        list_distinct(list(r.origin) FILTER (r.outcome IN ('fulfilled', 'overfulfilled', 'completed', 'opened'))) AS done_by,
        list_distinct(list(r.origin) FILTER (r.outcome IN ('failed', 'delayed', 'under_fulfilled'))) AS missed_by
    FROM matched AS m JOIN result AS r USING (record_id) JOIN target AS t USING (claim_id)
    GROUP BY m.claim_id
),
compared AS (
    SELECT t.*, r.* EXCLUDE (claim_id), coalesce(r.percent_of_plan / 100, r.amount_ratio) AS ratio,
           coalesce(len(r.done_by) > 0 AND len(r.missed_by) > 0 AND NOT list_has_any(r.done_by, r.missed_by), false)
               AS is_disputed,
           coalesce(t.deadline_end < today.day, false) AS is_due,
           coalesce(t.announced_on <= today.day - INTERVAL 1 YEAR, false) AS is_old,
           coalesce(regexp_matches(lower(t.object), '\bbudget'), false) AS is_budget,
           t.policy_id IS NOT NULL OR size.words >= 2
               OR (size.words = 1 AND (t.place_ids IS NOT NULL OR t.actor_id IS NOT NULL)) AS is_specific,
           today.day AS as_of, threshold.percent AS threshold
    FROM target AS t LEFT JOIN reported AS r USING (claim_id) LEFT JOIN size ON size.id = t.claim_id, today, threshold
),
reviewed AS (
    SELECT *,
        CASE
            WHEN is_budget OR (results IS NULL AND NOT coalesce(is_specific, false)) THEN NULL
            WHEN results IS NULL AND (is_due OR is_old) THEN 'paper_only'
            WHEN results IS NULL THEN 'not_due'
            WHEN is_disputed THEN 'disputed'
            WHEN percent_of_plan < threshold THEN 'below_threshold'
            WHEN per IS NOT NULL AND NOT is_due THEN 'in_progress'
            WHEN ratio > 1 OR covering_outcome = 'overfulfilled' THEN 'overfulfilled'
            WHEN ratio = 1 OR covering_outcome = 'fulfilled'
                OR (covering_outcome IS NOT NULL AND ratio IS NULL AND value IS NULL) THEN 'fulfilled'
            WHEN is_due THEN 'overdue'
            ELSE 'in_progress'
        END AS review_status
    FROM compared
)
SELECT
    'pl_' || claim_id[4:] AS ledger_id, claim_id, actor_id, action, object, value, unit_id, currency, per,
    deadline_start, deadline_end, place_ids, sector_id, policy_id, force, announced_on,
    coalesce(results, []) AS results, latest_result_on, ratio AS fulfilment_ratio, review_status,
    CASE coalesce(review_status, 'none')
        WHEN 'none' THEN CASE WHEN is_budget THEN 'Planned and actual budget figures are compared in state_budget'
            ELSE 'The text does not say clearly enough what is to be done for a result to be matched' END
        WHEN 'paper_only' THEN 'No result is reported by anyone' ||
            CASE WHEN is_due THEN ', though it was due by ' || deadline_end ELSE ' a year after it was announced' END
        WHEN 'not_due' THEN 'No result is reported, and it is neither due nor a year old'
        WHEN 'disputed' THEN 'Origins disagree: some report it done, others missed'
        WHEN 'below_threshold' THEN percent_of_plan || ' percent of plan is below ' || threshold
        WHEN 'overdue' THEN 'It was due by ' || deadline_end || '; the latest report says ' || latest_outcome
        ELSE 'Reported: ' || coalesce(covering_outcome, latest_outcome)
            || coalesce(', ' || round(ratio * 100, 1) || ' percent', '')
            || CASE WHEN deadline_end < latest_result_on THEN '; it was due by ' || deadline_end ELSE '' END
    END || ' (as of ' || coalesce(as_of::VARCHAR, 'an unknown day') || ').' AS review_reason,
    independent_support, document_count, independent_origin_count, evidence_ids
FROM reviewed
