//! The template with the parameters that the options imply.

use sha2::{Digest as _, Sha256};

use super::{Options, StackError};
use crate::tables::{Tables, TablesError};
use crate::template::{self, Settings, TemplateError};

/// The parameter that [`Options::api_key`] becomes.
pub(super) const API_KEY_HASHES: &str = "ApiKeyHashes";
/// The parameter that [`Options::valkey_url`] becomes.
const VALKEY_URL: &str = "ValkeyUrl";
/// The parameter that [`Options::database_url`] becomes.
const DATABASE_URL: &str = "DatabaseUrl";
/// Where this one has a value, the lessons are elsewhere already.
const DB_HOST: &str = "DbHost";

/// A template, and the lesson tables that its functions are told of.
#[derive(Debug)]
pub(super) struct Loaded {
    pub template: template::Stack,
    pub tables: Option<Tables>,
}

/// Reads the template. The API key and the URLs are offered to it as parameters;
/// a template without such a parameter is left alone. A value that breaks a
/// parameter's rules is refused, whoever gave it.
pub(super) fn load(options: &Options, endpoint: &str, account_id: &str) -> Result<Loaded, StackError> {
    let mut tables = tables(options)?;
    let mut offered = vec![(API_KEY_HASHES, key_hash(&options.api_key))];
    offered.extend(options.valkey_url.clone().map(|url| (VALKEY_URL, url)));
    offered.retain(|(name, _)| !options.parameters.contains_key(*name));
    offered.extend(
        tables
            .as_ref()
            .map(|tables| (DATABASE_URL, tables.url().to_owned())),
    );
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
                    && !options.parameters.contains_key(&name)
                    && settings.parameters.remove(&name).is_some() =>
            {
                // The key and the embedded tables are always offered; a URL only
                // when somebody asked for it.
                let asked = match name.as_str() {
                    VALKEY_URL => Some("--valkey-url"),
                    DATABASE_URL => {
                        tables = None;
                        options.database_url.as_ref().map(|_| "--database-url")
                    }
                    _ => None,
                };
                notes.extend(
                    asked.map(|option| {
                        format!("{option} has no effect: the template has no parameter {name}")
                    }),
                );
            }
            result => {
                let mut template = result?;
                template.notes.extend(notes);
                return Ok(Loaded { template, tables });
            }
        }
    }
}

/// Where the lessons are, unless the parameters say that there are none, or that
/// the functions log in on their own.
fn tables(options: &Options) -> Result<Option<Tables>, TablesError> {
    let parameter = |name| options.parameters.get(name).map(String::as_str);
    match parameter(DATABASE_URL).or(options.database_url.as_deref()) {
        Some("") => Ok(None),
        Some(url) => Tables::at(url).map(Some),
        None if parameter(DB_HOST).is_some_and(|host| !host.is_empty()) => Ok(None),
        None => Ok(Some(Tables::embedded(&options.data_dir))),
    }
}

/// `key-id:sha256hex`, the form of `API_KEY_HASHES`.
fn key_hash(key: &str) -> String {
    format!("local:{:x}", Sha256::digest(key.as_bytes()))
}

#[cfg(test)]
mod tests;
