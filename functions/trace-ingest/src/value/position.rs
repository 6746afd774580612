use serde::Serialize;

use super::Refused;

/// Degrees north, -90 to 90, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Latitude(f64);

/// Degrees east, -180 to 180, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Longitude(f64);

impl Latitude {
    /// Checks `degrees`.
    pub fn new(degrees: f64) -> Result<Self, Refused> {
        const REASON: Refused = Refused::because("must be between -90 and 90");
        within(degrees, 90.0).map(Self).ok_or(REASON)
    }

    /// The degrees.
    pub fn degrees(self) -> f64 {
        self.0
    }
}

impl Longitude {
    /// Checks `degrees`.
    pub fn new(degrees: f64) -> Result<Self, Refused> {
        const REASON: Refused = Refused::because("must be between -180 and 180");
        within(degrees, 180.0).map(Self).ok_or(REASON)
    }

    /// The degrees.
    pub fn degrees(self) -> f64 {
        self.0
    }
}

/// Adding 0 makes -0 and 0 the same position, and so the same trace id.
fn within(degrees: f64, limit: f64) -> Option<f64> {
    (-limit..=limit).contains(&degrees).then_some(degrees + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_poles_and_the_date_line_are_in_and_nothing_beyond() {
        for degrees in [-90.0, 0.0, 90.0] {
            assert_eq!(Latitude::new(degrees).map(Latitude::degrees), Ok(degrees));
        }
        for degrees in [90.000_001, -91.0, f64::NAN, f64::INFINITY] {
            assert!(Latitude::new(degrees).is_err(), "{degrees}");
        }
        assert!(Longitude::new(180.0).is_ok() && Longitude::new(-180.0).is_ok());
        assert!(Longitude::new(180.1).is_err() && Longitude::new(f64::NAN).is_err());
    }

    #[test]
    fn minus_zero_is_zero() {
        assert!(
            Latitude::new(-0.0)
                .expect("in range")
                .degrees()
                .is_sign_positive()
        );
    }
}
