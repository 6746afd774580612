//! A database's URL as text.

use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// A blank, `?`, `#` or `%` in a folder's name would mean something else in a URL.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The URL of an SQLite file, from the root.
pub(super) fn file_url(file: &Path, query: Option<&str>) -> String {
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let path = percent_encode(file.as_os_str().as_bytes(), PATH);
    match query {
        Some(query) => format!("sqlite://{path}?{query}"),
        None => format!("sqlite://{path}"),
    }
}

/// An SQLite file's URL from the root; any other as it is.
pub(super) fn absolute(url: &str) -> String {
    let Some(rest) = url.strip_prefix("sqlite:") else {
        return url.to_owned();
    };
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    if path.is_empty() || path == ":memory:" {
        return url.to_owned();
    }
    let path: Vec<u8> = percent_decode_str(path).collect();
    file_url(&PathBuf::from(std::ffi::OsString::from_vec(path)), query)
}

/// The URL as it may be shown: between scheme and host only the user is left. One
/// that has no such parts is not shown at all.
pub(super) fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
    if scheme == "sqlite" {
        return url.to_owned();
    }
    let Some(rest) = rest.strip_prefix("//") else {
        return format!("{scheme}:…");
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    match authority.rsplit_once('@') {
        Some((login, host)) => {
            let user = login.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{host}{path}")
        }
        None => url.to_owned(),
    }
}
