//! What a flip's shape costs those who book, against what it gains.

use std::path::Path;

use plotters::prelude::*;

use super::{COLOURS, FONT, GREY, picture};
use crate::bookings::Beside;
use crate::text::{DEFAULT, LIMIT_MS, thousands};

/// A line for each number of connections, a point for each number of lessons a
/// statement.
pub fn beside(path: &Path, all: &[Beside]) -> anyhow::Result<()> {
    let shaped = || all.iter().filter_map(|one| Some((one.shape?, one)));
    let highest = |of: fn(&Beside) -> f64| all.iter().map(of).fold(LIMIT_MS, f64::max) * 1.15;
    let (right, top) = (highest(|one| one.flip.p50()), highest(|one| one.bookings.p99()));
    let mut crews: Vec<usize> = shaped().map(|((_, crew), _)| crew).collect();
    crews.sort_unstable();
    crews.dedup();
    picture(path, (760, 460), |root| {
        let mut chart = ChartBuilder::on(root)
            .caption("10,000 lessons open while others book", (FONT, 18))
            .margin(12)
            .x_label_area_size(36)
            .y_label_area_size(52)
            .build_cartesian_2d(0.0..right, 0.0..top)?;
        chart
            .configure_mesh()
            .x_desc("last commit after the instant, p50 ms")
            .y_desc("booking during the flip, p99 ms")
            .light_line_style(TRANSPARENT)
            .draw()?;
        chart
            .draw_series(LineSeries::new(
                [(0.0, LIMIT_MS), (right, LIMIT_MS)],
                GREY.stroke_width(1),
            ))?
            .label("aim")
            .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], GREY.stroke_width(1)));
        for (crew, colour) in crews.into_iter().zip(COLOURS) {
            let of_crew = || shaped().filter(move |((_, size), _)| *size == crew);
            let point = |one: &Beside| (one.flip.p50(), one.bookings.p99());
            chart
                .draw_series(LineSeries::new(
                    of_crew().map(|(_, one)| point(one)),
                    colour.stroke_width(2),
                ))?
                .label(format!("{crew} connection{}", if crew == 1 { "" } else { "s" }))
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
            chart.draw_series(of_crew().map(|(shape, one)| {
                let size = if shape == DEFAULT { 8 } else { 4 };
                EmptyElement::at(point(one))
                    + Circle::new((0, 0), size, colour.filled())
                    + Text::new(thousands(shape.0 as u64), (8, -14), (FONT, 12))
            }))?;
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperRight)
            .border_style(BLACK.mix(0.2))
            .background_style(WHITE)
            .draw()?;
        Ok(())
    })
}
