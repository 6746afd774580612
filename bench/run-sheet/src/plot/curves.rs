//! How much above the best known each solver was, over time.

use super::axes::Axes;
use super::legend::{COLOURS, dot, legend, stroke};
use super::{card, text};

const PANEL: f64 = 468.0;
/// One instance.
pub struct Panel {
    /// Above it.
    pub title: String,
    /// One for each solver.
    pub lines: Vec<Line>,
}

/// One solver.
pub struct Line {
    /// Who.
    pub name: &'static str,
    /// Milliseconds, and percent above the best known from then on.
    pub points: Vec<(f64, f64)>,
    /// When it was proven that there is nothing better, in milliseconds.
    pub proven: Option<f64>,
}

/// A picture with a panel for each instance, beside each other.
pub fn curves(panels: &[Panel], right_ms: f64) -> String {
    let width = (PANEL * panels.len() as f64) as u32 + 24;
    let all = || panels.iter().flat_map(|panel| &panel.lines);
    let mut body = legend(all().any(|line| line.proven.is_some()), |name| {
        all().any(|line| line.name == name && !line.points.is_empty())
    });
    for (index, panel) in panels.iter().enumerate() {
        body += &drawn(panel, 12.0 + PANEL * index as f64, right_ms);
    }
    card(
        width,
        392,
        "How much above the best known each solver was, over time",
        &body,
    )
}

fn drawn(panel: &Panel, left: f64, right_ms: f64) -> String {
    let gaps = panel
        .lines
        .iter()
        .flat_map(|line| &line.points)
        .map(|point| point.1);
    let axes = Axes {
        x: left + 92.0,
        y: 84.0,
        width: PANEL - 120.0,
        height: 246.0,
        top: gaps.fold(1.0, f64::max) * 1.15,
        right: right_ms,
    };
    let mut svg = text(axes.x, 74.0, "font-size=\"14\" font-weight=\"600\"", &panel.title);
    svg += &axes.draw();
    for (name, colour) in COLOURS.into_iter().rev() {
        let lines = panel
            .lines
            .iter()
            .filter(|line| line.name == name && !line.points.is_empty());
        for line in lines {
            svg += &format!("<path d=\"{}\" {}/>\n", steps(&axes, line), stroke(name, colour));
            if let Some(ms) = line.proven {
                let gap = line.points.last().map_or(0.0, |point| point.1);
                svg += &dot(axes.at(ms, gap));
            }
        }
    }
    let middle = axes.x + axes.width / 2.0;
    let pale = format!("text-anchor=\"middle\" fill=\"{}\"", super::PALE);
    svg + &text(middle, 368.0, &pale, "time since the search began")
}

/// Across until something better is found, then down; to the right edge, or to the
/// proof.
fn steps(axes: &Axes, line: &Line) -> String {
    let mut path = String::new();
    let mut before = 0.0;
    for &(ms, gap) in &line.points {
        let (x, y) = axes.at(ms, gap);
        path += &match path.is_empty() {
            true => format!("M{x:.1} {y:.1}"),
            false => format!("H{x:.1}V{y:.1}"),
        };
        before = gap;
    }
    let (x, _) = axes.at(line.proven.unwrap_or(axes.right), before);
    path + &format!("H{x:.1}")
}

#[cfg(test)]
mod tests {
    use super::{Line, Panel, curves};

    #[test]
    fn a_line_goes_down_in_steps_until_the_proof() {
        let line = Line {
            name: "ours",
            points: vec![(0.001, 50.0), (1_000.0, 0.0)],
            proven: Some(1_000.0),
        };
        let panel = Panel {
            title: "15 orders".to_owned(),
            lines: vec![line],
        };
        let svg = curves(&[panel], 1_000.0);
        assert!(svg.contains("d=\"M104.0 89.4H"), "{svg}");
        assert!(svg.contains("H452.0V330.0H452.0"), "{svg}");
        assert!(svg.contains("proven") && !svg.contains("OR-Tools"));
    }
}
