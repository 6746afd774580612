use run_sheet::{Task, Weights, Window};

use super::Instance;
use super::file::{NO_END, TRAVEL_AND_LATENESS};

const ONE: &str = r#"{"name": "one", "n": 1, "open": true, "capacity": 2, "objective": "travel+10*late",
    "matrix": [[0, 5, 6], [0, 0, 7], [0, 8, 0]], "ready": [0, 60, 0], "due": [10000000, 10000000, 90],
    "service": [0, 3, 4], "best_known": 12, "route": [1, 2]}"#;

fn parsed(json: &str) -> Instance {
    Instance::parse("set", json).unwrap()
}

#[test]
fn ready_is_waited_for_and_due_is_soft() {
    let instance = parsed(ONE);
    let order = &instance.problem.orders[0];
    let pickup = order.pickup.as_ref().unwrap();
    assert_eq!(
        pickup.windows,
        [Window {
            start: 60,
            end: NO_END
        }]
    );
    assert_eq!(order.delivery.windows, [Window { start: 0, end: 90 }]);
    assert_eq!((pickup.location, pickup.service), (1, 3));
    assert_eq!((order.delivery.location, order.delivery.service), (2, 4));
    assert_eq!(instance.problem.weights, TRAVEL_AND_LATENESS);
    assert_eq!(instance.route.unwrap(), [Task::Pickup(0), Task::Delivery(0)]);
}

#[test]
fn an_order_takes_its_demand_or_one_of_the_capacity() {
    assert_eq!(parsed(ONE).problem.orders[0].amount, [1]);
    let demanding = ONE.replace(r#""capacity": 2"#, r#""capacity": 2, "demand": [0, 2, -2]"#);
    assert_eq!(parsed(&demanding).problem.orders[0].amount, [2]);
    assert!(Instance::parse("set", &demanding.replace("[0, 2, -2]", "[0, 3, -3]")).is_err());
}

#[test]
fn travel_alone_counts_without_an_objective_and_closed_routes_return() {
    let json = r#"{"name": "two", "n": 1, "open": false, "matrix": [[0, 5, 6], [9, 0, 7], [9, 8, 0]]}"#;
    let instance = parsed(json);
    assert_eq!(instance.problem.weights, Weights::TRAVEL);
    assert_eq!(instance.problem.end, Some(0));
    assert!(instance.problem.capacity.is_empty() && instance.problem.orders[0].amount.is_empty());
    assert!(instance.best.is_none() && instance.gap(5).is_none());
}

#[test]
fn the_gap_is_a_percentage_of_the_best_known() {
    assert_eq!(parsed(ONE).gap(15), Some(25.0));
    assert_eq!(parsed(ONE).gap(9), Some(-25.0));
}

#[test]
fn what_does_not_fit_together_is_refused() {
    for (from, to) in [
        ("[0, 8, 0]]", "[0, 8]]"),
        ("travel+10*late", "finish"),
        ("[0, 3, 4]", "[0, 3]"),
        (r#""route": [1, 2]"#, r#""route": [1, 3]"#),
    ] {
        assert!(Instance::parse("set", &ONE.replace(from, to)).is_err(), "{to}");
    }
}
