//! Where figures come from.

use bench_origin::{Origin, command};

/// What shapes the figures.
const MEASURED: [&str; 10] = [
    "bench/src",
    "bench/empty",
    "bench/enqueue",
    "functions",
    "lessons",
    "local",
    "run-sheet",
    "shared",
    "template.yaml",
    "Cargo.lock",
];

/// From now on, by this program as it was called, or, of all that it measures, this part.
pub fn now(part: &str) -> Origin {
    let part = format!("cargo run --release -p bench -- --only {part}");
    Origin::now(&MEASURED, command("bench", &part))
}
