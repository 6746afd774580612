//! A line that a function printed: figures, or words.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

/// How lines of metrics begin.
const METRICS: &str = r#"{"_aws":"#;

/// Whether it is a line of metrics.
pub(super) fn is_metrics(line: &str) -> bool {
    line.starts_with(METRICS)
}

/// A line of metrics: each with its value, and what it is told apart by.
#[derive(Debug, Default)]
pub(super) struct Figures<'a> {
    /// A metric's sum in this line, and its last value.
    pub values: Vec<(Cow<'a, str>, f64, f64)>,
    /// `Reason` or `ErrorCode`.
    pub by: Option<Cow<'a, str>>,
    /// Whether it tells the same again of one ping or version.
    pub is_detail: bool,
}

impl<'a> Figures<'a> {
    /// What the line says, if it is one.
    pub fn read(line: &'a str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }
}

impl<'de> Deserialize<'de> for Figures<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Line;
        impl<'de> Visitor<'de> for Line {
            type Value = Figures<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a line of metrics")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Figures<'de>, A::Error> {
                let mut figures = Figures::default();
                while let Some(Key(key)) = map.next_key()? {
                    match &*key {
                        "_aws" => {
                            map.next_value::<IgnoredAny>()?;
                        }
                        "Reason" | "ErrorCode" => {
                            figures.by = map.next_value::<Option<Key>>()?.map(|key| key.0)
                        }
                        "Ping" => {
                            map.next_value::<IgnoredAny>()?;
                            figures.is_detail = true;
                        }
                        _ => match map.next_value()? {
                            Figure::Number(value) => figures.values.push((key, value, value)),
                            Figure::Several { values, counts } => {
                                let sum = values
                                    .iter()
                                    .zip(&counts)
                                    .map(|(value, count)| value * count)
                                    .sum();
                                let last = values.last().copied().unwrap_or_default();
                                figures.values.push((key, sum, last));
                            }
                            Figure::Other(_) => {}
                        },
                    }
                }
                Ok(figures)
            }
        }
        deserializer.deserialize_map(Line)
    }
}

/// Borrowed where it has no escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Figure {
    Number(f64),
    #[serde(rename_all = "PascalCase")]
    Several {
        values: Vec<f64>,
        counts: Vec<f64>,
    },
    Other(IgnoredAny),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_of_several_the_sum() {
        let line = r#"{"_aws":{"CloudWatchMetrics":[{"Metrics":[]}]},"Accepted":3,"AnswerTime":1.5,
            "SlotTime":{"Values":[1,4],"Counts":[2,1]},"FunctionName":"TraceIngest","TraceId":null}"#;
        let figures = Figures::read(line).expect("a line");
        let values: Vec<(&str, f64, f64)> = figures
            .values
            .iter()
            .map(|(k, sum, last)| (&**k, *sum, *last))
            .collect();
        assert_eq!(
            values,
            [
                ("Accepted", 3.0, 3.0),
                ("AnswerTime", 1.5, 1.5),
                ("SlotTime", 6.0, 4.0)
            ]
        );
        assert_eq!((figures.by, figures.is_detail), (None, false));
        let by = Figures::read(r#"{"_aws":1,"Rejected":2,"Reason":"lat"}"#).expect("a line");
        assert_eq!(by.by.as_deref(), Some("lat"));
        assert!(Figures::read("nonsense").is_none());
    }
}
