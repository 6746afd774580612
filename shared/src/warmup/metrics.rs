use std::time::Duration;

use metrique::{
    unit::{Count, Millisecond},
    unit_of_work::metrics,
};

use super::{Pinged, Report, Stage};
use crate::metrics::{ClientMetrics, Metrics};

/// One ping in one stage.
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [["Ping"]])]
struct PingMetrics {
    ping: &'static str,
    /// Of stage one.
    #[metrics(unit = Millisecond)]
    ping_time: Option<Duration>,
    /// Of stage two, until the last connection of the pool was answered.
    #[metrics(unit = Millisecond)]
    pool_time: Option<Duration>,
    #[metrics(unit = Count)]
    ping_failed: u64,
}

/// All that an environment does before its first event.
#[metrics(rename_all = "PascalCase")]
struct InitMetrics {
    mode: &'static str,
    #[metrics(unit = Millisecond)]
    init_time: Duration,
    #[metrics(unit = Millisecond)]
    warm_up_time: Duration,
    #[metrics(unit = Count)]
    warm_up_failed: u64,
    #[metrics(flatten)]
    clients: Option<ClientMetrics>,
}

impl From<&Pinged> for PingMetrics {
    fn from(pinged: &Pinged) -> Self {
        let time_of = |stage| (pinged.stage == stage).then_some(pinged.elapsed);
        Self {
            ping: pinged.name,
            ping_time: time_of(Stage::One),
            pool_time: time_of(Stage::Two),
            ping_failed: pinged.failed.len() as u64,
        }
    }
}

impl Report {
    /// Makes metrics of it, as the last thing of the init phase.
    pub fn record(&self, metrics: &Metrics) {
        for pinged in &self.pinged {
            metrics.record(PingMetrics::from(pinged));
        }
        metrics.record(InitMetrics {
            mode: self.mode.name(),
            init_time: metrics.age(),
            warm_up_time: self.elapsed,
            warm_up_failed: self.failed() as u64,
            clients: metrics.clients(),
        });
    }
}
