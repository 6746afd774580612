//! Lengths as the table holds them: finer than seconds, and packed with a stop.

use crate::{
    arcs::{Arcs, NONE},
    instance::StopId,
};

/// Bits of a packed value that name a stop.
const STOP_BITS: u32 = 6;
const STOP_MASK: i32 = (1 << STOP_BITS) - 1;

/// The name of no stop; stops are below it.
pub(crate) const NO_STOP: StopId = STOP_MASK as StopId;

/// A packed value that stands for no way. Its stop is [`NO_STOP`].
pub(crate) const NO_WAY: i32 = i32::MAX / 4;

/// The length of a packed value.
pub(crate) fn length(packed: i32) -> i32 {
    packed >> STOP_BITS
}

/// The stop of a packed value.
pub(crate) fn stop(packed: i32) -> i32 {
    packed & STOP_MASK
}

/// A length and a stop as one number, ordered by the length first.
pub(crate) fn pack(length: i32, stop: StopId) -> i32 {
    (length << STOP_BITS) | stop as i32
}

/// A packed value with more length, and another stop.
#[inline(always)]
pub(crate) fn repack(packed: i32, more: i32, stop: StopId) -> i32 {
    ((packed & !STOP_MASK) + (more << STOP_BITS)) | stop as i32
}

/// How many parts of a second lengths are counted in, as a power of two.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale(u32);

impl Scale {
    /// The finest up to 1/32 s with which no sum overflows; none if seconds are
    /// too fine already, or if there are more stops than names.
    pub fn of(arcs: &Arcs) -> Option<Self> {
        let fits = |shift: &u32| {
            // A route of arcs, each with prices of at most twice the limit.
            let longest = i64::from(arcs.longest().max(1)) << shift;
            longest * (1 + 2 * PRICE_LIMIT) * (arcs.visits as i64 + 1) < i64::from(length(NO_WAY))
        };
        (arcs.stops < NO_STOP)
            .then(|| (0..=5).rev().find(fits))?
            .map(Self)
    }

    /// Parts of a second; [`NONE`] stays what it is.
    pub fn up(self, seconds: i32) -> i32 {
        if seconds >= NONE { NONE } else { seconds << self.0 }
    }

    /// Parts of a second, of any length.
    pub fn parts(self, seconds: i64) -> i64 {
        seconds << self.0
    }

    /// The least bound that rules out every route shorter than so many seconds.
    pub fn down_to(self, seconds: i64) -> i64 {
        self.parts(seconds - 1) + 1
    }

    /// Whole seconds that a bound comes to: lengths are whole.
    pub fn up_from(self, parts: i64) -> i64 {
        (parts + self.parts(1) - 1) >> self.0
    }

    /// The largest price in either direction: dearer than a few longest arcs
    /// nothing has to be.
    pub fn price_limit(self, arcs: &Arcs) -> f64 {
        PRICE_LIMIT as f64 * f64::from(self.up(arcs.longest().max(1)))
    }
}

/// In longest arcs.
const PRICE_LIMIT: i64 = 3;
