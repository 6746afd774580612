//! What there is to link.

use std::collections::{BTreeMap, BTreeSet};

use lessons::store::Seen;
use lessons::{Store, StoreError};

use super::centers::{Center, centers};
use super::jobs::Job;
use super::lesson::View;

/// Each centre is gone through whole once in so many minutes.
const ROUND: i64 = 60;

/// The pieces in their order, the slot's own first.
#[derive(Debug)]
pub(super) struct Plan {
    /// All settings.
    pub centers: BTreeMap<i64, Center>,
    /// What there is to do.
    pub jobs: Vec<Job>,
    /// Centres whose settings are new, changed or gone.
    pub changed: BTreeSet<i64>,
    /// The newest lesson of those that `jobs` covers.
    pub newest: i64,
}

impl Plan {
    /// What there is to do for a slot.
    pub async fn make(store: &mut impl Store, view: View) -> Result<Self, StoreError> {
        let centers = centers(&store.settings().await?);
        let seen = store.seen().await?;
        let newest = store.newest().await?;
        let grown = match seen.lesson {
            Some(lesson) => store.added(lesson, newest, view.now).await?,
            // At the first time all centres are new; what is added while they are linked,
            // perhaps over several wakes, is found by this.
            None => {
                store.mark_newest(newest).await?;
                Vec::new()
            }
        };
        let changed = changed(&centers, &seen);
        let minute = view.slot.begin.as_second().div_euclid(60).rem_euclid(ROUND);
        let turn = centers.keys().filter(|id| id.rem_euclid(ROUND) == minute);
        let grown = grown.iter().filter(|id| centers.contains_key(id));
        let mut known = BTreeSet::new();
        let ahead = changed
            .iter()
            .chain(grown)
            .chain(turn)
            .filter(|id| known.insert(**id));
        let ahead: Vec<Job> = ahead.copied().map(Job::Center).collect();
        let weeks = centers.iter().flat_map(|(id, center)| {
            center
                .weeks_opening_in(view.slot)
                .into_iter()
                .map(|week| Job::Week(*id, week))
        });
        let mut jobs: Vec<Job> = weeks.collect();
        jobs.push(Job::Check);
        jobs.extend(ahead);
        Ok(Self {
            centers,
            jobs,
            changed,
            newest,
        })
    }

    /// What a centre is linked with once its piece is done.
    pub fn digest(&self, center: i64) -> &str {
        digest(&self.centers, center)
    }
}

/// Of a centre without settings, nothing.
fn digest(centers: &BTreeMap<i64, Center>, id: i64) -> &str {
    centers.get(&id).map_or("", |center| center.digest.as_str())
}

fn changed(centers: &BTreeMap<i64, Center>, seen: &Seen) -> BTreeSet<i64> {
    let known = |id: &i64| seen.settings.get(id).map_or("", String::as_str);
    let all = centers.keys().chain(seen.settings.keys()).copied();
    all.filter(|id| digest(centers, *id) != known(id)).collect()
}
