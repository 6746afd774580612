//! A lesson on its way into the table.

use jiff::Timestamp;
use lessons::time::to_text;

/// What a lesson is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    Due,
    Published,
    Scheduled,
    Cancelled,
}

/// A lesson to insert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub kind: Kind,
    pub center: i64,
    pub class_kind: &'static str,
    pub level: &'static str,
    pub starts_at: Timestamp,
    pub publish_at: Timestamp,
    pub published_at: Option<Timestamp>,
}

impl Row {
    /// `lesson.status`.
    fn status(&self) -> u8 {
        match self.kind {
            Kind::Due | Kind::Scheduled => 0,
            Kind::Published => 1,
            Kind::Cancelled => 2,
        }
    }

    /// Appends it as one row of `VALUES`. Every text is from here, and has no quotes.
    pub fn write(&self, sql: &mut String) {
        use std::fmt::Write as _;
        let Row {
            center,
            class_kind,
            level,
            ..
        } = self;
        let [starts_at, publish_at] = [self.starts_at, self.publish_at].map(to_text);
        let status = self.status();
        // Writing to a String cannot fail.
        let _ = write!(
            sql,
            "({center},'{class_kind}','{class_kind}, {level}','{starts_at}','{publish_at}',{status},"
        );
        match self.published_at {
            Some(at) => sql.extend(["'", &to_text(at), "')"]),
            None => sql.push_str("NULL)"),
        }
    }
}
