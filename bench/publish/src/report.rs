//! The report that is kept in the repository, written part by part.

use std::path::Path;
use std::{fs, io};

use crate::aim::Aim;
use bench_origin::Origin;

/// What a part of the benchmark has to say.
pub struct Section {
    /// Begins with its number, by which sections are sorted.
    pub title: &'static str,
    /// Tables and pictures.
    pub text: String,
    /// What is asserted.
    pub aims: Vec<Aim>,
}

impl Section {
    fn markdown(&self, origin: &str) -> String {
        let Self { title, text, aims } = self;
        let aims: Vec<String> = aims.iter().map(Aim::line).collect();
        format!("{title}\n\n{}\n\n{}\n\n{origin}\n", text.trim(), aims.join("\n"))
    }
}

/// Replaces this section in the folder's report; the others stay as they were
/// measured.
pub fn write(folder: &Path, version: &str, section: &Section, origin: &Origin) -> anyhow::Result<()> {
    let path = folder.join("publish.md");
    let before = match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        before => before?,
    };
    let others = before
        .split("\n## ")
        .skip(1)
        .filter(|one| !one.starts_with(section.title));
    let mut sections: Vec<String> = others.map(|one| one.trim_end().to_owned()).collect();
    sections.push(section.markdown(&origin.line()).trim_end().to_owned());
    sections.sort();
    let report = format!("{}\n\n## {}\n", head(version), sections.join("\n\n## "));
    Ok(fs::write(path, report)?)
}

fn head(version: &str) -> String {
    format!(
        "# Benchmark of publishing\n\n\
         Made by `make bench-publish`; {version} on the same machine, with fsync at commit and `{}`. \
         `-- --check` fails when an aim is missed, `-- --part NAME` measures one section again, `-- --quick` shows in \
         a few minutes that all of it runs. Compare ratios, not absolute figures: database and publisher share the \
         cores with whatever else runs.\n\n\
         A commit's time is that from its lessons' instant to the answer, on the database's clock as \
         `DatabaseClock` measures it, in whole milliseconds. Before each round all lessons are scheduled again for a \
         new instant, and the server has purged what that left behind. Round by round, what is compared takes turns.",
        crate::server::ARGUMENTS.join(" "),
    )
}
