use std::fmt;

use serde::{
    Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// The items of an array, as JSON text each.
#[derive(Debug, PartialEq, Eq)]
pub enum Items<T> {
    /// All of them.
    All(Vec<T>),
    /// There are more than the caller takes; only counted, so that millions of
    /// them cost no memory.
    TooMany(usize),
}

/// Splits an array of at most `most` items.
///
/// # Errors
/// When `json` is not an array, or not JSON.
pub fn items(json: &str, most: usize) -> serde_json::Result<Items<&RawValue>> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let items = deserializer.deserialize_seq(Splitter { most })?;
    deserializer.end()?;
    Ok(items)
}

struct Splitter {
    most: usize,
}

impl<'de> Visitor<'de> for Splitter {
    type Value = Items<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while items.len() < self.most {
            let Some(item) = array.next_element::<&RawValue>()? else {
                return Ok(Items::All(items));
            };
            items.push(item);
        }
        let mut beyond = 0;
        while array.next_element::<IgnoredAny>()?.is_some() {
            beyond += 1;
        }
        Ok(if beyond == 0 {
            Items::All(items)
        } else {
            Items::TooMany(self.most + beyond)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(json: &str) -> serde_json::Result<Result<usize, usize>> {
        items(json, 3).map(|items| match items {
            Items::All(items) => Ok(items.len()),
            Items::TooMany(count) => Err(count),
        })
    }

    #[test]
    fn items_are_split_up_to_the_limit_and_counted_beyond() {
        for (json, expected) in [("[]", Ok(0)), ("[1, {}, [2]]", Ok(3)), ("[1,1,1,1,1]", Err(5))] {
            assert_eq!(count(json).expect("an array"), expected, "{json}");
        }
        for json in ["", "7", "{}", "[1", "[1,]", "[1] 2", "[1,1,1,1,nope]"] {
            assert!(count(json).is_err(), "{json}");
        }
    }
}
