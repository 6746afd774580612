//! Every request that cannot be answered says which field is wrong.

mod support;

use serde_json::{Value, json};
use support::{ask, sample, solved};

/// Two shipments with a matrix of four rows.
fn right() -> Value {
    json!({
        "vehicles": [{"id": 1, "start_index": 0, "capacity": [2], "skills": [1]}],
        "shipments": [
            {"amount": [1], "pickup": {"id": 1, "location_index": 1}, "delivery": {"id": 2, "location_index": 2}},
            {"amount": [1], "pickup": {"id": 3, "location_index": 3}, "delivery": {"id": 4, "location_index": 0}},
        ],
        "jobs": [{"id": 5, "location_index": 2, "delivery": [1]}],
        "matrices": {"car": {"durations": [[0, 9, 9, 9], [9, 0, 9, 9], [9, 9, 0, 9], [9, 9, 9, 0]]}},
        "options": {"weights": {}},
        "actions": [{"type": "assigned", "order_id": 2, "time": 100}],
    })
}

/// The right request with one value put in, by its JSON pointer.
fn with(pointer: &str, value: Value) -> Value {
    let mut body = right();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).expect(pointer);
    match parent {
        Value::Array(items) => match key.parse::<usize>() {
            Ok(index) if index < items.len() => items[index] = value,
            _ => items.push(value),
        },
        other => other[key] = value,
    }
    body
}

async fn refused(body: &Value, status: u16, field: &str) {
    let (found, answer) = ask(body).await;
    assert_eq!(
        (found, answer["field"].as_str()),
        (status, Some(field)),
        "{answer}"
    );
    let detail = answer["detail"].as_str().expect("a detail");
    let reason = answer["reason"].as_str().expect("a reason");
    assert_eq!(detail, format!("{field} {reason}"));
}

#[tokio::test]
async fn the_right_one_is_answered() {
    solved(&right()).await;
}

#[tokio::test]
async fn a_field_that_is_malformed_is_named() {
    for (pointer, value, field) in [
        (
            "/matrices/car/durations/1/2",
            json!(-1),
            "matrices.car.durations[1][2]",
        ),
        (
            "/matrices/car/durations/1/2",
            json!(4_294_967_296_u64),
            "matrices.car.durations[1][2]",
        ),
        (
            "/matrices/car/durations/1/2",
            json!(1.5),
            "matrices.car.durations[1][2]",
        ),
        (
            "/shipments/1/delivery/location",
            json!([1, 91]),
            "shipments[1].delivery.location",
        ),
        (
            "/shipments/1/delivery/location",
            json!([1]),
            "shipments[1].delivery.location",
        ),
        ("/shipments/1/pickup/id", json!("a"), "shipments[1].pickup.id"),
        (
            "/shipments/1/pickup/service",
            json!(10_000_001),
            "shipments[1].pickup.service",
        ),
        (
            "/shipments/1/pickup/time_windows",
            json!([[0, 1], [5, 4]]),
            "shipments[1].pickup.time_windows[1]",
        ),
        (
            "/shipments/1/pickup/time_windows",
            json!([[i64::MIN, 4]]),
            "shipments[1].pickup.time_windows[0]",
        ),
        (
            "/shipments/1/pickup/time_windows",
            json!([[i64::MAX, i64::MAX]]),
            "shipments[1].pickup.time_windows[0]",
        ),
        ("/shipments/1/priority", json!(101), "shipments[1].priority"),
        ("/shipments/0/amount", json!([-1]), "shipments[0].amount[0]"),
        ("/shipments/0/amount", json!([1_u64 << 41]), "shipments[0].amount"),
        ("/vehicles/0/capacity", json!(vec![1; 33]), "vehicles[0].capacity"),
        (
            "/vehicles/0/time_window",
            json!([5, 4]),
            "vehicles[0].time_window",
        ),
        ("/options/budget_ms", json!(25_001), "options.budget_ms"),
        (
            "/options/weights",
            json!({"travel": 1_000_000_000_001_u64}),
            "options.weights.travel",
        ),
        ("/options/weights", json!({"late": 1}), "options.weights.late"),
        ("/actions/0/type", json!("eaten"), "actions[0].type"),
        ("/actions/0/time", json!("noon"), "actions[0].time"),
    ] {
        refused(&with(pointer, value), 400, field).await;
    }
}

