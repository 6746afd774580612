use std::time::Duration;

use lessons::store::{Figures, RunState, Store as _, Take, Trigger};
use lessons::time::Slot;

use crate::world::{World, at, ms, second_of};

const MINUTE: Duration = Duration::from_secs(60);

fn slot() -> Slot {
    Slot::minute_of(at("2031-01-06T10:30:00Z"))
}

fn replay(request: &str) -> Trigger {
    Trigger::Replay {
        span: slot(),
        request: request.to_owned(),
        by: "ops".to_owned(),
        reason: "the database was away".to_owned(),
    }
}

pub async fn a_trigger_has_one_run(mut world: World) {
    let run = world
        .store
        .open_run(&Trigger::Schedule(slot()))
        .await
        .expect("a run");
    let mut other = world.database.store().await.expect("a store");
    assert_eq!(
        other.open_run(&Trigger::Schedule(slot())).await.expect("a run"),
        run
    );
    let first = world.store.open_run(&replay("1")).await.expect("a run");
    let second = world.store.open_run(&replay("2")).await.expect("a run");
    assert_eq!(world.store.open_run(&replay("1")).await.expect("a run"), first);
    assert!(run != first && first != second);
    let report = world.store.report(first).await.expect("a report");
    assert_eq!(
        (report.slot, report.state, report.term),
        (slot().begin, RunState::Waiting, 0)
    );
}

pub async fn one_holder_at_a_time(mut world: World) {
    let run = world
        .store
        .open_run(&Trigger::Schedule(slot()))
        .await
        .expect("a run");
    let wakes = (0..8).map(|number| {
        let database = world.database.clone();
        tokio::spawn(async move {
            let mut store = database.store().await.expect("a store");
            loop {
                match store.take(run, &format!("wake {number}"), MINUTE).await {
                    Ok(Take::Held(term, ..)) => return Some(term.number),
                    Ok(Take::Busy(_)) => return None,
                    Ok(Take::Done) => panic!("nobody has done it"),
                    Err(error) => assert!(error.is_transient(), "{error}"),
                }
            }
        })
    });
    let mut terms = Vec::new();
    for wake in wakes.collect::<Vec<_>>() {
        terms.extend(wake.await.expect("no panic"));
    }
    assert_eq!(terms, [1]);
}

pub async fn a_lease_that_expired_is_taken_with_a_new_term(mut world: World) {
    let run = world
        .store
        .open_run(&Trigger::Schedule(slot()))
        .await
        .expect("a run");
    let first = world.store.take(run, "a", Duration::ZERO).await.expect("taken");
    assert!(
        matches!(first, Take::Held(term, ..) if term.number == 1),
        "{first:?}"
    );
    let second = loop {
        match world.store.take(run, "b", MINUTE).await.expect("an answer") {
            Take::Busy(_) => {}
            other => break other,
        }
    };
    assert!(
        matches!(second, Take::Held(term, ..) if term.number == 2),
        "{second:?}"
    );
    let busy = world.store.take(run, "a", MINUTE).await.expect("an answer");
    assert!(
        matches!(busy, Take::Busy(left) if left > Duration::from_secs(50)),
        "{busy:?}"
    );
    // Who has it may take it again, after his connection broke.
    let again = world.store.take(run, "b", MINUTE).await.expect("taken");
    assert!(
        matches!(again, Take::Held(term, ..) if term.number == 3),
        "{again:?}"
    );
}

pub async fn a_lost_lease_cannot_be_renewed(mut world: World) {
    let run = world
        .store
        .open_run(&Trigger::Schedule(slot()))
        .await
        .expect("a run");
    world
        .store
        .take(run, "a", Duration::from_millis(1))
        .await
        .expect("taken");
    while world
        .store
        .renew(run, "a", Duration::from_millis(1))
        .await
        .expect("an answer")
    {}
    assert!(!world.store.renew(run, "a", MINUTE).await.expect("an answer"));
    assert!(!world.store.renew(run, "b", MINUTE).await.expect("an answer"));
    world.store.take(run, "b", MINUTE).await.expect("taken");
    assert!(world.store.renew(run, "b", MINUTE).await.expect("an answer"));
    assert!(!world.store.renew(run, "a", MINUTE).await.expect("an answer"));
}

