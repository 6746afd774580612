//! The page's own files; they are part of the binary.

use axum::body::Body;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};

macro_rules! files {
    ($($name:literal $kind:literal),* $(,)?) => {
        /// Path under the page's own, content type, content.
        const FILES: &[(&str, &str, &str)] = &[
            $((concat!("/", $name), $kind, include_str!(concat!("../../console/", $name)))),*
        ];
    };
}

files! {
    "index.html" "text/html; charset=utf-8",
    "style.css" "text/css; charset=utf-8",
    "icon.svg" "image/svg+xml",
    "agents.js" "text/javascript; charset=utf-8",
    "batches.js" "text/javascript; charset=utf-8",
    "canvas.js" "text/javascript; charset=utf-8",
    "counters.js" "text/javascript; charset=utf-8",
    "dom.js" "text/javascript; charset=utf-8",
    "environments.js" "text/javascript; charset=utf-8",
    "faults.js" "text/javascript; charset=utf-8",
    "flow-layout.js" "text/javascript; charset=utf-8",
    "flow-parts.js" "text/javascript; charset=utf-8",
    "flow.js" "text/javascript; charset=utf-8",
    "format.js" "text/javascript; charset=utf-8",
    "histogram.js" "text/javascript; charset=utf-8",
    "lessons.js" "text/javascript; charset=utf-8",
    "log-row.js" "text/javascript; charset=utf-8",
    "log-tail.js" "text/javascript; charset=utf-8",
    "logs.js" "text/javascript; charset=utf-8",
    "main.js" "text/javascript; charset=utf-8",
    "map-view.js" "text/javascript; charset=utf-8",
    "map.js" "text/javascript; charset=utf-8",
    "pace.js" "text/javascript; charset=utf-8",
    "scatter.js" "text/javascript; charset=utf-8",
    "sheets.js" "text/javascript; charset=utf-8",
    "state.js" "text/javascript; charset=utf-8",
}

/// The file at this path under the page's own.
pub(super) fn find(path: &str) -> Response {
    let path = if matches!(path, "" | "/") {
        "/index.html"
    } else {
        path
    };
    match FILES.iter().find(|(name, ..)| *name == path) {
        Some((_, kind, content)) => respond(StatusCode::OK, kind, content),
        None => text(StatusCode::NOT_FOUND, "There is no such page.\n"),
    }
}

pub(super) fn text(status: StatusCode, content: &'static str) -> Response {
    respond(status, "text/plain; charset=utf-8", content)
}

fn respond(status: StatusCode, kind: &'static str, content: &'static str) -> Response {
    let mut response = Response::new(Body::from(content));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    // The next build may have another.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // What functions log is shown: nothing in it may become code.
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'self'; frame-ancestors 'none'; base-uri 'none'"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_served() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/console");
        for file in std::fs::read_dir(folder).expect("the folder") {
            let name = file.expect("a file").file_name();
            let path = format!("/{}", name.to_string_lossy());
            assert_eq!(find(&path).status(), StatusCode::OK, "{path}");
        }
        assert_eq!(find("").headers()[CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(find("/../Cargo.toml").status(), StatusCode::NOT_FOUND);
    }
}
