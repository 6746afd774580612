//! Which function answers a request.
//!
//! API Gateway's order: a full match, then the longest greedy `{name+}`, then
//! `$default`; a route of the request's own method before `ANY` on the same
//! path. A path that only other methods have is not 405 but falls through.

mod pattern;

use std::collections::HashMap;

use http::Method;
use matchit::Router;
use percent_encoding::percent_decode_str;

use crate::template;
use pattern::{parameters, pattern};

/// All routes of the template.
pub struct Routes {
    targets: Vec<Target>,
    by_method: HashMap<Method, Router<usize>>,
    any_method: Router<usize>,
    default: Option<usize>,
}

struct Target {
    key: String,
    function: usize,
    parameters: Vec<String>,
}

/// The route that a request took.
pub(super) struct Matched<'r> {
    /// `GET /agents/{id}`, as the event's `routeKey`.
    pub key: &'r str,
    /// Position of the function.
    pub function: usize,
    /// Path parameters, decoded.
    pub parameters: Vec<(&'r str, String)>,
}

/// A route of the template cannot be served.
#[derive(Debug, thiserror::Error)]
#[error("the route `{route}` cannot be served: {reason}")]
pub struct RouteError {
    route: String,
    reason: String,
}

impl Routes {
    /// Takes the functions in the order in which `Lambda::new` got them.
    pub fn new(functions: &[template::Function]) -> Result<Self, RouteError> {
        let mut routes = Self {
            targets: Vec::new(),
            by_method: HashMap::new(),
            any_method: Router::new(),
            default: None,
        };
        let all = || {
            functions
                .iter()
                .enumerate()
                .flat_map(|(index, function)| function.routes.iter().map(move |route| (index, route)))
        };
        for (_, route) in all().filter(|(_, route)| !is_any(route)) {
            let method = method(route)?;
            routes.by_method.entry(method).or_default();
        }
        // Own methods first: `ANY` then only fills the paths that are left.
        for (function, route) in all().filter(|(_, route)| !is_any(route)) {
            let target = routes.target(function, route);
            let pattern = pattern(&route.path);
            if let Some(router) = routes.by_method.get_mut(&method(route)?) {
                router
                    .insert(pattern, target)
                    .map_err(|error| refuse(route, &error))?;
            }
        }
        for (function, route) in all().filter(|(_, route)| is_any(route)) {
            let target = routes.target(function, route);
            if route.path == "$default" {
                routes.default = Some(target);
                continue;
            }
            let pattern = pattern(&route.path);
            for router in routes.by_method.values_mut() {
                let _ = router.insert(&pattern, target);
            }
            routes
                .any_method
                .insert(pattern, target)
                .map_err(|error| refuse(route, &error))?;
        }
        Ok(routes)
    }

    /// Whether a route takes such a request.
    pub fn has(&self, method: &Method, path: &str) -> bool {
        self.find(method, path).is_some()
    }

    pub(super) fn find(&self, method: &Method, path: &str) -> Option<Matched<'_>> {
        let router = self.by_method.get(method).unwrap_or(&self.any_method);
        let Ok(found) = router.at(path) else {
            return self.default.map(|target| self.matched(target, Vec::new()));
        };
        let values = found
            .params
            .iter()
            .map(|(_, value)| percent_decode_str(value).decode_utf8_lossy().into_owned());
        Some(self.matched(*found.value, values.collect()))
    }

    fn matched(&self, target: usize, values: Vec<String>) -> Matched<'_> {
        let target = &self.targets[target];
        let names = target.parameters.iter().map(String::as_str);
        Matched {
            key: &target.key,
            function: target.function,
            parameters: names.zip(values).collect(),
        }
    }

    fn target(&mut self, function: usize, route: &template::Route) -> usize {
        let key = if route.path == "$default" {
            route.path.clone()
        } else {
            format!("{} {}", route.method, route.path)
        };
        self.targets.push(Target {
            key,
            function,
            parameters: parameters(&route.path).map(str::to_owned).collect(),
        });
        self.targets.len() - 1
    }
}

fn is_any(route: &template::Route) -> bool {
    route.path == "$default" || route.method == "ANY"
}

fn method(route: &template::Route) -> Result<Method, RouteError> {
    route.method.parse().map_err(|error| refuse(route, &error))
}

fn refuse(route: &template::Route, reason: &dyn std::fmt::Display) -> RouteError {
    RouteError {
        route: format!("{} {}", route.method, route.path),
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests;