pub async fn only_the_newest_term_records(mut world: World) {
    let old = world.held(slot()).await;
    let new = world.held(slot()).await;
    assert_eq!(new.number, old.number + 1);
    let figures = Figures {
        planned: 7,
        published: 6,
        late: 5,
        recovered: 4,
        first_commit_late_ms: Some(3),
        last_commit_late_ms: Some(2),
        clock_offset_ms: Some(-1),
    };
    assert!(
        !world
            .store
            .record(&old, RunState::Done, &Figures::default())
            .await
            .expect("an answer")
    );
    assert!(
        world
            .store
            .record(&new, RunState::Published, &figures)
            .await
            .expect("an answer")
    );
    let report = world.store.report(new.run).await.expect("a report");
    assert_eq!((report.state, report.figures), (RunState::Published, figures));
    // The next holder goes on from there.
    let next = world.store.take(new.run, "a", MINUTE).await.expect("taken");
    assert!(
        matches!(next, Take::Held(_, RunState::Published, found) if found == figures),
        "{next:?}"
    );
}

pub async fn a_run_that_is_done_stays_done(mut world: World) {
    let term = world.held(slot()).await;
    assert!(
        world
            .store
            .record(&term, RunState::Done, &Figures::default())
            .await
            .expect("an answer")
    );
    assert_eq!(
        world.store.take(term.run, "a", MINUTE).await.expect("an answer"),
        Take::Done
    );
    assert_eq!(
        world.store.take(term.run, "b", MINUTE).await.expect("an answer"),
        Take::Done
    );
    assert!(
        !world
            .store
            .record(&term, RunState::Planned, &Figures::default())
            .await
            .expect("an answer")
    );
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM publish_run WHERE finished_at IS NOT NULL")
            .await,
        1
    );
}

pub async fn the_earliest_live_slot_is_known(mut world: World) {
    let [first, second, third] = [0, 1, 2].map(|second| second_of(slot().begin + ms(1_000 * second)));
    let done = world.held(first).await;
    world
        .store
        .record(&done, RunState::Done, &Figures::default())
        .await
        .expect("an answer");
    let own = world.held(second).await;
    world.held(third).await;
    let live = world.store.earliest_live(0).await.expect("an answer");
    assert_eq!(live, Some(second.begin));
    let live = world.store.earliest_live(own.run).await.expect("an answer");
    assert_eq!(live, Some(third.begin));
    let report = world
        .store
        .slot_report(third.begin)
        .await
        .expect("an answer")
        .expect("a run");
    assert_eq!((report.state, report.alive), (RunState::Waiting, true));
    assert_eq!(
        world.store.slot_report(slot().end).await.expect("an answer"),
        None
    );
}

pub async fn runs_that_nobody_ended_are_found(mut world: World) {
    let [first, second, third, fourth] =
        [0, 1, 2, 3].map(|second| second_of(slot().begin + ms(1_000 * second)));
    let done = world.held(first).await;
    world
        .store
        .record(&done, RunState::Done, &Figures::default())
        .await
        .expect("an answer");
    world.held(second).await;
    let abandoned = world
        .store
        .open_run(&Trigger::Schedule(third))
        .await
        .expect("a run");
    world
        .store
        .open_run(&Trigger::Schedule(fourth))
        .await
        .expect("a run");
    let replay = world.store.open_run(&replay("1")).await.expect("a run");
    let found = world.store.abandoned(fourth.begin).await.expect("an answer");
    assert_eq!(found, [replay, abandoned]);
    // Not so long ago that its event cannot come again.
    let lately = world.now().await - ms(1_000);
    let found = world.store.abandoned(lately).await.expect("an answer");
    assert!(found.is_empty());
}
