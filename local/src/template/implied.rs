//! Names that a template may use without defining them, because something is
//! there on AWS that is not here.

use serde_json::Value;

use super::error::TemplateError;
use super::scope::Scope;

impl Scope<'_> {
    /// Why a name that the template does not define has no value.
    pub(super) fn undefined(&self, name: &str, attribute: &str, at: &str) -> TemplateError {
        match self.implied(name) {
            Some(origin) => TemplateError::UnknownAttribute {
                at: at.into(),
                attribute: attribute.into(),
                name: name.into(),
                resource_type: origin.into(),
            },
            None => TemplateError::Unknown {
                at: at.into(),
                kind: "parameter or resource",
                name: name.into(),
            },
        }
    }

    /// `!Ref Function.Alias` and `!Ref Function.Version`: the ARN of what SAM
    /// publishes for `AutoPublishAlias`. Here each is the function as it is.
    pub(super) fn published(&self, name: &str, at: &str) -> Result<Option<Value>, TemplateError> {
        let Some((function, part @ ("Alias" | "Version"))) = name.split_once('.') else {
            return Ok(None);
        };
        let resource = self.resources.get(function);
        let Some(alias) = resource.and_then(|resource| resource.pointer("/Properties/AutoPublishAlias"))
        else {
            return Ok(None);
        };
        let alias = self.evaluated_text(alias, at)?.unwrap_or_default();
        let arn = self
            .evaluated_text(&self.attribute(function, "Arn", at)?, at)?
            .unwrap_or_default();
        let qualifier = if part == "Alias" { alias.as_str() } else { "1" };
        Ok(Some(format!("{arn}:{qualifier}").into()))
    }

    fn implied(&self, name: &str) -> Option<&'static str> {
        match name {
            "AWS::NotificationARNs" => Some("given with a deployment"),
            "ServerlessHttpApi" | "ServerlessRestApi" => Some("an API that SAM makes"),
            _ => {
                let function = self.resources.get(name.strip_suffix("Role")?)?;
                let is_function =
                    function.get("Type").and_then(Value::as_str) == Some("AWS::Serverless::Function");
                // SAM makes none for a function that names its own.
                let own = function.pointer("/Properties/Role");
                (is_function && own.is_none()).then_some("a role that SAM makes")
            }
        }
    }
}
