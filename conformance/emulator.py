#!/usr/bin/env python3
"""Each function's binary, as it is deployed, under AWS's own Runtime Interface
Emulator with its sample events; SQS, Firehose, S3 and SNS are moto's, and the lessons
are in an SQLite file.

    python3 conformance/emulator.py [target/lambda]

Needs aws-sam-cli (it ships the emulator) and moto[server].
"""

import datetime
import gzip
import json
import sqlite3
import sys
import tempfile
from pathlib import Path

import boto3

import servers

ROOT = Path(__file__).resolve().parent.parent
BINARIES = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target" / "lambda")
REGION = "eu-west-1"
# printf %s local-dev-key | sha256sum
KEYS = "local:ed5a18fb8f807f996d649e379d3f35f39c543a91bdbf88c492f2ebd10d4df86c"
FAILED = []


def check(what, actual, expected):
    ok = actual == expected
    print(f"{'ok  ' if ok else 'FAIL'} {what}" + ("" if ok else f": {actual!r} instead of {expected!r}"))
    if not ok:
        FAILED.append(what)


def event(name):
    return (ROOT / "events" / f"{name}.json").read_text()


# What the first line of each dialect's sample must say: OwnTracks' 18 km/h in
# m/s, Overland's share of the battery in percent.
EXPECTED = {
    "owntracks": {"agent_id": "jane/phone", "speed_mps": 5.0, "battery_pct": 77.0, "source": "owntracks"},
    "overland": {"agent_id": "van-12", "speed_mps": 4.0, "battery_pct": 89.0, "source": "overland"},
}


