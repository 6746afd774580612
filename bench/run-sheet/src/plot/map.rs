//! The map under a run sheet.

use super::{GRID, line};

/// Width of a map with its margin.
pub const PANEL: f64 = 468.0;
/// Height of a map, and where it begins.
const MAP: (f64, f64) = (348.0, 76.0);
/// Metres between the lines of the grid.
pub const GRID_M: f64 = 500.0;

/// From metres to places in the picture.
pub struct Map {
    left: f64,
    west: f64,
    north: f64,
    /// Of the picture's units.
    pub per_metre: f64,
}

impl Map {
    /// Fits the places into the map that begins at `left`.
    pub fn around(places: &[(f64, f64)], left: f64) -> Self {
        let least = |of: fn(&(f64, f64)) -> f64| places.iter().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&(f64, f64)) -> f64| places.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let (west, north) = (least(|place| place.0), least(|place| place.1));
        let (wide, high) = (most(|place| place.0) - west, most(|place| place.1) - north);
        let room = 64.0;
        let per_metre = ((PANEL - 24.0 - room) / wide).min((MAP.0 - room) / high);
        let margin = |all: f64, used: f64| (all - used * per_metre) / 2.0 / per_metre;
        Self {
            left,
            west: west - margin(PANEL - 24.0, wide),
            north: north - margin(MAP.0, high),
            per_metre,
        }
    }

    /// Where a place is in the picture.
    pub fn at(&self, (east, south): (f64, f64)) -> (f64, f64) {
        let x = self.left + (east - self.west) * self.per_metre;
        (x, MAP.1 + (south - self.north) * self.per_metre)
    }

    /// The map's paper.
    pub fn grid(&self) -> String {
        let (left, width, (height, top)) = (self.left, PANEL - 24.0, MAP);
        let (right, bottom) = (left + width, top + height);
        let mut svg = format!(
            "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"6\" fill=\"#ffffff\" stroke=\"{GRID}\"/>\n"
        );
        let stroke = "stroke=\"#eaeef2\"";
        let first = |least: f64| (least / GRID_M).ceil() * GRID_M;
        for step in 0.. {
            let metres = step as f64 * GRID_M;
            let (x, _) = self.at((first(self.west) + metres, 0.0));
            let (_, y) = self.at((0.0, first(self.north) + metres));
            if x < right - 1.0 {
                svg += &line((x, top + 1.0), (x, bottom - 1.0), stroke);
            }
            if y < bottom - 1.0 {
                svg += &line((left + 1.0, y), (right - 1.0, y), stroke);
            }
            if x >= right && y >= bottom {
                break;
            }
        }
        svg
    }
}
