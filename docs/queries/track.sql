-- Where was an agent today, each trace once, in order? It is the agent with the most traces, unless you name one.
WITH trace AS (
    SELECT
        agent_id,
        trace_id,
        recorded_at,
        lat,
        lon,
        speed_mps,
        battery_pct,
        row_number() OVER (PARTITION BY agent_id, trace_id ORDER BY received_at) AS nth
    FROM traces
    WHERE dt >= CAST(current_date AS varchar) -- another day, here and below: '2026-01-26'; what came later counts too
        AND substr(recorded_at, 1, 10) = CAST(current_date AS varchar)
),
busiest AS (
    SELECT agent_id
    FROM trace
    WHERE nth = 1
    GROUP BY agent_id
    ORDER BY count(*) DESC, agent_id
    LIMIT 1
)
SELECT
    agent_id,
    recorded_at,
    lat,
    lon,
    speed_mps,
    battery_pct,
    date_diff(
        'millisecond',
        lag(from_iso8601_timestamp(recorded_at)) OVER (ORDER BY recorded_at, trace_id),
        from_iso8601_timestamp(recorded_at)
    ) / 1e3 AS since_last_s
FROM trace
WHERE nth = 1
    AND agent_id IN (SELECT agent_id FROM busiest) -- one that you name: agent_id = 'rider-7'
ORDER BY recorded_at, trace_id
