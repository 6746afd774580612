//! Where agents were last, of what Firehose has stored.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde::Deserialize;

use super::recent::Told;

/// Most agents on the map.
const AGENTS: usize = 10_000;
/// Lines that are read of each moment, the newest first: a map of 250 ms is not read
/// more closely, and reading shares the processor with what it watches.
const LINES: usize = 2_500;

/// Agent, latitude, longitude, epoch ms.
pub(super) type Position = (String, f64, f64, i64);

/// The newest of each agent.
#[derive(Debug, Default)]
pub(super) struct Positions {
    newest: HashMap<String, (f64, f64, i64)>,
    moved: HashSet<String>,
    forgotten: HashSet<String>,
    read: usize,
}

#[derive(Deserialize)]
struct Trace<'a> {
    #[serde(borrow)]
    agent_id: Cow<'a, str>,
    recorded_at: Timestamp,
    lat: f64,
    lon: f64,
}

impl Positions {
    /// Reads stored lines; those that are no traces say nothing.
    pub fn read(&mut self, lines: &[u8]) {
        for line in lines
            .rsplit(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
        {
            if self.read >= LINES {
                return;
            }
            self.read += 1;
            if let Ok(trace) = serde_json::from_slice(line) {
                self.add(trace);
            }
        }
    }

    fn add(&mut self, trace: Trace<'_>) {
        let at = trace.recorded_at.as_millisecond();
        let position = (trace.lat, trace.lon, at);
        match self.newest.get_mut(&*trace.agent_id) {
            Some(known) if known.2 > at => return,
            Some(known) => *known = position,
            None => {
                if self.newest.len() >= AGENTS {
                    self.forget();
                }
                self.forgotten.remove(&*trace.agent_id);
                self.newest.insert(trace.agent_id.clone().into_owned(), position);
            }
        }
        if !self.moved.contains(&*trace.agent_id) {
            self.moved.insert(trace.agent_id.into_owned());
        }
    }

    /// The tenth that was not heard of for longest makes room.
    fn forget(&mut self) {
        let mut agents: Vec<(i64, String)> = self
            .newest
            .iter()
            .map(|(agent, (.., at))| (*at, agent.clone()))
            .collect();
        agents.select_nth_unstable(AGENTS / 10);
        agents.truncate(AGENTS / 10);
        for (_, agent) in agents {
            self.newest.remove(&agent);
            self.forgotten.insert(agent);
        }
    }

    pub fn pass(&mut self) {
        self.read = 0;
        self.moved.clear();
        self.forgotten.clear();
    }

    /// How many agents there are.
    pub fn len(&self) -> usize {
        self.newest.len()
    }

    /// Those that moved since the last moment, or all.
    pub fn tell(&mut self, told: Told) -> Vec<Position> {
        if told == Told::All {
            let named =
                |(agent, (lat, lon, at)): (&String, &(f64, f64, i64))| (agent.clone(), *lat, *lon, *at);
            return self.newest.iter().map(named).collect();
        }
        self.read = 0;
        let moved = std::mem::take(&mut self.moved);
        let named = |agent: String| {
            let (lat, lon, at) = *self.newest.get(&agent)?;
            Some((agent, lat, lon, at))
        };
        moved.into_iter().filter_map(named).collect()
    }

    /// Those that made room since the last moment; who is told all has none of them.
    pub fn tell_forgotten(&mut self, told: Told) -> HashSet<String> {
        match told {
            Told::All => HashSet::new(),
            Told::New => std::mem::take(&mut self.forgotten),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_wins_whatever_order_lines_come_in() {
        let line = |agent: &str, at: u32, lat: f64| {
            format!(
                r#"{{"trace_id":"t","agent_id":"{agent}","recorded_at":"2026-11-26T10:00:{at:02}.000Z","lat":{lat},"lon":2.5}}"#
            )
        };
        let mut positions = Positions::default();
        let lines = [
            line("a", 9, 9.0),
            line("a", 1, 1.0),
            r#"{"kind":"action"}"#.to_owned(),
            line("b", 5, 5.0),
        ];
        positions.read(format!("{}\n", lines.join("\n")).as_bytes());
        positions.read(line("a", 3, 3.0).as_bytes());
        let mut all = positions.tell(Told::All);
        all.sort_by(|one, other| one.0.cmp(&other.0));
        assert_eq!((all[0].1, all[1].1, positions.len()), (9.0, 5.0, 2));
        assert_eq!(positions.tell(Told::New).len(), 2);
        assert!(positions.tell(Told::New).is_empty());
    }

    #[test]
    fn a_full_map_makes_room_for_who_is_new_and_for_nobody_else() {
        let mut positions = full();
        hear(&mut positions, 5, 9);
        assert_eq!(positions.len(), AGENTS);
        hear(&mut positions, AGENTS, 9);
        assert_eq!(positions.len(), AGENTS - AGENTS / 10 + 1);
        assert!(!positions.newest.contains_key("a0") && positions.newest.contains_key("a5"));
    }

    #[test]
    fn who_made_room_is_told_once_unless_heard_of_again() {
        let mut positions = full();
        hear(&mut positions, AGENTS, 9);
        hear(&mut positions, 0, 9);
        assert!(positions.tell_forgotten(Told::All).is_empty());
        let forgotten = positions.tell_forgotten(Told::New);
        assert_eq!(forgotten.len(), AGENTS / 10 - 1);
        assert!(
            forgotten
                .iter()
                .all(|agent| !positions.newest.contains_key(agent))
        );
        assert!(positions.tell_forgotten(Told::New).is_empty());
    }

    /// All but the first at the same time, as in a recording.
    fn full() -> Positions {
        let mut positions = Positions::default();
        for agent in 0..AGENTS {
            hear(&mut positions, agent, i64::from(agent > 0));
        }
        positions
    }

    fn hear(positions: &mut Positions, agent: usize, at: i64) {
        let recorded_at = Timestamp::from_millisecond(at).expect("a time");
        let agent_id = format!("a{agent}").into();
        positions.add(Trace {
            agent_id,
            recorded_at,
            lat: 0.0,
            lon: 0.0,
        });
    }
}
