//! `HttpApi` events of a function: routes of the HTTP API.

use super::error::TemplateError;
use super::model::Route;
use super::notes::Notes;
use super::place::Place;

/// A route without method and path is the API's catch-all.
pub(super) fn route(event: &Place, notes: &mut Notes) -> Result<Route, TemplateError> {
    let Some(properties) = event.get("Properties")? else {
        return Ok(made_of(None, None));
    };
    if let Some(version) = properties.get("PayloadFormatVersion")?
        && version.string()? != "2.0"
    {
        return Err(version.refused("`2.0`; functions get no other event locally"));
    }
    // `Auth` is not among what is known: a route that it guards is open here.
    notes.others(
        &properties,
        &["Method", "Path", "PayloadFormatVersion"],
        &["ApiId"],
    );
    Ok(made_of(
        properties.string_if_any("Method")?,
        properties.string_if_any("Path")?,
    ))
}

fn made_of(method: Option<String>, path: Option<String>) -> Route {
    let method = method.map_or("ANY".into(), |method| method.to_uppercase());
    Route {
        method: match method.as_str() {
            "X-AMAZON-APIGATEWAY-ANY-METHOD" => "ANY".into(),
            _ => method,
        },
        path: path.unwrap_or_else(|| "$default".into()),
    }
}
