use std::time::Duration;

use jiff::SignedDuration;
use lessons::{
    store::{IncidentKind, Overdue, Store as _},
    time::Slot,
};
use schedule_watch::{
    answer::IncidentState,
    clock::Clock as _,
    incident,
    sight::{Publisher, Sight},
};

use crate::support::world::{World, watch};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

pub async fn a_blocked_publisher_is_an_alert_within_six_seconds_and_a_replay(mut world: World) {
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    world.lesson(slot.begin).await;
    world.lesson(slot.begin + SignedDuration::from_millis(700)).await;
    let begin = world.when(slot.begin).await;
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.overdue), (5, Some(2)));
    assert_eq!(answer.publisher, Publisher::Planned);
    assert_eq!(answer.incident, IncidentState::Opened);
    let [figures] = &world.written.json()[..] else {
        panic!("one line")
    };
    for (metric, expected) in [
        ("Looks", 5),
        ("Overdue", 2),
        ("Incidents", 1),
        ("Replays", 1),
        ("Blind", 0),
    ] {
        assert_eq!(figures[metric], expected, "{metric} in {figures}");
    }
    assert_eq!(figures["WorstLateness"].as_i64(), answer.worst_late_ms);
    assert_eq!(
        (answer.told.as_slice(), answer.replayed),
        (&["sns", "slack"][..], true)
    );
    for phone in [&world.sns, &world.slack] {
        let [(at, message)] = &phone.1.new_ones()[..] else {
            panic!("one alert")
        };
        let after = at.saturating_duration_since(begin);
        assert!(
            (Duration::from_millis(4_990)..Duration::from_secs(6)).contains(&after),
            "{after:?}"
        );
        assert_eq!(message.subject, "Punctual: 2 lessons not open");
        for part in [
            "late by 5.".to_owned(),
            format!("Slot: {}", slot.begin),
            "https://wiki.example/runbook#lessons-overdue".to_owned(),
        ] {
            assert!(message.text.contains(&part), "{part} in {}", message.text);
        }
    }
    let [(at, replay)] = &world.asked.0.new_ones()[..] else {
        panic!("one replay")
    };
    assert!(*at < begin + Duration::from_secs(6));
    assert_eq!((replay.from, replay.lessons), (slot.begin, 2));
    let to = replay.to.duration_since(slot.begin);
    assert!(
        (SignedDuration::from_secs(5)..SignedDuration::from_secs(6)).contains(&to),
        "{to:?}"
    );
    let incidents = world.store.incidents().await.expect("incidents");
    assert!(
        incidents[0].replayed && incidents[0].overdue == 2,
        "{incidents:?}"
    );
}

pub async fn one_incident_is_told_once_and_replayed_at_each_wake(mut world: World) {
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    world.lesson(slot.begin - MINUTE).await;
    for state in [IncidentState::Opened, IncidentState::Open, IncidentState::Open] {
        let answer = world.watch(slot).await;
        assert_eq!((answer.incident, answer.replayed), (state, true));
        assert_eq!(answer.told.is_empty(), state == IncidentState::Open);
        world.passes(MINUTE).await;
    }
    assert_eq!(world.heard().map(|texts| texts.len()), [1, 1]);
    assert_eq!(world.asked.0.new_ones().len(), 3);
}

