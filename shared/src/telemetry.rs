//! Structured logs.

use lambda_runtime::tracing::subscriber::{
    Layer, filter::LevelFilter, filter::Targets, fmt, layer::SubscriberExt, registry, util::SubscriberInitExt,
};

use crate::config::Env;

/// Sets up logging for the function of this crate name: one flat JSON object a
/// line, or text, as Lambda's own setting says (`AWS_LAMBDA_LOG_FORMAT`), from the
/// level `LOG_LEVEL` on; where that is absent, from Lambda's own
/// (`AWS_LAMBDA_LOG_LEVEL`) or `RUST_LOG` as a plain level. Each line has
/// `timestamp`, `level`, `message` and, under `span`, the invocation's `request_id`
/// and `trace_id`; `docs/LOGGING.md` has all fields.
///
/// A variable of our own, since at a level above INFO Lambda would throw away the
/// lines of metrics too.
///
/// lambda_runtime's own set-up nests the fields, repeats the span, and lets
/// everyone log at the chosen level: at DEBUG or TRACE the runtime and the SDK
/// log whole events and requests, keys and locations included.
pub fn init(env: &Env, crate_name: &str) {
    // CloudWatch shows escape sequences as they are.
    let lines = fmt::layer().with_target(false).with_ansi(false);
    let json = env
        .optional("AWS_LAMBDA_LOG_FORMAT")
        .is_some_and(|format| format.eq_ignore_ascii_case("json"));
    let lines = if json {
        lines.json().flatten_event(true).with_span_list(false).boxed()
    } else {
        lines.boxed()
    };
    registry()
        .with(lines.with_filter(targets(level(env), crate_name)))
        .init();
}

/// Our own crates at `level`, all others at INFO at most. The runtime's span,
/// which is at INFO, carries the request id of every line.
fn targets(level: LevelFilter, crate_name: &str) -> Targets {
    Targets::new()
        .with_default(level.min(LevelFilter::INFO))
        .with_target("lambda_runtime", LevelFilter::INFO)
        .with_targets([("shared", level), (crate_name, level)])
        // The span that says whose line it is, at each level.
        .with_target("shared::trace_context", level.max(LevelFilter::INFO))
}

fn level(env: &Env) -> LevelFilter {
    let text = env
        .optional("LOG_LEVEL")
        .or_else(|| env.optional("AWS_LAMBDA_LOG_LEVEL"))
        .or_else(|| env.optional("RUST_LOG"));
    match text.as_deref().map(str::to_ascii_uppercase).as_deref() {
        // Lambda's scale has one step more.
        Some("FATAL") => LevelFilter::ERROR,
        Some(other) => other.parse().unwrap_or(LevelFilter::INFO),
        // An empty text would parse, as ERROR.
        None => LevelFilter::INFO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_level_wins_over_lambdas_and_that_over_rusts_and_nonsense_is_info() {
        for (own, lambda, rust, expected) in [
            ("", "", "", LevelFilter::INFO),
            ("ERROR", "TRACE", "trace", LevelFilter::ERROR),
            ("", "WARN", "trace", LevelFilter::WARN),
            ("", "", "debug", LevelFilter::DEBUG),
            ("", "FATAL", "", LevelFilter::ERROR),
            ("", "my_crate=debug", "", LevelFilter::INFO),
        ] {
            let env = Env::of([
                ("LOG_LEVEL", own),
                ("AWS_LAMBDA_LOG_LEVEL", lambda),
                ("RUST_LOG", rust),
            ]);
            assert_eq!(level(&env), expected, "{own} {lambda} {rust}");
        }
    }

    #[test]
    fn a_lone_warning_says_whose_it_is() {
        use lambda_runtime::tracing::Level;
        let targets = targets(LevelFilter::WARN, "trace_ingest");
        assert!(targets.would_enable("shared::trace_context", &Level::INFO));
        assert!(!targets.would_enable("shared::warmup", &Level::INFO));
    }

    #[test]
    fn others_never_log_below_info_whatever_is_asked_for() {
        use lambda_runtime::tracing::Level;
        let targets = targets(LevelFilter::TRACE, "trace_ingest");
        assert!(targets.would_enable("trace_ingest::handler", &Level::TRACE));
        for other in [
            "lambda_runtime::layers::api_response",
            "aws_smithy_runtime::client::orchestrator",
            "hyper",
        ] {
            assert!(targets.would_enable(other, &Level::INFO), "{other}");
            assert!(!targets.would_enable(other, &Level::DEBUG), "{other}");
        }
    }
}
