use bench_origin::Origin;

/// The report's origin, from before anything is measured, with the options that it was
/// measured with.
pub fn now() -> Origin {
    let options: Vec<String> = std::env::args().skip(1).collect();
    let command = match options.is_empty() {
        true => "make bench-first-response".to_owned(),
        false => format!(
            "cargo run --release -p bench-first-response -- {}",
            options.join(" ")
        ),
    };
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
        command,
    )
}
