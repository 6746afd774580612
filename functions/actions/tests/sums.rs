//! Whatever is asked for, the numbers add up from the steps.

mod support;

use proptest::{prelude::*, test_runner::Config as Cases};
use serde_json::{Value, json};
use support::{ask, steps};

/// A request of up to five orders over six places, with everything at random.
fn requests() -> impl Strategy<Value = Value> {
    let places = 6_u64;
    let window = (0..2_000_i64, 0..1_500_i64).prop_map(|(start, long)| json!([start, start + long]));
    let windows = prop::collection::vec(window.clone(), 0..2);
    let stop = (0..places, 0..300_u32, windows);
    let order = (
        any::<bool>(),
        stop.clone(),
        stop,
        prop::collection::vec(0..4_u32, 2),
        0..101_u32,
    );
    let matrix = prop::collection::vec(prop::collection::vec(0..900_u32, 6), 6);
    let weights = prop_oneof![
        Just(Value::Null),
        Just(json!({"travel": 1, "lateness": 0, "finish": 0})),
        (0..50_u32, 0..50_u32, 0..50_u32)
            .prop_map(|(t, l, f)| json!({"travel": t, "lateness": l, "finish": f})),
    ];
    let ends = (
        prop::option::of(0..places),
        prop::option::of(0..places),
        prop::option::of(window),
    );
    let capacity = prop::option::of(prop::collection::vec(0..6_u32, 2));
    let orders = prop::collection::vec(order, 0..6);
    (orders, matrix, weights, ends, capacity, 0..4_usize).prop_map(
        |(orders, matrix, weights, (start, end, hours), capacity, done)| {
            let start = start.or(if end.is_none() { Some(0) } else { None });
            let (mut shipments, mut jobs, mut actions) = (Vec::new(), Vec::new(), Vec::new());
            for (id, (job, pickup, delivery, amount, priority)) in orders.into_iter().enumerate() {
                let stop = |(at, service, windows): (u64, u32, Vec<Value>)| {
                    json!({"id": id, "location_index": at, "service": service, "time_windows": windows})
                };
                let mut delivery = stop(delivery);
                if job {
                    delivery["delivery"] = json!(amount);
                    delivery["priority"] = json!(priority);
                    jobs.push(delivery);
                    continue;
                }
                let kinds = ["assigned", "picked_up", "delivered"];
                let time = 100 + 10 * id;
                let kinds = kinds.iter().take(if id % 2 == 0 { done } else { 0 });
                actions.extend(kinds.map(|kind| json!({"type": kind, "order_id": id, "time": time})));
                shipments.push(json!({"pickup": stop(pickup), "delivery": delivery, "amount": amount, "priority": priority}));
            }
            json!({
                "vehicles": [{"id": 1, "start_index": start, "end_index": end, "time_window": hours, "capacity": capacity}],
                "shipments": shipments, "jobs": jobs, "matrix": matrix, "actions": actions,
                "options": {"weights": weights, "budget_ms": 50},
            })
        },
    )
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("no number: {value}"))
}

