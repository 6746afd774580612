//! The environment variables that a function sees: Lambda's own and the
//! template's, and nothing of the shell that started the stack, so that a
//! function that runs here has everything that it needs in the template.

use std::ffi::OsString;

use super::{Environment, Start};
use crate::lambda::host::Settings;

/// All variables for one child. The template's win, except over reserved names.
pub(super) fn for_child(environment: &Environment, settings: &Settings) -> Vec<(OsString, OsString)> {
    let task_root = environment.function.task_root.display().to_string();
    let function = &environment.function.template;
    let mut variables: Vec<(OsString, OsString)> = Vec::with_capacity(32);
    let mut set = |name: &str, value: String| variables.push((name.into(), value.into()));

    set("AWS_ENDPOINT_URL", format!("http://{}", settings.address));
    for (name, value) in &function.environment {
        set(name, value.clone());
    }
    // With a scheme, unlike on AWS: lambda_runtime takes a path only then.
    set(
        "AWS_LAMBDA_RUNTIME_API",
        format!("http://{}/.runtime/{}", settings.address, environment.id),
    );
    set("AWS_LAMBDA_FUNCTION_NAME", function.name.clone());
    set("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned());
    set("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", function.memory_mb.to_string());
    set(
        "AWS_LAMBDA_LOG_GROUP_NAME",
        format!("/aws/lambda/{}", function.name),
    );
    set(
        "AWS_LAMBDA_LOG_STREAM_NAME",
        format!("local/[$LATEST]{}", environment.id),
    );
    set(
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        match environment.start {
            Start::OnDemand | Start::Warm => "on-demand",
            Start::Provisioned => "provisioned-concurrency",
        }
        .to_owned(),
    );
    set(
        "AWS_LAMBDA_LOG_FORMAT",
        function.log_format.clone().unwrap_or_else(|| "Text".to_owned()),
    );
    if let Some(level) = &function.log_level {
        set("AWS_LAMBDA_LOG_LEVEL", level.clone());
    }
    set("AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023".to_owned());
    set("_HANDLER", "bootstrap".to_owned());
    set("LAMBDA_TASK_ROOT", task_root);
    set("AWS_REGION", settings.region.clone());
    set("AWS_DEFAULT_REGION", settings.region.clone());
    set("AWS_ACCESS_KEY_ID", "local".to_owned());
    set("AWS_SECRET_ACCESS_KEY", "local".to_owned());
    set("TZ", ":UTC".to_owned());
    set("LANG", "en_US.UTF-8".to_owned());
    if let Some(path) = std::env::var_os("PATH") {
        variables.push(("PATH".into(), path));
    }
    variables
}
