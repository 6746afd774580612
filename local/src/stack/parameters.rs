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
        let options = Options {
            valkey_url: Some(valkey_url.to_owned()),
            ..Options::default()
        };
        with(parameters, options).map(|loaded| loaded.template)
    }

    fn with(parameters: &str, options: Options) -> Result<Loaded, StackError> {
        let folder = tempfile::tempdir().expect("a folder");
        let options = Options {
            template: folder.path().join("template.yaml"),
            ..options
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
    fn lessons_are_where_the_options_say_or_else_beside_the_queues() {
        const PARAMETERS: &str = "
Parameters:
  DatabaseUrl: {Type: String, Default: '', NoEcho: true}
  DbHost: {Type: String, Default: ''}
";
        let shown = |database_url: Option<&str>, parameters: &[(&str, &str)]| {
            let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            let options = Options {
                data_dir: "/data".into(),
                database_url: database_url.map(str::to_owned),
                parameters: parameters.iter().map(own).collect(),
                ..Options::default()
            };
            let loaded = with(PARAMETERS, options).expect("a template");
            loaded.tables.map_or("-".to_owned(), |tables| tables.to_string())
        };
        assert_eq!(shown(None, &[]), "sqlite:///data/lessons.db");
        assert_eq!(shown(Some("mysql://u:p@h/d"), &[]), "mysql://u@h/d");
        let parameter = ("DatabaseUrl", "mysql://h/parameter");
        assert_eq!(
            shown(Some("mysql://h/option"), &[parameter]),
            "mysql://h/parameter"
        );
        assert_eq!(shown(None, &[("DatabaseUrl", "")]), "-");
        assert_eq!(shown(None, &[("DbHost", "db.example")]), "-");
    }

    #[test]
    fn a_template_without_lessons_is_left_alone() {
        let given = Options {
            database_url: Some("mysql://h/d".to_owned()),
            ..Options::default()
        };
        for (options, notes) in [
            (Options::default(), vec![]),
            (
                given,
                vec!["--database-url has no effect: the template has no parameter DatabaseUrl"],
            ),
        ] {
            let loaded = with("", options).expect("a template");
            assert_eq!(
                (loaded.tables, loaded.template.notes),
                (None, notes.into_iter().map(str::to_owned).collect())
            );
        }
    }

    #[test]
    fn a_key_is_given_as_its_hash() {
        let expected = "local:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(key_hash("abc"), expected);
    }
}
