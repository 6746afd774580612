use std::path::PathBuf;
use std::time::Duration;

use super::*;

fn function(routes: &[&str]) -> template::Function {
    template::Function {
        logical_id: "F".to_owned(),
        name: "F".to_owned(),
        code: PathBuf::new(),
        memory_mb: 128,
        timeout: Duration::from_secs(3),
        environment: std::collections::BTreeMap::new(),
        reserved_concurrency: None,
        provisioned_concurrency: None,
        event_retries: 2,
        event_max_age: Duration::from_secs(21_600),
        log_format: None,
        log_level: None,
        routes: routes
            .iter()
            .map(|route| {
                let (method, path) = route.split_once(' ').unwrap_or(("ANY", route));
                template::Route {
                    method: method.to_owned(),
                    path: path.to_owned(),
                }
            })
            .collect(),
        queue_sources: Vec::new(),
        schedules: Vec::new(),
    }
}

/// The examples of API Gateway's own documentation on route selection.
#[test]
fn the_most_specific_route_wins() {
    let functions = [function(&[
        "GET /pets/dog/1",
        "GET /pets/dog/{id}",
        "POST /pets/dog/{other}",
        "GET /pets/{proxy+}",
        "ANY /{proxy+}",
        "$default",
    ])];
    let routes = Routes::new(&functions).expect("routes");
    let key = |method, path| routes.find(&method, path).map(|route| route.key.to_owned());
    for (method, path, expected) in [
        (Method::GET, "/pets/dog/1", "GET /pets/dog/1"),
        (Method::GET, "/pets/dog/2", "GET /pets/dog/{id}"),
        (Method::POST, "/pets/dog/2", "POST /pets/dog/{other}"),
        (Method::GET, "/pets/cat/1", "GET /pets/{proxy+}"),
        (Method::POST, "/test/5", "ANY /{proxy+}"),
        (Method::DELETE, "/pets/dog/2", "ANY /{proxy+}"),
        (Method::GET, "/", "$default"),
    ] {
        assert_eq!(key(method, path).as_deref(), Some(expected), "{path}");
    }
}

#[test]
fn path_parameters_are_named_and_decoded() {
    let routes = Routes::new(&[function(&["GET /a/{id}/{rest+}"])]).expect("routes");
    let route = routes.find(&Method::GET, "/a/x%20y/b/c").expect("match");
    let expected = vec![("id", "x y".to_owned()), ("rest", "b/c".to_owned())];
    assert_eq!(route.parameters, expected);
    assert!(routes.find(&Method::POST, "/a/1/2").is_none());
}
