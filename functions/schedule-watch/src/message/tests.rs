use lessons::store::Overdue;

use super::*;
use crate::sight::Publisher;

fn words() -> Words {
    Words::new("https://wiki.example/runbook".to_owned())
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn slot() -> Slot {
    Slot::minute_of(at("2026-11-24T10:30:00Z"))
}

fn sight(count: i64) -> Sight {
    let oldest = (count > 0).then(|| at("2026-11-24T10:28:00Z"));
    Sight {
        at: at("2026-11-24T10:30:05.25Z"),
        overdue: Overdue { count, oldest },
        publisher: Publisher::Abandoned,
        next: None,
        replaying: false,
    }
}

#[test]
fn an_alert_says_how_many_how_late_which_slot_and_what_to_do() {
    let message = words().alert(slot(), &sight(10_000), IncidentState::Opened);
    assert_eq!(message.subject, "Punctual: 10000 lessons not open");
    assert_eq!(
        message.text,
        "Punctual: 10000 lessons not open.\nThe longest waiting one is late by 2 min 5 s.\nSlot: \
         2026-11-24T10:30:00Z\nPublisher of the slot: abandoned\nA replay is asked for, and another if one ends \
         before all are open.\nRunbook: https://wiki.example/runbook#lessons-overdue"
    );
    let replaying = Sight {
        replaying: true,
        ..sight(1)
    };
    let message = words().alert(slot(), &replaying, IncidentState::Opened);
    assert!(message.text.contains("A replay is under way"), "{}", message.text);
    let later = words().alert(slot(), &sight(1), IncidentState::Open);
    assert_eq!(later.subject, "Punctual: 1 lesson not open");
    assert!(
        later.text.contains("goes on since an earlier slot"),
        "{}",
        later.text
    );
}

#[test]
fn an_alert_about_silence_names_the_slot() {
    let message = words().alert(slot(), &sight(0), IncidentState::Opened);
    assert_eq!(
        message.subject,
        "Punctual: no publisher for the slot of 2026-11-24 10:30 UTC"
    );
    assert!(message.text.contains("abandoned") && message.text.ends_with("#publisher-silent"));
}

#[test]
fn an_audit_has_all_figures() {
    let audit = Audit {
        on_time: 9_000,
        late: 5,
        recovered: 4,
        missed: 3,
        by_hand: 2,
        worst_late_ms: Some(3_600_000),
    };
    let message = words().audit(slot(), &audit);
    assert_eq!(message.subject, "Punctual: 3 missed, 5 late in a day");
    for part in [
        "missed: 3\nlate: 5\nrecovered: 4\non time: 9000\nby hand: 2\nworst lateness: 1 h 0 min",
        "#daily-audit",
    ] {
        assert!(message.text.contains(part), "{part} in {}", message.text);
    }
}

#[test]
fn a_failing_database_is_named_by_its_tag_alone() {
    let error = StoreError::Connect("10.0.0.7 refuses punctual".to_owned());
    let message = words().database_fails(slot(), &error, None);
    assert!(message.text.contains("Nobody knows whether lessons open"));
    assert!(
        message.text.contains("Problem: database_connect;"),
        "{}",
        message.text
    );
    assert!(!message.text.contains("10.0.0.7"));
    let message = words().database_fails(slot(), &error, Some(&sight(7)));
    assert!(
        message
            .text
            .contains("7 lessons not open, publisher of the slot: abandoned")
    );
    assert!(!message.text.contains("Nobody knows"));
    let message = words().database_works(at("2026-11-24T10:30:05.7Z"), at("2026-11-24T10:33:02Z"));
    assert!(
        message
            .text
            .contains("for 2 min 56 s, from 2026-11-24T10:30:05Z on"),
        "{}",
        message.text
    );
}

#[test]
fn a_subject_is_one_short_line_of_ascii() {
    let many = Audit {
        missed: i64::MAX,
        late: i64::MAX,
        ..Audit::default()
    };
    for message in [
        words().alert(slot(), &sight(i64::MAX), IncidentState::Open),
        words().alert(slot(), &sight(0), IncidentState::Open),
        words().audit(slot(), &many),
        words().database_fails(slot(), &StoreError::Connect(String::new()), None),
        words().database_works(slot().begin, slot().end),
    ] {
        let subject = message.subject;
        assert!(
            subject.len() <= 100 && subject.is_ascii() && !subject.contains('\n'),
            "{subject}"
        );
    }
}
