//! The report that is kept in the repository.

use std::fs;
use std::path::Path;

use crate::text::Section;
use crate::verdict::Verdict;
use bench_origin::Origin;

/// What the report says of how it was measured.
pub struct Method<'a> {
    /// Milliseconds of a run of ours, and of a peer's.
    pub budget_ms: u64,
    /// Milliseconds of the legacy.
    pub legacy_ms: u64,
    /// How often ours runs.
    pub repeat: usize,
    /// Markdown of the pictures.
    pub pictures: &'a str,
}

/// Writes it into the folder.
pub fn write(folder: &Path, sections: &[Section], method: &Method, origin: &Origin) -> anyhow::Result<()> {
    let body: String = sections
        .iter()
        .map(|Section { title, text, .. }| format!("## {title}\n\n{text}\n\n"))
        .collect();
    let report = format!(
        "{}\n\n{}\n\n{}\n\n{body}{}\n",
        head(method),
        targets(sections),
        method.pictures,
        origin.line()
    );
    Ok(fs::write(folder.join("run-sheet.md"), report)?)
}

/// How many targets are met, and each that is not.
fn targets(sections: &[Section]) -> String {
    let all = || sections.iter().flat_map(|section| &section.verdicts);
    let met = all().filter(|(_, verdict)| verdict.met).count();
    let mut text = format!("**{met} of {} targets are met.**", all().count());
    for (place, verdict) in all().filter(|(_, verdict)| !verdict.met) {
        text += &format!("\n- {place}: {}", Verdict::line(verdict));
    }
    text
}

fn head(method: &Method) -> String {
    let Method {
        budget_ms,
        legacy_ms,
        repeat,
        ..
    } = method;
    format!(
        "# Benchmark of run sheets\n\n\
         Made by `make bench-run-sheet`; one thread each. `-- --check` fails when a target is missed, \
         `-- --json` prints a line per instance and nothing else, `-- --filter grubhub-15` takes only these, \
         `-- --data DIR` takes others.\n\n\
         Ours has {budget_ms} ms per run, and up to {repeat} runs per instance, as long as they do not take longer \
         than that together. Its value is the worst of the runs, its time their median, from call to answer, and \
         *proven* means in each of them. Every route, ours and the others', is checked and costed by the benchmark \
         again, and a proof that contradicts a known value ends it with an error. Gaps are to the best value known. \
         The legacy is the seed's: it draws random run sheets for {legacy_ms} ms, whatever their number of orders, \
         and keeps the best. Sets: [grubhub](https://github.com/grubhub/tsppdlib) (meals, open route) and Dumitrescu \
         et al. 2010, of [PDTSP](https://github.com/vidalt/PDTSP) (closed route), by travel alone; mdrp, cut from \
         [mdrplib](https://github.com/grubhub/mdrplib), with ready times, capacity and soft due times, by travel and \
         ten times the lateness.",
    )
}

#[cfg(test)]
mod tests {
    use super::{Section, Verdict, targets};

    #[test]
    fn what_is_missed_is_listed_and_counted() {
        let verdicts = [("here", 1.0), ("there", 3.0), ("nowhere", f64::NAN)];
        let verdicts =
            verdicts.map(|(place, ms)| (place.to_owned(), Verdict::at_most("median", ms, 2.0, " ms")));
        let section = Section {
            title: "",
            text: String::new(),
            verdicts: verdicts.into(),
        };
        assert_eq!(
            targets(&[section]),
            "**1 of 3 targets are met.**\n- there: median ≤ 2 ms: 3 ms, **missed**\n\
             - nowhere: median ≤ 2 ms: – ms, **missed**"
        );
    }
}
