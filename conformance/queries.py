#!/usr/bin/env python3
"""The queries of docs/queries, over a small folder as the local stack leaves one.

    python3 conformance/queries.py

Each gives what it should, also where nothing was delivered yet, and DuckDB's views
have the columns and types of template.yaml's tables. Needs duckdb and PyYAML.
"""

import contextlib
import json
import re
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import duckdb
import yaml

from template_rules import Loader

ROOT = Path(__file__).resolve().parent.parent
QUERIES = ROOT / "docs" / "queries"
TYPES = {"string": "VARCHAR", "double": "DOUBLE", "int": "INTEGER", "bigint": "BIGINT"}
# The largest order id that a request may have: more than a signed number of 64 bits holds.
LARGEST_ID = 2**64 - 1
# What the lines of a kind have in common.
TRACE = {"lat": 53.4106, "lon": -2.9779, "key_id": "phones"}
ACTION = {"kind": "action", "agent_id": "rider-7", "received_at": "2026-01-26T16:05:00.000Z", "key_id": "apps"}
SHEET = ACTION | {
    "kind": "run_sheet", "cost": 62600446, "lower_bound": 62600446, "travel": 446, "waiting": 0,
    "click_to_door": 1466, "departure": 1769444300, "finish": 1769444926, "stop_reason": "optimal",
}


def trace(agent, trace_id, recorded, received, source="native", **more):
    line = {"trace_id": trace_id, "agent_id": agent, "recorded_at": f"{recorded}Z", "received_at": f"{received}Z"}
    return line | TRACE | {"source": source} | more


def action(kind, time, **more):
    return ACTION | {"action_id": f"{kind}-1", "type": kind, "order_id": 1, "time": time} | more


def sheet(agent, orders, status, lateness, elapsed_ms, **more):
    start = {"type": "start", "arrival": 1769444300, "waiting_time": 0}
    last = {"type": "delivery", "id": LARGEST_ID, "arrival": 1769444866, "waiting_time": 0, "delay": lateness}
    line = SHEET | {"agent_id": agent, "orders": orders, "status": status, "lateness": lateness}
    return line | {"elapsed_ms": elapsed_ms, "steps": [start, last]} | more


def deliver(stream, day, lines, tail=""):
    folder = Path(".punctual", "firehose", stream, f"{day:%Y/%m/%d}", "15")
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / f"{stream}-1-{day}-15-00-00-5f0c.ndjson").write_text(text + tail, encoding="utf-8")


def deliver_all(day):
    before = day - timedelta(days=1)
    many = [trace("rider-9", f"v{n}", f"{before}T08:00:0{n}.000", f"{before}T08:01:00.000") for n in range(5)]
    deliver("traces", before, many)
    today = [
        trace("rider-7", "t1", f"{day}T08:00:00.000", f"{day}T08:00:05.000", battery_pct=79.0),  # sent again
        trace("rider-7", "t1", f"{day}T08:00:00.000", f"{day}T08:00:00.400", battery_pct=80.0, speed_mps=8.3),
        trace("rider-7", "t2", f"{day}T08:00:10.500", f"{day}T08:00:11.700"),
        trace("rider-7", "t3", f"{day}T08:00:05.000", f"{day}T08:01:00.000", lat=53.4043, lon=-2.9866),
        trace("rider-8", "t1", f"{day}T08:00:00.900", f"{day}T08:00:02.900", "owntracks", extra={"tid": "JJ"}),
        trace("rider-7", "t0", f"{before}T09:00:00.000", f"{day}T09:00:00.000", "overland"),
    ]
    deliver("traces", day, today, tail='{"trace_id":"t9","agent_id":"ri')
    done = [
        action("assigned", 1769442900),
        action("picked_up", 1769443740, location_index=3, order_id=LARGEST_ID),
        action("delivered", 1769444300, lat=53.4001, lon=-2.9631),
    ]
    twice = sheet("rider-7", 1, "optimal", 0, 3.5, request_id="r-1")
    worse = sheet("rider-8", 12, "feasible", 240, 2000.5, request_id="r-2")
    deliver("actions", day, [*done, twice, twice, worse, sheet("rider-9", 3, "optimal", 60, 12.25)])
    deliver("actions", before, [sheet("rider-7", 4, "optimal", 30, 8.0)])
    deliver("actions", day - timedelta(days=7), [sheet("rider-7", 4, "optimal", 0, 8.0)])


