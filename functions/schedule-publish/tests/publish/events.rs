//! The whole function, from a payload to an answer.

use std::time::Duration;

use schedule_publish::handler::Publisher;
use serde_json::{Map, Value, json};
use shared::{config::Env, metrics::Metrics};
use testkit::Written;
use tokio::time::Instant;

use crate::support::{World, ms, small};

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => panic!("an object"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_minute_that_has_passed_and_then_a_replay() {
    let mut world = World::sqlite().await;
    let slot = world.slot(-240_000).await;
    world.lessons(5, slot.begin).await;
    let written = Written::default();
    let function = Publisher::new(
        world.database.clone(),
        small(),
        Metrics::to(&Env::of([]), written.clone()),
    );
    let deadline = Instant::now() + Duration::from_secs(30);
    let event = json!({"slot": (slot.begin - ms(180_000)).to_string(), "lead_minutes": 3});
    let answer = function
        .handle(object(event), "r-1", deadline)
        .await
        .expect("published");
    let answer = serde_json::to_value(answer).expect("JSON");
    assert_eq!(
        (&answer["published"], &answer["planned"], &answer["late"]),
        (&json!(5), &json!(5), &json!(5))
    );
    assert!(answer["first_commit_late_ms"].as_i64() <= answer["last_commit_late_ms"].as_i64());
    assert!(
        answer["slot"].as_str().is_some_and(|slot| slot.ends_with(":00Z")),
        "{answer}"
    );
    let [figures] = &written.json()[..] else {
        panic!("one line")
    };
    for (metric, expected) in [
        ("Wakes", json!(1)),
        ("Failed", json!(0)),
        ("Planned", json!(5)),
        ("Published", json!(5)),
        ("Late", json!(5)),
        ("Recovered", json!(0)),
        ("FirstCommitLateness", answer["first_commit_late_ms"].clone()),
        ("LastCommitLateness", answer["last_commit_late_ms"].clone()),
        ("HoldError", Value::Null),
        ("ColdStart", json!(1)),
    ] {
        assert_eq!(
            figures[metric].as_f64(),
            expected.as_f64(),
            "{metric} in {figures}"
        );
    }
    assert!(figures["ClockOffset"].is_number());
    world.execute("UPDATE lesson SET status = 0", &[]).await;
    let event = json!({"replay": {
        "from": slot.begin.to_string(), "to": slot.end.to_string(), "reason": "by hand"
    }});
    let answer = function
        .handle(object(event), "r-2", deadline)
        .await
        .expect("replayed");
    let answer = serde_json::to_value(answer).expect("JSON");
    assert_eq!(
        (&answer["published"], &answer["remaining"]),
        (&json!(5), &json!(0))
    );
    let by = world
        .text("SELECT requested_by FROM publish_run WHERE `trigger` = 'replay'")
        .await;
    assert_eq!(by, "request r-2");
}
