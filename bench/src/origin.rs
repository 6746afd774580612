//! Where figures come from.

use std::env;

use bench_origin::Origin;

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
    let mut options = env::args().skip(1).collect::<Vec<_>>().join(" ");
    if options.is_empty() {
        options = format!("--only {part}");
    }
    Origin::now(&MEASURED, format!("cargo run --release -p bench -- {options}"))
}
