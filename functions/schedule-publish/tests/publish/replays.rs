//! Publishing by hand.

use schedule_publish::answer::{Answer, DryRunAnswer, ReplayAnswer};
use schedule_publish::event::Replay;
use schedule_publish::replay;

use crate::support::{World, ms, small, soon};

async fn run(world: &World, replay: &Replay, request: &str) -> Answer {
    replay::run(&world.database, small(), replay, request, soon())
        .await
        .expect("replayed")
}

async fn missed(world: &mut World) -> Replay {
    let slot = world.slot(-300_000).await;
    world.lessons(120, slot.begin).await;
    world.lessons(30, slot.begin + ms(60_000)).await;
    world.lessons(7, slot.begin + ms(120_000)).await;
    Replay {
        from: slot.begin,
        to: slot.begin + ms(120_000),
        reason: "the database was away".to_owned(),
        by: Some("kim".to_owned()),
        dry_run: false,
    }
}

async fn opens_what_should_have_opened_and_writes_down_who_and_why(mut world: World) {
    let replay = missed(&mut world).await;
    let Answer::Replay(ReplayAnswer {
        run: id,
        remaining,
        figures,
        ..
    }) = run(&world, &replay, "r-1").await
    else {
        panic!("a replay")
    };
    assert_eq!((figures.published, figures.late, remaining), (150, 150, 0));
    assert_eq!(world.open().await, 150);
    let runs = world
        .numbers("SELECT DISTINCT publish_run_id FROM lesson WHERE status = 1")
        .await;
    assert_eq!(runs, [id]);
    let who = "SELECT CONCAT(requested_by, ': ', reason, ', ', `trigger`, ', ', state) FROM publish_run";
    assert_eq!(world.text(who).await, "kim: the database was away, replay, done");
    // The same request again is the same run.
    let Answer::Replay(again) = run(&world, &replay, "r-1").await else {
        panic!("a replay")
    };
    assert_eq!((again.run, again.figures.published), (id, 150));
    assert_eq!(world.number("SELECT COUNT(*) FROM publish_run").await, 1);
    assert_eq!(world.open().await, 150);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_on_mariadb() {
    opens_what_should_have_opened_and_writes_down_who_and_why(World::mariadb().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_on_sqlite() {
    opens_what_should_have_opened_and_writes_down_who_and_why(World::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_only_says_what_it_would_do() {
    let mut world = World::mariadb().await;
    let mut replay = missed(&mut world).await;
    replay.dry_run = true;
    let Answer::DryRun(DryRunAnswer {
        would_publish, slots, ..
    }) = run(&world, &replay, "r-1").await
    else {
        panic!("a dry run")
    };
    assert_eq!(would_publish, 150);
    assert_eq!(
        slots.iter().map(|slot| slot.lessons).collect::<Vec<_>>(),
        [120, 30]
    );
    assert_eq!(world.open().await, 0);
    assert_eq!(world.number("SELECT COUNT(*) FROM publish_run").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_leaves_the_future_alone() {
    let mut world = World::mariadb().await;
    let mut replay = missed(&mut world).await;
    let soon = world.slot(600_000).await;
    world.lessons(5, soon.begin).await;
    replay.to = soon.end;
    let Answer::Replay(answer) = run(&world, &replay, "r-1").await else {
        panic!("a replay")
    };
    assert_eq!((answer.figures.published, answer.remaining), (157, 5));
    world.assert_never_early().await;
}
