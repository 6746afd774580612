//! The picture, as SVG written by hand: on a light card, to be read on light and dark
//! pages alike.

use std::{fmt::Write as _, time::Duration};

use crate::{figures::ms, run::Case};

const INK: &str = "#1f2328";
const PALE: &str = "#57606a";
const GRID: &str = "#d8dee4";
const FIRST: &str = "#cf222e";
const LATER: &str = "#0969da";

const PANEL: (f64, f64) = (270.0, 170.0);
const COLUMNS: usize = 3;
/// Left of a panel's plot, above it, right and below.
const INSET: (f64, f64, f64, f64) = (42.0, 34.0, 12.0, 26.0);
const TOP: f64 = 62.0;
/// Between an answer and the next request.
const PAUSE: Duration = crate::environment::PAUSE;

/// Each answer is a dot: when its request came, and how long it took.
pub fn pillars(cases: &[Case]) -> String {
    let highest = cases
        .iter()
        .flat_map(|case| &case.environments)
        .flat_map(|one| &one.answers)
        .map(|answer| ms(*answer));
    let top = nice(highest.fold(0.0, f64::max));
    let requests = cases[0].environments[0].answers.len();
    let longest = ms(PAUSE) * 1.15 * requests as f64;
    let rows = cases.len().div_ceil(COLUMNS);
    let (width, height) = (
        PANEL.0 * COLUMNS as f64 + 24.0,
        PANEL.1 * rows as f64 + TOP + 16.0,
    );
    let mut body = String::new();
    let _ = writeln!(
        body,
        "<text x=\"24\" y=\"34\" font-size=\"16\" font-weight=\"600\">How long each answer of a fresh environment took</text>\n\
         <text x=\"24\" y=\"54\" fill=\"{PALE}\">{} environments a panel; milliseconds, over milliseconds since the first \
         request.</text>\n\
         <circle cx=\"{:.0}\" cy=\"50\" r=\"4\" fill=\"{FIRST}\"/><text x=\"{:.0}\" y=\"54\" fill=\"{PALE}\">first answers</text>",
        cases[0].environments.len(),
        width - 130.0,
        width - 120.0,
    );
    for (number, case) in cases.iter().enumerate() {
        let x = 12.0 + PANEL.0 * (number % COLUMNS) as f64;
        let y = TOP + PANEL.1 * (number / COLUMNS) as f64;
        body += &panel(case, (x, y), (longest, top));
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         font-family=\"system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif\" font-size=\"13\" fill=\"{INK}\">\n\
         <title>First and later answers of fresh environments, by way to warm up</title>\n\
         <rect width=\"{width:.0}\" height=\"{height:.0}\" rx=\"12\" fill=\"#ffffff\"/>\n{body}</svg>\n"
    )
}

fn panel(case: &Case, (x, y): (f64, f64), (longest, top): (f64, f64)) -> String {
    let (left, above, right, below) = INSET;
    let (plot_x, plot_y) = (x + left, y + above);
    let (wide, high) = (PANEL.0 - left - right, PANEL.1 - above - below);
    let at_x = |time: f64| plot_x + wide * (time / longest).min(1.0);
    let at_y = |time: f64| plot_y + high * (1.0 - (time / top).min(1.0));
    let mut text = format!(
        "<text x=\"{plot_x:.0}\" y=\"{:.0}\" font-weight=\"600\">{}</text>\n",
        y + 22.0,
        case.strategy.name()
    );
    for step in 0..=2 {
        let value = top * f64::from(step) / 2.0;
        let _ = writeln!(
            text,
            "<path d=\"M{plot_x:.1} {0:.1}H{1:.1}\" stroke=\"{GRID}\"/><text x=\"{2:.1}\" y=\"{3:.1}\" \
             text-anchor=\"end\" font-size=\"11\" fill=\"{PALE}\">{value:.0}</text>",
            at_y(value),
            plot_x + wide,
            plot_x - 6.0,
            at_y(value) + 4.0,
        );
    }
    for value in [0.0, (longest / 200.0).floor() * 100.0] {
        let _ = writeln!(
            text,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"11\" fill=\"{PALE}\">{value:.0}</text>",
            at_x(value),
            plot_y + high + 16.0
        );
    }
    let (mut firsts, mut laters) = (String::new(), String::new());
    for environment in &case.environments {
        let mut at = Duration::ZERO;
        for (number, answer) in environment.answers.iter().enumerate() {
            let dots = if number == 0 { &mut firsts } else { &mut laters };
            let _ = write!(dots, "M{:.1} {:.1}h0", at_x(ms(at)), at_y(ms(*answer)));
            at += *answer + PAUSE;
        }
    }
    let dots = |path: &str, colour, size, opacity| {
        format!(
            "<path d=\"{path}\" stroke=\"{colour}\" stroke-width=\"{size}\" stroke-linecap=\"round\" opacity=\"{opacity}\"/>\n"
        )
    };
    text + &dots(&laters, LATER, 3.5, 0.45) + &dots(&firsts, FIRST, 5.0, 0.6)
}

/// The next whose half is as round.
fn nice(value: f64) -> f64 {
    let ten = 10f64.powf(value.max(1.0).log10().floor());
    let steps = [1.0, 2.0, 4.0, 6.0, 8.0, 10.0];
    ten * steps.into_iter().find(|step| step * ten >= value).unwrap_or(10.0)
}
