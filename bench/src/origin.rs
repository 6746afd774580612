//! Where figures come from.

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

/// From now on; `options` are those that bring just this section.
pub fn now(options: &str) -> Origin {
    Origin::now(&MEASURED, format!("cargo run --release -p bench -- {options}"))
}
