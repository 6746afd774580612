//! Which call a request is, by its method and path.

use std::str::FromStr as _;
use std::sync::Arc;

use http::Method;
use uuid::Uuid;

use super::PREFIX;
use crate::lambda::environment::Environment;
use crate::lambda::host::Registry;

/// One call of the API, with the environment that made it.
pub(super) enum Call {
    Next(Arc<Environment>),
    Response(Arc<Environment>, Uuid),
    Error(Arc<Environment>, Uuid),
    InitError(Arc<Environment>),
}

impl Call {
    /// `None`: no such call, or no such environment.
    pub fn read(registry: &Registry, method: &Method, path: &str) -> Option<Self> {
        let (environment, call) = path.strip_prefix(PREFIX)?.split_once('/')?;
        let environment = registry.get(environment)?;
        let call = call.strip_prefix("2018-06-01/runtime/")?;
        match (method, call) {
            (&Method::GET, "invocation/next") => Some(Self::Next(environment)),
            (&Method::POST, "init/error") => Some(Self::InitError(environment)),
            (&Method::POST, _) => {
                let (id, verb) = call.strip_prefix("invocation/")?.split_once('/')?;
                // A malformed id is as unknown as a stale one.
                let id = Uuid::from_str(id).unwrap_or_default();
                match verb {
                    "response" => Some(Self::Response(environment, id)),
                    "error" => Some(Self::Error(environment, id)),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
