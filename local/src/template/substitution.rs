//! `Fn::Sub`: a string with `${Name}` and `${Resource.Attribute}` in it.

use serde_json::Value;

use super::error::TemplateError;
use super::intrinsics::{list, text};
use super::scope::Scope;

impl Scope<'_> {
    pub(super) fn substitute(&self, argument: &Value, at: &str) -> Result<String, TemplateError> {
        let wrong = || TemplateError::Arguments {
            at: at.into(),
            function: "Fn::Sub".into(),
            expected: "a string, or [string, map of names], with scalars for its names",
        };
        let (pattern, names) = match (argument, list(argument)) {
            (Value::String(pattern), _) => (pattern, None),
            (_, [Value::String(pattern), names]) => (pattern, Some(names)),
            _ => return Err(wrong()),
        };
        let mut result = String::new();
        let mut rest = pattern.as_str();
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').ok_or_else(wrong)?;
            result.push_str(before);
            rest = after;
            if let Some(literal) = name.strip_prefix('!') {
                result.push_str(&format!("${{{literal}}}"));
                continue;
            }
            let value = match (names.and_then(|names| names.get(name)), name.split_once('.')) {
                (Some(own), _) => self.head(own, at)?,
                (None, Some((resource, attribute))) => Some(self.attribute(resource, attribute, at)?),
                (None, None) => self.reference(name, at)?,
            };
            result.push_str(&value.as_ref().and_then(text).ok_or_else(wrong)?);
        }
        result.push_str(rest);
        Ok(result)
    }
}
