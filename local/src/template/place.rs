//! A property and where it stands, read one step at a time.

use serde_json::Value;

use super::error::TemplateError;
use super::scope::Scope;

/// Steps of a path that a resource has only one of, left out of notes.
const UNSAID: [&str; 3] = [
    "Properties",
    "S3DestinationConfiguration",
    "ExtendedS3DestinationConfiguration",
];

/// A value whose outermost functions are evaluated, and the path to it.
#[derive(Clone)]
pub(super) struct Place<'a> {
    scope: &'a Scope<'a>,
    pub(super) at: String,
    pub(super) value: Value,
}

impl<'a> Place<'a> {
    /// `None` if the value is `AWS::NoValue` or null.
    pub(super) fn new(scope: &'a Scope<'a>, at: String, raw: &Value) -> Result<Option<Self>, TemplateError> {
        let value = scope.head(raw, &at)?.filter(|value| !value.is_null());
        Ok(value.map(|value| Self { scope, at, value }))
    }

    /// A property of a map; dots lead further in. `None` if any step is absent.
    pub(super) fn get(&self, path: &str) -> Result<Option<Self>, TemplateError> {
        let mut place = self.clone();
        for key in path.split('.') {
            let Value::Object(map) = &place.value else {
                return Err(place.wrong_type("a map"));
            };
            let Some(raw) = map.get(key) else {
                return Ok(None);
            };
            match Self::new(self.scope, format!("{}.{key}", place.at), raw)? {
                Some(inner) => place = inner,
                None => return Ok(None),
            }
        }
        Ok(Some(place))
    }

    /// A property that has to be there.
    pub(super) fn require(&self, path: &str) -> Result<Self, TemplateError> {
        self.get(path)?.ok_or_else(|| TemplateError::Missing {
            at: format!("{}.{path}", self.at),
        })
    }

    /// The path as a reader of notes wants it: `TraceIngest.Events.Traces`.
    pub(super) fn short_path(&self) -> String {
        let path = self
            .at
            .split_once("Resources.")
            .map_or(self.at.as_str(), |(_, path)| path);
        let steps = path.split('.').filter(|step| !UNSAID.contains(step));
        steps.collect::<Vec<_>>().join(".")
    }

    /// The properties that a map has. What only AWS can evaluate counts as
    /// set, `AWS::NoValue` does not.
    pub(super) fn set_keys(&self) -> Vec<&str> {
        let entries = self.value.as_object().into_iter().flatten();
        entries
            .filter(|(key, raw)| {
                !matches!(Self::new(self.scope, format!("{}.{key}", self.at), raw), Ok(None))
            })
            .map(|(key, _)| key.as_str())
            .collect()
    }

    /// The entries of a map, without those that are `AWS::NoValue`.
    pub(super) fn entries(&self) -> Result<Vec<(String, Self)>, TemplateError> {
        let map = self.value.as_object().ok_or_else(|| self.wrong_type("a map"))?;
        let mut entries = Vec::with_capacity(map.len());
        for (key, raw) in map {
            if let Some(place) = Self::new(self.scope, format!("{}.{key}", self.at), raw)? {
                entries.push((key.clone(), place));
            }
        }
        Ok(entries)
    }

    /// The items of a list, without those that are `AWS::NoValue`.
    pub(super) fn items(&self) -> Result<Vec<Self>, TemplateError> {
        let list = self.value.as_array().ok_or_else(|| self.wrong_type("a list"))?;
        let mut items = Vec::with_capacity(list.len());
        for (index, raw) in list.iter().enumerate() {
            items.extend(Self::new(self.scope, format!("{}[{index}]", self.at), raw)?);
        }
        Ok(items)
    }
}
