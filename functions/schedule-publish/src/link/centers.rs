//! A centre's settings, and the lessons that they cover.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::Date;
use lessons::store::{Linking, Seen, Setting, Whom};
use lessons::{Store, StoreError};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use super::{Rule, View};

/// Which setting gives which of a centre's lessons their instant.
#[derive(Debug, Default)]
pub(super) struct Center {
    id: i64,
    own: BTreeMap<String, Rule>,
    rest: Option<Rule>,
    digest: String,
}

/// By centre; settings that make no sense are logged and left out.
pub(super) fn centers(settings: &[Setting]) -> BTreeMap<i64, Center> {
    let mut centers: BTreeMap<i64, Center> = BTreeMap::new();
    let mut digests: BTreeMap<i64, Sha256> = BTreeMap::new();
    for setting in settings {
        let rule = match Rule::of(setting) {
            Ok(rule) => rule,
            Err(wrong) => {
                tracing::warn!(tag = "setting", "{wrong}; its lessons do not open by it");
                continue;
            }
        };
        digests
            .entry(setting.center)
            .or_default()
            .update(format!("{setting:?}"));
        let center = centers.entry(setting.center).or_default();
        center.id = setting.center;
        match &setting.class_kind {
            None => first(&mut center.rest, rule),
            Some(kind) => {
                let mut own = center.own.remove(kind);
                first(&mut own, rule);
                center.own.extend(own.map(|rule| (kind.clone(), rule)));
            }
        }
    }
    for (id, digest) in digests {
        if let Some(center) = centers.get_mut(&id) {
            center.digest = format!("{:x}", digest.finalize());
        }
    }
    centers
}

/// Keeps the one that opens first.
fn first(kept: &mut Option<Rule>, rule: Rule) {
    if kept.as_ref().is_none_or(|kept| rule.order() < kept.order()) {
        *kept = Some(rule);
    }
}

impl Center {
    /// The rule for lessons of a kind.
    pub fn rule(&self, kind: &str) -> Option<&Rule> {
        self.own.get(kind).or(self.rest.as_ref())
    }

    /// One statement for each setting that opens lessons in the slot.
    pub async fn link_occurrences(&self, store: &mut impl Store, view: View) -> Result<u64, StoreError> {
        let mut linked = 0;
        for (whom, rule) in self.parts() {
            for week in rule.weeks_opening_in(view.slot) {
                linked += self.link(store, view, &whom, rule, week).await?;
            }
        }
        Ok(linked)
    }

    /// All of the centre's lessons: one statement for each setting and occurrence.
    async fn link_all(&self, store: &mut impl Store, view: View) -> Result<u64, StoreError> {
        let Some((first, last)) = store.span(self.id, view.now).await? else {
            return Ok(0);
        };
        let mut linked = 0;
        for (whom, rule) in self.parts() {
            let (mut week, last) = (rule.week_of(first), rule.week_of(last));
            while week <= last {
                linked += self.link(store, view, &whom, rule, week).await?;
                match week.checked_add(1.week()) {
                    Ok(next) => week = next,
                    Err(_) => break,
                }
            }
        }
        if self.rest.is_none() {
            let others = Whom::AllBut(self.own.keys().cloned().collect());
            linked += store.unlink(self.id, &others, view.now).await?;
        }
        Ok(linked)
    }

    async fn link(
        &self,
        store: &mut impl Store,
        view: View,
        whom: &Whom,
        rule: &Rule,
        week: Date,
    ) -> Result<u64, StoreError> {
        let (Some(mut starts), Some(opening)) = (rule.span(week), rule.opening(week)) else {
            return Ok(0);
        };
        // A lesson that has begun need not open any more.
        starts.begin = starts.begin.max(view.now);
        if starts.begin >= starts.end {
            return Ok(0);
        }
        store
            .link(&Linking {
                center: self.id,
                whom: whom.clone(),
                starts,
                publish_at: view.instant(opening),
                later_than: view.later_than(opening),
            })
            .await
    }

    fn parts(&self) -> Vec<(Whom, &Rule)> {
        let own = self
            .own
            .iter()
            .map(|(kind, rule)| (Whom::Kind(kind.clone()), rule));
        let but = || Whom::AllBut(self.own.keys().cloned().collect());
        own.chain(self.rest.iter().map(|rule| (but(), rule))).collect()
    }
}

/// Centres whose settings are new, changed or gone, and centres with new lessons,
/// until `stop`.
pub(super) async fn link_ahead(
    store: &mut impl Store,
    centers: &BTreeMap<i64, Center>,
    seen: &Seen,
    view: View,
    stop: Instant,
) -> Result<u64, StoreError> {
    let known = |id: &i64| seen.settings.get(id).map_or("", String::as_str);
    let digest = |id: &i64| centers.get(id).map_or("", |center| center.digest.as_str());
    let mut changed: BTreeSet<i64> = centers.keys().chain(seen.settings.keys()).copied().collect();
    changed.retain(|id| digest(id) != known(id));
    let (grown, newest) = store.added(seen.lesson.unwrap_or(0)).await?;
    let grown = grown.into_iter().filter(|id| centers.contains_key(id));
    let both: BTreeSet<i64> = changed.into_iter().chain(grown).collect();
    let mut linked = 0;
    for id in both {
        if Instant::now() >= stop {
            // The mark stays where it was: the next wake finds these again.
            return Ok(linked);
        }
        let center = Center {
            id,
            ..Center::default()
        };
        let center = centers.get(&id).unwrap_or(&center);
        linked += center.link_all(store, view).await?;
        if center.digest != known(&id) {
            store.mark_seen(id, &center.digest, 0).await?;
        }
    }
    if seen.lesson != Some(newest) {
        store.mark_seen(0, "", newest).await?;
    }
    Ok(linked)
}
