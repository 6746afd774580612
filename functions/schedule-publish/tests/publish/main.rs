//! Publishing on real databases, with slots of a second.

#[cfg(target_os = "linux")]
mod clocks;
mod events;
mod linking;
mod locks;
mod outages;
mod replays;
mod slots;
mod support;
mod takeover;
