//! Which travel times a request means.

use crate::{places::Ways, request::Request, value::Bad};

/// VROOM's default profile.
const PROFILE: &str = "car";
/// A rider in a city, as the crow flies: 20 km/h.
const SPEED_KMH: f64 = 20.0;
/// Fastest speed that makes sense, in km/h.
const MAX_SPEED_KMH: f64 = 1_000.0;

/// Takes the matrix of the vehicle's profile out of the request; without any, times
/// are those of the great circle.
///
/// # Errors
/// When there are matrices but none for the profile, when it is not square, or when
/// a speed makes no sense.
pub fn of(request: &mut Request) -> Result<Ways, Bad> {
    let vehicle = request.vehicles.first();
    let speed_factor = vehicle.and_then(|vehicle| vehicle.speed_factor).unwrap_or(1.0);
    if !(speed_factor > 0.0 && speed_factor <= 5.0) {
        return Err(Bad::at(
            "vehicles[0].speed_factor",
            "must be above 0, and 5 at most",
        ));
    }
    let profile = vehicle
        .and_then(|vehicle| vehicle.profile.as_deref())
        .unwrap_or(PROFILE);
    let given = match (request.matrix.take(), request.matrices.take()) {
        (Some(_), Some(_)) => return Err(Bad::at("matrix", "stands beside matrices; give one of them")),
        (Some(rows), None) => Some((rows, "matrix".to_owned())),
        (None, Some(mut matrices)) if !matrices.is_empty() => {
            let matrix = matrices.remove(profile).unwrap_or_default();
            let path = format!("matrices.{profile}");
            if matrix.costs.is_some() {
                return Err(Bad::at(path + ".costs", "is not supported; see options.weights"));
            }
            let path = path + ".durations";
            let missing = || Bad::at(&path, "is missing; it is the matrix of the vehicle's profile");
            Some((matrix.durations.ok_or_else(missing)?, path))
        }
        (None, _) => None,
    };
    let speed = request
        .options
        .as_ref()
        .and_then(|options| options.speed_kmh)
        .unwrap_or(SPEED_KMH);
    if !(speed > 0.0 && speed <= MAX_SPEED_KMH) {
        return Err(Bad::at("options.speed_kmh", "must be above 0, and 1000 at most"));
    }
    match given {
        Some((rows, path)) => square(&rows, &path).map(|()| Ways::Given {
            rows,
            speed_factor,
            path,
        }),
        None => Ok(Ways::GreatCircle {
            speed: speed / 3.6 * speed_factor,
        }),
    }
}

fn square(rows: &[Vec<u32>], path: &str) -> Result<(), Bad> {
    let size = rows.len();
    let Some(place) = rows.iter().position(|row| row.len() != size) else {
        return Ok(());
    };
    let reason = format!(
        "has {} numbers; the matrix has {size} rows and must be square",
        rows[place].len()
    );
    Err(Bad::at(format!("{path}[{place}]"), reason))
}
