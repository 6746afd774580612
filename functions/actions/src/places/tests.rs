use super::*;
use proptest::prelude::*;

/// At one metre per second, so that seconds are metres.
fn metres(from: [f64; 2], to: [f64; 2]) -> u32 {
    let mut places = Places::new(Ways::GreatCircle { speed: 3.0 });
    let rows = [from, to].map(|[lon, lat]| {
        let location = Some(Location { lon, lat });
        places
            .add(location, None, ["location", "location_index"], "x")
            .expect("a place")
    });
    3 * places.matrix().expect("a matrix").get(rows[0], rows[1])
}

#[test]
fn distances_at_the_poles_across_the_date_line_and_around_the_globe() {
    for (from, to, expected) in [
        ([0.0, 0.0], [1.0, 0.0], 111_195),
        ([179.5, 0.0], [-179.5, 0.0], 111_195),
        ([180.0, 10.0], [-180.0, 10.0], 0),
        ([0.0, 90.0], [137.0, 90.0], 0),
        ([0.0, 90.0], [77.0, -90.0], 20_015_115),
        ([0.0, 89.5], [180.0, 89.5], 111_195),
        ([2.35044, 48.71764], [1.98935, 48.701], 26_559),
    ] {
        let found = metres(from, to);
        assert!(found.abs_diff(expected) <= 3, "{from:?} {to:?}: {found}");
    }
}

proptest! {
    #[test]
    fn the_chord_is_the_haversine(
        from in (-180.0..180.0f64, -90.0..90.0f64), to in (-180.0..180.0f64, -90.0..90.0f64),
    ) {
        let half = |a: f64, b: f64| ((a - b).to_radians() / 2.0).sin().powi(2);
        let h = half(from.1, to.1)
            + from.1.to_radians().cos() * to.1.to_radians().cos() * half(from.0, to.0);
        let expected = 2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin();
        let found = f64::from(metres([from.0, from.1], [to.0, to.1]));
        prop_assert!((found - expected).abs() < 3.0, "{found} {expected}");
    }
}
