//! The pictures.

mod beside;
mod fire;
mod ways;

use std::path::Path;

use anyhow::anyhow;
use plotters::coord::Shift;
use plotters::prelude::*;

pub use beside::beside;
pub use fire::fire;
pub use ways::ways;

/// Colours that go together.
const COLOURS: [RGBColor; 4] = [
    RGBColor(31, 119, 180),
    RGBColor(255, 127, 14),
    RGBColor(44, 160, 44),
    RGBColor(148, 103, 189),
];
const GREY: RGBColor = RGBColor(127, 127, 127);
const FONT: &str = "sans-serif";

type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

/// Draws on a white picture of this size.
fn picture(path: &Path, size: (u32, u32), draw: impl FnOnce(&Canvas) -> Drawn) -> anyhow::Result<()> {
    let root = SVGBackend::new(path, size).into_drawing_area();
    let drawn = root.fill(&WHITE).map_err(Into::into);
    drawn
        .and_then(|()| draw(&root))
        .and_then(|()| root.present().map_err(Into::into))
        .map_err(|error| anyhow!("cannot draw {}: {error}", path.display()))
}
