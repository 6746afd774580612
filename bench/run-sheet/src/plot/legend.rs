//! Which line is whose.

use super::{INK, line, text};

/// The last is drawn first, below the others.
pub const COLOURS: [(&str, &str); 5] = [
    ("ours", "#0969da"),
    ("legacy", "#6e7781"),
    ("OR-Tools", "#bc4c00"),
    ("PyVRP", "#1a7f37"),
    ("VROOM", "#8250df"),
];

/// A line of the picture for those that it has.
pub fn legend(proven: bool, has: impl Fn(&str) -> bool) -> String {
    let (mut x, mut svg) = (34.0, String::new());
    for (name, colour) in COLOURS.into_iter().filter(|(name, _)| has(name)) {
        svg += &line((x, 36.0), (x + 22.0, 36.0), &stroke(name, colour));
        svg += &text(x + 28.0, 40.5, "", name);
        x += 56.0 + 7.4 * name.len() as f64;
    }
    if proven {
        svg += &dot((x + 6.0, 36.0));
        svg += &text(x + 18.0, 40.5, "", "proven: there is nothing better");
    }
    svg
}

/// Of a solver's line.
pub fn stroke(name: &str, colour: &str) -> String {
    let width = if name == "ours" { 3.0 } else { 2.0 };
    format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"")
}

/// A proof.
pub fn dot((x, y): (f64, f64)) -> String {
    let colour = COLOURS[0].1;
    format!(
        "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5.5\" fill=\"{colour}\" stroke=\"{INK}\" stroke-width=\"1.5\"/>\n"
    )
}
