use serde::Serialize;

use super::Refused;

/// A finite number that is not negative: metres, metres per second.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NonNegative(f64);

/// Degrees clockwise from true north, 0 to 360.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HeadingDeg(f64);

/// Charge of the battery, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BatteryPct(f64);

impl NonNegative {
    /// Checks `value`.
    pub fn new(value: f64) -> Result<Self, Refused> {
        const REASON: Refused = Refused::because("must not be negative");
        (0.0..f64::INFINITY)
            .contains(&value)
            .then_some(Self(value))
            .ok_or(REASON)
    }
}

impl HeadingDeg {
    /// Checks `degrees`.
    pub fn new(degrees: f64) -> Result<Self, Refused> {
        const REASON: Refused = Refused::because("must be between 0 and 360");
        (0.0..=360.0)
            .contains(&degrees)
            .then_some(Self(degrees))
            .ok_or(REASON)
    }
}

impl BatteryPct {
    /// Checks `percent`.
    pub fn new(percent: f64) -> Result<Self, Refused> {
        const REASON: Refused = Refused::because("must be between 0 and 100");
        (0.0..=100.0)
            .contains(&percent)
            .then_some(Self(percent))
            .ok_or(REASON)
    }
}
