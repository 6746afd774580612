//! The console: a page that shows a running stack, at `/_console`.

mod assets;
mod events;
mod search;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::response::Response;
use http::{Method, StatusCode, Uri};
use lessons::store::SqlStore;
use tokio::sync::{broadcast, watch};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use crate::live::{Lessons, Live, Surroundings};

/// No route of a template can begin so.
const PREFIX: &str = "/_console";

/// Whether a path is the page's, or of something on it.
pub(crate) fn is_for(path: &str) -> bool {
    path.strip_prefix(PREFIX)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Between two messages to a page.
const MOMENT: Duration = Duration::from_millis(250);
/// Between two looks at the tables, and the longest that one may take.
const LOOK: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(3);
/// Moments in a second.
const PER_SECOND: u32 = 4;
/// Messages that a page may be behind; then it is sent everything anew.
const BEHIND: usize = 16;

/// What the page shows, and whom it is sent to.
pub(crate) struct Console {
    live: Live,
    lessons: Option<Lessons>,
    log_dir: PathBuf,
    moments: broadcast::Sender<Arc<str>>,
    is_closed: watch::Sender<bool>,
}

impl Console {
    /// Of a stack whose functions log into this folder.
    pub fn new(live: Live, lessons: Option<Lessons>, log_dir: PathBuf) -> Self {
        Self {
            live,
            lessons,
            log_dir,
            moments: broadcast::Sender::new(BEHIND),
            is_closed: watch::Sender::new(false),
        }
    }

    /// Keeps the figures of the seconds, and tells pages what is new, until it is dropped.
    pub async fn run(&self, surroundings: impl Fn() -> Surroundings) {
        let mut moments = interval(MOMENT);
        moments.set_missed_tick_behavior(MissedTickBehavior::Skip);
        for moment in 0_u32.. {
            moments.tick().await;
            let is_second = moment % PER_SECOND == 0;
            if is_second {
                self.live.second();
            }
            if !self.live.is_watched() {
                self.live.pass();
                continue;
            }
            let message = events::message(&self.live.moment(surroundings()));
            // Nobody may be there any more.
            let _ = self.moments.send(message);
        }
    }

    /// Looks at the tables again and again while someone watches, until it is dropped. A
    /// database that hangs holds nothing else up.
    pub async fn look(&self) {
        let Some(lessons) = &self.lessons else { return };
        let mut store: Option<SqlStore> = None;
        loop {
            sleep(LOOK).await;
            if self.live.is_watched() && timeout(PATIENCE, lessons.look(&mut store)).await.is_err() {
                store = None;
            }
        }
    }

    /// Sends its pages away.
    pub fn close(&self) {
        self.is_closed.send_replace(true);
    }

    /// The last look at the tables.
    pub fn lessons(&self) -> Option<&Lessons> {
        self.lessons.as_ref()
    }

    /// Answers a request for the page or what it needs.
    pub async fn handle(
        &self,
        method: &Method,
        uri: &Uri,
        surroundings: impl Fn() -> Surroundings + Send + Sync + 'static,
    ) -> Response {
        let path = uri.path().strip_prefix(PREFIX).unwrap_or_default();
        if method != Method::GET && method != Method::HEAD {
            return assets::text(StatusCode::METHOD_NOT_ALLOWED, "This page is only to be read.\n");
        }
        match path {
            "/events" => events::stream(self, surroundings),
            "/logs" => search::answer(&self.log_dir, uri.query().unwrap_or_default()).await,
            _ => assets::find(path),
        }
    }
}
