-- How long were today's traces on their way, and how many came again, by source? A day is one of delivery, in UTC.
WITH trace AS (
    SELECT
        source,
        trace_id,
        count(*) AS times,
        date_diff(
            'millisecond', from_iso8601_timestamp(min(recorded_at)), from_iso8601_timestamp(min(received_at))
        ) / 1e3 AS delay_s
    FROM traces
    WHERE dt = CAST(current_date AS varchar) -- another day: dt = '2026-01-26'
    GROUP BY source, trace_id
)
SELECT
    source,
    sum(times) AS lines,
    count(*) AS traces,
    sum(times) - count(*) AS resent,
    approx_percentile(delay_s, 0.5) AS median_s,
    approx_percentile(delay_s, 0.99) AS p99_s
FROM trace
GROUP BY source
ORDER BY source
