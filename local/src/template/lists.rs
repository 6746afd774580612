//! Intrinsic functions that make, cut or search lists and maps.

use serde_json::Value;

use super::error::TemplateError;
use super::intrinsics::{list, text};
use super::scope::Scope;

impl Scope<'_> {
    pub(super) fn join(&self, argument: &Value, at: &str) -> Result<Value, TemplateError> {
        let wrong = || arguments(at, "Fn::Join", "[delimiter, list of strings]");
        let [Value::String(delimiter), items] = list(argument) else {
            return Err(wrong());
        };
        let items = self.evaluate(items, at)?.ok_or_else(wrong)?;
        let items = items.as_array().ok_or_else(wrong)?;
        let texts: Option<Vec<String>> = items.iter().map(text).collect();
        Ok(texts.ok_or_else(wrong)?.join(delimiter).into())
    }

    pub(super) fn split(&self, argument: &Value, at: &str) -> Result<Value, TemplateError> {
        let wrong = || arguments(at, "Fn::Split", "[delimiter, string]");
        let [Value::String(delimiter), whole] = list(argument) else {
            return Err(wrong());
        };
        let whole = self.evaluated_text(whole, at)?.ok_or_else(wrong)?;
        Ok(whole.split(delimiter.as_str()).collect())
    }

    pub(super) fn select(&self, argument: &Value, at: &str) -> Result<Option<Value>, TemplateError> {
        let wrong = || arguments(at, "Fn::Select", "[index, list that is long enough]");
        let [index, items] = list(argument) else {
            return Err(wrong());
        };
        let index = self
            .evaluated_text(index, at)?
            .and_then(|index| index.parse::<usize>().ok());
        let items = self.head(items, at)?.ok_or_else(wrong)?;
        let item = list(&items).get(index.ok_or_else(wrong)?).ok_or_else(wrong)?;
        self.head(item, at)
    }

    pub(super) fn find_in_map(&self, argument: &Value, at: &str) -> Result<Option<Value>, TemplateError> {
        let wrong = || arguments(at, "Fn::FindInMap", "[mapping, top-level key, second-level key]");
        if list(argument).len() != 3 {
            return Err(wrong());
        }
        let mut found = &self.mappings;
        for key in list(argument) {
            let key = self.evaluated_text(key, at)?.ok_or_else(wrong)?;
            found = found.get(&key).ok_or_else(|| TemplateError::Unknown {
                at: at.into(),
                kind: "mapping or key of a mapping",
                name: key,
            })?;
        }
        Ok(Some(found.clone()))
    }
}

fn arguments(at: &str, function: &str, expected: &'static str) -> TemplateError {
    TemplateError::Arguments {
        at: at.into(),
        function: function.into(),
        expected,
    }
}
