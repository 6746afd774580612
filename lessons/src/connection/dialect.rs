//! The words in which the two databases differ.

/// Pieces of statements.
#[derive(Debug)]
pub struct Dialect {
    /// This instant with milliseconds, as the columns hold it.
    pub now: &'static str,
    /// This instant as finely as the database knows it.
    pub now_finest: &'static str,
    /// A number of milliseconds from now; takes one value.
    pub now_plus: &'static str,
    /// Begins a transaction that is going to write.
    pub begin: &'static str,
    /// Insert, unless a unique key has the row already.
    pub insert_ignore: &'static str,
    /// After a subquery: its rows stay as they are until the transaction ends.
    pub shared_lock: &'static str,
    /// Whether rows have locks of their own; otherwise a writer has the whole file.
    pub locks_rows: bool,
    /// Before a statement: it fails at once where it would wait for a lock. MySQL
    /// waits for a second at least.
    pub at_once: Option<&'static str>,
    /// Milliseconds from `publish_at` to `published_at`.
    pub late_ms: &'static str,
    /// Milliseconds from a run's `slot` to `publish_at`.
    pub into_slot_ms: &'static str,
    /// Sent when a connection opens.
    pub on_connect: &'static str,
}

pub(super) static MYSQL: Dialect = Dialect {
    now: "UTC_TIMESTAMP(3)",
    now_finest: "UTC_TIMESTAMP(6)",
    now_plus: "UTC_TIMESTAMP(3) + INTERVAL ? * 1000 MICROSECOND",
    begin: "BEGIN",
    insert_ignore: "INSERT IGNORE",
    shared_lock: "LOCK IN SHARE MODE",
    locks_rows: true,
    at_once: None,
    late_ms: "TIMESTAMPDIFF(MICROSECOND, l.publish_at, l.published_at) DIV 1000",
    into_slot_ms: "TIMESTAMPDIFF(MICROSECOND, r.slot, l.publish_at) DIV 1000",
    on_connect: MYSQL_ON_CONNECT,
};

// A lock wait of 50 s is the default, and a second MySQL's least. What a killed
// publisher left open ends after wait_timeout; its default is 8 hours.
const MYSQL_ON_CONNECT: &str = "SET SESSION innodb_lock_wait_timeout = 1, wait_timeout = 120";

pub(super) static MARIADB: Dialect = Dialect {
    at_once: Some("SET STATEMENT innodb_lock_wait_timeout = 0 FOR"),
    // A list of 1,000 ids is not to be made a table that is joined: 10 ms, not 6.5 (by hand).
    on_connect: "SET SESSION innodb_lock_wait_timeout = 1, wait_timeout = 120, in_predicate_conversion_threshold = 0",
    ..MYSQL
};

pub(super) static SQLITE: Dialect = Dialect {
    now: "strftime('%Y-%m-%d %H:%M:%f', 'now')",
    now_finest: "strftime('%Y-%m-%d %H:%M:%f', 'now')",
    now_plus: "strftime('%Y-%m-%d %H:%M:%f', 'now', (? / 1000.0) || ' seconds')",
    begin: "BEGIN IMMEDIATE",
    insert_ignore: "INSERT OR IGNORE",
    shared_lock: "",
    locks_rows: false,
    at_once: None,
    late_ms: "CAST(ROUND((julianday(l.published_at) - julianday(l.publish_at)) * 86400000) AS INTEGER)",
    into_slot_ms: "CAST(ROUND((julianday(l.publish_at) - julianday(r.slot)) * 86400000) AS INTEGER)",
    on_connect: "PRAGMA busy_timeout = 1000",
};
