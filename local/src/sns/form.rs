//! The parameters of one call: a form, in which lists and maps are flattened.

use std::collections::BTreeMap;

/// `Action`, `Version` and the parameters.
pub(super) struct Form(BTreeMap<String, String>);

impl Form {
    pub fn read(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// Empty if the call names none.
    pub fn action(&self) -> &str {
        self.get("Action").unwrap_or_default()
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The names in a map of `<map>.entry.<n>.Name`, each with the prefix of
    /// what belongs to it.
    pub fn entries(&self, map: &str) -> Vec<(String, &str)> {
        (1..)
            .map(|n| format!("{map}.entry.{n}"))
            .map_while(|entry| Some((format!("{entry}.Value"), self.get(&format!("{entry}.Name"))?)))
            .collect()
    }
}
