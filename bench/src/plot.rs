//! The picture of response times.

use std::path::Path;

use anyhow::anyhow;
use plotters::prelude::*;

use crate::{
    figures::{Posted, Total},
    ingest::CASES,
};

/// Draws how many of the requests were answered within how long.
pub fn response_times(path: &Path, posted: &Posted) -> anyhow::Result<()> {
    draw(path, posted).map_err(|error| anyhow!("cannot draw {}: {error}", path.display()))
}

fn draw(path: &Path, posted: &Posted) -> Result<(), Box<dyn std::error::Error>> {
    let root = SVGBackend::new(path, (720, 360)).into_drawing_area();
    root.fill(&WHITE)?;
    let right = posted
        .totals
        .iter()
        .map(|total| total.ms(0.995))
        .fold(0.0, f64::max);
    let mut chart = ChartBuilder::on(&root)
        .caption("One trace a request: answered within", ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(52)
        .build_cartesian_2d(0.0..right, 0.0..100.0)?;
    chart
        .configure_mesh()
        .x_desc("milliseconds")
        .y_desc("% of requests")
        .light_line_style(TRANSPARENT)
        .draw()?;
    let colours = [
        RGBColor(127, 127, 127),
        RGBColor(255, 127, 14),
        RGBColor(31, 119, 180),
    ];
    for ((case, total), colour) in CASES.iter().zip(&posted.totals).zip(colours) {
        chart
            .draw_series(LineSeries::new(curve(total, right), colour.stroke_width(2)))?
            .label(case.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .border_style(BLACK.mix(0.2))
        .background_style(WHITE)
        .draw()?;
    root.present()?;
    Ok(())
}

fn curve(total: &Total, right: f64) -> impl Iterator<Item = (f64, f64)> {
    let points = (0..=999).map(|permille| f64::from(permille) / 1000.0);
    points
        .map(|quantile| (total.ms(quantile), quantile * 100.0))
        .filter(move |(ms, _)| *ms <= right)
}
