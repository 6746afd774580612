//! Warming the functions up, disturbing them, and their end.

use super::environment::{Init, Start};
use super::{InvokeError, Lambda, StartError};

impl Lambda {
    /// Starts one environment per function, or what the template provisions,
    /// and waits until all ask for their first event.
    pub async fn warm(&self) -> Result<(), StartError> {
        let mut started = Vec::new();
        for pool in self.pools() {
            let provisioned = pool.function.template.provisioned_concurrency;
            let (count, start) = provisioned.map_or((1, Start::Warm), |n| (n, Start::Provisioned));
            started.extend(pool.start(count as usize, start));
        }
        for environment in started {
            let mut init = environment.init.subscribe();
            let init = init.wait_for(|init| !matches!(init, Init::Running)).await;
            if let Ok(Init::Failed(reason)) = init.as_deref() {
                let name = environment.function.logical_id().to_owned();
                let log = self.settings().log_dir.join(format!("{name}.log"));
                let reason = reason.clone();
                self.stop().await;
                return Err(StartError::Init(name, reason, log));
            }
        }
        Ok(())
    }

    /// Kills the environments of a function, as a crash of its host would.
    pub fn kill(&self, function: &str) -> Result<usize, InvokeError> {
        let pool = &self.pools()[self.find(function)?];
        let environments = pool.environments();
        for environment in &environments {
            pool.function.stats.kills.add();
            environment.stop(None);
        }
        Ok(environments.len())
    }

    /// Kills every child; does not wait for their end.
    pub fn close(&self) {
        for pool in self.pools() {
            pool.close();
        }
    }

    /// Kills every child and writes out the logs.
    pub async fn stop(&self) {
        self.close();
        for pool in self.pools() {
            pool.ended_all().await;
        }
        let logs = self.logs();
        let _ = tokio::task::spawn_blocking(move || logs.flush()).await;
    }
}