#[tokio::test]
async fn a_field_that_makes_no_sense_is_named() {
    for (pointer, value, field) in [
        ("/vehicles/1", json!({"id": 2, "start_index": 0}), "vehicles"),
        ("/vehicles", json!([]), "vehicles"),
        ("/vehicles/0", json!({"id": 1}), "vehicles[0].start"),
        ("/vehicles/0/start_index", json!(4), "vehicles[0].start_index"),
        ("/vehicles/0/speed_factor", json!(0), "vehicles[0].speed_factor"),
        ("/vehicles/0/speed_factor", json!(5.1), "vehicles[0].speed_factor"),
        ("/vehicles/0/profile", json!("bike"), "matrices.bike.durations"),
        (
            "/matrices/car/durations/2",
            json!([9, 9, 0]),
            "matrices.car.durations[2]",
        ),
        (
            "/matrices/car/durations/4",
            json!([9, 9, 9, 9]),
            "matrices.car.durations[0]",
        ),
        (
            "/matrices/car/durations/1/2",
            json!(10_000_001),
            "matrices.car.durations[1][2]",
        ),
        ("/matrix", json!([[0]]), "matrix"),
        (
            "/shipments/0/pickup/location_index",
            json!(7),
            "shipments[0].pickup.location_index",
        ),
        (
            "/shipments/0/pickup/location_index",
            Value::Null,
            "shipments[0].pickup.location_index",
        ),
        ("/shipments/1/pickup/id", json!(1), "shipments[1].pickup.id"),
        ("/shipments/1/delivery/id", json!(2), "shipments[1].delivery.id"),
        ("/jobs/1", json!({"id": 5, "location_index": 1}), "jobs[1].id"),
        ("/shipments/0/amount", json!([1, 1]), "shipments[0].amount"),
        ("/jobs/0/delivery", json!([1, 1]), "jobs[0].delivery"),
        (
            "/shipments/0/pickup/time_windows",
            json!([[0, 5], [5, 9]]),
            "shipments[0].pickup.time_windows[1]",
        ),
        ("/options/speed_kmh", json!(0), "options.speed_kmh"),
        ("/agent_id", json!("a\nb"), "agent_id"),
        ("/actions/0/order_id", json!(77), "actions[0].order_id"),
        ("/actions/0/location_index", json!(4), "actions[0].location_index"),
        (
            "/actions/1",
            json!({"type": "assigned", "order_id": 2, "time": 100}),
            "actions[1].type",
        ),
        (
            "/actions/1",
            json!({"type": "assigned", "order_id": 4, "time": 99}),
            "actions[1].time",
        ),
        (
            "/actions/1",
            json!({"type": "delivered", "order_id": 2, "time": 100}),
            "actions[1].type",
        ),
    ] {
        refused(&with(pointer, value), 422, field).await;
    }
}

#[tokio::test]
async fn what_vroom_would_honour_and_we_cannot_is_named() {
    for (pointer, value, field) in [
        (
            "/vehicles/0/breaks",
            json!([{"id": 1, "time_windows": [[0, 9]]}]),
            "vehicles[0].breaks",
        ),
        ("/vehicles/0/max_tasks", json!(4), "vehicles[0].max_tasks"),
        (
            "/vehicles/0/max_travel_time",
            json!(3_600),
            "vehicles[0].max_travel_time",
        ),
        (
            "/vehicles/0/max_distance",
            json!(1_000),
            "vehicles[0].max_distance",
        ),
        ("/vehicles/0/costs", json!({"per_km": 5}), "vehicles[0].costs"),
        ("/matrices/car/costs", json!([[0]]), "matrices.car.costs"),
        ("/shipments/1/skills", json!([1, 2]), "shipments[1].skills"),
        ("/jobs/0/skills", json!([3]), "jobs[0].skills"),
        ("/jobs/0/pickup", json!([1]), "jobs[0].pickup"),
        ("/jobs/0/amount", json!([1]), "jobs[0].amount"),
        ("/jobs/0/setup", json!(60), "jobs[0].setup"),
        ("/options/c", json!(true), "options.c"),
    ] {
        refused(&with(pointer, value), 422, field).await;
    }
}

