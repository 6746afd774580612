//! The last lines of the functions' logs.

use serde_json::Value;

use super::recent::Recent;

/// Of each moment; what is more is in the files.
const PER_MOMENT: usize = 10;
const KEPT: usize = 500;

/// Epoch ms, function, level, message, the whole line.
pub(super) type Entry = (i64, String, String, String, Value);

/// Words, not figures.
#[derive(Debug, Default)]
pub(super) struct Journal(pub Recent<Entry, KEPT>);

impl Journal {
    pub fn add(&mut self, at: i64, function: &str, line: &str) {
        // Of a flood, what somebody has to see.
        let has_level = |level: &str| line.contains(&format!(r#""level":"{level}""#));
        if self.0.fresh() >= PER_MOMENT && !has_level("WARN") && !has_level("ERROR") {
            return;
        }
        let parsed = serde_json::from_str(line).unwrap_or_else(|_| Value::String(line.to_owned()));
        let text = |key: &str, otherwise: &str| parsed[key].as_str().unwrap_or(otherwise).to_owned();
        let level = text("level", "INFO");
        let message = match parsed.as_str() {
            Some(line) => line.to_owned(),
            None => text("message", text("type", "").as_str()),
        };
        self.0.add((at, function.to_owned(), level, message, parsed));
    }
}

#[cfg(test)]
mod tests {
    use super::super::recent::Told;
    use super::*;

    #[test]
    fn of_a_flood_each_warning_and_error_is_told_and_what_is_no_json_as_it_is() {
        let mut journal = Journal::default();
        journal.add(1, "Actions", "no JSON");
        for level in ["INFO", "WARN", "ERROR"] {
            for _ in 0..100 {
                let line = format!(r#"{{"level":"{level}","message":"{level} line"}}"#);
                journal.add(1, "Actions", &line);
            }
        }
        let told = journal.0.tell(Told::New);
        let of = |level: &str| told.iter().filter(|entry| entry.2 == level).count();
        assert_eq!([of("INFO"), of("WARN"), of("ERROR")], [PER_MOMENT, 100, 100]);
        assert_eq!(
            (&*told[0].3, &*told[PER_MOMENT + 199].3),
            ("no JSON", "ERROR line")
        );
    }
}
