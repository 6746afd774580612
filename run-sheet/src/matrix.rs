//! Travel times between locations.

/// A square matrix of travel times in seconds; row from, column to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    size: usize,
    seconds: Vec<u32>,
}

impl Matrix {
    /// Takes `size * size` seconds, row by row.
    ///
    /// # Panics
    /// If there are more or fewer.
    pub fn new(size: usize, seconds: Vec<u32>) -> Self {
        assert_eq!(seconds.len(), size * size, "a matrix of {size} rows is square");
        Self { size, seconds }
    }

    /// How many locations there are.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Seconds from one location to another.
    pub fn get(&self, from: usize, to: usize) -> u32 {
        self.seconds[from * self.size + to]
    }

    /// Seconds from a location to each.
    pub(crate) fn from(&self, location: usize) -> &[u32] {
        &self.seconds[location * self.size..][..self.size]
    }

    /// The longest travel time, in seconds.
    pub fn longest(&self) -> u32 {
        self.seconds.iter().copied().max().unwrap_or(0)
    }
}
