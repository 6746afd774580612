//! When a schedule is due: the expressions of EventBridge and what limits them.
//!
//! Nothing here runs anything or looks at a clock.

mod cron;
mod error;
mod expression;
mod field;
#[cfg(test)]
mod tests;
mod times;

pub use cron::Cron;
pub use error::ExpressionError;
pub use expression::Expression;
pub use times::Times;
