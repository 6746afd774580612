//! The template with the parameters that the options imply.

use sha2::{Digest as _, Sha256};

use super::{Options, StackError};
use crate::template::{self, Settings, TemplateError};

/// Reads the template. The API key and the Valkey URL are offered to it as
/// parameters; a template without such a parameter is left alone.
pub(super) fn load(
    options: &Options,
    endpoint: &str,
    account_id: &str,
) -> Result<template::Stack, StackError> {
    let mut offered = vec![("ApiKeyHashes", key_hash(&options.api_key))];
    offered.extend(options.valkey_url.clone().map(|url| ("ValkeyUrl", url)));
    offered.retain(|(name, _)| !options.parameters.contains_key(*name));
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
            Err(TemplateError::Parameter { name, .. })
                if offered.iter().any(|(offer, _)| *offer == name)
                    && settings.parameters.remove(&name).is_some() => {}
            result => return result.map_err(StackError::from),
        }
    }
}

/// `key-id:sha256hex`, the form of `API_KEY_HASHES`.
fn key_hash(key: &str) -> String {
    format!("local:{:x}", Sha256::digest(key.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::key_hash;

    #[test]
    fn a_key_is_given_as_its_hash() {
        let expected = "local:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(key_hash("abc"), expected);
    }
}
