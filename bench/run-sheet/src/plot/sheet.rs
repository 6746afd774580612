//! Run sheets on a map, beside each other.

use run_sheet::{Problem, Schedule, Task};

use super::{GRID, INK, PALE, card, line, text};

const PANEL: f64 = 468.0;
/// Height of a map, and where it begins.
const MAP: (f64, f64) = (348.0, 76.0);
/// Metres between the lines of the grid.
const GRID_M: f64 = 500.0;
/// First and last leg.
const EARLY: [f64; 3] = [128.0, 204.0, 255.0];
const LATE: [f64; 3] = [10.0, 48.0, 105.0];
/// Of a drop-off: in time, late, and later than [`LATE_S`] seconds.
const SHADES: [&str; 3] = ["#1a7f37", "#bf6c00", "#cf222e"];
const LATE_S: i64 = 600;

/// One run sheet.
pub struct Sheet {
    /// Above it.
    pub title: String,
    /// How it was found.
    pub subtitle: String,
    /// The route.
    pub tasks: Vec<Task>,
}

/// A picture of run sheets for the same problem; the places are those of its
/// matrix' rows, in metres east and south.
pub fn sheets(problem: &Problem, places: &[(f64, f64)], sheets: &[Sheet]) -> String {
    let mut body = String::new();
    for (index, sheet) in sheets.iter().enumerate() {
        let left = 24.0 + PANEL * index as f64;
        let map = Map::around(places, left);
        body += &text(
            left + 8.0,
            40.0,
            "font-size=\"15\" font-weight=\"600\"",
            &sheet.title,
        );
        body += &text(left + 8.0, 61.0, &format!("fill=\"{PALE}\""), &sheet.subtitle);
        body += &map.grid();
        body += &route(problem, places, &map, &sheet.tasks);
    }
    body += &legend(&Map::around(places, 0.0));
    let width = (PANEL * sheets.len() as f64) as u32 + 24;
    card(width, 484, "A rider's run sheet on a map", &body)
}

struct Map {
    left: f64,
    west: f64,
    north: f64,
    per_metre: f64,
}

impl Map {
    fn around(places: &[(f64, f64)], left: f64) -> Self {
        let least = |of: fn(&(f64, f64)) -> f64| places.iter().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&(f64, f64)) -> f64| places.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let (west, north) = (least(|place| place.0), least(|place| place.1));
        let (wide, high) = (most(|place| place.0) - west, most(|place| place.1) - north);
        let room = 64.0;
        let per_metre = ((PANEL - 24.0 - room) / wide).min((MAP.0 - room) / high);
        let margin = |all: f64, used: f64| (all - used * per_metre) / 2.0 / per_metre;
        Self {
            left,
            west: west - margin(PANEL - 24.0, wide),
            north: north - margin(MAP.0, high),
            per_metre,
        }
    }

    fn at(&self, (east, south): (f64, f64)) -> (f64, f64) {
        let x = self.left + (east - self.west) * self.per_metre;
        (x, MAP.1 + (south - self.north) * self.per_metre)
    }

    fn grid(&self) -> String {
        let (left, width, (height, top)) = (self.left, PANEL - 24.0, MAP);
        let (right, bottom) = (left + width, top + height);
        let mut svg = format!(
            "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"6\" fill=\"#ffffff\" stroke=\"{GRID}\"/>\n"
        );
        let stroke = "stroke=\"#eaeef2\"";
        let first = |least: f64| (least / GRID_M).ceil() * GRID_M;
        for step in 0.. {
            let metres = step as f64 * GRID_M;
            let (x, _) = self.at((first(self.west) + metres, 0.0));
            let (_, y) = self.at((0.0, first(self.north) + metres));
            if x < right - 1.0 {
                svg += &line((x, top + 1.0), (x, bottom - 1.0), stroke);
            }
            if y < bottom - 1.0 {
                svg += &line((left + 1.0, y), (right - 1.0, y), stroke);
            }
            if x >= right && y >= bottom {
                break;
            }
        }
        svg
    }
}

/// Legs below, stops above.
fn route(problem: &Problem, places: &[(f64, f64)], map: &Map, tasks: &[Task]) -> String {
    let schedule = Schedule::of(problem, tasks);
    let stops = tasks.iter().map(|task| problem.stop(*task).location);
    let way: Vec<usize> = problem
        .start
        .into_iter()
        .chain(stops)
        .chain(problem.end)
        .collect();
    let points: Vec<(f64, f64)> = way.iter().map(|&place| map.at(places[place])).collect();
    let legs = points.len().saturating_sub(1).max(1);
    let mut svg = String::new();
    for (index, leg) in points.windows(2).enumerate() {
        svg += &arrow(leg[0], leg[1], &blend(index as f64 / legs as f64));
    }
    if let Some(start) = problem.start {
        svg += &rider(map.at(places[start]));
    }
    for visit in &schedule.visits {
        let at = map.at(places[problem.stop(visit.task).location]);
        svg += &stop(at, visit.task, visit.late);
    }
    svg
}

