use bench_origin::Origin;

/// The report's origin, from before anything is measured.
pub fn now() -> Origin {
    Origin::now(
        &[
            "bench/first-response",
            "functions",
            "lessons",
            "shared",
            "Cargo.lock",
            "Cargo.toml",
        ],
        "make bench-first-response",
    )
}
