use std::time::Duration;

use jiff::tz::TimeZone;

use super::{FUNCTION, Schedule, ScheduleKind, error, read};
use crate::schedule::{Expression, Times};

const EVENT: &str = "template.yaml: Resources.F.Properties.Events.E.Properties";

fn event(kind: &str, properties: &str) -> String {
    format!("{FUNCTION}      Events: {{E: {{Type: {kind}, Properties: {{{properties}}}}}}}\n")
}

fn schedules(template: &str) -> Vec<Schedule> {
    let mut stack = read(template, &[]).unwrap();
    assert_eq!(stack.notes, [] as [&str; 0]);
    stack.functions.remove(0).schedules
}

fn times(text: &str, zone: TimeZone) -> Times {
    Times {
        text: text.into(),
        expression: Expression::parse(text, &zone).unwrap(),
        zone,
        start: None,
        end: None,
    }
}

fn plain(name: &str, text: &str) -> Schedule {
    Schedule {
        name: name.into(),
        kind: ScheduleKind::Scheduler {
            group: "default".into(),
        },
        times: times(text, TimeZone::UTC),
        input: None,
        window: Duration::ZERO,
        max_age: Duration::from_secs(86_400),
    }
}

#[test]
fn an_event_becomes_a_schedule_with_eventbridges_defaults() {
    let least = schedules(&event("ScheduleV2", "ScheduleExpression: rate(1 day)"));
    assert_eq!(least, [plain("FE", "rate(1 day)")]);

    let text = "cron(0 9 ? * MON *)";
    let most = schedules(&event(
        "ScheduleV2",
        &format!(
            "ScheduleExpression: '{text}', ScheduleExpressionTimezone: Europe/London, Name: weekly, GroupName: week, \
             Input: '{{\"at\": \"<aws.scheduler.scheduled-time>\"}}', State: ENABLED, OmitName: false, \
             StartDate: 2026-01-01T00:00:00Z, EndDate: '2027-01-01T00:00:00Z', \
             FlexibleTimeWindow: {{Mode: FLEXIBLE, MaximumWindowInMinutes: 5}}, \
             RetryPolicy: {{MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 120}}, \
             Description: x, RoleArn: !ImportValue r, KmsKeyArn: k, PermissionsBoundary: b, DeadLetterConfig: {{Type: SQS}}"
        ),
    ));
    let expected = Schedule {
        kind: ScheduleKind::Scheduler { group: "week".into() },
        times: Times {
            start: Some("2026-01-01T00:00:00Z".parse().unwrap()),
            end: Some("2027-01-01T00:00:00Z".parse().unwrap()),
            ..times(text, TimeZone::get("Europe/London").unwrap())
        },
        input: Some(r#"{"at": "<aws.scheduler.scheduled-time>"}"#.into()),
        window: Duration::from_secs(300),
        max_age: Duration::from_secs(120),
        ..plain("weekly", text)
    };
    assert_eq!(most, [expected]);
}

#[test]
fn a_rule_is_a_schedule_too() {
    let rule = schedules(&event(
        "Schedule",
        "Schedule: rate(5 minutes), Input: '{}', Description: x",
    ));
    let expected = Schedule {
        kind: ScheduleKind::Rule,
        input: Some("{}".into()),
        ..plain("FE", "rate(5 minutes)")
    };
    assert_eq!(rule, [expected]);
}

#[test]
fn a_schedule_of_its_own_finds_its_function() {
    for target in [
        "!GetAtt F.Arn",
        "!Ref F.Alias",
        "!Sub '${F.Arn}:live'",
        "!Sub 'arn:aws:lambda:eu-west-1:123456789012:function:${F}'",
    ] {
        let template = format!(
            "{FUNCTION}      AutoPublishAlias: live
  Nightly:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: at(2026-01-01T00:00:00)
      FlexibleTimeWindow: {{Mode: 'OFF'}}
      ActionAfterCompletion: DELETE
      Target: {{Arn: {target}, RoleArn: !ImportValue r, Input: '1', RetryPolicy: {{MaximumEventAgeInSeconds: 60}}}}
"
        );
        let expected = Schedule {
            input: Some("1".into()),
            max_age: Duration::from_secs(60),
            ..plain("Nightly", "at(2026-01-01T00:00:00)")
        };
        assert_eq!(schedules(&template), [expected], "{target}");
    }
}

#[test]
fn what_is_switched_off_is_left_out() {
    for (kind, properties) in [
        ("ScheduleV2", "ScheduleExpression: rate(1 day), State: DISABLED"),
        ("Schedule", "Schedule: rate(1 day), State: DISABLED"),
        ("Schedule", "Schedule: rate(1 day), Enabled: false"),
    ] {
        assert_eq!(schedules(&event(kind, properties)), []);
    }
}

#[test]
fn what_a_schedule_does_here_and_not_is_noted() {
    let stack = read(
        &format!(
            "{}  Elsewhere:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: rate(1 day)
      FlexibleTimeWindow: {{Mode: 'OFF'}}
      Target: {{Arn: 'arn:aws:sqs:eu-west-1:123456789012:jobs', RoleArn: r}}
",
            event("ScheduleV2", "ScheduleExpression: rate(1 day), Expression: typo")
        ),
        &[],
    );
    assert_eq!(
        stack.unwrap().notes,
        [
            "properties without effect here: F (Events.E.Expression)",
            "events that do not happen here: Elsewhere (for arn:aws:sqs:eu-west-1:123456789012:jobs)",
        ]
    );
}

#[test]
fn what_eventbridge_would_refuse_is_refused_with_its_place() {
    let daily = "ScheduleExpression: rate(1 day)";
    for (kind, properties, expected) in [
        (
            "ScheduleV2",
            "State: ENABLED".into(),
            ".ScheduleExpression: missing; the local stack needs it",
        ),
        (
            "ScheduleV2",
            "ScheduleExpression: cron(60 * * * ? *)".into(),
            ".ScheduleExpression: `cron(60 * * * ? *)` is not accepted; expected minutes from 0 to 59, with , - * / instead of `60`",
        ),
        (
            "ScheduleV2",
            format!("{daily}, ScheduleExpressionTimezone: London"),
            ".ScheduleExpressionTimezone: `London` is not accepted; expected a time zone such as `Europe/London`",
        ),
        (
            "ScheduleV2",
            format!("{daily}, Input: '{{\"n\": <aws.scheduler.attempt-number>}}'"),
            ".Input: `{\"n\": <aws.scheduler.attempt-number>}` is not accepted; expected JSON; attributes such as <aws.scheduler.scheduled-time> stand in quotes",
        ),
        (
            "ScheduleV2",
            format!("{daily}, State: 'ON'"),
            ".State: `ON` is not accepted; expected `ENABLED` or `DISABLED`",
        ),
        (
            "ScheduleV2",
            format!("{daily}, StartDate: tomorrow"),
            ".StartDate: `tomorrow` is not accepted; expected a time in UTC such as `2030-01-01T01:00:00Z`",
        ),
        (
            "ScheduleV2",
            format!("{daily}, FlexibleTimeWindow: {{Mode: FLEXIBLE}}"),
            ".FlexibleTimeWindow.MaximumWindowInMinutes: missing; the local stack needs it",
        ),
        (
            "ScheduleV2",
            format!("{daily}, RetryPolicy: {{MaximumRetryAttempts: 186}}"),
            ".RetryPolicy.MaximumRetryAttempts: `186` is not accepted; expected a whole number from 0 to 185",
        ),
        (
            "Schedule",
            "Schedule: at(2026-01-01T00:00:00)".into(),
            ".Schedule: `at(2026-01-01T00:00:00)` is not accepted; expected rate(…) or cron(…); what happens once is an event of type ScheduleV2",
        ),
    ] {
        assert_eq!(
            error(&event(kind, &properties), &[]),
            format!("{EVENT}{expected}")
        );
    }
    let stray = "Resources: {S: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: rate(1 day), FlexibleTimeWindow: {Mode: 'OFF'}, Target: {Arn: 'arn:aws:lambda:eu-west-1:123456789012:function:other'}}}}";
    assert_eq!(
        error(stray, &[]),
        "template.yaml: Resources.S.Properties.Target.Arn: `arn:aws:lambda:eu-west-1:123456789012:function:other` is not accepted; expected a function of this template"
    );
}
