//! The best order of one rider's stops.
//!
//! One rider, n orders: each is picked up before it is dropped off, or is on
//! board already. Travel times come from a matrix that may be asymmetric and need
//! not obey the triangle inequality. The literature calls it the single-vehicle
//! pickup and delivery problem with soft time windows; without windows it is the
//! travelling salesman problem with pickup and delivery (TSPPD).
//!
//! Nothing in here knows AWS, HTTP or JSON.

mod answer;
mod arcs;
mod budget;
mod clockwork;
mod exact;
mod instance;
mod local_search;
mod matrix;
mod problem;
mod schedule;
mod solve;
mod validate;

pub use answer::{Answer, Improvement, Proof, StopReason};
pub use budget::{Clock, Monotonic, Options};
pub use matrix::Matrix;
pub use problem::{Order, Problem, Stop, Task, Weights, Window};
pub use schedule::{Schedule, Totals, Visit};
pub use solve::solve;
pub use validate::{Invalid, MAX_ORDERS, MAX_SECONDS, MAX_WEIGHT};
