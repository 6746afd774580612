use std::io::Read as Input;

use anyhow::Context;
use gpx::Waypoint;
use jiff::Timestamp;
use serde_json::json;

use super::{Read, Trace};

/// Reads track points, then route points and way points. A track's name, else
/// the file's, is the agent where none is given.
pub(super) fn read(input: impl Input, agent: Option<&str>, stem: &str) -> anyhow::Result<Read> {
    let gpx = gpx::read(input).context("the file is not GPX")?;
    let tracks = gpx.tracks.iter().flat_map(|track| {
        let points = track.segments.iter().flat_map(|segment| &segment.points);
        points.map(|point| (track.name.as_deref(), point))
    });
    let routes = gpx
        .routes
        .iter()
        .flat_map(|route| route.points.iter().map(|p| (route.name.as_deref(), p)));
    let waypoints = gpx.waypoints.iter().map(|point| (None, point));

    let mut read = Read::default();
    for (place, (name, point)) in tracks.chain(routes).chain(waypoints).enumerate() {
        let agent = agent
            .or(name.map(str::trim))
            .filter(|name| !name.is_empty())
            .unwrap_or(stem);
        match trace(point, agent, place + 1) {
            Some(trace) => read.traces.push(trace),
            None => read.skipped.push(format!("point {}: it has no time", place + 1)),
        }
    }
    Ok(read)
}

fn trace(point: &Waypoint, agent: &str, place: usize) -> Option<Trace> {
    let text = point.time?.format().ok()?;
    let epoch_ms = text.parse::<Timestamp>().ok()?.as_millisecond();
    let position = point.point();
    let mut fields = serde_json::Map::new();
    let mut put = |name: &str, value| fields.insert(name.to_owned(), value);
    put("agent_id", json!(agent));
    put("recorded_at", json!(epoch_ms));
    put("lat", json!(position.y()));
    put("lon", json!(position.x()));
    if let Some(altitude) = point.elevation {
        put("altitude_m", json!(altitude));
    }
    if let Some(speed) = point.speed {
        put("speed_mps", json!(speed));
    }
    Some(Trace {
        place,
        epoch_ms: Some(epoch_ms),
        fields,
    })
}
