//! Where stops are, and how long it takes from one to another.

use std::collections::HashMap;

use run_sheet::{MAX_SECONDS, Matrix};

use crate::value::{Bad, Location};

/// IUGG's mean radius of the Earth, in metres.
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A place as it was sent: at least what travel times need.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spot {
    /// Said back where it was given.
    pub location: Option<Location>,
    /// Row of the given matrix, if there is one.
    pub index: Option<usize>,
}

/// Where travel times come from.
#[derive(Debug)]
pub enum Ways {
    /// As they were given, divided by the speed factor.
    Given {
        /// Seconds, from row to column; square.
        rows: Vec<Vec<u32>>,
        /// What divides them.
        speed_factor: f64,
        /// Where they stand in the request.
        path: String,
    },
    /// On a sphere, at one speed.
    GreatCircle {
        /// Metres per second.
        speed: f64,
    },
}

/// The places of a request, each once; their order is that of the solver's matrix.
#[derive(Debug)]
pub struct Places {
    ways: Ways,
    spots: Vec<Spot>,
    known: HashMap<[u64; 2], usize>,
}

impl Places {
    /// None yet.
    pub fn new(ways: Ways) -> Self {
        let (spots, known) = Default::default();
        Self { ways, spots, known }
    }

    /// The place that these fields name, by its row.
    ///
    /// # Errors
    /// When the field that counts is missing, or out of the matrix: with a matrix
    /// it is the index, without one the location, as in VROOM.
    pub fn add(
        &mut self,
        location: Option<Location>,
        index: Option<usize>,
        fields: [&str; 2],
        path: &str,
    ) -> Result<usize, Bad> {
        let [named, indexed] = fields.map(|field| format!("{path}.{field}"));
        let index = match &self.ways {
            Ways::GreatCircle { .. } => None,
            Ways::Given { rows, .. } => {
                let index =
                    index.ok_or_else(|| Bad::at(&indexed, "is missing; with a matrix it says the row"))?;
                if index >= rows.len() {
                    let reason = format!("is not in the matrix of {} rows", rows.len());
                    return Err(Bad::at(indexed, reason));
                }
                Some(index)
            }
        };
        if index.is_none() && location.is_none() {
            return Err(Bad::at(named, "is missing; without a matrix it says the place"));
        }
        let key = match (index, location) {
            (None, Some(Location { lon, lat })) => [lon.to_bits(), lat.to_bits()],
            (index, _) => [index.unwrap_or_default() as u64, u64::MAX],
        };
        // Another stop at the same row may have no location, or its own: each keeps
        // what it said, and only the row is shared.
        Ok(*self.known.entry(key).or_insert_with(|| {
            self.spots.push(Spot { location, index });
            self.spots.len() - 1
        }))
    }

    /// Whether there is a matrix, so that indices count and locations do not.
    pub fn by_index(&self) -> bool {
        matches!(self.ways, Ways::Given { .. })
    }

    /// The index in the given matrix of the place in this row.
    pub fn index(&self, row: usize) -> Option<usize> {
        self.spots[row].index
    }

    /// Travel times between all places.
    ///
    /// # Errors
    /// When one is longer than the solver takes.
    pub fn matrix(&self) -> Result<Matrix, Bad> {
        let size = self.spots.len();
        let seconds = match &self.ways {
            Ways::Given {
                rows, speed_factor, ..
            } => self.given(rows, *speed_factor),
            Ways::GreatCircle { speed } => self.great_circle(*speed),
        };
        if let Some(place) = seconds.iter().position(|seconds| *seconds > MAX_SECONDS) {
            return Err(self.too_long(place / size, place % size));
        }
        Ok(Matrix::new(size, seconds))
    }

    fn given(&self, rows: &[Vec<u32>], speed_factor: f64) -> Vec<u32> {
        let indices = || self.spots.iter().map(|spot| spot.index.unwrap_or_default());
        // `as` saturates, and what is too long is refused.
        let divided = |seconds: u32| (f64::from(seconds) / speed_factor).round() as u32;
        indices()
            .flat_map(|from| indices().map(move |to| divided(rows[from][to])))
            .collect()
    }

    /// The haversine formula's distance, by the chord between points on the unit
    /// sphere: the same number, with the sines reckoned once for each place, and no
    /// special case at the poles or the date line.
    fn great_circle(&self, speed: f64) -> Vec<u32> {
        let points: Vec<[f64; 3]> = self.spots.iter().map(point).collect();
        points
            .iter()
            .flat_map(|from| {
                points.iter().map(move |to| {
                    let square: f64 = (0..3).map(|axis| (from[axis] - to[axis]).powi(2)).sum();
                    let angle = 2.0 * (square.sqrt() / 2.0).min(1.0).asin();
                    (angle * EARTH_RADIUS_M / speed).round() as u32
                })
            })
            .collect()
    }

    fn too_long(&self, from: usize, to: usize) -> Bad {
        let longest = format!("no travel time may be longer than {MAX_SECONDS} s");
        match (&self.ways, self.spots[from].index, self.spots[to].index) {
            (Ways::Given { path, .. }, Some(from), Some(to)) => {
                Bad::at(format!("{path}[{from}][{to}]"), longest)
            }
            _ => Bad::at("options.speed_kmh", longest),
        }
    }
}

fn point(spot: &Spot) -> [f64; 3] {
    let Location { lon, lat } = spot.location.unwrap_or(Location { lon: 0.0, lat: 0.0 });
    let (lon, lat) = (lon.to_radians(), lat.to_radians());
    [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
}

#[cfg(test)]
mod tests;
