//! How late the last commit was, as a share of the rounds.

use std::path::Path;

use plotters::prelude::*;

use super::{COLOURS, Canvas, Drawn, FONT, GREY, picture};
use crate::fire::Compared;
use crate::stats::Sample;
use crate::text::thousands;

/// A panel for each number of lessons due.
pub fn fire(path: &Path, all: &[Compared]) -> anyhow::Result<()> {
    picture(path, (320 * all.len() as u32, 320), |root| {
        let panels = root.split_evenly((1, all.len()));
        all.iter()
            .zip(&panels)
            .try_for_each(|(one, area)| panel(area, one))
    })
}

fn panel(area: &Canvas, one: &Compared) -> Drawn {
    let right = one.ours.quantile(0.99).max(one.raw.quantile(0.99)) * 1.1;
    let mut chart = ChartBuilder::on(area)
        .caption(
            format!("{} due: open within", thousands(one.due as u64)),
            (FONT, 16),
        )
        .margin(10)
        .x_label_area_size(34)
        .y_label_area_size(44)
        .build_cartesian_2d(0.0..right, 0.0..100.0)?;
    chart
        .configure_mesh()
        .x_desc("milliseconds after the instant")
        .y_desc("% of rounds")
        .x_labels(6)
        .light_line_style(TRANSPARENT)
        .draw()?;
    let lines: [(&str, &Sample, RGBColor); 2] = [("raw", &one.raw, GREY), ("ours", &one.ours, COLOURS[0])];
    for (name, sample, colour) in lines {
        let curve = [(sample.quantile(0.0), 0.0)]
            .into_iter()
            .chain(sample.curve())
            .filter(|(ms, _)| *ms <= right);
        chart
            .draw_series(LineSeries::new(curve, colour.stroke_width(2)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .border_style(BLACK.mix(0.2))
        .background_style(WHITE)
        .draw()?;
    Ok(())
}
