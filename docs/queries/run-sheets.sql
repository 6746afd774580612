-- How good were the run sheets of the last seven days, and how long did they take, day by day?
WITH sheet AS (
    -- A queue may deliver a line twice; no two sheets are the same in all of these.
    SELECT DISTINCT dt, agent_id, received_at, request_id, orders, status, lateness, elapsed_ms
    FROM actions
    WHERE dt >= CAST(CAST(current_date - INTERVAL '6' DAY AS date) AS varchar) -- one day: dt = '2026-01-26'
        AND kind = 'run_sheet'
)
SELECT
    dt,
    count(*) AS sheets,
    round(avg(orders), 1) AS orders_per_sheet,
    round(1e2 * count_if(status = 'optimal') / count(*), 1) AS optimal_pct,
    approx_percentile(elapsed_ms, 0.99) AS p99_search_ms,
    approx_percentile(lateness, 0.5) AS median_lateness_s
FROM sheet
GROUP BY dt
ORDER BY dt
