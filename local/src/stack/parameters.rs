//! The template with the parameters that the options imply.

use sha2::{Digest as _, Sha256};

use super::{Options, StackError};
use crate::template::{self, Settings, TemplateError};

/// The parameter that [`Options::api_key`] becomes.
pub(super) const API_KEY_HASHES: &str = "ApiKeyHashes";
/// The parameter that [`Options::valkey_url`] becomes.
const VALKEY_URL: &str = "ValkeyUrl";

/// Reads the template. The API key and the Valkey URL are offered to it as
/// parameters; a template without such a parameter is left alone. A value that
/// breaks a parameter's rules is refused, whoever gave it.
pub(super) fn load(
    options: &Options,
    endpoint: &str,
    account_id: &str,
) -> Result<template::Stack, StackError> {
    let mut offered = vec![(API_KEY_HASHES, key_hash(&options.api_key))];
    offered.extend(options.valkey_url.clone().map(|url| (VALKEY_URL, url)));
    offered.retain(|(name, _)| !options.parameters.contains_key(*name));
    let mut notes = Vec::new();
    let mut settings = Settings {
        region: options.region.clone(),
        account_id: account_id.to_owned(),
        endpoint: endpoint.to_owned(),
        parameters: options.parameters.clone(),
    };
    settings.parameters.extend(
        offered
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone())),
    );
    loop {
        match template::load(&options.template, &settings) {
            Err(TemplateError::UndefinedParameter { name, .. })
                if offered.iter().any(|(offer, _)| *offer == name)
                    && settings.parameters.remove(&name).is_some() =>
            {
                // The key is always offered; the URL only when somebody asked for it.
                if name == VALKEY_URL {
                    notes.push(format!(
                        "--valkey-url has no effect: the template has no parameter {name}"
                    ));
                }
            }
            result => {
                let mut stack = result?;
                stack.notes.extend(notes);
                return Ok(stack);
            }
        }
    }
}

/// `key-id:sha256hex`, the form of `API_KEY_HASHES`.
fn key_hash(key: &str) -> String {
    format!("local:{:x}", Sha256::digest(key.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAMETERS: &str = "
Parameters:
  ValkeyUrl:
    Type: String
    AllowedPattern: '(rediss?://.+)?'
    ConstraintDescription: starts with redis://
";

    fn loaded(parameters: &str, valkey_url: &str) -> Result<template::Stack, StackError> {
        let folder = tempfile::tempdir().expect("a folder");
        let options = Options {
            template: folder.path().join("template.yaml"),
            valkey_url: Some(valkey_url.to_owned()),
            ..Options::default()
        };
        let text = format!("{parameters}Resources: {{Jobs: {{Type: AWS::SQS::Queue}}}}\n");
        std::fs::write(&options.template, text).expect("written");
        load(&options, "http://127.0.0.1:3000", "000000000000")
    }

    #[test]
    fn a_value_that_breaks_a_rule_is_refused_and_not_dropped() {
        let refused = loaded(PARAMETERS, "127.0.0.1:6379")
            .expect_err("no URL")
            .to_string();
        assert_eq!(
            refused,
            "template.yaml: Parameters.ValkeyUrl: `127.0.0.1:6379` does not match AllowedPattern \
             (rediss?://.+)? (starts with redis://)"
        );
        let taken = loaded(PARAMETERS, "redis://127.0.0.1:6379").expect("a URL");
        assert_eq!(taken.notes, [] as [&str; 0]);
    }

    #[test]
    fn a_value_that_the_template_has_no_use_for_is_noted() {
        let stack = loaded("", "127.0.0.1:6379").expect("a template");
        assert_eq!(
            stack.notes,
            ["--valkey-url has no effect: the template has no parameter ValkeyUrl"]
        );
    }

    #[test]
    fn a_key_is_given_as_its_hash() {
        let expected = "local:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(key_hash("abc"), expected);
    }
}
