//! The template's `Conditions`.

use serde_json::Value;

use super::error::TemplateError;
use super::intrinsics::{list, text};
use super::scope::Scope;

impl Scope<'_> {
    /// Whether a named condition holds.
    pub(super) fn condition(&self, name: &str, at: &str) -> Result<bool, TemplateError> {
        let Some(expression) = self.conditions.get(name) else {
            return Err(TemplateError::Unknown {
                at: at.into(),
                kind: "condition",
                name: name.into(),
            });
        };
        let at = format!("{}: Conditions.{name}", self.file);
        self.once(name, &at, || self.test(expression, &at))
    }

    /// Evaluates a condition's expression; stops at the first part that decides.
    pub(super) fn test(&self, expression: &Value, at: &str) -> Result<bool, TemplateError> {
        let wrong = |function: &str, expected| TemplateError::Arguments {
            at: at.into(),
            function: function.into(),
            expected,
        };
        let call = expression.as_object().filter(|map| map.len() == 1);
        let Some((function, argument)) = call.and_then(|map| map.iter().next()) else {
            return Err(wrong(
                "a condition",
                "one of Fn::Equals, Fn::Not, Fn::And, Fn::Or, Condition",
            ));
        };
        match (function.as_str(), list(argument)) {
            ("Condition", _) => {
                let name = argument.as_str().ok_or_else(|| wrong(function, "one name"))?;
                self.condition(name, at)
            }
            ("Fn::Equals", [left, right]) => {
                let (left, right) = (self.evaluate(left, at)?, self.evaluate(right, at)?);
                // `0` and `'0'` are equal: a parameter is a string whatever its type.
                let as_text = |value: &Option<Value>| value.as_ref().and_then(text);
                Ok(left == right || (as_text(&left).is_some() && as_text(&left) == as_text(&right)))
            }
            ("Fn::Not", [inner]) => Ok(!self.test(inner, at)?),
            ("Fn::And", parts @ [_, _, ..]) => self.first_that_is(false, parts, at),
            ("Fn::Or", parts @ [_, _, ..]) => self.first_that_is(true, parts, at),
            ("Fn::Equals", _) => Err(wrong(function, "two values")),
            ("Fn::Not", _) => Err(wrong(function, "one condition in a list")),
            ("Fn::And" | "Fn::Or", _) => Err(wrong(function, "two to ten conditions")),
            _ => Err(TemplateError::UnsupportedFunction {
                at: at.into(),
                function: function.clone(),
            }),
        }
    }

    fn first_that_is(&self, decisive: bool, parts: &[Value], at: &str) -> Result<bool, TemplateError> {
        for part in parts {
            if self.test(part, at)? == decisive {
                return Ok(decisive);
            }
        }
        Ok(!decisive)
    }
}
