use super::*;

const FUNCTION: (&str, &str) = ("PUBLISH_FUNCTION", "schedule-publish");
const RUNBOOK: (&str, &str) = ("RUNBOOK_URL", "https://wiki.example/runbook");

fn wrong(pair: (&str, &str)) -> ConfigError {
    Config::from_env(&Env::of([FUNCTION, RUNBOOK, pair])).expect_err(pair.1)
}

#[test]
fn the_two_required_variables_are_enough() {
    let config = Config::from_env(&Env::of([FUNCTION, RUNBOOK])).expect("valid");
    assert_eq!(config.publish_function, "schedule-publish");
    assert!(config.alert_topic_arn.is_none() && config.slack.is_none());
    for missing in [FUNCTION.0, RUNBOOK.0] {
        assert_eq!(wrong((missing, "")).variable, missing);
    }
}

#[test]
fn what_is_set_is_used_and_a_url_wins_over_a_parameter() {
    let topic = ("ALERT_TOPIC_ARN", "arn:aws-cn:sns:cn-north-1:123456789012:alerts");
    let parameter = ("SLACK_WEBHOOK_PARAMETER", "/punctual/slack");
    let config = Config::from_env(&Env::of([FUNCTION, RUNBOOK, topic, parameter])).expect("valid");
    assert_eq!(config.alert_topic_arn.as_deref(), Some(topic.1));
    assert!(matches!(config.slack, Some(Slack::Parameter(name)) if name == "/punctual/slack"));
    let url = ("SLACK_WEBHOOK_URL", "http://127.0.0.1:9/T0/B0/s3cret");
    let config = Config::from_env(&Env::of([FUNCTION, RUNBOOK, parameter, url])).expect("valid");
    assert!(matches!(config.slack, Some(Slack::Url(_))));
    assert!(!format!("{config:?}").contains("s3cret"));
}

#[test]
fn a_wrong_value_is_named_and_not_shown() {
    for (variable, value) in [
        ("RUNBOOK_URL", "runbook.s3cret"),
        ("RUNBOOK_URL", "https://wiki.example/s3cret#alerts"),
        ("RUNBOOK_URL", "https://"),
        ("ALERT_TOPIC_ARN", "s3cret"),
        ("ALERT_TOPIC_ARN", "arn:aws:sqs:eu-west-1:1:s3cret"),
        ("ALERT_TOPIC_ARN", "arn:aws:sns:eu-west-1:1:alerts:s3cret"),
        ("SLACK_WEBHOOK_URL", "hooks.slack.com/s3cret"),
        ("SLACK_WEBHOOK_URL", "https://hooks.slack.com/s3 cret"),
    ] {
        let error = wrong((variable, value));
        assert_eq!(error.variable, variable, "{value}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}
