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

    /// The members of a list of structures, each as a form of its own.
    pub fn members(&self, list: &str) -> Vec<Self> {
        let member = |n| {
            let prefix = format!("{list}.member.{n}.");
            let own = self.0.iter().filter_map(|(name, value)| {
                let name = name.strip_prefix(&prefix)?;
                Some((name.to_owned(), value.clone()))
            });
            Self(own.collect())
        };
        (1..)
            .map(member)
            .take_while(|member| !member.0.is_empty())
            .collect()
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
