use jiff::SignedDuration;
use schedule_watch::{answer::IncidentState, handler::Watcher, message::Words, tell::Channels};

use crate::support::{
    Phone,
    sim::Pace,
    world::{World, watch},
};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// A wake with a late lesson, and a minute afterwards.
async fn wake(world: &mut World) -> Vec<&'static str> {
    let slot = world.next_slot().await;
    let told = world.watch(slot).await.told;
    world.passes(MINUTE).await;
    told
}

async fn with_a_late_lesson() -> World {
    let mut world = World::sqlite().await;
    let slot = world.next_slot().await;
    world.is_fine(slot).await;
    world.lesson(slot.begin - SignedDuration::from_mins(10)).await;
    world
}

#[tokio::test]
async fn slack_that_was_down_is_told_when_it_is_back_and_sns_not_again() {
    let mut world = with_a_late_lesson().await;
    world.slack.1.is_down(true);
    assert_eq!(wake(&mut world).await, ["sns"]);
    assert!(wake(&mut world).await.is_empty());
    world.slack.1.is_down(false);
    assert_eq!(wake(&mut world).await, ["slack"]);
    assert!(wake(&mut world).await.is_empty());
    let [sns, slack] = world.heard();
    assert_eq!((sns.len(), slack.len()), (1, 1));
    assert!(slack[0].contains("goes on since an earlier slot") && !sns[0].contains("goes on"));
}

#[tokio::test]
async fn sns_that_was_down_is_told_when_it_is_back_and_slack_not_again() {
    let mut world = with_a_late_lesson().await;
    world.sns.1.is_down(true);
    assert_eq!(wake(&mut world).await, ["slack"]);
    world.sns.1.is_down(false);
    assert_eq!(wake(&mut world).await, ["sns"]);
    assert!(wake(&mut world).await.is_empty());
    assert_eq!(world.heard().map(|texts| texts.len()), [1, 1]);
}

#[tokio::test]
async fn both_down_is_survived_and_the_replay_asked_for() {
    let mut world = with_a_late_lesson().await;
    let slot = world.next_slot().await;
    world.sns.1.is_down(true);
    world.slack.1.is_down(true);
    let answer = world.watch(slot).await;
    assert_eq!((answer.incident, answer.replayed), (IncidentState::Opened, true));
    assert!(answer.told.is_empty());
    world.passes(MINUTE).await;
    world.sns.1.is_down(false);
    world.slack.1.is_down(false);
    assert_eq!(wake(&mut world).await, ["sns", "slack"]);
}

#[tokio::test]
async fn a_channel_that_missed_the_whole_incident_hears_of_its_end_alone() {
    let mut world = with_a_late_lesson().await;
    world.slack.1.is_down(true);
    wake(&mut world).await;
    world.open_all().await;
    // The end too is tried again.
    assert_eq!(wake(&mut world).await, ["sns"]);
    world.slack.1.is_down(false);
    assert_eq!(wake(&mut world).await, ["slack"]);
    assert!(wake(&mut world).await.is_empty());
    let [sns, slack] = world.heard();
    assert_eq!((sns.len(), slack.len()), (2, 1));
    assert!(slack[0].contains("over, lessons are open again"), "{slack:?}");
}

#[tokio::test]
async fn a_new_channel_does_not_begin_with_what_was_over_long_ago() {
    let mut world = with_a_late_lesson().await;
    world.slack.1.is_down(true);
    wake(&mut world).await;
    world.open_all().await;
    wake(&mut world).await;
    world.slack.1.is_down(false);
    world.passes(SignedDuration::from_hours(2)).await;
    assert!(wake(&mut world).await.is_empty());
}

#[tokio::test]
async fn one_channel_and_none_are_enough() {
    let mut world = with_a_late_lesson().await;
    let slot = world.next_slot().await;
    let with = |phones: Vec<Phone>| {
        let channels = phones.into_iter().map(|phone| Box::new(phone) as _).collect();
        Watcher::new(
            world.tables.clone(),
            world.asked.clone(),
            Channels::new(channels),
            Words::new(String::new()),
            world.clock.clone(),
            shared::metrics::Metrics::discarded(),
        )
    };
    let (none, slack) = (with(vec![]), with(vec![world.slack.clone()]));
    let answer = watch(&none, &world.clock, slot).await;
    assert_eq!((answer.incident, answer.told.len()), (IncidentState::Opened, 0));
    world.passes(MINUTE).await;
    assert_eq!(watch(&slack, &world.clock, slot).await.told, ["slack"]);
}

#[tokio::test]
async fn a_note_that_hangs_keeps_no_channel_waiting() {
    let mut world = with_a_late_lesson().await;
    let slot = world.next_slot().await;
    // The connection, five looks and the incident; then the first note.
    world.clock.paces([Pace::Prompt; 7]);
    world.clock.paces([Pace::Hangs]);
    let answer = world.watch(slot).await;
    assert_eq!(answer.incident, IncidentState::Opened);
    assert_eq!((answer.told.len(), answer.replayed), (2, true));
    // Rather twice than never.
    world.passes(MINUTE).await;
    assert_eq!(wake(&mut world).await.len(), 1);
    world.passes(MINUTE).await;
    assert!(wake(&mut world).await.is_empty());
}