fn array(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// Drives the steps again, by what the request says alone.
fn check(request: &Value, answer: &Value) {
    let (route, totals, weights) = (&answer["routes"][0], &answer["totals"], &answer["weights"]);
    let all = array(&route["steps"]);
    let vehicle = &request["vehicles"][0];
    let (mut clock, mut here) = (number(&totals["departure"]), None::<usize>);
    let (mut travel, mut waiting, mut service, mut late, mut weighted, mut doors) = (0, 0, 0, 0, 0, 0);
    let tasks: Vec<Value> = array(&request["shipments"])
        .iter()
        .flat_map(|one| {
            [("pickup", one), ("delivery", one)].map(|(kind, one)| (kind, one[kind].clone(), one.clone()))
        })
        .chain(
            array(&request["jobs"])
                .iter()
                .map(|job| ("job", job.clone(), job.clone())),
        )
        .map(|(kind, stop, order)| json!({"kind": kind, "stop": stop, "priority": order["priority"]}))
        .collect();
    for step in &all {
        let at = number(&step["location_index"]) as usize;
        let way = here.map_or(0, |here| number(&request["matrix"][here][at]));
        travel += way;
        assert_eq!(number(&step["arrival"]), clock + way, "{step}");
        assert_eq!(number(&step["duration"]), travel, "{step}");
        let begin = clock + way + number(&step["waiting_time"]);
        let delay = array(&step["violations"])
            .iter()
            .find(|one| one["cause"] == "delay")
            .map_or(0, |one| number(&one["duration"]));
        let mut urgency = 1;
        if let Some(task) = tasks
            .iter()
            .find(|task| task["kind"] == step["type"] && task["stop"]["id"] == step["id"])
        {
            urgency += number(&task["priority"]);
            assert_eq!(task["stop"]["location_index"], step["location_index"]);
            assert_eq!(task["stop"]["service"], step["service"]);
            let due = task["stop"]["time_windows"]
                .get(0)
                .map(|window| number(&window[1]));
            assert_eq!(delay, due.map_or(0, |due| (begin - due).max(0)), "{step}");
            let opens = task["stop"]["time_windows"]
                .get(0)
                .map_or(i64::MIN, |window| number(&window[0]));
            assert_eq!(begin, (clock + way).max(opens), "{step}");
        } else {
            assert!(
                ["start", "end"].contains(&step["type"].as_str().expect("a type")),
                "{step}"
            );
        }
        late += delay;
        weighted += urgency * delay;
        waiting += number(&step["waiting_time"]);
        service += number(&step["service"]);
        doors += step["click_to_door"].as_i64().unwrap_or(0);
        clock = begin + number(&step["service"]);
        here = Some(at);
    }
    if vehicle["end_index"].is_null() {
        let over = vehicle["time_window"]
            .get(1)
            .map_or(0, |end| (clock - number(end)).max(0));
        late += over;
        weighted += over;
    }
    let told = [
        "travel",
        "waiting",
        "service",
        "lateness",
        "weighted_lateness",
        "click_to_door",
        "finish",
    ]
    .map(|name| number(&totals[name]));
    assert_eq!(told, [travel, waiting, service, late, weighted, doors, clock]);
    let cost = number(&weights["travel"]) * travel
        + number(&weights["lateness"]) * weighted
        + number(&weights["finish"]) * (clock - number(&totals["departure"]));
    assert_eq!(number(&route["cost"]), cost);
    assert_eq!(number(&route["duration"]), travel);
    let over = array(&route["violations"])
        .iter()
        .find(|one| one["cause"] == "delay")
        .map_or(0, |one| number(&one["duration"]));
    assert_eq!(over, late);
    loads(vehicle, request, &all);
}

/// Loads follow from the amounts, and a violation is where one is too large.
fn loads(vehicle: &Value, request: &Value, all: &[Value]) {
    let amount = |id: &Value, kind: &Value| {
        let list = if kind == "job" { "jobs" } else { "shipments" };
        let orders = array(&request[list]);
        let of = |order: &&Value| {
            if kind == "job" {
                &order["id"] == id
            } else {
                &order["delivery"]["id"] == id
            }
        };
        let order = orders.iter().find(of).expect("an order");
        array(if kind == "job" {
            &order["delivery"]
        } else {
            &order["amount"]
        })
        .iter()
        .map(number)
        .collect::<Vec<_>>()
    };
    let dropped = |step: &&Value| step["type"] == "job" || step["type"] == "delivery";
    let mut load = vec![0; 2];
    for step in all.iter().filter(dropped) {
        let picked = all.iter().any(|other| {
            other["type"] == "pickup" && other["id"] == step["id"] && step["type"] == "delivery"
        });
        if !picked {
            load.iter_mut()
                .zip(amount(&step["id"], &step["type"]))
                .for_each(|(load, amount)| *load += amount);
        }
    }
    for step in all {
        let sign = match step["type"].as_str() {
            Some("pickup") => 1,
            Some("job" | "delivery") => -1,
            _ => 0,
        };
        if sign != 0 {
            load.iter_mut()
                .zip(amount(&step["id"], &step["type"]))
                .for_each(|(load, amount)| *load += sign * amount);
        }
        let told: Vec<i64> = array(&step["load"]).iter().map(number).collect();
        assert!(
            told.is_empty() && vehicle["capacity"].is_null() || told == load,
            "{step} {load:?}"
        );
        let capacity = array(&vehicle["capacity"]);
        let too_much = load
            .iter()
            .zip(&capacity)
            .any(|(load, most)| *load > number(most));
        let told = array(&step["violations"])
            .iter()
            .any(|one| one["cause"] == "load");
        assert_eq!(told, too_much, "{step}");
    }
}

proptest! {
    #![proptest_config(Cases { cases: 400, ..Cases::default() })]

    #[test]
    fn numbers_add_up_from_the_steps_and_nothing_is_left_out(request in requests()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (status, answer) = runtime.block_on(ask(&request));
        prop_assert_eq!(status, 200, "{}", answer);
        check(&request, &answer);
        let done = array(&request["actions"]);
        let is = |kind: &str, id: &Value| done.iter().any(|action| action["type"] == kind && &action["order_id"] == id);
        let mut expected: Vec<String> = array(&request["jobs"]).iter().map(|job| format!("job {}", job["id"])).collect();
        for shipment in array(&request["shipments"]) {
            let id = &shipment["delivery"]["id"];
            if !is("picked_up", id) {
                expected.push(format!("pickup {id}"));
            }
            if !is("delivered", id) {
                expected.push(format!("delivery {id}"));
            }
        }
        let mut found: Vec<String> = steps(&answer).into_iter().filter(|step| step.contains(' ')).collect();
        expected.sort();
        found.sort();
        prop_assert_eq!(found, expected);
        if let Some(history) = answer.get("history") {
            let doors = array(&history["click_to_door"]);
            for run in ["actual", "best"] {
                let sum: i64 = doors.iter().map(|door| number(&door[run])).sum();
                prop_assert_eq!(number(&history[run]["click_to_door"]), sum);
            }
            let shortest = answer["weights"] == json!({"travel": 1, "lateness": 0, "finish": 0});
            let free = request["vehicles"][0]["capacity"].is_null();
            if shortest && free && history["proof"]["status"] == "optimal" {
                let travel = |run: &str| number(&history[run]["travel"]);
                prop_assert!(travel("best") <= travel("actual"), "{}", history);
            }
        }
    }
}
