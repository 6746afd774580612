-- Times are UTC with milliseconds. No foreign keys: a flip, and a booking
-- beside it, would lock the parents' rows.

CREATE TABLE center (
    id   BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(255) NOT NULL DEFAULT ''
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- "Every week on `weekday` at `publish_time`, the lessons of the week that
-- begins `weeks_ahead` weeks later open."
CREATE TABLE auto_publish_setting (
    id           BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
    center_id    BIGINT      NOT NULL,
    -- NULL: every kind that has no setting of its own
    class_kind   VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    -- ISO 8601: 1 Monday ... 7 Sunday
    weekday      TINYINT     NOT NULL,
    -- wall clock of time_zone
    publish_time TIME        NOT NULL,
    weeks_ahead  SMALLINT    NOT NULL,
    -- IANA name, such as Asia/Seoul
    time_zone    VARCHAR(64) NOT NULL,
    enabled      TINYINT     NOT NULL DEFAULT 1,
    KEY auto_publish_setting_center (center_id),
    CONSTRAINT auto_publish_setting_weekday CHECK (weekday BETWEEN 1 AND 7),
    CONSTRAINT auto_publish_setting_weeks_ahead CHECK (weeks_ahead BETWEEN 0 AND 520)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

CREATE TABLE lesson (
    id              BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    center_id       BIGINT       NOT NULL,
    class_kind      VARCHAR(64)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
    title           VARCHAR(255) NOT NULL DEFAULT '',
    starts_at       DATETIME(3)  NOT NULL,
    -- when it opens; NULL: not yet known, or never by itself
    publish_at      DATETIME(3)  NULL,
    -- what linking wrote into publish_at; where the two differ, a person decided
    auto_publish_at DATETIME(3)  NULL,
    -- 0 scheduled, 1 published, 2 cancelled
    status          TINYINT      NOT NULL DEFAULT 0,
    -- this database's clock
    published_at    DATETIME(3)  NULL,
    publish_run_id  BIGINT       NULL,
    -- the only secondary index that a flip touches; each further one on a flipped
    -- column costs about 80 ms per 10,000 lessons
    KEY lesson_status_publish_at (status, publish_at),
    KEY lesson_center_starts_at (center_id, starts_at),
    CONSTRAINT lesson_status CHECK (status IN (0, 1, 2))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

CREATE TABLE publish_run (
    id                   BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    -- begin of the minute; of a replay, begin of its span
    slot                 DATETIME(3)  NOT NULL,
    -- end of a replay's span
    replay_to            DATETIME(3)  NULL,
    -- schedule | replay
    `trigger`            VARCHAR(16)  NOT NULL,
    -- a slot has one run, and a replay's request has one
    trigger_key          VARCHAR(128) NOT NULL,
    -- waiting | planned | published | done
    state                VARCHAR(16)  NOT NULL,
    -- grows by one each time that another takes the run over; who fires must have the newest
    term                 BIGINT       NOT NULL DEFAULT 0,
    planned              BIGINT       NOT NULL DEFAULT 0,
    published            BIGINT       NOT NULL DEFAULT 0,
    late                 BIGINT       NOT NULL DEFAULT 0,
    -- of those published: from earlier slots that had been missed
    recovered            BIGINT       NOT NULL DEFAULT 0,
    first_commit_late_ms BIGINT       NULL,
    last_commit_late_ms  BIGINT       NULL,
    -- the database's clock minus the publisher's, as measured at its wake
    clock_offset_ms      BIGINT       NULL,
    requested_by         VARCHAR(128) NULL,
    reason               VARCHAR(1000) NULL,
    started_at           DATETIME(3)  NOT NULL,
    finished_at          DATETIME(3)  NULL,
    UNIQUE KEY publish_run_trigger_key (`trigger`, trigger_key),
    KEY publish_run_state_slot (state, slot)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- Apart from publish_run, whose row every chunk of a flip locks for its fence:
-- renewing in the same row would stop the flip for a moment each time.
CREATE TABLE publish_lease (
    run_id     BIGINT      NOT NULL PRIMARY KEY,
    holder     VARCHAR(64) NOT NULL,
    expires_at DATETIME(3) NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- What linking has seen: a digest of each centre's settings; for centre 0 the
-- newest lesson.
CREATE TABLE auto_publish_link (
    center_id BIGINT      NOT NULL PRIMARY KEY,
    settings  VARCHAR(64) NOT NULL,
    lesson_id BIGINT      NOT NULL DEFAULT 0
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

CREATE TABLE publish_incident (
    id              BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
    -- 1 while it is open, then NULL: at most one is open
    open_mark       TINYINT     NULL,
    -- overdue | silent
    kind            VARCHAR(16) NOT NULL,
    slot            DATETIME(3) NOT NULL,
    overdue         BIGINT      NOT NULL,
    worst_late_ms   BIGINT      NOT NULL,
    opened_at       DATETIME(3) NOT NULL,
    replayed_at     DATETIME(3) NULL,
    closed_at       DATETIME(3) NULL,
    -- when each channel took the alert, and the word that it is over
    sns_alerted     DATETIME(3) NULL,
    slack_alerted   DATETIME(3) NULL,
    sns_closed      DATETIME(3) NULL,
    slack_closed    DATETIME(3) NULL,
    UNIQUE KEY publish_incident_open (open_mark)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- What readers should show as open: late by nothing, whoever publishes.
CREATE VIEW open_lesson AS
SELECT id, center_id, class_kind, title, starts_at, publish_at, status, published_at, publish_run_id
FROM lesson
WHERE status = 1 OR (status = 0 AND publish_at <= UTC_TIMESTAMP(3));
