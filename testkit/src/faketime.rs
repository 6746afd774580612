//! Wrong clocks, on Linux: a library that is loaded before all others.

use std::path::{Path, PathBuf};

/// The environment of a process whose time of day is `offset` off, such as `+5s`;
/// its timers go right.
pub fn faketime(offset: &str) -> Vec<(String, String)> {
    with(&[("FAKETIME", offset)])
}

/// The same with an offset that the process reads from `file` each time.
pub fn faketime_of(file: &Path) -> Vec<(String, String)> {
    let file = file.display().to_string();
    with(&[("FAKETIME_TIMESTAMP_FILE", &file), ("FAKETIME_NO_CACHE", "1")])
}

fn with(more: &[(&str, &str)]) -> Vec<(String, String)> {
    let library = library().display().to_string();
    let all = [
        ("LD_PRELOAD", library.as_str()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];
    let all = all.iter().chain(more);
    all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn library() -> PathBuf {
    let found = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
        .map(|arch| PathBuf::from(format!("/usr/lib/{arch}/faketime/libfaketime.so.1")))
        .into_iter()
        .find(|path| path.exists());
    found.expect("libfaketime, of the package faketime")
}
