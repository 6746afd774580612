use bench_origin::{Origin, command};

/// The report's origin, from before anything is measured, with the options that it was
/// measured with.
pub fn now() -> Origin {
    Origin::now(
        &[
            "bench/empty",
            "bench/first-response",
            "events",
            "functions",
            "lessons",
            "local",
            "run-sheet",
            "shared",
            "testkit",
            "Cargo.lock",
            "Cargo.toml",
        ],
        command("bench-first-response", "make bench-first-response"),
    )
}
