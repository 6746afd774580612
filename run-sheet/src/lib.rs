//! The best order of one rider's stops, proven best where that can be done.
//!
//! # The model
//!
//! One rider, n orders: each is picked up before it is dropped off, or is on board
//! already. Travel times come from a matrix that may be asymmetric and need not obey
//! the triangle inequality. Stops take time; a window's start is waited for, its end
//! is soft; the route ends at its last stop or somewhere else. Every order is
//! delivered: a pickup is made if the load afterwards is within the capacity, *or if
//! nothing else is on board*, so that an order that is too large rides alone. The
//! literature calls it the single-vehicle pickup and delivery problem with soft time
//! windows; without windows it is the travelling salesman problem with pickup and
//! delivery (TSPPD).
//!
//! [`solve`] looks for the least
//!
//! > travel weight × travel + lateness weight × Σ urgency × lateness + finish weight × (finish − departure)
//!
//! in whole seconds and whole weights, so that a proof has no rounding in it.
//! [`Schedule::of`] adds the same up from a sequence of [`Task`]s, apart from the
//! search.
//!
//! # How it is solved
//!
//! | what the cost depends on | orders | search | proof |
//! |---|---|---|---|
//! | travel alone | up to 10 | all subsets | always |
//! | | 11 to 24 | layers, cut by relaxed routes | nearly always up to 15, mostly at 20 |
//! | | more | local search | a lower bound |
//! | when it gets where | up to 12 | labels, cut by earliest times | nearly always |
//! | | more | local search | a lower bound |
//!
//! **Local search** takes orders out and puts each back where it costs least
//! ([ruin and recreate][ruin], the pair of stops as the unit), in rounds from the best
//! route and from new ones in turn. Where a stop has one window at most, what a delay
//! costs the rest of a route is a sum whose terms do not depend on where the delay
//! began, so a place is priced without following the route. It comes first everywhere
//! but where all subsets are looked at: the better the best known route, the more the
//! bounds below rule out.
//!
//! **All subsets.** [Held and Karp][hk]'s program with a ternary digit per order: 0
//! waiting, 1 on board, 2 delivered. 3^n rows, a lane per order that was served
//! last.
//!
//! **Layers, cut by relaxed routes.** The same states, but stop by stop, and only
//! those whose shortest way plus a bound on the rest is below the best known length.
//! When none is left, or the shortest that is left is a route, the proof is done:
//! every other route was ruled out by a bound that holds for it. The bound comes from
//! routes that forget: they treat q *tracked* orders as they should (3^q states), and
//! of the others know only how many stops they have made ([state space
//! relaxation][cmt], with [places in the route][pq] as in the time-dependent
//! travelling salesman problem). They may visit a stop twice or deliver before they
//! pick up, but not go back to where they were just before (no 2-cycles, which halves
//! the gap). Whatever relaxed routes do wrong gets a price (Lagrangian multipliers),
//! found by [subgradient steps][hk2]: a price for each stop that is not visited
//! exactly once, and for each order and place in the route at which the delivery
//! comes too early. For any prices p ≥ 0 of early deliveries and any of visits,
//!
//! > length(route) ≥ length(route) + Σ p · violation(route) ≥ min over relaxed routes,
//!
//! since a real route visits each stop once and violates nothing. Orders are tracked
//! one after another, those that are done most wrong first ([decremental state space
//! relaxation][dssr]), until the bound meets the best length or the layers are few.
//! Prices, bound and layers are whole numbers, so no proof depends on rounding.
//!
//! **Labels, cut by earliest times.** Where time matters a state has several labels
//! (time, cost). One is dropped if another is no later and no dearer, or later but
//! cheaper by more than its delay can cost: a second's delay costs at most the finish
//! weight and the lateness weights of all stops that are left. The bound is a table
//! over all subsets again: what finishing costs at least if each state on the way is
//! reached at its earliest time, or late by at least one of a few delays. Times only
//! grow with times, so that no real route is cheaper. What it took to get to a state
//! is bounded in the same way, and a state whose two parts are no better than the best
//! known route leaves the table, as nearly all do.
//!
//! # What is promised
//!
//! - An answer exists at once (a fraction of a millisecond up to 200 orders) and only
//!   gets better.
//! - The same problem and seed give the same route, as long as the clock does not end
//!   the search: work is counted, and the clock is only the last resort.
//! - Memory is checked before it is taken ([`Options::memory`], 512 MiB).
//! - One thread: on a Lambda function of 1,769 MB there is one processor.
//!
//! Nothing in here knows AWS, HTTP or JSON.
//!
//! [ruin]: https://doi.org/10.1006/jcph.1999.6413 "Schrimpf et al. 2000"
//! [hk]: https://doi.org/10.1137/0110015 "Held and Karp 1962"
//! [hk2]: https://doi.org/10.1007/BF01584070 "Held and Karp 1971"
//! [cmt]: https://doi.org/10.1002/net.3230110207 "Christofides, Mingozzi and Toth 1981"
//! [pq]: https://doi.org/10.1287/opre.26.1.86 "Picard and Queyranne 1978"
//! [dssr]: https://doi.org/10.1002/net.20212 "Righini and Salani 2008"

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
