//! Bookings beside flips.

use super::thousands;
use crate::aim::Aim;
use crate::booker::{CONNECTIONS, RATE};
use crate::bookings::Beside;
use crate::report::Section;

/// What is shipped.
pub const DEFAULT: (usize, usize) = (1_000, 4);
/// Most that a booking should take during a flip, p99 in ms.
pub const LIMIT_MS: f64 = 50.0;

/// The section; `why` explains the choice.
pub fn beside(all: &[Beside], due: usize, why: &str) -> Section {
    let mut text = format!(
        "{RATE} bookings a second over {CONNECTIONS} connections on other rows of the table, each a transaction of its \
         own: four of five change a lesson, one adds one. Meanwhile {} lessons are opened by the publisher's own \
         firing, in statements of so many lessons over so many connections. Counted are bookings that were waiting \
         at some time between the instant and the last commit, from when they should have been sent. \
         Shapes with more connections than statements are left out.\n\n\
         | lessons a statement | connections | flips | late p50 ms | p99 | bookings | p50 ms | p99 | max |\n\
         |---|---|---|---|---|---|---|---|---|\n",
        thousands(due as u64)
    );
    for one in all {
        let shape = match one.shape {
            Some((chunk, crew)) => format!(
                "{} | {crew} | {} | {:.0} | {:.0}",
                thousands(chunk as u64),
                one.flip.len(),
                one.flip.p50(),
                one.flip.p99()
            ),
            None => "no flip | | | |".to_owned(),
        };
        let bookings = &one.bookings;
        text += &format!(
            "| {shape} | {} | {:.1} | {:.1} | {:.1} |\n",
            bookings.len(),
            bookings.p50(),
            bookings.p99(),
            bookings.max()
        );
    }
    text += &format!("\n![The flip's last commit against the bookings' p99](publish-bookings.svg)\n\n{why}");
    let aims = all.iter().filter(|one| one.shape == Some(DEFAULT));
    let aims =
        aims.map(|one| Aim::at_most("bookings' p99 ms beside 1,000 × 4", one.bookings.p99(), LIMIT_MS));
    Section {
        title: "3. Bookings beside it",
        text,
        aims: aims.collect(),
    }
}
