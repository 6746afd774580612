-- Makes DuckDB look like Athena: the functions that it lacks, and the tables of template.yaml, of .punctual/firehose/.

-- Athena's days are UTC's.
SET TimeZone = 'UTC';

CREATE OR REPLACE TEMP MACRO from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMP WITH TIME ZONE);
-- Exact, where Athena estimates.
CREATE OR REPLACE TEMP MACRO approx_percentile(x, share) AS quantile_disc(x, share);

-- The lines of a stream, with the day of their folder. `read_text` takes a stream without files for an empty one,
-- which `read_json` does not. A line that is just being written is no JSON yet and left out.
CREATE OR REPLACE TEMP MACRO lines_of(stream) AS TABLE
    SELECT
        line,
        regexp_replace(filename, '^.*(\d{4})[/\\](\d\d)[/\\](\d\d)[/\\]\d\d[/\\][^/\\]*$', '\1-\2-\3') AS dt
    FROM (
        SELECT filename, unnest(string_split(content, chr(10))) AS line
        FROM read_text('.punctual/firehose/' || stream || '/**/*.ndjson')
    )
    WHERE json_valid(line);

CREATE OR REPLACE TEMP VIEW traces AS
SELECT unnest(from_json(line, '{
    "trace_id": "VARCHAR",
    "agent_id": "VARCHAR",
    "recorded_at": "VARCHAR",
    "received_at": "VARCHAR",
    "lat": "DOUBLE",
    "lon": "DOUBLE",
    "accuracy_m": "DOUBLE",
    "altitude_m": "DOUBLE",
    "vertical_accuracy_m": "DOUBLE",
    "speed_mps": "DOUBLE",
    "heading_deg": "DOUBLE",
    "battery_pct": "DOUBLE",
    "source": "VARCHAR",
    "key_id": "VARCHAR",
    "extra": "VARCHAR"
}')), dt
FROM lines_of('traces');

CREATE OR REPLACE TEMP VIEW actions AS
SELECT unnest(from_json(line, '{
    "kind": "VARCHAR",
    "agent_id": "VARCHAR",
    "received_at": "VARCHAR",
    "key_id": "VARCHAR",
    "action_id": "VARCHAR",
    "type": "VARCHAR",
    "order_id": "VARCHAR",
    "time": "BIGINT",
    "lat": "DOUBLE",
    "lon": "DOUBLE",
    "location_index": "INTEGER",
    "request_id": "VARCHAR",
    "orders": "INTEGER",
    "cost": "BIGINT",
    "status": "VARCHAR",
    "lower_bound": "BIGINT",
    "travel": "BIGINT",
    "waiting": "BIGINT",
    "lateness": "BIGINT",
    "click_to_door": "BIGINT",
    "departure": "BIGINT",
    "finish": "BIGINT",
    "elapsed_ms": "DOUBLE",
    "stop_reason": "VARCHAR",
    "steps": [{"type": "VARCHAR", "id": "VARCHAR", "arrival": "BIGINT", "waiting_time": "BIGINT", "delay": "BIGINT"}]
}')), dt
FROM lines_of('actions');
