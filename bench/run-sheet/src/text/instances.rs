//! Every instance.

use super::{Section, cells, header};
use crate::number::number;
use crate::row::Row;

/// A row for each, folded away.
pub fn instances(rows: &[Row]) -> Section {
    let mut text = "<details><summary>What ours came to on each</summary>\n\n".to_owned();
    text += &header(&[
        "instance",
        "orders",
        "value",
        "best known",
        "gap %",
        "lower bound",
        "ms",
        "last better, ms",
        "stopped",
    ]);
    for row in rows {
        let ours = &row.ours;
        let best = row.instance.best;
        text += &cells(&[
            row.instance.name.clone(),
            row.instance.n.to_string(),
            ours.value.to_string(),
            best.map_or("–".to_owned(), |best| {
                format!("{}{}", best.value, if best.proven { " (proven)" } else { "" })
            }),
            row.gap().map_or("–".to_owned(), number),
            ours.lower_bound.to_string(),
            number(ours.elapsed_ms),
            number(ours.improved_ms),
            format!("{:?}", ours.stop),
        ]);
    }
    Section {
        title: "Instances",
        text: text + "\n</details>",
        verdicts: vec![],
    }
}
