use super::*;

const QUEUE: (&str, &str) = ("DEAD_LETTER_QUEUE_URL", "http://queue");

#[test]
fn the_two_required_variables_are_enough() {
    let config = Config::from_env(&Env::of([("TRACE_STREAM", "punctual-traces"), QUEUE])).expect("valid");
    assert_eq!(config.streams.name_of(Stream::Traces), Some("punctual-traces"));
    assert_eq!(config.streams.name_of(Stream::Actions), None);
    assert_eq!(config.policy.concurrency, 8);
    assert_eq!(config.policy.margin, Duration::from_millis(1500));
    assert_eq!(config.timeouts.attempt, Duration::from_secs(5));
}

#[test]
fn what_is_set_is_used() {
    let config = Config::from_env(&Env::of([
        ("TRACE_STREAM", "t"),
        ("ACTION_STREAM", "a"),
        QUEUE,
        ("PUT_CONCURRENCY", "2"),
        ("PUT_ATTEMPT_TIMEOUT_MS", "300"),
        ("DEADLINE_MARGIN_MS", "50"),
    ]))
    .expect("valid");
    assert_eq!(config.streams.name_of(Stream::Actions), Some("a"));
    assert_eq!(config.policy.concurrency, 2);
    assert_eq!(config.policy.margin, Duration::from_millis(50));
    assert_eq!(config.timeouts.attempt, Duration::from_millis(300));
}

#[test]
fn a_wrong_value_is_named() {
    let wrong = |pairs: [(&str, &str); 3]| Config::from_env(&Env::of(pairs)).expect_err("wrong").variable;
    let stream = ("TRACE_STREAM", "t");
    assert_eq!(wrong([("ACTION_STREAM", "a"), QUEUE, QUEUE]), "TRACE_STREAM");
    assert_eq!(wrong([stream, stream, stream]), "DEAD_LETTER_QUEUE_URL");
    assert_eq!(
        wrong([stream, QUEUE, ("PUT_CONCURRENCY", "0")]),
        "PUT_CONCURRENCY"
    );
    assert_eq!(
        wrong([stream, QUEUE, ("DEADLINE_MARGIN_MS", "1s")]),
        "DEADLINE_MARGIN_MS"
    );
    assert_eq!(
        wrong([stream, QUEUE, ("PUT_ATTEMPT_TIMEOUT_MS", "0")]),
        "PUT_ATTEMPT_TIMEOUT_MS"
    );
    let arn = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/t";
    assert_eq!(wrong([stream, QUEUE, ("ACTION_STREAM", arn)]), "ACTION_STREAM");
}
