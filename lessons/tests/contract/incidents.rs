use std::time::Duration;

use lessons::store::{
    Channel, Chunk, Figures, IncidentKind, Notice, Overdue, RunState, Store as _, Take, Trigger,
};
use lessons::time::Slot;

use crate::world::{World, at, ms};

pub async fn one_incident_is_open_at_a_time(mut world: World) {
    let slot = at("2026-01-05T10:30:00Z");
    let opened = world
        .store
        .raise(IncidentKind::Silent, slot, Overdue::default())
        .await;
    assert!(opened.expect("raised"));
    let worse = Overdue {
        count: 5,
        oldest: Some(world.now().await - ms(7_000)),
    };
    let opened = world
        .store
        .raise(IncidentKind::Overdue, slot + ms(60_000), worse)
        .await;
    assert!(!opened.expect("raised"));
    let less = Overdue { count: 2, ..worse };
    world
        .store
        .raise(IncidentKind::Overdue, slot + ms(120_000), less)
        .await
        .expect("raised");
    let incidents = world.store.incidents().await.expect("incidents");
    assert_eq!(incidents.len(), 1);
    let incident = &incidents[0];
    assert_eq!((incident.kind, incident.slot), (IncidentKind::Overdue, slot));
    assert_eq!((incident.overdue, incident.closed_at), (5, None));
    assert!(incident.worst_late_ms >= 7_000, "{}", incident.worst_late_ms);
    assert!(world.store.close_incident(incident.id).await.expect("closed"));
    assert!(!world.store.close_incident(incident.id).await.expect("closed"));
    let opened = world.store.raise(IncidentKind::Overdue, slot, worse).await;
    assert!(opened.expect("raised"));
    let incidents = world.store.incidents().await.expect("incidents");
    assert_eq!(incidents.len(), 2);
    assert!(incidents[0].closed_at.is_none() && incidents[1].closed_at.is_some());
}

pub async fn a_publisher_that_planned_is_remembered_by_its_slot(mut world: World) {
    let slot = Slot::minute_of(at("2026-01-05T10:30:00Z"));
    let term = world.held(slot).await;
    let before = Slot {
        begin: slot.begin - ms(60_000),
        end: slot.begin,
    };
    assert!(!world.store.has_reported(slot).await.expect("an answer"));
    world
        .store
        .record(&term, RunState::Planned, &Figures::default())
        .await
        .expect("recorded");
    assert!(world.store.has_reported(slot).await.expect("an answer"));
    assert!(!world.store.has_reported(before).await.expect("an answer"));
    let replay = Trigger::Replay {
        span: before,
        request: "1".to_owned(),
        by: "ops".to_owned(),
        reason: "missed".to_owned(),
    };
    let run = world.store.open_run(&replay).await.expect("a run");
    world
        .execute(
            "UPDATE publish_run SET state = 'done' WHERE id = ?",
            &[run.into()],
        )
        .await;
    assert!(!world.store.has_reported(before).await.expect("an answer"));
}

pub async fn each_channel_is_told_once(mut world: World) {
    world
        .store
        .raise(
            IncidentKind::Silent,
            at("2026-01-05T10:30:00Z"),
            Overdue::default(),
        )
        .await
        .expect("raised");
    let id = world.store.incidents().await.expect("incidents")[0].id;
    let all = [
        (Channel::Sns, Notice::Alert),
        (Channel::Slack, Notice::Alert),
        (Channel::Sns, Notice::Over),
        (Channel::Slack, Notice::Over),
    ];
    for (told, (channel, notice)) in all.into_iter().enumerate() {
        let incident = world.store.incidents().await.expect("incidents").remove(0);
        let count = all
            .iter()
            .filter(|(channel, notice)| incident.told(*channel, *notice));
        assert_eq!(count.count(), told);
        assert!(!incident.told(channel, notice));
        world.store.notified(id, channel, notice).await.expect("noted");
    }
    assert!(world.store.replayed(id).await.expect("an answer"));
    assert!(!world.store.replayed(id).await.expect("an answer"));
}

pub async fn an_audit_tells_how_lessons_fared(mut world: World) {
    let slot = Slot::minute_of(at("2026-01-05T10:30:00Z"));
    let on_time = world.lesson(Some(slot.begin)).await;
    let late = world.lesson(Some(slot.begin)).await;
    let recovered = world.lesson(Some(slot.begin + ms(500))).await;
    world.lesson(Some(slot.begin)).await;
    let by_hand = world.lesson(Some(slot.begin)).await;
    let cancelled = world.lesson(Some(slot.begin)).await;
    let term = world.held(slot).await;
    for (lesson, offset) in [(on_time, 20), (late, 1_500)] {
        let sql = "UPDATE lesson SET status = 1, publish_run_id = ?, published_at = ? WHERE id = ?";
        let published_at = slot.begin + ms(offset);
        world
            .execute(sql, &[term.run.into(), published_at.into(), lesson.into()])
            .await;
    }
    world
        .execute("UPDATE lesson SET status = 1 WHERE id = ?", &[by_hand.into()])
        .await;
    world
        .execute("UPDATE lesson SET status = 2 WHERE id = ?", &[cancelled.into()])
        .await;
    let replay = Trigger::Replay {
        span: slot,
        request: "1".to_owned(),
        by: "ops".to_owned(),
        reason: "missed".to_owned(),
    };
    let run = world.store.open_run(&replay).await.expect("a run");
    let Take::Held(term, ..) = world
        .store
        .take(run, "r", Duration::from_secs(9))
        .await
        .expect("taken")
    else {
        panic!("nobody else wants it");
    };
    let chunk = Chunk {
        publish_at: slot.begin + ms(500),
        ids: vec![recovered],
    };
    assert_eq!(world.store.fire(&term, &chunk).await.expect("fired"), 1);
    world
        .store
        .record(&term, RunState::Done, &Figures::default())
        .await
        .expect("recorded");
    let audit = world
        .store
        .audit(slot.begin, slot.end, Duration::from_millis(1_000))
        .await
        .expect("an audit");
    assert_eq!((audit.on_time, audit.late, audit.recovered), (1, 1, 1));
    assert_eq!((audit.missed, audit.by_hand), (1, 1));
    assert!(
        audit.worst_late_ms.is_some_and(|worst| worst > 1_000_000),
        "{audit:?}"
    );
    let nothing = world
        .store
        .audit(slot.end, slot.end + ms(1), Duration::ZERO)
        .await
        .expect("an audit");
    assert_eq!(nothing, Default::default());
}
