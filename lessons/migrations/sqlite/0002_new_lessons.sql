-- auto_publish_link.lesson_id is not used any more; it stays, so that functions of
-- the version before go on while this one is deployed.

-- The newest lesson whenever linking looked.
CREATE TABLE auto_publish_mark (
    lesson_id INTEGER PRIMARY KEY,
    seen_at   TEXT NOT NULL
);
