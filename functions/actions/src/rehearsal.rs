//! Nobody's run sheet, made while the function starts.
//!
//! The first search of an environment pays for memory and code that no search has
//! touched, and its first answer for reading, checking and writing what none has.

use std::time::Duration;

use shared::warmup::{Failed, Ping};

use crate::{
    case::Case,
    error::ActionError,
    handler::text,
    hindsight::Past,
    plan::Plan,
    request,
    search::{self, solve},
};

/// Orders with due times, on board and to be picked up, and a past.
const REQUEST: &[u8] = include_bytes!("rehearsal.json");
/// Proven long before, with a whole processor.
const BUDGET: Duration = Duration::from_millis(100);

/// A search with as many bytes as those of requests may allocate; it calls nobody, and
/// its sheet is recorded nowhere.
pub fn ping<'a>(memory: usize) -> Ping<'a> {
    let ping = Ping::new("search", move || async move {
        rehearse(memory).await.map_err(|error| Failed::new(error.tag()))
    });
    // Where someone waits, for whom it costs what it saves.
    ping.seldom()
}

async fn rehearse(memory: usize) -> Result<(), ActionError> {
    let case = Case::of(request::read(REQUEST)?)?;
    let plan = Plan::of(&case)?;
    let past = Past::of(&case, &plan.problem.travel)?;
    let options = run_sheet::Options {
        budget: BUDGET,
        seed: 0,
        memory,
    };
    let response = search::beside(solve, &case, (plan, past), options, Duration::ZERO).await?;
    text(&response).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_is_a_request_like_any_other() {
        assert!(rehearse(64 << 20).await.is_ok());
    }
}
