//! Progress while it runs, and the summary.

use std::time::Duration;

use indicatif::HumanCount;
use serde_json::json;

use super::{Made, Order};

/// Prints the summary.
pub(super) fn print(order: &Order, made: &Made, tables: &str, elapsed: Duration, json: bool) {
    let per_second = (order.rows as f64 / elapsed.as_secs_f64()).round();
    let Made {
        due,
        published,
        scheduled,
        cancelled,
    } = made;
    if json {
        let summary = json!({
            "database": tables, "rows": order.rows, "due": due, "at": order.at, "published": published,
            "scheduled": scheduled, "cancelled": cancelled, "centers": order.centers, "seed": order.seed,
            "elapsed_s": elapsed.as_secs_f64(), "rows_per_s": per_second,
        });
        println!("{summary}");
        return;
    }
    let [rows, due, published, scheduled, cancelled] =
        [&order.rows, due, published, scheduled, cancelled].map(|count| HumanCount(*count));
    println!(
        "{rows} lessons of {} centers in {:.1} s ({}/s): {due} open at {}, {published} are open, {scheduled} open \
         later, {cancelled} are cancelled; in {tables}",
        HumanCount(order.centers.into()),
        elapsed.as_secs_f64(),
        HumanCount(per_second as u64),
        order.at,
    );
}
