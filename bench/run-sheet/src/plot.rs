//! The pictures, as SVG written by hand: on a light card, to be read on light and
//! dark pages alike.

mod axes;
mod curves;
mod legend;
mod map;
mod sheet;
mod symbols;

pub use curves::{Line, Panel, curves};
pub use sheet::{Sheet, sheets};

/// Text.
const INK: &str = "#1f2328";
/// Text that explains, and lines of axes.
const PALE: &str = "#57606a";
/// Lines behind all others.
const GRID: &str = "#d8dee4";

/// A picture of this size on its card.
fn card(width: u32, height: u32, title: &str, body: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif\" font-size=\"13\" fill=\"{INK}\">\n\
         <title>{title}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"12\" fill=\"#ffffff\"/>\n\
         <rect x=\"8\" y=\"8\" width=\"{}\" height=\"{}\" rx=\"10\" fill=\"#f6f8fa\" stroke=\"#d0d7de\"/>\n{body}</svg>\n",
        width - 16,
        height - 16,
    )
}

/// Text at a place, with further attributes.
fn text(x: f64, y: f64, attributes: &str, text: &str) -> String {
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" {attributes}>{text}</text>\n")
}

/// A straight line.
fn line(from: (f64, f64), to: (f64, f64), attributes: &str) -> String {
    let ((x1, y1), (x2, y2)) = (from, to);
    format!("<path d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\" {attributes}/>\n")
}
