//! Faults on purpose: what the services get wrong, changed while they run.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rand::Rng;
use serde::{Deserialize, Serialize};

/// What goes wrong on purpose. Shares are 0.0 (never) to 1.0 (always).
#[derive(Debug, Serialize, Deserialize, Default, Clone, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct FaultSettings {
    /// Share of Firehose records answered with an `ErrorCode` and not stored.
    pub firehose_failed_records: f64,
    /// Share of Firehose put calls refused whole with `ServiceUnavailableException`.
    pub firehose_throttled_calls: f64,
    /// Share of `SendMessageBatch` entries answered under `Failed` and not stored.
    pub sqs_refused_entries: f64,
    /// Share of SQS send calls refused whole with status 503.
    pub sqs_failed_calls: f64,
    /// Share of SNS calls refused with status 503.
    pub sns_failed_calls: f64,
    /// Wait before each service answer, in milliseconds.
    pub service_latency_ms: u64,
    /// Share of invocations whose environment is killed while it works.
    pub killed_invocations: f64,
    /// Share of a schedule's triggers that come twice.
    pub duplicated_triggers: f64,
    /// How late a schedule's triggers come at most, in seconds, evenly spread.
    pub late_triggers_s: u64,
}

impl FaultSettings {
    fn check(&self) -> Result<(), FaultError> {
        let shares = [
            ("firehose_failed_records", self.firehose_failed_records),
            ("firehose_throttled_calls", self.firehose_throttled_calls),
            ("sqs_refused_entries", self.sqs_refused_entries),
            ("sqs_failed_calls", self.sqs_failed_calls),
            ("sns_failed_calls", self.sns_failed_calls),
            ("killed_invocations", self.killed_invocations),
            ("duplicated_triggers", self.duplicated_triggers),
        ];
        if self.late_triggers_s > MOST_LATE_S {
            return Err(FaultError::TooLate(self.late_triggers_s));
        }
        match shares.into_iter().find(|(_, share)| !(0.0..=1.0).contains(share)) {
            Some((field, value)) => Err(FaultError::ShareOutOfRange { field, value }),
            None => Ok(()),
        }
    }
}

/// EventBridge promises a minute.
const MOST_LATE_S: u64 = 60;

/// Why fault settings were not taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FaultError {
    /// A share is not a probability.
    #[error("`{field}` is {value}, but a share must lie between 0.0 and 1.0")]
    ShareOutOfRange {
        /// The setting's name.
        field: &'static str,
        /// What was given.
        value: f64,
    },
    /// Later than EventBridge ever is.
    #[error("`late_triggers_s` is {0}, but a trigger comes at most {MOST_LATE_S} seconds late")]
    TooLate(u64),
}

/// The settings that every service of one stack shares. Clones see each other's changes.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<RwLock<FaultSettings>>);

impl Faults {
    /// Starts with `settings`, unchecked: a share below 0 (or NaN) never
    /// strikes, one above 1 always does.
    pub fn new(settings: FaultSettings) -> Self {
        Self(Arc::new(RwLock::new(settings)))
    }

    /// The settings as they are now.
    pub fn get(&self) -> FaultSettings {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces all settings at once.
    ///
    /// # Errors
    /// Names the first field whose share is out of range; nothing changes then.
    pub fn set(&self, settings: FaultSettings) -> Result<(), FaultError> {
        settings.check()?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = settings;
        Ok(())
    }

    /// Rolls the dice once for the share that `share` picks.
    pub fn strikes(&self, share: impl Fn(&FaultSettings) -> f64) -> bool {
        let share = share(&self.0.read().unwrap_or_else(PoisonError::into_inner));
        share > 0.0 && rand::rng().random::<f64>() < share
    }

    /// Waits as long as a service answer is to be delayed.
    pub async fn service_latency(&self) {
        let latency = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .service_latency_ms;
        if latency > 0 {
            tokio::time::sleep(Duration::from_millis(latency)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_range_is_named_and_changes_nothing() {
        let faults = Faults::default();
        for value in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            let refused = faults.set(FaultSettings {
                sqs_refused_entries: value,
                service_latency_ms: 9,
                ..FaultSettings::default()
            });
            let message = refused.expect_err("out of range").to_string();
            assert!(message.contains("`sqs_refused_entries`"), "{message}");
        }
        let refused = faults.set(FaultSettings {
            late_triggers_s: 61,
            ..FaultSettings::default()
        });
        assert_eq!(refused, Err(FaultError::TooLate(61)));
        assert_eq!(faults.get(), FaultSettings::default());
    }

    #[test]
    fn never_always_and_in_between() {
        let faults = Faults::default();
        let struck = |share: f64| {
            let wanted = FaultSettings {
                killed_invocations: share,
                ..FaultSettings::default()
            };
            faults.set(wanted).expect("a share");
            (0..1_000)
                .filter(|_| faults.strikes(|settings| settings.killed_invocations))
                .count()
        };
        assert_eq!(struck(0.0), 0);
        assert_eq!(struck(1.0), 1_000);
        // 500 expected, standard deviation 16: ten of them on either side.
        assert!((340..=660).contains(&struck(0.5)));
    }

    #[test]
    fn clones_share_their_settings() {
        let faults = Faults::default();
        let other = faults.clone();
        let wanted = FaultSettings {
            firehose_failed_records: 0.5,
            ..FaultSettings::default()
        };
        faults.set(wanted.clone()).expect("a share");
        assert_eq!(other.get(), wanted);
    }

    #[tokio::test(start_paused = true)]
    async fn latency_is_waited_for() {
        let faults = Faults::new(FaultSettings {
            service_latency_ms: 250,
            ..FaultSettings::default()
        });
        let before = tokio::time::Instant::now();
        faults.service_latency().await;
        assert_eq!(before.elapsed(), Duration::from_millis(250));
    }
}
