//! The names by which a function is known.

use http::HeaderValue;

use super::Settings;
use crate::template;

/// `arn:aws:lambda:REGION:ACCOUNT:function:NAME`.
pub(super) fn arn(settings: &Settings, name: &str) -> HeaderValue {
    let Settings {
        region, account_id, ..
    } = settings;
    HeaderValue::try_from(format!("arn:aws:lambda:{region}:{account_id}:function:{name}"))
        .unwrap_or_else(|_| HeaderValue::from_static("arn:aws:lambda"))
}

/// The names under which a function can be invoked.
pub(super) fn known_as(function: &template::Function) -> Vec<String> {
    let folder = function.code.file_name().unwrap_or_default();
    let folder = folder.to_string_lossy();
    vec![
        function.logical_id.clone(),
        function.name.clone(),
        plain(&folder),
        plain(&function.logical_id),
    ]
}

/// `trace-ingest`, `trace_ingest` and `TraceIngest` are one name.
pub(super) fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
