//! The report.

use std::fmt::Write as _;

use bench_origin::Origin;

use crate::{
    args::Args,
    figures::{Figures, ms, spread},
    goals::Goal,
    run::{All, Case, Other},
};

pub fn write(args: &Args, all: &All, goals: &[Goal], origin: &Origin) -> String {
    let mut text = format!(
        "# The first answer of a fresh environment\n\n\
         ![One panel for each way to warm up: response times over the time since an environment's first \
         request](first-response.svg)\n\n{}\n\n",
        how(args, all)
    );
    text += "## trace-ingest\n\n";
    text += &table(&all.ingest, true);
    text += "\nWith a whole processor (1,769 MB):\n\n";
    text += &table(&all.whole, true);
    text += "\n## The other functions\n";
    for other in &all.others {
        let Other {
            name,
            request,
            memory_mb,
            cases,
        } = other;
        let table = table(cases, false);
        let _ = write!(text, "\n**{name}** with {memory_mb} MB: {request}.\n\n{table}");
    }
    text += "\n## Init without the network\n\n";
    text += &inits(all);
    text += "\n## Targets\n\n| | wanted | measured | |\n|---|---|---|---|\n";
    for goal in goals {
        let verdict = if goal.is_met() { "met" } else { "**missed**" };
        let _ = writeln!(
            text,
            "| {} | {} | {:.2} | {verdict} |",
            goal.what,
            goal.wanted(),
            goal.measured
        );
    }
    let _ = write!(text, "\n{}\n", origin.line());
    text
}

fn how(args: &Args, all: &All) -> String {
    let Args {
        environments,
        requests,
        memory_mb,
        round_trip_ms,
        ..
    } = args;
    let share = match all.is_shared {
        true => format!(
            "the share of a processor that Lambda gives for their memory: trace-ingest for {memory_mb} MB, the others \
             for what they have in the template"
        ),
        false => "a whole processor".to_owned(),
    };
    format!(
        "{environments} fresh processes for each line, in turns. Each is started, asked for its first answer, and then \
         for {} more, 25 ms apart. SQS, Firehose, SNS and Valkey are servers behind real TLS, MariaDB without, all at \
         the end of a TCP way with a round trip of {round_trip_ms} ms and two of them to open a connection, as a \
         look-up and a handshake take. The functions have {share}. The ways are those of two kinds of environments, \
         as on Lambda: for *off* and *connect* someone waits, so that the first request comes as soon as the function \
         asks for it, and the init phase has a whole processor; with the others, of provisioned concurrency, the init \
         phase has its share alone, and the first request comes 50 ms after it. Times are milliseconds; *ratio* is an \
         environment's first answer over the median of its own answers from the fifth on; *total* is init and first \
         answer together, for which someone waits who finds no environment.",
        requests - 1
    )
}

fn table(cases: &[Case], explained: bool) -> String {
    let mut text = "| warm-up | init p50 | first p50 | p99 | steady p50 | ratio p50 | p99 | total p50 |\n\
                    |---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for case in cases {
        let Figures {
            init,
            first,
            steady,
            ratio,
            total,
        } = Figures::of(case);
        let name = case.strategy.name();
        let name = match explained {
            true => format!("**{name}**: {}", case.strategy.words()),
            false => name.to_owned(),
        };
        let _ = writeln!(
            text,
            "| {name} | {:.1} | {:.1} | {:.1} | {:.1} | {:.2} | {:.2} | {:.1} |",
            init.p50, first.p50, first.p99, steady.p50, ratio.p50, ratio.p99, total.p50
        );
    }
    text
}

fn inits(all: &All) -> String {
    let inits = all.inits.clone();
    let [empty, own] = inits.map(|inits| spread(inits.into_iter().map(ms).collect()));
    format!(
        "From the start of the process to its first question for an event, in turns, with a whole processor and `off`.\n\n\
         | function | p50 | p99 |\n|---|---|---|\n| an empty lambda_http binary | {:.2} | {:.2} |\n\
         | trace-ingest | {:.2} | {:.2} |\n",
        empty.p50, empty.p99, own.p50, own.p99
    )
}
