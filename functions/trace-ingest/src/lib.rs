//! Phones post locations; the answer means that they are safe in SQS.
//!
//! A request flows one way: [`handler`] lets it in, [`body`] unpacks it,
//! [`dialect`] turns what the client speaks into [`trace`]s made of checked
//! [`value`]s, [`queue`] makes them durable while [`newest`] tells live readers,
//! and the dialect says how the client wants to hear about it.

pub mod answer;
pub mod body;
pub mod config;
pub mod dialect;
pub mod error;
pub mod handler;
pub mod json;
pub mod newest;
pub mod queue;
pub mod trace;
pub mod value;
