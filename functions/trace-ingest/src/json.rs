//! Reading JSON field by field and item by item.
//!
//! serde's derive stops at the first wrong field and cannot keep the unknown
//! ones as they were. A trace must say which field is wrong, and its unknown
//! fields are stored. So an object is split into raw fields first; each is then
//! taken with the type that it should have.
//!
//! Whatever is wrong is said in fixed words: serde_json's own quote the value.

mod extra;
mod fields;
mod items;
mod not_a_number;

pub use extra::Extra;
pub use fields::{BadField, Fields};
pub use items::{Items, items};
pub use not_a_number::quoted;