#[tokio::test]
async fn what_changes_nothing_is_let_through() {
    for (pointer, value) in [
        ("/vehicles/0/breaks", json!([])),
        ("/vehicles/0/max_tasks", json!(5)),
        ("/vehicles/0/costs", json!({"fixed": 0, "per_hour": 3_600})),
        ("/vehicles/0/steps", json!([{"type": "start"}])),
        ("/vehicles/0/type", json!("bicycle")),
        ("/matrices/car/distances", json!([[0]])),
        ("/shipments/1/skills", json!([1])),
        ("/jobs/0/pickup", json!([0])),
        ("/shipments/0/pickup/setup", json!(60)),
        ("/shipments/0/pickup/time_windows", json!([[0, i64::MAX]])),
        ("/note", json!("ours")),
        ("/options", json!({"g": true, "c": false, "t": 4, "x": 5})),
    ] {
        solved(&with(pointer, value)).await;
    }
}

#[tokio::test]
async fn actions_that_cannot_follow_each_other_are_named() {
    let action = |kind: &str, order: u64| json!({"type": kind, "order_id": order, "time": 100});
    for (kinds, field) in [
        (vec![("delivered", 4)], "actions[0].type"),
        (vec![("picked_up", 4), ("picked_up", 4)], "actions[1].type"),
        (vec![("picked_up", 4), ("assigned", 4)], "actions[1].type"),
        (
            vec![("picked_up", 4), ("delivered", 4), ("delivered", 4)],
            "actions[2].type",
        ),
        (
            vec![("picked_up", 4), ("delivered", 4), ("picked_up", 3)],
            "actions[2].type",
        ),
        (vec![("delivered", 5), ("picked_up", 5)], "actions[1].type"),
    ] {
        let mut body = right();
        body["actions"] = kinds.iter().map(|(kind, order)| action(kind, *order)).collect();
        refused(&body, 422, field).await;
    }
    let mut body = right();
    body["actions"] = [
        ("picked_up", 3),
        ("delivered", 4),
        ("picked_up", 5),
        ("delivered", 5),
    ]
    .map(|(kind, order)| action(kind, order))
    .into();
    solved(&body).await;
}

#[tokio::test]
async fn an_id_that_may_mean_two_orders_is_no_ones_action() {
    let mut body = right();
    body["jobs"][0]["id"] = json!(2);
    refused(&body, 422, "actions[0].order_id").await;
    body["actions"] = json!([]);
    solved(&body).await;
}

#[tokio::test]
async fn weights_that_could_overflow_are_named_and_the_defaults_give_way() {
    let mut body = sample("actions");
    body["options"]["weights"] = json!({"lateness": 1_000_000_000_000_u64, "finish": 1_000_000_000_000_u64});
    body["shipments"][0]["delivery"]["time_windows"] = json!([[0, 1]]);
    refused(&body, 422, "options.weights").await;
    body["options"]["weights"] = Value::Null;
    let weights = solved(&body).await["weights"].clone();
    assert!(
        weights["lateness"].as_i64() >= weights["finish"].as_i64(),
        "{weights}"
    );
    assert_eq!(weights["travel"], 1);
}

#[tokio::test]
async fn too_large_for_the_capacity_is_a_violation_and_no_error() {
    let answer = solved(&with("/shipments/0/amount", json!([5]))).await;
    assert_eq!(answer["routes"][0]["violations"], json!([{"cause": "load"}]));
    assert_eq!(answer["unassigned"], json!([]));
}

#[tokio::test]
async fn an_end_that_is_the_start_of_nothing_is_still_a_valid_place() {
    for location in [[180.0, 90.0], [-180.0, -90.0], [180.0, 0.0], [-179.999, 0.0]] {
        let body = json!({"vehicles": [{"id": 1, "start": [179.999, 0], "end": location}]});
        let travel = solved(&body).await["totals"]["travel"].as_u64().expect("seconds");
        assert!(travel < 3_700_000, "{travel}");
    }
}

#[tokio::test]
async fn a_path_is_cut_where_the_client_made_it_long() {
    let long = "라".repeat(100_000);
    for body in [
        json!({"options": {&long: 1}}),
        json!({"vehicles": [{"id": 1, "profile": &long}], "matrices": {"car": {}}}),
    ] {
        let (_, answer) = ask(&body).await;
        let field = answer["field"].as_str().expect("a field");
        assert!(field.chars().count() < 150 && field.ends_with('…'), "{field}");
    }
}
