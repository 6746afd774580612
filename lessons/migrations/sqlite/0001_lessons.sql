-- The same tables as for MySQL. Times are text as MySQL shows them,
-- 2026-11-24 10:30:00.000, UTC: text compares as time does, which the checks keep
-- true.

CREATE TABLE center (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL DEFAULT ''
);

-- "Every week on `weekday` at `publish_time`, the lessons of the week that
-- begins `weeks_ahead` weeks later open."
CREATE TABLE auto_publish_setting (
    id           INTEGER PRIMARY KEY,
    center_id    INTEGER NOT NULL,
    -- NULL: every kind that has no setting of its own
    class_kind   TEXT NULL,
    -- ISO 8601: 1 Monday ... 7 Sunday
    weekday      INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    -- wall clock of time_zone
    publish_time TEXT NOT NULL,
    weeks_ahead  INTEGER NOT NULL CHECK (weeks_ahead BETWEEN 0 AND 520),
    -- IANA name, such as Asia/Seoul
    time_zone    TEXT NOT NULL,
    enabled      INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX auto_publish_setting_center ON auto_publish_setting (center_id);

CREATE TABLE lesson (
    id              INTEGER PRIMARY KEY,
    center_id       INTEGER NOT NULL,
    class_kind      TEXT NOT NULL DEFAULT '',
    title           TEXT NOT NULL DEFAULT '',
    starts_at       TEXT NOT NULL CHECK (starts_at = strftime('%Y-%m-%d %H:%M:%f', starts_at)),
    -- when it opens; NULL: not yet known, or never by itself
    publish_at      TEXT NULL CHECK (publish_at = strftime('%Y-%m-%d %H:%M:%f', publish_at)),
    -- what linking wrote into publish_at; where the two differ, a person decided
    auto_publish_at TEXT NULL,
    -- 0 scheduled, 1 published, 2 cancelled
    status          INTEGER NOT NULL DEFAULT 0 CHECK (status IN (0, 1, 2)),
    -- this database's clock
    published_at    TEXT NULL,
    publish_run_id  INTEGER NULL
);
CREATE INDEX lesson_status_publish_at ON lesson (status, publish_at);
CREATE INDEX lesson_center_starts_at ON lesson (center_id, starts_at);

CREATE TABLE publish_run (
    id                   INTEGER PRIMARY KEY AUTOINCREMENT,
    -- begin of the minute; of a replay, begin of its span
    slot                 TEXT NOT NULL,
    -- end of a replay's span
    replay_to            TEXT NULL,
    -- schedule | replay
    "trigger"            TEXT NOT NULL,
    -- a slot has one run, and a replay's request has one
    trigger_key          TEXT NOT NULL,
    -- waiting | planned | published | done
    state                TEXT NOT NULL,
    -- grows by one each time that another takes the run over; who fires must have the newest
    term                 INTEGER NOT NULL DEFAULT 0,
    planned              INTEGER NOT NULL DEFAULT 0,
    published            INTEGER NOT NULL DEFAULT 0,
    late                 INTEGER NOT NULL DEFAULT 0,
    -- of those published: from earlier slots that had been missed
    recovered            INTEGER NOT NULL DEFAULT 0,
    first_commit_late_ms INTEGER NULL,
    last_commit_late_ms  INTEGER NULL,
    -- the database's clock minus the publisher's, as measured at its wake
    clock_offset_ms      INTEGER NULL,
    requested_by         TEXT NULL,
    reason               TEXT NULL,
    started_at           TEXT NOT NULL,
    finished_at          TEXT NULL,
    UNIQUE ("trigger", trigger_key)
);
CREATE INDEX publish_run_state_slot ON publish_run (state, slot);

CREATE TABLE publish_lease (
    run_id     INTEGER PRIMARY KEY,
    holder     TEXT NOT NULL,
    expires_at TEXT NOT NULL
);

-- What linking has seen: a digest of each centre's settings; for centre 0 the
-- newest lesson.
CREATE TABLE auto_publish_link (
    center_id INTEGER PRIMARY KEY,
    settings  TEXT NOT NULL,
    lesson_id INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE publish_incident (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    -- 1 while it is open, then NULL: at most one is open
    open_mark       INTEGER NULL UNIQUE,
    -- overdue | silent
    kind            TEXT NOT NULL,
    slot            TEXT NOT NULL,
    overdue         INTEGER NOT NULL,
    worst_late_ms   INTEGER NOT NULL,
    opened_at       TEXT NOT NULL,
    replayed_at     TEXT NULL,
    closed_at       TEXT NULL,
    -- when each channel took the alert, and the word that it is over
    sns_alerted     TEXT NULL,
    slack_alerted   TEXT NULL,
    sns_closed      TEXT NULL,
    slack_closed    TEXT NULL
);

-- What readers should show as open: late by nothing, whoever publishes.
CREATE VIEW open_lesson AS
SELECT id, center_id, class_kind, title, starts_at, publish_at, status, published_at, publish_run_id
FROM lesson
WHERE status = 1 OR (status = 0 AND publish_at <= strftime('%Y-%m-%d %H:%M:%f', 'now'));
