//! Legs and stops.

use run_sheet::Task;

use super::{INK, line, text};

/// First and last leg.
const EARLY: [f64; 3] = [128.0, 204.0, 255.0];
const LATE: [f64; 3] = [10.0, 48.0, 105.0];
/// Of a drop-off: in time, late, and later than [`LATE_S`] seconds.
pub const SHADES: [&str; 3] = ["#1a7f37", "#bf6c00", "#cf222e"];
pub const LATE_S: i64 = 600;

/// A leg with its direction in its middle.
pub fn arrow(from: (f64, f64), to: (f64, f64), colour: &str) -> String {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(1e-9);
    let (ux, uy) = (dx / length, dy / length);
    let (x, y) = ((from.0 + to.0) / 2.0 + ux * 5.0, (from.1 + to.1) / 2.0 + uy * 5.0);
    let wing = |side: f64| (x - ux * 10.0 - side * uy * 5.0, y - uy * 10.0 + side * ux * 5.0);
    let ((ax, ay), (bx, by)) = (wing(1.0), wing(-1.0));
    line(from, to, &format!("stroke=\"{colour}\" stroke-width=\"2.5\""))
        + &format!("<path d=\"M{x:.1} {y:.1}L{ax:.1} {ay:.1}L{bx:.1} {by:.1}z\" fill=\"{colour}\"/>\n")
}

/// The colour of a leg after this part of the route.
pub fn blend(part: f64) -> String {
    let [red, green, blue] =
        [0, 1, 2].map(|index| (EARLY[index] + (LATE[index] - EARLY[index]) * part) as u8);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Where the rider starts.
pub fn rider((x, y): (f64, f64)) -> String {
    let path = format!("M{x:.1} {:.1}l9 16h-18z", y - 10.0);
    format!(
        "<path d=\"{path}\" fill=\"{INK}\" stroke=\"#ffffff\" stroke-width=\"1.5\" stroke-linejoin=\"round\"/>\n"
    )
}

/// A square to pick up, a circle to drop off, with the order's number.
pub fn stop((x, y): (f64, f64), task: Task, late: i64) -> String {
    let (shape, colour) = match task {
        Task::Pickup(_) => {
            let (left, top) = (x - 10.5, y - 10.5);
            let corner = format!("x=\"{left:.1}\" y=\"{top:.1}\" width=\"21\" height=\"21\" rx=\"4\"");
            (
                format!("<rect {corner} fill=\"#ffffff\" stroke=\"{INK}\" stroke-width=\"2\"/>"),
                INK,
            )
        }
        Task::Delivery(_) => {
            let shade = shade(late);
            let circle = format!("cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"11.5\" fill=\"{shade}\"");
            (
                format!("<circle {circle} stroke=\"#ffffff\" stroke-width=\"1.5\"/>"),
                "#ffffff",
            )
        }
    };
    let number = format!("text-anchor=\"middle\" font-weight=\"600\" fill=\"{colour}\"");
    let mut svg = shape + "\n" + &text(x, y + 4.6, &number, &(task.order() + 1).to_string());
    if late > 0 {
        let minutes = (late + 59) / 60;
        let label = "font-size=\"12\" font-weight=\"600\" text-anchor=\"middle\" paint-order=\"stroke\" \
                     stroke=\"#ffffff\" stroke-width=\"4\"";
        let shade = shade(late);
        svg += &text(
            x,
            y + 26.0,
            &format!("{label} fill=\"{shade}\""),
            &format!("+{minutes} min"),
        );
    }
    svg
}

/// The colour of a drop-off so many seconds late.
pub fn shade(late: i64) -> &'static str {
    SHADES[usize::from(late > 0) + usize::from(late > LATE_S)]
}
