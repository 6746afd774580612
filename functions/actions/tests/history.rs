//! What the recorded actions change.

mod support;

use serde_json::{Value, json};
use support::{sample, solved, steps};

/// Five places on a line, 100 s apart.
fn line() -> Value {
    let row = |from: i64| (0..5).map(|to: i64| 100 * (from - to).abs()).collect::<Vec<_>>();
    let rows: Vec<Vec<i64>> = (0..5).map(row).collect();
    let shipment = |pickup: u64, from: u64, to: u64| {
        json!({"pickup": {"id": pickup, "location_index": from},
               "delivery": {"id": pickup + 10, "location_index": to, "time_windows": [[0, 1_500]]}})
    };
    json!({
        "vehicles": [{"id": 1}],
        "shipments": [shipment(1, 1, 4), shipment(2, 2, 3), shipment(3, 4, 0)],
        "matrix": rows,
        "options": {"weights": {"travel": 1, "lateness": 1_000, "finish": 0}},
    })
}

fn action(kind: &str, order: u64, time: i64) -> Value {
    json!({"type": kind, "order_id": order, "time": time})
}

#[tokio::test]
async fn delivered_is_gone_picked_up_is_on_board_and_the_rest_is_open() {
    let mut body = line();
    let mut last = action("delivered", 12, 1_300);
    last["location_index"] = json!(3);
    body["actions"] = json!([
        action("assigned", 1, 1_000),
        action("assigned", 2, 1_000),
        action("picked_up", 11, 1_100),
        action("picked_up", 2, 1_200),
        last,
    ]);
    let answer = solved(&body).await;
    let mut open = steps(&answer);
    assert_eq!(open[0], "start");
    assert_eq!(answer["routes"][0]["steps"][0]["location_index"], 3);
    assert_eq!(answer["totals"]["departure"], 1_300);
    open.sort();
    assert_eq!(open, ["delivery 11", "delivery 13", "pickup 3", "start"]);
    let doors: Vec<(u64, i64)> = answer["routes"][0]["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .filter_map(|step| Some((step["id"].as_u64()?, step["click_to_door"].as_i64()?)))
        .collect();
    let of = |id| {
        doors
            .iter()
            .find(|(other, _)| *other == id)
            .map(|(_, door)| *door)
    };
    // Assigned at 1000; on the spot 4 at 1400 at the earliest.
    assert!(of(11) >= Some(400), "{doors:?}");
    let sum: i64 = doors.iter().map(|(_, door)| door).sum();
    assert_eq!(answer["totals"]["click_to_door"], sum);
}

#[tokio::test]
async fn the_past_is_measured_against_the_best_that_was_possible() {
    let mut body = line();
    let mut first = action("assigned", 1, 1_000);
    first["location_index"] = json!(0);
    body["actions"] = json!([
        first,
        action("assigned", 2, 1_050),
        action("picked_up", 1, 1_200),
        action("delivered", 1, 1_600),
        action("picked_up", 2, 1_900),
        action("delivered", 2, 2_050),
    ]);
    let history = &solved(&body).await["history"];
    assert_eq!(history["delivered"], 2);
    let actual = json!({"travel": 100 + 300 + 200 + 100, "lateness": 100 + 550, "duration": 1_050,
                          "click_to_door": 600 + 1_000, "click_to_door_mean": 800.0});
    assert_eq!(history["actual"], actual);
    let best = &history["best"];
    assert!(best["travel"].as_i64() <= Some(700), "{best}");
    assert!(history["proof"]["lower_bound"].is_i64() && history["elapsed_ms"].is_number());
    let doors = history["click_to_door"].as_array().expect("doors");
    assert_eq!(
        (&doors[0]["order_id"], &doors[0]["actual"]),
        (&json!(11), &json!(600))
    );
    let sum: i64 = doors.iter().filter_map(|door| door["best"].as_i64()).sum();
    assert_eq!(best["click_to_door"], sum);
}

#[tokio::test]
async fn nobody_could_have_picked_up_before_it_was_assigned() {
    let mut body = line();
    body["shipments"][0]["pickup"]["time_windows"] = json!([[900, 1_000]]);
    for (assigned, late) in [(950, 0), (5_000, 4_000)] {
        body["actions"] = json!([
            action("assigned", 2, 800),
            action("assigned", 1, assigned),
            action("picked_up", 1, assigned + 50),
        ]);
        let answer = solved(&body).await;
        let best = &answer["history"]["best"];
        assert_eq!(
            (&best["lateness"], &best["duration"]),
            (&json!(late), &json!(assigned - 800))
        );
        assert_eq!(answer["history"]["delivered"], 0);
        assert_eq!(best["click_to_door_mean"], Value::Null);
    }
}

#[tokio::test]
async fn without_a_stop_that_is_done_there_is_no_history() {
    let mut body = line();
    body["vehicles"][0]["start_index"] = json!(0);
    body["jobs"] = json!([{"id": 40, "location_index": 2, "delivery": []}]);
    body["actions"] = json!([action("assigned", 1, 100), action("picked_up", 40, 120)]);
    let answer = solved(&body).await;
    assert_eq!(answer.get("history"), None);
    assert_eq!(answer["totals"]["departure"], 120);
}

#[tokio::test]
async fn working_hours_that_began_before_the_last_action_begin_with_it() {
    let mut body = sample("actions-recorded");
    let departure = solved(&body).await["totals"]["departure"].clone();
    assert_eq!(departure, 1_769_443_200 + 1_900);
    body["vehicles"][0]["time_window"] = json!([1_769_450_000, 1_769_460_000]);
    assert_eq!(solved(&body).await["totals"]["departure"], 1_769_450_000);
}

#[tokio::test]
async fn everything_delivered_is_a_route_without_stops() {
    let mut body = line();
    body["shipments"] = json!([body["shipments"][0]]);
    let mut last = action("delivered", 1, 1_500);
    last["location_index"] = json!(4);
    body["actions"] = json!([action("picked_up", 1, 1_200), last]);
    let answer = solved(&body).await;
    assert_eq!(steps(&answer), ["start"]);
    assert_eq!(answer["history"]["delivered"], 1);
}