class Cloud:
    """What the functions need of AWS, made in moto."""

    def __init__(self, url):
        made = dict(endpoint_url=url, region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x")
        clients = (boto3.client(name, **made) for name in ("sqs", "s3", "firehose", "sns"))
        self.sqs, self.s3, self.firehose, self.sns = clients
        self.queue = self.sqs.create_queue(QueueName="traces")["QueueUrl"]
        self.dead = self.sqs.create_queue(QueueName="dead")["QueueUrl"]
        self.s3.create_bucket(Bucket="data", CreateBucketConfiguration={"LocationConstraint": REGION})
        destination = {"RoleARN": "arn:aws:iam::123456789012:role/firehose", "BucketARN": "arn:aws:s3:::data"}
        for stream in ("traces", "actions"):
            self.firehose.create_delivery_stream(
                DeliveryStreamName=stream, ExtendedS3DestinationConfiguration=destination
            )
        self.environment = {
            "AWS_ENDPOINT_URL": url, "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
        }

    def received(self, url):
        """All messages of a queue, which is empty afterwards."""
        messages = []
        while got := self.sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            messages += got
            for message in got:
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return messages

    def delivered(self):
        """All lines in the bucket."""
        lines = []
        for item in self.s3.list_objects_v2(Bucket="data").get("Contents", []):
            data = self.s3.get_object(Bucket="data", Key=item["Key"])["Body"].read()
            if data[:2] == b"\x1f\x8b":
                data = gzip.decompress(data)
            lines += data.decode().splitlines()
        return lines


def ingest(cloud):
    environment = cloud.environment | {"API_KEY_HASHES": KEYS, "TRACE_QUEUE_URL": cloud.queue}
    with servers.function(BINARIES / "trace-ingest" / "bootstrap", environment) as call:
        for name, status, body, lines in [
            ("health", 200, '{"status":"ok"}', 0),
            ("native", 202, '{"accepted":2,"rejected":[]}', 2),
            ("owntracks", 200, "[]", 1),
            ("overland", 200, '{"result":"ok"}', 2),
            ("unauthorized", 401, None, 0),
        ]:
            answer = json.loads(call(event(f"trace-ingest-{name}")))
            stored = [line for m in cloud.received(cloud.queue) for line in m["Body"].splitlines()]
            check(f"trace-ingest {name}: status", answer["statusCode"], status)
            check(f"trace-ingest {name}: lines in SQS", len(stored), lines)
            if body:
                check(f"trace-ingest {name}: answer", answer["body"], body)
            if name in EXPECTED:
                line = json.loads(stored[0]) if stored else {}
                told = {field: line.get(field) for field in EXPECTED[name]}
                check(f"trace-ingest {name}: first line", told, EXPECTED[name])


def actions(cloud):
    environment = cloud.environment | {"API_KEY_HASHES": KEYS, "ACTION_QUEUE_URL": cloud.queue}
    with servers.function(BINARIES / "actions" / "bootstrap", environment) as call:
        # Two events, with the stops that are open, and the lines of actions and sheet.
        for name, stops, lines in [("actions", 7, 1), ("actions-recorded", 3, 8)]:
            answer = json.loads(call(event(name)))
            check(f"{name}: status", answer["statusCode"], 200)
            told = json.loads(answer["body"])
            steps = [step for step in told["routes"][0]["steps"] if "id" in step]
            check(f"{name}: stops", len(steps), stops)
            check(f"{name}: recorded", told["recorded"], {"status": "stored", "lines": lines, "stored": lines})
            messages = cloud.received(cloud.queue)
            check(f"{name}: lines in SQS", sum(len(m["Body"].splitlines()) for m in messages), lines)
            streams = {m["MessageAttributes"]["stream"]["StringValue"] for m in messages}
            check(f"{name}: stream", streams, {"actions"})


def forward(cloud):
    environment = cloud.environment | {
        "TRACE_STREAM": "traces", "ACTION_STREAM": "actions", "DEAD_LETTER_QUEUE_URL": cloud.dead,
    }
    with servers.function(BINARIES / "trace-forward" / "bootstrap", environment) as call:
        check("trace-forward: answer", json.loads(call(event("trace-forward"))), {"batchItemFailures": []})
        sent = [line for r in json.loads(event("trace-forward"))["Records"] for line in r["body"].splitlines()]
        check("trace-forward: lines in S3", sorted(cloud.delivered()), sorted(sent))
        before = len(cloud.delivered())
        answer = json.loads(call(event("trace-forward-mixed")))
        check("trace-forward mixed: answer", answer, {"batchItemFailures": []})
        check("trace-forward mixed: its good lines in S3", len(cloud.delivered()) - before, 2)
        dead = cloud.received(cloud.dead)
        check("trace-forward mixed: dead letters", [m["Body"] for m in dead], ["not a stored trace"])
        reason = dead and "dead_letter_reason" in dead[0].get("MessageAttributes", {})
        check("trace-forward mixed: the reason is told", bool(reason), True)


class Lessons:
    """The lesson tables, with lessons that should have opened some minutes ago."""

    def __init__(self, folder):
        self.url = f"sqlite:{folder}/lessons.db"
        self.migrate()
        now = datetime.datetime.now(datetime.timezone.utc)
        self.slot = now.replace(second=0, microsecond=0) - datetime.timedelta(minutes=4)
        row = "INSERT INTO lesson (center_id, starts_at, publish_at) VALUES (1, '2031-01-06 09:00:00.000', ?)"
        self.query(row, f"{self.slot:%Y-%m-%d %H:%M:30.250}")
        self.query(row, f"{self.slot:%Y-%m-%d %H:%M:00.000}")

    def migrate(self):
        """What `punctual migrate` does, without building it: the tables, and sqlx's record of them."""
        files = sorted((ROOT / "lessons" / "migrations" / "sqlite").glob("*.sql"))
        with sqlite3.connect(self.url.removeprefix("sqlite:")) as database:
            database.execute(
                "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, "
                "installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, "
                "checksum BLOB NOT NULL, execution_time BIGINT NOT NULL)"
            )
            for version, file in enumerate(files, 1):
                database.executescript(file.read_text())
                row = "INSERT INTO _sqlx_migrations VALUES (?, ?, CURRENT_TIMESTAMP, 1, x'00', 0)"
                database.execute(row, (version, file.stem))

    def query(self, sql, *values):
        with sqlite3.connect(self.url.removeprefix("sqlite:"), timeout=10) as database:
            return database.execute(sql, values).fetchall()

    def event(self, name, minutes_ahead=0):
        """A sample event, for these lessons' slot."""
        told = json.loads(event(name))
        at = f"{self.slot - datetime.timedelta(minutes=minutes_ahead):%Y-%m-%dT%H:%M:00Z}"
        for key in told.keys() & {"slot", "audit"}:
            told[key] = at
        if replay := told.get("replay"):
            replay.update({"from": at, "to": at.replace(":00Z", ":59Z")})
        return json.dumps(told)


def publish(cloud, lessons):
    environment = cloud.environment | {"DATABASE_URL": lessons.url}
    with servers.function(BINARIES / "schedule-publish" / "bootstrap", environment, timeout_s=60) as call:
        answer = json.loads(call(lessons.event("schedule-publish-dry-run")))
        check("schedule-publish dry run: would open", answer.get("would_publish"), 2)
        check("schedule-publish dry run: open", lessons.query("SELECT COUNT(*) FROM open_lesson WHERE status = 1"), [(0,)])
        answer = json.loads(call(lessons.event("schedule-publish", minutes_ahead=3)))
        told = {key: answer.get(key) for key in ("planned", "published", "late")}
        check("schedule-publish: answer", told, {"planned": 2, "published": 2, "late": 2})
        check("schedule-publish: open", lessons.query("SELECT COUNT(*) FROM lesson WHERE status = 1"), [(2,)])
        answer = json.loads(call(lessons.event("schedule-publish-replay")))
        check("schedule-publish replay: nothing is left", (answer.get("published"), answer.get("remaining")), (0, 0))


def watch(cloud, lessons):
    topic = cloud.sns.create_topic(Name="alerts")["TopicArn"]
    environment = cloud.environment | {
        "DATABASE_URL": lessons.url, "PUBLISH_FUNCTION": "schedule-publish", "ALERT_TOPIC_ARN": topic,
        "RUNBOOK_URL": "https://example.com/runbook",
    }
    with servers.function(BINARIES / "schedule-watch" / "bootstrap", environment, timeout_s=60) as call:
        answer = json.loads(call(lessons.event("schedule-watch", minutes_ahead=1)))
        told = {key: answer.get(key) for key in ("overdue", "publisher", "incident")}
        check("schedule-watch: answer", told, {"overdue": 0, "publisher": "done", "incident": "none"})
        answer = json.loads(call(lessons.event("schedule-watch-audit", minutes_ahead=-5)))
        told = {key: answer.get(key) for key in ("on_time", "late", "missed")}
        check("schedule-watch audit: answer", told, {"on_time": 0, "late": 2, "missed": 0})


def main():
    with servers.moto() as url, tempfile.TemporaryDirectory() as folder:
        cloud = Cloud(url)
        ingest(cloud)
        actions(cloud)
        forward(cloud)
        lessons = Lessons(folder)
        publish(cloud, lessons)
        watch(cloud, lessons)
    sys.exit(f"{len(FAILED)} checks failed" if FAILED else 0)


if __name__ == "__main__":
    main()