pub async fn the_end_is_told_once_with_how_it_was(mut world: World) {
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    world.lesson(slot.begin - MINUTE).await;
    world.watch(slot).await;
    world.heard();
    world.passes(SignedDuration::from_secs(125)).await;
    world.open_all().await;
    let answer = world.watch(slot).await;
    assert_eq!((answer.looks, answer.incident), (1, IncidentState::Closed));
    assert_eq!(
        (answer.told.as_slice(), answer.replayed),
        (&["sns", "slack"][..], false)
    );
    for texts in world.heard() {
        let [text] = &texts[..] else { panic!("{texts:?}") };
        for part in [
            "over",
            "lasted 2 min 5 s",
            "At most 1 lesson",
            "the worst was late by",
            "#lessons-overdue",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
    world.passes(MINUTE).await;
    let answer = world.watch(slot).await;
    assert_eq!((answer.incident, answer.told.len()), (IncidentState::None, 0));
    // The next one is one of its own.
    world.lesson(slot.begin).await;
    assert_eq!(world.watch(slot).await.incident, IncidentState::Opened);
    assert_eq!(world.heard().map(|texts| texts.len()), [1, 1]);
}

pub async fn an_event_that_comes_twice_alerts_once(mut world: World) {
    let slot = Slot::minute_of(world.now().await);
    world.blocked(slot).await;
    world.lesson(slot.begin).await;
    let other = world.environment();
    let (first, second) = futures::join!(
        watch(&world.watcher, &world.clock, slot),
        watch(&other, &world.clock, slot)
    );
    let mut states = [first.incident, second.incident];
    states.sort_by_key(|state| *state == IncidentState::Open);
    assert_eq!(states, [IncidentState::Opened, IncidentState::Open]);
    assert_eq!(world.heard().map(|texts| texts.len()), [1, 1]);
    // And of its end.
    world.open_all().await;
    let (first, second) = futures::join!(
        watch(&world.watcher, &world.clock, slot),
        watch(&other, &world.clock, slot)
    );
    assert!(
        [first.incident, second.incident].contains(&IncidentState::Closed),
        "{first:?} {second:?}"
    );
    assert_eq!(world.heard().map(|texts| texts.len()), [1, 1]);
}

#[tokio::test]
async fn an_incident_that_another_watcher_has_just_closed_is_its_to_tell() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.blocked(slot).await;
    let kind = IncidentKind::Silent;
    let raised = world.store.raise(kind, slot.begin, Overdue::default()).await;
    assert!(raised.expect("raised"));
    let id = world.store.incidents().await.expect("incidents")[0].id;
    // It is closed five seconds before this watcher's last look, and not told yet.
    let soon = world.when(slot.begin).await;
    let database = world.tables.database.clone();
    world.clock.at(soon, async move {
        let mut store = database.store().await.expect("a store");
        assert!(store.close_incident(id).await.expect("closed"));
        let sql = "UPDATE publish_incident SET closed_at = ?";
        let closed_at = slot.begin + SignedDuration::from_millis(100);
        let written = store.connection().execute(sql, &[closed_at.into()]).await;
        assert_eq!(written.expect("written"), 1);
    });
    world.lesson(slot.begin).await;
    assert_eq!(world.watch(slot).await.incident, IncidentState::Opened);
    for texts in world.heard() {
        assert_eq!(texts.len(), 1, "{texts:?}");
        assert!(texts[0].contains("1 lesson not open"), "{texts:?}");
    }
    // Had it not told, a later wake would.
    world.passes(MINUTE).await;
    world.watch(slot).await;
    assert_eq!(world.heard().map(|texts| texts.len()), [1, 1]);
}

#[tokio::test]
async fn the_answer_is_one_object() {
    let mut world = World::sqlite().await;
    let slot = Slot::minute_of(world.now().await);
    world.is_fine(slot).await;
    let answer = serde_json::to_value(world.watch(slot).await).expect("JSON");
    let expected = serde_json::json!({
        "slot": slot.begin, "looks": 1, "overdue": 0, "worst_late_ms": 0, "publisher": "done", "incident": "none",
        "told": [], "replayed": false,
    });
    assert_eq!(answer, expected);
}

#[tokio::test]
async fn a_slot_beyond_the_functions_end_is_refused() {
    let mut world = World::sqlite().await;
    let now = world.now().await;
    let event = serde_json::json!({"slot": now, "lead_minutes": 3});
    let error = world.handle(event).await.expect_err("too far");
    assert_eq!(error.tag(), "too_far_ahead");
    let error = world
        .handle(serde_json::json!({"slot": 1}))
        .await
        .expect_err("no time");
    assert_eq!(error.tag(), "event");
    assert!(
        world.clock.now() < tokio::time::Instant::now() + Duration::from_secs(1),
        "it held for neither"
    );
}

#[tokio::test]
async fn a_look_closes_no_incident_that_was_found_after_it() {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.is_fine(slot).await;
    let kind = IncidentKind::Overdue;
    let raised = world.store.raise(kind, slot.begin, Overdue::default()).await;
    assert!(raised.expect("raised"));
    let found = world.store.incidents().await.expect("incidents")[0].opened_at;
    for (after, state) in [(-1, IncidentState::Open), (0, IncidentState::Closed)] {
        let at = found + SignedDuration::from_millis(after);
        let sight = Sight::take(&mut world.store, slot, at).await.expect("a sight");
        let written = incident::write(&mut world.store, slot, &sight).await;
        assert_eq!(written.expect("written").state, state);
    }
}
