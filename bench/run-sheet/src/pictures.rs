//! What the pictures show.

use std::fs;
use std::path::Path;
use std::time::Duration;

use run_sheet::{Options, Schedule, Task};

use crate::number::number;
use crate::peers::PEERS;
use crate::plot::{Line, Panel, Sheet, curves, sheets};
use crate::row::Row;
use crate::{example, legacy, ours};

/// Sets and numbers of orders of the instances whose curves are drawn.
const SHOWN: [(&str, usize); 2] = [("grubhub", 15), ("dumitrescu", 30)];

/// Draws the curves of the first instance of each kind that is shown; nothing if
/// there is none.
pub fn draw_curves(folder: &Path, rows: &[Row], budget: Duration) -> anyhow::Result<String> {
    let first = |shown| {
        rows.iter()
            .find(|row| shown == (row.instance.set.as_str(), row.instance.n))
    };
    let panels: Vec<Panel> = SHOWN.into_iter().filter_map(first).map(panel).collect();
    if panels.is_empty() {
        return Ok(String::new());
    }
    fs::write(
        folder.join("run-sheet-curve.svg"),
        curves(&panels, budget.as_secs_f64() * 1e3),
    )?;
    Ok("![How much above the best known each solver was, over time](run-sheet-curve.svg)\n".to_owned())
}

/// Draws the made-up evening as the legacy and as ours plan it.
pub fn draw_sheets(folder: &Path, options: &Options, legacy_time: Duration) -> anyhow::Result<String> {
    let problem = example::problem();
    let ours = ours::measure(&problem, None, options, 5)?;
    let drawn = legacy::search(&problem, legacy_time, options.seed);
    let describe = |title: String, tasks: Vec<Task>| {
        let totals = Schedule::of(&problem, &tasks).totals;
        let minutes = |seconds: i64| (seconds + 30) / 60;
        Sheet {
            title,
            subtitle: format!(
                "{} min of travel, {} min late in sum, done after {} min",
                minutes(totals.travel),
                minutes(totals.lateness),
                minutes(totals.duration)
            ),
            tasks,
        }
    };
    let how = if ours.proven { ", proven best" } else { "" };
    let both = [
        describe(
            format!(
                "The legacy: best of random in {} s",
                number(legacy_time.as_secs_f64())
            ),
            drawn.tasks,
        ),
        describe(format!("Ours: {} ms{how}", number(ours.elapsed_ms)), ours.tasks),
    ];
    fs::write(
        folder.join("run-sheet-map.svg"),
        sheets(&problem, &example::places(), &both),
    )?;
    Ok(format!(
        "![The same orders as the legacy and as ours plan them](run-sheet-map.svg)\n\n\
         {} made-up orders, up to {} on board, each due {} minutes after it is ready; travel and ten times the \
         lateness count.\n",
        problem.orders.len(),
        problem.capacity[0],
        example::PATIENCE / 60
    ))
}

fn panel(row: &Row) -> Panel {
    let points = |curve: &[(f64, i64)]| curve.iter().map(|&(ms, value)| (ms, row.gap_of(value))).collect();
    let ours = Line {
        name: "ours",
        points: points(&row.ours.curve),
        proven: row.ours.proven.then_some(row.ours.elapsed_ms),
    };
    let legacy = row.legacy.iter().map(|found| Line {
        name: "legacy",
        points: points(&found.curve),
        proven: None,
    });
    let peer = |name| {
        let run = row.peers.iter().find(|run| run.peer == name)?;
        Some(Line {
            name,
            points: points(&run.curve),
            proven: None,
        })
    };
    Panel {
        title: format!("{} orders ({})", row.instance.n, row.instance.name),
        lines: [ours]
            .into_iter()
            .chain(legacy)
            .chain(PEERS.into_iter().filter_map(peer))
            .collect(),
    }
}
