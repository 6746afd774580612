//! Lower bounds from routes that forget.
//!
//! A relaxed route makes as many stops as a real one, and treats the orders that
//! are *tracked* as it should: each picked up once, then delivered once. Of the
//! other orders it only knows how many of their stops it has made, so it may stop
//! somewhere twice and elsewhere never, or deliver before it has picked up, as long
//! as it does not go back to where it has just been (no 2-cycles). The shortest
//! relaxed route is a lower bound, and so is the shortest way to finish from each
//! relaxed state for every real state that it stands for.
//!
//! [`prices`] make the bound strong: a stop that is made too often gets dearer, one
//! that is left out cheaper, and so does delivering before picking up. Whatever the
//! prices are the bound holds (Lagrangian relaxation); [`ascent`] looks for good
//! ones, and [`track`] for the orders that are worth tracking.
//!
//! Sources: Christofides, Mingozzi and Toth 1981 (state space relaxation and
//! 2-cycles), Picard and Queyranne 1978 (stops by their place in the route), Held
//! and Karp 1971 (prices by subgradient steps), Boland, Dethridge and Dumitrescu
//! 2006 and Righini and Salani 2008 (tracking what the relaxed route violates).

pub(crate) mod ascent;
mod fill;
pub(crate) mod prices;
pub(crate) mod scale;
pub(crate) mod table;
pub(crate) mod track;