/// A leg with its direction in its middle.
fn arrow(from: (f64, f64), to: (f64, f64), colour: &str) -> String {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(1e-9);
    let (ux, uy) = (dx / length, dy / length);
    let (x, y) = ((from.0 + to.0) / 2.0 + ux * 5.0, (from.1 + to.1) / 2.0 + uy * 5.0);
    let wing = |side: f64| (x - ux * 10.0 - side * uy * 5.0, y - uy * 10.0 + side * ux * 5.0);
    let ((ax, ay), (bx, by)) = (wing(1.0), wing(-1.0));
    line(from, to, &format!("stroke=\"{colour}\" stroke-width=\"2.5\""))
        + &format!("<path d=\"M{x:.1} {y:.1}L{ax:.1} {ay:.1}L{bx:.1} {by:.1}z\" fill=\"{colour}\"/>\n")
}

fn blend(part: f64) -> String {
    let [red, green, blue] =
        [0, 1, 2].map(|index| (EARLY[index] + (LATE[index] - EARLY[index]) * part) as u8);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn rider((x, y): (f64, f64)) -> String {
    let path = format!("M{x:.1} {:.1}l9 16h-18z", y - 10.0);
    format!(
        "<path d=\"{path}\" fill=\"{INK}\" stroke=\"#ffffff\" stroke-width=\"1.5\" stroke-linejoin=\"round\"/>\n"
    )
}

/// A square to pick up, a circle to drop off, with the order's number.
fn stop((x, y): (f64, f64), task: Task, late: i64) -> String {
    let (shape, colour) = match task {
        Task::Pickup(_) => {
            let (left, top) = (x - 10.5, y - 10.5);
            let corner = format!("x=\"{left:.1}\" y=\"{top:.1}\" width=\"21\" height=\"21\" rx=\"4\"");
            (
                format!("<rect {corner} fill=\"#ffffff\" stroke=\"{INK}\" stroke-width=\"2\"/>"),
                INK,
            )
        }
        Task::Delivery(_) => {
            let shade = SHADES[usize::from(late > 0) + usize::from(late > LATE_S)];
            let circle = format!("cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"11.5\" fill=\"{shade}\"");
            (
                format!("<circle {circle} stroke=\"#ffffff\" stroke-width=\"1.5\"/>"),
                "#ffffff",
            )
        }
    };
    let number = format!("text-anchor=\"middle\" font-weight=\"600\" fill=\"{colour}\"");
    let mut svg = shape + "\n" + &text(x, y + 4.6, &number, &(task.order() + 1).to_string());
    if late > 0 {
        let minutes = (late + 59) / 60;
        let label = "font-size=\"12\" font-weight=\"600\" text-anchor=\"middle\" paint-order=\"stroke\" \
                     stroke=\"#ffffff\" stroke-width=\"4\"";
        let shade = SHADES[1 + usize::from(late > LATE_S)];
        svg += &text(
            x,
            y + 26.0,
            &format!("{label} fill=\"{shade}\""),
            &format!("+{minutes} min"),
        );
    }
    svg
}

fn legend(map: &Map) -> String {
    let y = 448.0;
    let mut svg = rider((42.0, y - 1.0)) + &text(58.0, y + 4.5, "", "rider");
    svg += &stop((118.0, y), Task::Pickup(0), 0);
    svg += &text(136.0, y + 4.5, "", "order 1 is picked up");
    for (x, late, words) in [
        (290.0, 0, "dropped off"),
        (402.0, 1, "late"),
        (470.0, LATE_S + 1, "over 10 min late"),
    ] {
        let shade = SHADES[usize::from(late > 0) + usize::from(late > LATE_S)];
        svg += &format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"9\" fill=\"{shade}\"/>\n");
        svg += &text(x + 16.0, y + 4.5, "", words);
    }
    svg += &arrow((610.0, y), (652.0, y), &blend(0.0));
    svg += &arrow((652.0, y), (694.0, y), &blend(0.99));
    svg += &text(704.0, y + 4.5, "", "first to last leg");
    let to = 2.0 * PANEL - 8.0;
    let from = to - GRID_M * map.per_metre;
    let ink = format!("stroke=\"{INK}\" stroke-width=\"2\" fill=\"none\"");
    svg += &format!("<path d=\"M{from} {:.1}v5H{to:.1}v-5\" {ink}/>\n", y - 1.0);
    svg + &text(
        (from + to) / 2.0,
        y - 4.0,
        "text-anchor=\"middle\" font-size=\"12\"",
        &format!("{GRID_M} m"),
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{SHADES, Sheet, sheets};
    use crate::{example, legacy};

    #[test]
    fn each_stop_and_each_late_one_is_drawn() {
        let problem = example::problem();
        let found = legacy::search(&problem, Duration::from_millis(1), 0);
        let late = run_sheet::Schedule::of(&problem, &found.tasks).visits;
        let late = late.iter().filter(|visit| visit.late > 0).count();
        let sheet = Sheet {
            title: String::new(),
            subtitle: String::new(),
            tasks: found.tasks,
        };
        let svg = sheets(&problem, &example::places(), &[sheet]);
        let count = |what: &str| svg.matches(what).count();
        assert_eq!(count("width=\"21\" height=\"21\""), problem.orders.len() + 1);
        assert_eq!(count("r=\"11.5\""), problem.orders.len());
        assert_eq!(count("+"), late);
        assert!(SHADES.iter().all(|shade| svg.contains(shade)));
    }
}
