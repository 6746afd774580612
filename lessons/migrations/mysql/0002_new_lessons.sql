-- auto_publish_link.lesson_id is not used any more; it stays, so that functions of
-- the version before go on while this one is deployed.

-- The newest lesson whenever linking looked. Ids are not committed in order: what
-- counts as seen is the newest of ten minutes ago.
CREATE TABLE auto_publish_mark (
    lesson_id BIGINT      NOT NULL PRIMARY KEY,
    seen_at   DATETIME(3) NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;
