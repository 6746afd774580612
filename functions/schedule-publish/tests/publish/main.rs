//! Publishing on real databases, with slots of a second.

mod events;
mod linking;
mod locks;
mod outages;
mod replays;
mod slots;
mod support;
mod takeover;
