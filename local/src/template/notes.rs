//! What a template has and the local stack does not, told in a few lines.

use std::collections::BTreeMap;

use super::error::TemplateError;
use super::place::Place;

/// Gathers what is not emulated while the template is read.
#[derive(Default)]
pub(super) struct Notes {
    resources: BTreeMap<String, usize>,
    /// By resource.
    properties: BTreeMap<String, Vec<String>>,
    events: Vec<String>,
    functions: Vec<String>,
}

impl Notes {
    /// A resource that only exists on AWS.
    pub(super) fn resource(&mut self, resource_type: &str) {
        *self.resources.entry(resource_type.into()).or_default() += 1;
    }

    /// Every property of a map that is neither `read` by the local stack nor
    /// `harmless`: without a say in how things behave here.
    pub(super) fn others(&mut self, place: &Place, read: &[&str], harmless: &[&str]) {
        let known = |key: &str| read.contains(&key) || harmless.contains(&key);
        for key in place.set_keys().into_iter().filter(|key| !known(key)) {
            let path = format!("{}.{key}", place.short_path());
            if let Some((resource, path)) = path.split_once('.') {
                let properties = self.properties.entry(resource.into()).or_default();
                properties.push(path.into());
            }
        }
    }

    /// [`Self::others`] of a map that may be absent.
    pub(super) fn others_in(
        &mut self,
        place: &Place,
        key: &str,
        read: &[&str],
        harmless: &[&str],
    ) -> Result<(), TemplateError> {
        if let Some(inner) = place.get(key)? {
            self.others(&inner, read, harmless);
        }
        Ok(())
    }

    /// An event of a function.
    pub(super) fn event(&mut self, function: &str, id: &str, event_type: &str) {
        self.events.push(format!("{function}.{id} ({event_type})"));
    }

    /// A schedule of its own that is not for a function.
    pub(super) fn schedule(&mut self, properties: &Place, target: &str) {
        self.events
            .push(format!("{} (for {target})", properties.short_path()));
    }

    /// A function that is left out.
    pub(super) fn function(&mut self, logical_id: &str, what: &str) {
        self.functions.push(format!("{logical_id} ({what})"));
    }

    /// One line per kind of thing.
    pub(super) fn lines(self) -> Vec<String> {
        let resources = self.resources.iter();
        let resources = resources
            .map(|(kind, count)| format!("{kind} ({count})"))
            .collect();
        let properties = self.properties.iter();
        let properties = properties
            .map(|(resource, paths)| format!("{resource} ({})", paths.join(", ")))
            .collect();
        [
            ("not emulated here", resources),
            ("properties without effect here", properties),
            ("events that do not happen here", self.events),
            ("functions left out, only compiled ones run here", self.functions),
        ]
        .into_iter()
        .filter(|(_, items): &(&str, Vec<String>)| !items.is_empty())
        .map(|(heading, items)| format!("{heading}: {}", items.join(", ")))
        .collect()
    }
}
