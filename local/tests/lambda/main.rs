//! The local Lambda's promises, each kept with a real child process: the
//! `probe` example behind a whole stack on a free port.

mod aws;
mod failures;
mod http;
mod invoke;
mod process;
mod scaling;
mod schedules;
mod sources;
mod support;
