//! How much is measured.

/// Sizes and rounds.
pub struct Scale {
    /// Lessons in the large table.
    pub rows: i64,
    /// Lessons due, and rounds.
    pub fire: Vec<(usize, usize)>,
    /// Slots in which nothing may be early.
    pub slots: usize,
    /// Flips of each shape beside bookings.
    pub flips: usize,
    /// Lessons in the smaller tables.
    pub smaller: Vec<i64>,
    /// Rounds over the tables.
    pub sizes: usize,
    /// Lessons due in other ways.
    pub ways: Vec<usize>,
    /// Rounds of these.
    pub way_rounds: usize,
    /// Whether a commit for each row is among them.
    pub alone: bool,
}

/// Lessons due where only the shape or the table varies.
pub const DUE: usize = 10_000;

impl Scale {
    /// What the kept report is made of.
    pub fn full() -> Self {
        Self {
            rows: 1_000_000,
            fire: vec![(3_000, 100), (10_000, 100), (100_000, 10)],
            slots: 1_000,
            flips: 12,
            smaller: vec![10_000, 100_000],
            sizes: 20,
            ways: vec![3_000, 10_000],
            way_rounds: 5,
            alone: true,
        }
    }

    /// A few minutes.
    pub fn quick() -> Self {
        Self {
            rows: 200_000,
            fire: vec![(3_000, 5), (10_000, 3), (100_000, 1)],
            slots: 40,
            flips: 2,
            smaller: vec![10_000, 50_000],
            sizes: 2,
            ways: vec![3_000, 10_000],
            way_rounds: 1,
            alone: false,
        }
    }
}
