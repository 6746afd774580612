//! Requests as VROOM's users write them, unchanged.

mod support;

use serde_json::{Value, json};
use support::{solved, steps};

/// One van, a matrix, and one of each kind of task; nothing here is ours.
fn request() -> Value {
    json!({
        "vehicles": [{
            "id": 3, "profile": "van", "description": "the red one", "start_index": 0, "end_index": 0,
            "capacity": [4, 10], "skills": [2, 8], "time_window": [28_800, 36_000], "speed_factor": 2.0,
            "type": "small", "max_tasks": 9, "costs": {"per_hour": 3_600}, "breaks": [],
            "steps": [{"type": "start"}, {"type": "end"}],
        }],
        "jobs": [
            {"id": 21, "description": "a parcel", "location": [2.28, 48.6], "location_index": 1, "service": 300,
             "delivery": [1, 2], "skills": [8], "priority": 7, "time_windows": [[28_800, 30_000], [32_000, 33_000]]},
            {"id": 22, "location_index": 2, "setup": 40, "setup_per_type": {"small": 30, "large": 99}, "service": 60},
        ],
        "shipments": [{
            "amount": [2, 3], "priority": 1, "skills": [2],
            "pickup": {"id": 31, "location_index": 3, "service": 120},
            "delivery": {"id": 31, "location_index": 4, "service": 90, "time_windows": [[0, 28_900]]},
        }],
        "matrices": {
            "van": {"durations": [[0, 200, 400, 600, 800], [200, 0, 300, 500, 700], [400, 300, 0, 350, 650],
                                  [600, 500, 350, 0, 450], [800, 700, 650, 450, 0]],
                    "distances": [[0]]},
            "car": {"durations": [[0]]},
        },
    })
}

#[tokio::test]
async fn a_request_with_all_that_vroom_knows_of_one_vehicle_is_answered_in_its_words() {
    let answer = solved(&request()).await;
    let route = &answer["routes"][0];
    assert_eq!(
        (answer["code"].as_u64(), &answer["unassigned"]),
        (Some(0), &json!([]))
    );
    assert_eq!(
        (&route["vehicle"], &route["description"]),
        (&json!(3), &json!("the red one"))
    );
    let sums = json!({
        "delivery": [3, 5], "amount": [3, 5], "pickup": [2, 3], "service": 570, "setup": 30, "priority": 9,
    });
    for of in [route, &answer["summary"]] {
        for (name, expected) in sums.as_object().expect("an object") {
            assert_eq!(&of[name], expected, "{name}");
        }
        for name in ["cost", "duration", "waiting_time", "violations"] {
            assert_eq!(of[name], route[name], "{name}");
        }
    }
    assert_eq!(
        (&answer["summary"]["routes"], &answer["summary"]["unassigned"]),
        (&json!(1), &json!(0))
    );
    let mut kinds = steps(&answer);
    assert_eq!(
        (
            kinds.first().map(String::as_str),
            kinds.last().map(String::as_str)
        ),
        (Some("start"), Some("end"))
    );
    kinds.sort();
    assert_eq!(
        kinds,
        ["delivery 31", "end", "job 21", "job 22", "pickup 31", "start"]
    );
}

#[tokio::test]
async fn steps_say_what_vroom_s_say() {
    let answer = solved(&request()).await;
    let steps = answer["routes"][0]["steps"].as_array().expect("steps");
    let start = json!({"type": "start", "location_index": 0, "setup": 0, "service": 0, "waiting_time": 0,
                       "load": [1, 2], "arrival": 28_800, "duration": 0, "violations": []});
    assert_eq!(steps[0], start);
    let of = |kind: &str, id: u64| {
        let same = |step: &&Value| step["type"] == kind && step["id"] == id;
        steps.iter().find(same).expect("a step")
    };
    let parcel = of("job", 21);
    assert_eq!(
        (&parcel["description"], &parcel["location"]),
        (&json!("a parcel"), &json!([2.28, 48.6]))
    );
    let delivery = of("delivery", 31);
    let late = delivery["arrival"].as_i64().expect("a time") - 28_900;
    assert_eq!(
        delivery["violations"],
        json!([{"cause": "delay", "duration": late}])
    );
    // 600 s of the matrix, at twice the speed.
    assert!(of("pickup", 31)["duration"].as_i64() <= Some(200 + 300 + 350));
    let cumulated: Vec<i64> = steps
        .iter()
        .filter_map(|step| step["duration"].as_i64())
        .collect();
    assert!(cumulated.is_sorted(), "{cumulated:?}");
}

#[tokio::test]
async fn the_matrix_of_vroom_s_first_versions_works_too() {
    let mut old = request();
    let rows = old["matrices"]["van"]["durations"].take();
    old["matrix"] = rows;
    old.as_object_mut().expect("an object").remove("matrices");
    assert_eq!(solved(&old).await["routes"], solved(&request()).await["routes"]);
}

/// What VROOM's own documentation calls a route: places, and nothing else.
#[tokio::test]
async fn places_alone_are_enough() {
    let paris = json!({
        "vehicles": [{"id": 0, "start": [2.35, 48.86], "end": [2.35, 48.86]}],
        "jobs": [{"id": 0, "location": [2.37, 48.85]}, {"id": 1, "location": [2.29, 48.857]}],
    });
    let answer = solved(&paris).await;
    let travel = answer["summary"]["duration"].as_i64().expect("seconds");
    // About 12 km as the crow flies at 20 km/h.
    assert!((1_900..2_400).contains(&travel), "{travel}");
    assert_eq!(answer["routes"][0]["steps"][0]["arrival"], 0);
    let mut faster = paris.clone();
    faster["options"] = json!({"speed_kmh": 40});
    assert!(
        solved(&faster).await["summary"]["duration"]
            .as_i64()
            .expect("seconds")
            * 2
            <= travel + 4
    );
}

#[tokio::test]
async fn without_working_hours_the_rider_is_just_in_time_for_the_first_window() {
    let absolute = json!({
        "vehicles": [{"id": 0, "start_index": 0}],
        "jobs": [{"id": 1, "location_index": 1, "time_windows": [[1_769_443_200, 1_769_443_200]]}],
        "matrix": [[0, 60], [60, 0]],
    });
    let totals = &solved(&absolute).await["totals"];
    assert_eq!(
        (&totals["departure"], &totals["waiting"], &totals["lateness"]),
        (&json!(1_769_443_140), &json!(0), &json!(0))
    );
    let mut relative = absolute.clone();
    relative["jobs"][0]["time_windows"] = json!([[0, 20]]);
    let totals = &solved(&relative).await["totals"];
    assert_eq!(
        (&totals["departure"], &totals["lateness"]),
        (&json!(0), &json!(40))
    );
}
