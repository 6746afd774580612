use std::{collections::BTreeMap, fmt, fs, path::Path};

use serde_json::Value;

use crate::phones::Sent;

/// What was acknowledged, held against what is in the files.
#[derive(Debug, Default)]
pub struct Ledger {
    pub acknowledged: usize,
    /// Acknowledged, but in no file.
    pub lost: Vec<String>,
    /// In a file, but sent by no phone.
    pub unknown: usize,
    /// Stored more than once because the phone sent it more than once.
    pub resent_twice: usize,
    /// Stored more than once although the phone sent it once.
    pub redelivered: usize,
}

impl Ledger {
    pub fn new(sent: &Sent, folder: &Path) -> Self {
        let mut stored = BTreeMap::<String, u32>::new();
        read(folder, &mut stored);
        let mut ledger = Ledger {
            acknowledged: sent.tries.len(),
            ..Ledger::default()
        };
        for (key, tries) in &sent.tries {
            match (stored.remove(key), tries) {
                (None, _) => ledger.lost.push(key.clone()),
                (Some(1), _) => {}
                (Some(_), 1) => ledger.redelivered += 1,
                (Some(_), _) => ledger.resent_twice += 1,
            }
        }
        ledger.unknown = stored.len();
        ledger
    }
}

fn read(folder: &Path, stored: &mut BTreeMap<String, u32>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(&path, stored);
            continue;
        }
        for line in fs::read_to_string(&path).expect("UTF-8").lines() {
            let trace: Value = serde_json::from_str(line).expect("each line is whole");
            let recorded_at = trace["recorded_at"].as_str().expect("a time");
            let second = recorded_at
                .parse::<jiff::Timestamp>()
                .expect("RFC 3339")
                .as_second();
            *stored
                .entry(format!("{} {second}", trace["agent_id"].as_str().expect("an id")))
                .or_default() += 1;
        }
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ledger {
            acknowledged,
            lost,
            unknown,
            resent_twice,
            redelivered,
        } = self;
        write!(
            f,
            "{acknowledged} traces acknowledged, {} lost, {unknown} unknown; stored twice: {resent_twice} that \
             the phone sent again, {redelivered} that it sent once",
            lost.len()
        )
    }
}
