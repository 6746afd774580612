//! What a wake or a replay is in figures: one line each. Their meaning is in
//! `docs/METRICS.md`.

use std::time::Duration;

use metrique::{
    unit::{Count, Millisecond},
    unit_of_work::metrics,
};
use shared::metrics::{Metrics, Work};

use crate::{
    answer::{Answer, FiguresAnswer},
    error::PublishError,
};

#[metrics(rename_all = "PascalCase")]
struct PublishMetrics {
    #[metrics(unit = Count)]
    wakes: u64,
    #[metrics(unit = Count)]
    failed: u64,
    #[metrics(flatten)]
    run: Option<RunMetrics>,
    #[metrics(flatten)]
    work: Work,
}

/// Of the invocation that ended the run: the one that stood by would count it twice.
#[metrics(subfield)]
struct RunMetrics {
    #[metrics(unit = Count)]
    planned: u64,
    #[metrics(unit = Count)]
    published: u64,
    #[metrics(unit = Count)]
    late: u64,
    #[metrics(unit = Count)]
    recovered: u64,
    #[metrics(unit = Millisecond)]
    first_commit_lateness: Option<f64>,
    #[metrics(unit = Millisecond)]
    last_commit_lateness: Option<f64>,
    #[metrics(unit = Millisecond)]
    clock_offset: Option<f64>,
    #[metrics(unit = Millisecond)]
    hold_error: Option<Duration>,
}

impl RunMetrics {
    fn of(figures: &FiguresAnswer, hold_error: Option<Duration>) -> Self {
        let ms = |ms: Option<i64>| ms.map(|ms| ms as f64);
        Self {
            planned: figures.planned,
            published: figures.published,
            late: figures.late,
            recovered: figures.recovered,
            first_commit_lateness: ms(figures.first_commit_late_ms),
            last_commit_lateness: ms(figures.last_commit_late_ms),
            clock_offset: ms(figures.clock_offset_ms),
            hold_error,
        }
    }
}

/// Writes them.
pub(crate) fn record(metrics: &Metrics, answer: &Result<Answer, PublishError>) {
    let run = match answer {
        Ok(Answer::Slot(slot)) if slot.holder => Some(RunMetrics::of(&slot.figures, slot.hold_error)),
        Ok(Answer::Replay(replay)) => Some(RunMetrics::of(&replay.figures, None)),
        Ok(Answer::Slot(_) | Answer::DryRun(_)) | Err(_) => None,
    };
    metrics.record(PublishMetrics {
        wakes: 1,
        failed: u64::from(answer.is_err()),
        run,
        work: metrics.work(),
    });
}