def expected(day):
    before = day - timedelta(days=1)
    return {
        "arrival.sql": [
            ("native", 4, 3, 1, 1.2, 55.0),
            ("overland", 1, 1, 0, 86400.0, 86400.0),
            ("owntracks", 1, 1, 0, 2.0, 2.0),
        ],
        "track.sql": [
            ("rider-7", f"{day}T08:00:00.000Z", 53.4106, -2.9779, 8.3, 80.0, None),
            ("rider-7", f"{day}T08:00:05.000Z", 53.4043, -2.9866, None, None, 5.0),
            ("rider-7", f"{day}T08:00:10.500Z", 53.4106, -2.9779, None, None, 5.5),
        ],
        "run-sheets.sql": [
            (f"{before}", 1, 4.0, 100.0, 8.0, 30),
            (f"{day}", 3, 5.3, 66.7, 2000.5, 60),
        ],
    }


def duckdb_type(glue):
    if array := re.fullmatch("array<(.*)>", glue):
        return duckdb_type(array[1]) + "[]"
    if struct := re.fullmatch("struct<(.*)>", glue):
        fields = (field.split(":") for field in struct[1].split(","))
        return "STRUCT(" + ", ".join(f'"{name}" {duckdb_type(kind)}' for name, kind in fields) + ")"
    return TYPES[glue]


def glue_tables():
    tree = yaml.load((ROOT / "template.yaml").read_text(encoding="utf-8"), Loader)
    for resource in tree["Resources"].values():
        if resource["Type"] == "AWS::Glue::Table":
            table = resource["Properties"]["TableInput"]
            columns = table["StorageDescriptor"]["Columns"] + table["PartitionKeys"]
            yield table["Name"], [(c["Name"], duckdb.sqltype(duckdb_type(c["Type"]))) for c in columns]


def run(connection, name):
    return connection.execute((QUERIES / name).read_text(encoding="utf-8")).fetchall()


def main():
    connection, wrong = duckdb.connect(), []

    def check(text, found, wanted):
        print(f"{'ok  ' if found == wanted else 'FAIL'} {text}")
        if found != wanted:
            wrong.append(text)
            print(f"     found  {found}\n     wanted {wanted}")

    # Within a transaction, today stays the same.
    connection.begin()
    (day,) = connection.execute("SELECT CAST(now() AT TIME ZONE 'UTC' AS date)").fetchone()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        run(connection, "duckdb.sql")
        for name in expected(day):
            check(f"{name}: nothing of nothing", run(connection, name), [])
        deliver_all(day)
        for name, rows in expected(day).items():
            check(f"{name}: {len(rows)} rows, as reckoned by hand", run(connection, name), rows)
        extra = connection.execute("SELECT extra FROM traces WHERE extra IS NOT NULL").fetchall()
        check("duckdb.sql: extra is JSON", extra, [('{"tid":"JJ"}',)])
        delays = connection.execute("SELECT steps[2].delay FROM actions WHERE orders = 12").fetchall()
        check("duckdb.sql: steps are structs", delays, [(240,)])
        ids = connection.execute("SELECT order_id FROM actions WHERE kind = 'action' ORDER BY time").fetchall()
        check("duckdb.sql: each order's id as it was sent", ids, [("1",), (str(LARGEST_ID),), ("1",)])
        served = connection.execute("SELECT steps[2].id FROM actions WHERE orders = 12").fetchall()
        check("duckdb.sql: so is that of a step", served, [(str(LARGEST_ID),)])
        for table, columns in glue_tables():
            view = connection.table(table)
            check(f"duckdb.sql: {table} as in template.yaml", list(zip(view.columns, view.types, strict=True)), columns)
    known = {*expected(day), "duckdb.sql"}
    check("every query is tried", sorted(p.name for p in QUERIES.glob("*.sql")), sorted(known))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
