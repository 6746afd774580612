//! Axes of the improvement curves: time is logarithmic, and the gap is so above a
//! tenth of a percent.

use super::{GRID, PALE, line, text};

/// A rectangle for lines, and what its edges mean.
pub struct Axes {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// To the right edge.
    pub width: f64,
    /// To the lower edge.
    pub height: f64,
    /// Largest gap, in percent.
    pub top: f64,
    /// Milliseconds at the right edge.
    pub right: f64,
}

/// Milliseconds at the left edge.
const LEFT: f64 = 0.001;
const TIMES: [(f64, &str); 7] = [
    (0.001, "1 µs"),
    (0.01, "10 µs"),
    (0.1, "0.1 ms"),
    (1.0, "1 ms"),
    (10.0, "10 ms"),
    (100.0, "0.1 s"),
    (1_000.0, "1 s"),
];
const GAPS: [(f64, &str); 6] = [
    (0.0, "best known"),
    (0.1, "+0.1 %"),
    (1.0, "+1 %"),
    (10.0, "+10 %"),
    (100.0, "+100 %"),
    (1_000.0, "+1000 %"),
];

impl Axes {
    /// Where a time in milliseconds and a gap in percent are.
    pub fn at(&self, ms: f64, gap: f64) -> (f64, f64) {
        let time = (ms.clamp(LEFT, self.right) / LEFT).ln() / (self.right / LEFT).ln();
        let bent = |gap: f64| (1.0 + 10.0 * gap.max(0.0)).ln();
        let height = bent(gap.min(self.top)) / bent(self.top);
        (self.x + self.width * time, self.y + self.height * (1.0 - height))
    }

    /// The grid with its labels.
    pub fn draw(&self) -> String {
        let mut svg = format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"#ffffff\" stroke=\"{GRID}\"/>\n",
            self.x, self.y, self.width, self.height
        );
        let bottom = self.y + self.height;
        for (ms, label) in TIMES.into_iter().filter(|(ms, _)| *ms <= self.right) {
            let (x, _) = self.at(ms, 0.0);
            svg += &line((x, self.y), (x, bottom), &format!("stroke=\"{GRID}\""));
            let middle = format!("text-anchor=\"middle\" font-size=\"12\" fill=\"{PALE}\"");
            svg += &text(x, bottom + 18.0, &middle, label);
        }
        for (gap, label) in GAPS.into_iter().filter(|(gap, _)| *gap <= self.top) {
            let (_, y) = self.at(LEFT, gap);
            svg += &line(
                (self.x, y),
                (self.x + self.width, y),
                &format!("stroke=\"{GRID}\""),
            );
            let end = format!("text-anchor=\"end\" font-size=\"12\" fill=\"{PALE}\"");
            svg += &text(self.x - 7.0, y + 4.0, &end, label);
        }
        svg
    }
}

#[cfg(test)]
mod tests {
    use super::Axes;

    #[test]
    fn corners_and_what_lies_beyond_are_at_the_edges() {
        let axes = Axes {
            x: 10.0,
            y: 20.0,
            width: 300.0,
            height: 200.0,
            top: 100.0,
            right: 1_000.0,
        };
        assert_eq!(axes.at(0.0, 200.0), (10.0, 20.0));
        assert_eq!(axes.at(9_999.0, -1.0), (310.0, 220.0));
        let (x, y) = axes.at(1.0, 1.0);
        assert_eq!(x.round(), 160.0);
        assert!((120.0..160.0).contains(&y));
    }
}
