use std::io::BufRead;

use anyhow::Context;

use super::{Read, Trace, time};

/// Reads native traces, one a line: what Firehose delivered can be replayed.
pub(super) fn read(input: impl BufRead, agent: Option<&str>) -> anyhow::Result<Read> {
    let mut read = Read::default();
    let mut epoch_ms = None;
    for (line, place) in input.lines().zip(1..) {
        let line = line.context("the file is not UTF-8 text")?;
        if line.trim().is_empty() {
            continue;
        }
        let Ok(mut fields) = serde_json::from_str::<serde_json::Map<_, _>>(&line) else {
            read.skipped
                .push(format!("line {place}: it is not a JSON object"));
            continue;
        };
        if let Some(agent) = agent {
            fields.entry("agent_id").or_insert(agent.into());
        }
        epoch_ms = time::of_value(fields.get("recorded_at")).or(epoch_ms);
        read.traces.push(Trace {
            place,
            epoch_ms,
            fields,
        });
    }
    Ok(read)
}
