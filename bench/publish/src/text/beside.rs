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

/// The section.
pub fn beside(all: &[Beside], due: usize) -> Section {
    let mut text = format!(
        "{RATE} bookings a second over {CONNECTIONS} connections on other rows of the table, each a transaction of its \
         own: four of five change a lesson, one adds one. Meanwhile {} lessons are opened by the publisher's own \
         firing, in statements of so many lessons over so many connections. Counted are bookings that were waiting \
         at some time between the instant and the last commit, from when they should have been sent. \
         Shapes with more connections than statements are left out.\n\n\
         | lessons a statement | connections | flips | last commit p50 ms | p99 | bookings | p50 ms | p99 | max |\n\
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
    text += "\n![The flip's last commit against the bookings' p99](publish-bookings.svg)\n\n";
    text += &choice(all);
    let aims = all.iter().filter(|one| one.shape == Some(DEFAULT));
    let aims =
        aims.map(|one| Aim::at_most("bookings' p99 ms beside 1,000 × 4", one.bookings.p99(), LIMIT_MS));
    Section {
        title: "3. Bookings beside it",
        text,
        aims: aims.collect(),
    }
}

/// What the figures say about the choice.
fn choice(all: &[Beside]) -> String {
    let shapes = || all.iter().filter_map(|one| Some((one.shape?, one)));
    let calm = || shapes().filter(|(_, one)| one.bookings.p99() <= LIMIT_MS);
    let soonest = calm().min_by(|(_, one), (_, other)| one.flip.p50().total_cmp(&other.flip.p50()));
    let shipped = shapes().find(|(shape, _)| *shape == DEFAULT);
    let (Some(((chunk, crew), soonest)), Some((_, shipped))) = (soonest, shipped) else {
        return format!("No shape keeps bookings within {LIMIT_MS} ms.");
    };
    format!(
        "Lower left is better: open sooner, and less of a wait for those who book. Below the aim of {LIMIT_MS} ms are \
         {} of {} shapes; of these {} × {crew} has the soonest last commit, {:.0} ms with bookings at {:.0} ms. \
         1,000 × 4, the default, takes {:.0} ms with bookings at {:.0} ms, {:.2} times as long as that. As every \
         statement goes by the primary key, none locks a row or a gap that a booking needs: what those who book wait \
         for is the processor and the disk, and more connections take more of both at once.",
        calm().count(),
        shapes().count(),
        thousands(chunk as u64),
        soonest.flip.p50(),
        soonest.bookings.p99(),
        shipped.flip.p50(),
        shipped.bookings.p99(),
        shipped.flip.p50() / soonest.flip.p50(),
    )
}
