//! What a template has and the local stack does not, told in a few lines.

use std::collections::BTreeMap;

use super::place::Place;

/// Gathers what is not emulated while the template is read.
#[derive(Default)]
pub(super) struct Notes {
    resources: BTreeMap<String, usize>,
    properties: Vec<String>,
    events: Vec<String>,
    functions: Vec<String>,
}

impl Notes {
    /// A resource that only exists on AWS.
    pub(super) fn resource(&mut self, resource_type: &str) {
        *self.resources.entry(resource_type.into()).or_default() += 1;
    }

    /// Those of the properties that are set.
    pub(super) fn properties(&mut self, place: &Place, keys: &[&str]) {
        let set = keys.iter().filter(|key| place.has(key));
        self.properties
            .extend(set.map(|key| format!("{}.{key}", place.short_path())));
    }

    /// An event of a function.
    pub(super) fn event(&mut self, function: &str, id: &str, event_type: &str) {
        self.events.push(format!("{function}.{id} ({event_type})"));
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
        [
            ("not emulated here", resources),
            ("properties without effect here", self.properties),
            ("events that do not happen here", self.events),
            ("functions left out, only compiled ones run here", self.functions),
        ]
        .into_iter()
        .filter(|(_, items): &(&str, Vec<String>)| !items.is_empty())
        .map(|(heading, items)| format!("{heading}: {}", items.join(", ")))
        .collect()
    }
}
