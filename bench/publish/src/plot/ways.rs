//! Ways to open the same lessons, on a logarithmic scale.

use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::{COLOURS, FONT, GREY, picture};
use crate::text::thousands;
use crate::ways::{WAYS, Way, Ways};

const LEFT: f64 = 1.0;

/// A bar for each way and number of lessons.
pub fn ways(path: &Path, all: &[Ways]) -> anyhow::Result<()> {
    let longest = all.iter().flat_map(|ways| &ways.times).map(|times| times.p50());
    let right = longest.fold(100.0, f64::max) * 8.0;
    let rows = WAYS.len() as f64;
    picture(path, (820, 420), |root| {
        let mut chart = ChartBuilder::on(root)
            .caption("Milliseconds from the instant to the last commit", (FONT, 18))
            .margin(12)
            .x_label_area_size(36)
            .y_label_area_size(290)
            .build_cartesian_2d((LEFT..right).log_scale(), rows..0.0)?;
        chart
            .configure_mesh()
            .x_desc("ms, logarithmic")
            .disable_y_mesh()
            .disable_y_axis()
            .x_label_formatter(&|ms| thousands(*ms as u64))
            .light_line_style(TRANSPARENT)
            .draw()?;
        let height = 0.8 / all.len().max(1) as f64;
        for (index, way) in WAYS.into_iter().enumerate() {
            let anchor = Pos::new(HPos::Right, VPos::Center);
            let style = (FONT, 14).into_font().into_text_style(root).pos(anchor);
            let name = EmptyElement::at((LEFT, index as f64 + 0.5)) + Text::new(way.name(), (-10, 0), style);
            chart.draw_series([name])?;
            for (which, ways) in all.iter().enumerate() {
                let ms = ways.times[index].p50();
                if ms.is_nan() {
                    continue;
                }
                let colour = if way == Way::Ours { COLOURS[0] } else { GREY };
                let colour = if which == 0 {
                    colour.mix(0.55)
                } else {
                    colour.mix(1.0)
                };
                let top = index as f64 + 0.1 + which as f64 * height;
                let bar = Rectangle::new(
                    [(LEFT, top), (ms.max(LEFT), top + height * 0.92)],
                    colour.filled(),
                );
                chart.draw_series([bar])?;
                let label = format!(
                    "{} ({} due)",
                    thousands(ms.round() as u64),
                    thousands(ways.due as u64)
                );
                let anchor = Pos::new(HPos::Left, VPos::Center);
                let style = (FONT, 12).into_font().into_text_style(root).pos(anchor);
                let middle = top + height * 0.46;
                chart.draw_series([EmptyElement::at((ms, middle)) + Text::new(label, (6, 0), style)])?;
            }
        }
        Ok(())
    })
}
