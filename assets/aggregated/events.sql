-- One row is one event, de-duplicated across outlets. Mentions that state the same kind, body, first day, session and
-- place are one event; a mention that states less joins the one event that states more and contradicts nothing of it,
-- if there is exactly one: "the 10th session" and "in January" the session of 15 January. Only what has a number or a
-- day can be joined so: another ceremony of the month may be any other. Events that the texts neither date nor number
-- are left in extracted.events.
WITH mentions AS (
    SELECT *, ordinal.session AS session, ordinal.term AS term, coalesce(end_date, start_date) - start_date <= 10 AS is_day
    FROM extracted.events
    WHERE start_date IS NOT NULL OR ordinal IS NOT NULL
),
stated AS (
    SELECT row_number() OVER (ORDER BY event_kind, organizer_id, session, term, start_date, place_id) AS number, *
    FROM (
        SELECT
            event_kind, organizer_id, ordinal, session, term, start_date, max(end_date) AS end_date, place_id,
            bool_and(is_day) IS TRUE AS is_day
        FROM mentions
        GROUP BY event_kind, organizer_id, ordinal, session, term, start_date, place_id
    )
),
fits AS (
    SELECT less.number AS number, more.number AS into_number
    FROM stated AS less
    JOIN stated AS more
        ON less.number <> more.number
        AND less.event_kind = more.event_kind
        AND less.organizer_id IS NOT DISTINCT FROM more.organizer_id
        AND (less.session IS NULL OR less.session = more.session)
        AND (less.term IS NULL OR less.term = more.term)
        AND (less.place_id IS NULL OR less.place_id = more.place_id)
        AND (
            less.start_date IS NULL
            OR (less.start_date = more.start_date AND less.end_date = more.end_date)
            OR (less.start_date <= more.start_date AND less.end_date >= more.end_date AND less.session IS NOT NULL)
            OR (less.is_day AND more.is_day AND more.session IS NOT NULL AND less.place_id IS NULL
                AND less.start_date BETWEEN more.start_date AND more.end_date)
        )
        AND (less.start_date IS NOT NULL OR less.term IS NOT NULL)
),
settled AS (SELECT number FROM stated ANTI JOIN fits USING (number)),
homes AS (
    SELECT number, any_value(into_number) AS into_number
    FROM fits SEMI JOIN settled ON settled.number = fits.into_number
    GROUP BY number
    HAVING count(*) = 1
),
events AS (
    SELECT
        m.event_id, m.document_id, m.decisions, e.event_kind, e.organizer_id, e.ordinal, e.start_date, e.end_date, e.place_id
    FROM mentions AS m
    JOIN stated AS s
        ON s.event_kind = m.event_kind
        AND s.organizer_id IS NOT DISTINCT FROM m.organizer_id
        AND s.ordinal IS NOT DISTINCT FROM m.ordinal
        AND s.start_date IS NOT DISTINCT FROM m.start_date
        AND s.place_id IS NOT DISTINCT FROM m.place_id
    LEFT JOIN homes AS h ON h.number = s.number
    JOIN stated AS e ON e.number = coalesce(h.into_number, s.number)
)
SELECT
    'ce_' || sha256(concat_ws('|', event_kind, coalesce(organizer_id, ''), coalesce(start_date::VARCHAR, ''),
        coalesce(ordinal::VARCHAR, ''), coalesce(place_id, '')))[:20] AS calendar_event_id,
    event_kind, organizer_id, ordinal, start_date,
    max(end_date) AS end_date,
    place_id,
    list_sort(list_distinct(flatten(list(decisions) FILTER (decisions IS NOT NULL)))) AS decisions,
    count(DISTINCT document_id) AS document_count,
    list(event_id ORDER BY event_id) AS evidence_ids
FROM events
GROUP BY event_kind, organizer_id, ordinal, start_date, place_id
