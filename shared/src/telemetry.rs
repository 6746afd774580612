//! Structured logs.

use lambda_runtime::tracing::subscriber::{filter::LevelFilter, fmt};

use crate::config::Env;

/// Sets up logging for a function: one flat JSON object a line, or text, from
/// the level on that Lambda's own settings say (`AWS_LAMBDA_LOG_FORMAT`,
/// `AWS_LAMBDA_LOG_LEVEL`; `RUST_LOG` as a plain level where the latter is
/// absent). Each line has `timestamp`, `level`, `message` and, under `span`,
/// the request id and X-Ray id of the invocation.
///
/// lambda_runtime's own set-up nests the fields, repeats the span, and links a
/// filter language with its regular expressions.
pub fn init(env: &Env) {
    let level = level(env);
    // CloudWatch shows escape sequences as they are.
    let lines = fmt().with_max_level(level).with_target(false).with_ansi(false);
    if env
        .optional("AWS_LAMBDA_LOG_FORMAT")
        .is_some_and(|format| format.eq_ignore_ascii_case("json"))
    {
        lines.json().flatten_event(true).with_span_list(false).init();
    } else {
        lines.init();
    }
}

fn level(env: &Env) -> LevelFilter {
    let text = env
        .optional("AWS_LAMBDA_LOG_LEVEL")
        .or_else(|| env.optional("RUST_LOG"));
    match text.unwrap_or_default().to_ascii_uppercase().as_str() {
        // Lambda's scale has one step more.
        "FATAL" => LevelFilter::ERROR,
        other => other.parse().unwrap_or(LevelFilter::INFO),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lambdas_level_wins_over_rusts_and_nonsense_is_info() {
        for (lambda, rust, expected) in [
            ("", "", LevelFilter::INFO),
            ("WARN", "trace", LevelFilter::WARN),
            ("", "debug", LevelFilter::DEBUG),
            ("FATAL", "", LevelFilter::ERROR),
            ("my_crate=debug", "", LevelFilter::INFO),
        ] {
            let env = Env::of([("AWS_LAMBDA_LOG_LEVEL", lambda), ("RUST_LOG", rust)]);
            assert_eq!(level(&env), expected, "{lambda} {rust}");
        }
    }
}
