//! Where figures come from.

use bench_origin::Origin;

/// What shapes the figures, beside the benchmark itself.
const MEASURED: [&str; 4] = [
    "lessons",
    "functions/schedule-publish",
    "bench/publish/src",
    "Cargo.lock",
];

/// From now on; `options` are those that bring just this part.
pub fn now(options: &str) -> Origin {
    Origin::now(
        &MEASURED,
        format!("cargo run --release -p bench-publish -- {options}"),
    )
}
