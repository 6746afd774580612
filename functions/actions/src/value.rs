//! Values that are checked while they are read.

use std::borrow::Cow;

use run_sheet::MAX_SECONDS;
use serde::{Deserialize, Serialize};

/// Most numbers in an amount or a capacity.
const MAX_DIMENSIONS: usize = 32;
/// Largest number in an amount or a capacity, and farthest start of a window from 0.
const MAX: i64 = 1 << 40;
/// Most characters of a path that are said back.
const PATH_SHOWN: usize = 128;
/// What stands for the end of a window that has none: later than any route, and
/// early enough to be reckoned with.
pub const NO_END: i64 = 1 << 41;

/// A field and what is wrong with it, in words that never hold its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad {
    /// Its path in the request, such as `shipments[3].delivery.location`.
    pub field: String,
    /// What it has to be.
    pub reason: Cow<'static, str>,
}

impl Bad {
    /// What is wrong with the field at this path, which is cut where a client's own
    /// names make it long.
    pub fn at(field: impl Into<String>, reason: impl Into<Cow<'static, str>>) -> Self {
        let mut field = field.into();
        if let Some((end, _)) = field.char_indices().nth(PATH_SHOWN) {
            field = format!("{}…", &field[..end]);
        }
        Self {
            field,
            reason: reason.into(),
        }
    }
}

/// Longitude and latitude in degrees, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize)]
#[serde(try_from = "Vec<f64>", into = "[f64; 2]")]
pub struct Location {
    /// Degrees east, -180 to 180.
    pub lon: f64,
    /// Degrees north, -90 to 90.
    pub lat: f64,
}

impl TryFrom<Vec<f64>> for Location {
    type Error = &'static str;

    fn try_from(numbers: Vec<f64>) -> Result<Self, Self::Error> {
        match numbers[..] {
            // Adding 0 makes -0 and 0 the same place.
            [lon, lat] if lon.abs() <= 180.0 && lat.abs() <= 90.0 => Ok(Self {
                lon: lon + 0.0,
                lat: lat + 0.0,
            }),
            _ => Err("must be [longitude, latitude] in degrees, -180 to 180 and -90 to 90"),
        }
    }
}

impl From<Location> for [f64; 2] {
    fn from(location: Location) -> Self {
        [location.lon, location.lat]
    }
}

/// From when and until when, in seconds; the end is soft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<i64>")]
pub struct TimeWindow {
    /// Waited for.
    pub start: i64,
    /// Due; [`NO_END`] at most.
    pub end: i64,
}

impl TryFrom<Vec<i64>> for TimeWindow {
    type Error = &'static str;

    fn try_from(numbers: Vec<i64>) -> Result<Self, Self::Error> {
        match numbers[..] {
            [start, end] if start <= end && (-MAX..=MAX).contains(&start) => Ok(Self {
                start,
                end: if end > MAX { NO_END } else { end },
            }),
            _ => {
                Err("must be [start, end] in whole seconds, the start within 2^40 of 0 and not after the end")
            }
        }
    }
}

/// What an order takes, or a rider can carry, in each dimension.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<u64>")]
pub struct Amount(pub Vec<i64>);

impl TryFrom<Vec<u64>> for Amount {
    type Error = &'static str;

    fn try_from(numbers: Vec<u64>) -> Result<Self, Self::Error> {
        let checked = |number| i64::try_from(number).ok().filter(|number| *number <= MAX);
        let numbers: Option<Vec<i64>> = numbers.into_iter().map(checked).collect();
        match numbers {
            Some(numbers) if numbers.len() <= MAX_DIMENSIONS => Ok(Self(numbers)),
            _ => Err("must be at most 32 whole numbers, each 0 to 2^40"),
        }
    }
}

/// A whole number from 0 to a limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u64")]
pub struct UpTo<const LIMIT: u64>(pub u64);

impl<const LIMIT: u64> TryFrom<u64> for UpTo<LIMIT> {
    type Error = String;

    fn try_from(number: u64) -> Result<Self, Self::Error> {
        if number > LIMIT {
            return Err(format!("must be {LIMIT} at most"));
        }
        Ok(Self(number))
    }
}

/// Seconds that a stop takes.
pub type Seconds = UpTo<{ MAX_SECONDS as u64 }>;

impl Seconds {
    /// The seconds.
    pub fn get(self) -> u32 {
        // The limit fits.
        self.0 as u32
    }
}
