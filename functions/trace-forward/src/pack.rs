//! Packing things of two sizes into as few bins as reasonable.

use std::ops::{Add, AddAssign};

/// What something takes up, or what a bin holds at most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Bytes.
    pub bytes: usize,
    /// Lines of a record, or records of a call.
    pub items: usize,
}

impl Size {
    /// Whether this is within `limit` both ways.
    pub fn fits(self, limit: Size) -> bool {
        self.bytes <= limit.bytes && self.items <= limit.items
    }

    /// The larger of the two shares of `limit`, times a constant.
    fn dominant_share(self, limit: Size) -> u64 {
        let share = |part: usize, other_limit: usize| part as u64 * other_limit as u64;
        share(self.bytes, limit.items).max(share(self.items, limit.bytes))
    }
}

impl Add for Size {
    type Output = Size;

    fn add(self, other: Size) -> Size {
        Size {
            bytes: self.bytes + other.bytes,
            items: self.items + other.items,
        }
    }
}

impl AddAssign for Size {
    fn add_assign(&mut self, other: Size) {
        *self = *self + other;
    }
}

/// Packs things of these `sizes`, each within `limit`, into bins within
/// `limit`. Each bin lists indices into `sizes`, ascending.
///
/// First-fit decreasing by the dominant share: large things first, each into
/// the first bin with room. No two bins could be joined, and things that are
/// small next to the limit leave no bin but the last less than nearly full,
/// which is what counts: Firehose bills a record by started 5 KB. Packing only
/// into the newest bin leaves bins half empty when sizes vary.
pub fn first_fit_decreasing(sizes: &[Size], limit: Size) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(sizes[*index].dominant_share(limit)));
    let least = Size {
        bytes: sizes.iter().map(|size| size.bytes).min().unwrap_or(0),
        items: sizes.iter().map(|size| size.items).min().unwrap_or(0),
    };
    let mut bins: Vec<(Size, Vec<usize>)> = Vec::new();
    // Bins that still have room for the least thing; without this, 10,000
    // messages that fill a bin each would be compared with each other.
    let mut open: Vec<usize> = Vec::new();
    for index in order {
        let size = sizes[index];
        debug_assert!(size.fits(limit), "thing {index} does not fit into any bin");
        let place = open.iter().position(|bin| (bins[*bin].0 + size).fits(limit));
        let place = place.unwrap_or_else(|| {
            open.push(bins.len());
            bins.push((Size::default(), Vec::new()));
            open.len() - 1
        });
        let (used, things) = &mut bins[open[place]];
        *used += size;
        things.push(index);
        if !(*used + least).fits(limit) {
            open.remove(place);
        }
    }
    let sorted = |mut things: Vec<usize>| {
        things.sort_unstable();
        things
    };
    bins.into_iter().map(|(_, things)| sorted(things)).collect()
}
