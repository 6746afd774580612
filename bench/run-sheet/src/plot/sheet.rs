//! Run sheets on a map, beside each other.

use run_sheet::{Problem, Schedule, Task};

use super::map::{GRID_M, Map, PANEL};
use super::symbols::{LATE_S, arrow, blend, rider, shade, stop};
use super::{INK, PALE, card, text};

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
        let shade = shade(late);
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

    use super::{Sheet, sheets};
    use crate::plot::symbols::SHADES;
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
