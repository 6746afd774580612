//! A centre's settings, by the kind of class that they cover.

use std::collections::BTreeMap;

use lessons::store::Setting;
use lessons::time::Slot;
use sha2::{Digest as _, Sha256};

use super::Rule;

/// What opens some of a centre's lessons.
#[derive(Debug)]
pub(super) enum Cover {
    /// A setting.
    Rule(Rule),
    /// A setting that makes no sense: until it is put right its lessons stay as
    /// they are, since what a wider setting says of them is not what was meant.
    Broken,
}

/// Which setting gives which of a centre's lessons their instant.
#[derive(Debug, Default)]
pub(super) struct Center {
    /// Of all its settings.
    pub digest: String,
    own: BTreeMap<String, Cover>,
    rest: Option<Cover>,
}

/// By centre; settings that make no sense are logged.
pub(super) fn centers(settings: &[Setting]) -> BTreeMap<i64, Center> {
    let mut centers: BTreeMap<i64, Center> = BTreeMap::new();
    let mut digests: BTreeMap<i64, Sha256> = BTreeMap::new();
    for setting in settings {
        let cover = match Rule::of(setting) {
            Ok(rule) => Cover::Rule(rule),
            Err(wrong) => {
                tracing::error!(
                    tag = "setting",
                    center = setting.center,
                    "{wrong}; its lessons stay as they are"
                );
                Cover::Broken
            }
        };
        let digest = digests.entry(setting.center).or_default();
        digest.update(format!("{setting:?}"));
        let center = centers.entry(setting.center).or_default();
        center.add(setting.class_kind.as_deref(), cover);
    }
    for (id, digest) in digests {
        if let Some(center) = centers.get_mut(&id) {
            center.digest = format!("{:x}", digest.finalize());
        }
    }
    centers
}

impl Center {
    /// What covers lessons of a kind.
    pub fn cover(&self, kind: &str) -> Option<&Cover> {
        self.own.get(plain(kind)).or(self.rest.as_ref())
    }

    /// The weeks in which lessons start that open in `slot`, as spans of time.
    pub fn weeks_opening_in(&self, slot: Slot) -> Vec<Slot> {
        let mut weeks = Vec::new();
        for cover in self.own.values().chain(&self.rest) {
            let Cover::Rule(rule) = cover else { continue };
            for week in rule.weeks_opening_in(slot) {
                weeks.extend(rule.span(week).filter(|span| !weeks.contains(span)));
            }
        }
        weeks
    }

    fn add(&mut self, kind: Option<&str>, cover: Cover) {
        let kept = match kind {
            None => self.rest.take(),
            Some(kind) => self.own.remove(plain(kind)),
        };
        let first = match kept {
            Some(kept) => first(kept, cover),
            None => cover,
        };
        match kind {
            None => self.rest = Some(first),
            Some(kind) => self.own.extend([(plain(kind).to_owned(), first)]),
        }
    }
}

/// MySQL compares texts without their trailing blanks.
fn plain(kind: &str) -> &str {
    kind.trim_end_matches(' ')
}

/// Of two that cover the same lessons, the one that opens them first.
fn first(one: Cover, other: Cover) -> Cover {
    match (&one, &other) {
        (Cover::Broken, _) => other,
        (Cover::Rule(first), Cover::Rule(second)) if second.order() < first.order() => other,
        _ => one,
    }
}
