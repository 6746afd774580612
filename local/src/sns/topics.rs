//! Topics: their names and files, and the actions about them.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use super::error::SnsError;
use super::form::Form;
use super::{Inner, xml};

/// One topic.
pub(super) struct Topic {
    pub name: String,
    path: PathBuf,
    /// How many messages; locked while one is written.
    published: Mutex<u64>,
}

impl Topic {
    /// Nothing is created before the first message.
    pub fn new(folder: &Path, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            path: folder.join(format!("{name}.ndjson")),
            published: Mutex::default(),
        }
    }

    pub fn published(&self) -> u64 {
        *self.published.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands a line to the operating system: whole, or not at all.
    pub fn append(&self, line: &impl Serialize) -> Result<(), SnsError> {
        let mut text = serde_json::to_vec(line).expect("strings serialize");
        text.push(b'\n');
        let mut published = self.published.lock().unwrap_or_else(PoisonError::into_inner);
        self.write(&text).map_err(SnsError::io(&self.path))?;
        *published += 1;
        Ok(())
    }

    fn write(&self, text: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path)?;
        let end = file.metadata()?.len();
        file.write_all(text).inspect_err(|_| {
            let _ = file.set_len(end);
        })
    }
}

/// The service's own rule; a name is a file's too.
pub(super) fn check_name(name: &str) -> Result<(), SnsError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    match (1..=256).contains(&name.len()) && name.chars().all(allowed) {
        true => Ok(()),
        false => Err(SnsError::invalid("Topic Name")),
    }
}

pub(super) fn name_in_arn(arn: &str) -> Option<&str> {
    match arn.split(':').collect::<Vec<_>>()[..] {
        ["arn", _, "sns", _, _, name] => Some(name),
        _ => None,
    }
}

pub(super) fn create(inner: &Inner, form: &Form) -> Result<String, SnsError> {
    let topic = inner.create(form.get("Name").unwrap_or_default())?;
    Ok(xml::element("TopicArn", &inner.arn(&topic.name)))
}

/// All at once, where SNS gives a hundred at a time.
pub(super) fn list(inner: &Inner) -> String {
    let arns = inner.all().into_iter().map(|topic| inner.arn(&topic.name));
    let members: String = arns
        .map(|arn| format!("<member>{}</member>", xml::element("TopicArn", &arn)))
        .collect();
    format!("<Topics>{members}</Topics>")
}

pub(super) fn attributes(inner: &Inner, form: &Form) -> Result<String, SnsError> {
    let arn = form.get("TopicArn").unwrap_or_default();
    inner.find(arn)?;
    let attributes = [
        ("TopicArn", arn),
        ("Owner", &inner.settings.account_id),
        ("DisplayName", ""),
        ("SubscriptionsConfirmed", "0"),
        ("SubscriptionsPending", "0"),
        ("SubscriptionsDeleted", "0"),
    ];
    let entry = |(key, value)| {
        let (key, value) = (xml::element("key", key), xml::element("value", value));
        format!("<entry>{key}{value}</entry>")
    };
    let entries: String = attributes.into_iter().map(entry).collect();
    Ok(format!("<Attributes>{entries}</Attributes>"))
}
