//! One function of the template, ready to run.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use http::HeaderValue;

use crate::console::Label;
use crate::live::Reporter;
use crate::template;

/// What never changes about a function while the stack runs, and its counters.
pub(crate) struct Function {
    pub template: template::Function,
    pub executable: PathBuf,
    /// `LAMBDA_TASK_ROOT` and working directory, absolute: the folder of the
    /// code, or of the executable where cargo has built it.
    pub task_root: PathBuf,
    pub arn: HeaderValue,
    pub label: Label,
    pub stats: Stats,
    /// To whoever watches.
    pub live: Reporter,
}

impl Function {
    pub fn new(
        template: template::Function,
        executable: PathBuf,
        arn: HeaderValue,
        label: Label,
        live: Reporter,
    ) -> Self {
        let code = std::path::absolute(&template.code)
            .ok()
            .filter(|code| code.is_dir());
        let beside = || executable.parent().map(Path::to_owned).unwrap_or_default();
        Self {
            task_root: code.unwrap_or_else(beside),
            template,
            executable,
            arn,
            label,
            stats: Stats::default(),
            live,
        }
    }

    /// The name in the template; the physical name may be long and generated.
    pub fn logical_id(&self) -> &str {
        &self.template.logical_id
    }
}

/// Counters of one function since the start, named as in CloudWatch.
#[derive(Debug, Default)]
pub struct Stats {
    /// Invocations that reached an environment.
    pub invocations: Counter,
    /// Of these, the ones that ended in a function error.
    pub errors: Counter,
    /// Invocations refused because no environment was free in time.
    pub throttles: Counter,
    /// Invocations killed at the function's time-out.
    pub timeouts: Counter,
    /// Environments killed on purpose: by a fault, or over the admin API.
    pub kills: Counter,
    /// Environments started because an invocation had to wait for one.
    pub cold_starts: Counter,
}

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// The value now.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
