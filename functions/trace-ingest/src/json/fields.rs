use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::Extra;
use crate::value::Refused;

/// Most fields in one object, so that a hostile one costs no more than a large
/// one. A trace has about twenty.
const MAX_FIELDS: usize = 1_000;
/// Most characters of a field's name that are said back.
const NAME_SHOWN: usize = 64;

/// The fields of an object that were not taken yet.
#[derive(Debug, Default)]
pub struct Fields<'a>(BTreeMap<String, &'a RawValue>);

/// A field that is not as it should be.
#[derive(Debug, PartialEq, Eq, Clone)]
pub struct BadField {
    /// The field's name as the client sent it, cut where it is long.
    pub field: Cow<'static, str>,
    /// What is wrong with it.
    pub reason: Refused,
}

impl<'a> Fields<'a> {
    /// Splits an object.
    pub fn of(raw: &'a RawValue) -> Result<Self, Refused> {
        const REASON: Refused =
            Refused::because("must be an object in which no field occurs twice, with at most 1000 fields");
        serde_json::from_str(raw.get()).map_err(|_| REASON)
    }

    /// Whether the object has the field, whatever its value.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Takes a field as JSON text. `null` counts as absent.
    pub fn take_raw(&mut self, name: &str) -> Option<&'a RawValue> {
        self.0.remove(name).filter(|raw| raw.get() != "null")
    }

    /// Puts a field back.
    pub fn put(&mut self, name: &str, raw: &'a RawValue) {
        self.0.insert(name.to_owned(), raw);
    }

    /// Adds the fields of another object; where both have one, this one's stays.
    pub fn merge(&mut self, other: Self) {
        for (name, raw) in other.0 {
            self.0.entry(name).or_insert(raw);
        }
    }

    /// Takes a field that is text.
    pub fn take_text(&mut self, name: &'static str) -> Result<Option<String>, BadField> {
        self.take(name, "must be text")
    }

    /// A field as JSON text, left where it is.
    pub fn peek_raw(&self, name: &str) -> Option<&'a RawValue> {
        self.0.get(name).copied()
    }

    /// A field that is text, left where it is.
    pub fn peek_text(&self, name: &str) -> Option<String> {
        serde_json::from_str(self.peek_raw(name)?.get()).ok()
    }

    /// Takes a field that is a number.
    pub fn take_number(&mut self, name: &'static str) -> Result<Option<f64>, BadField> {
        self.take(name, "must be a number")
    }

    fn take<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        reason: &'static str,
    ) -> Result<Option<T>, BadField> {
        let parse = |raw: &RawValue| serde_json::from_str(raw.get());
        let value = self.take_raw(name).map(parse).transpose();
        value.map_err(|_| BadField::new(name, Refused::because(reason)))
    }

    /// What was not taken, to be stored beside the trace.
    pub fn into_extra(self) -> Result<Extra, BadField> {
        Extra::of(self.0)
    }
}

impl BadField {
    /// A field and what is wrong with it.
    pub fn new(field: impl Into<Cow<'static, str>>, reason: Refused) -> Self {
        let mut field = field.into();
        if let Some((end, _)) = field.char_indices().nth(NAME_SHOWN) {
            field = format!("{}…", &field[..end]).into();
        }
        Self { field, reason }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Splitter).map(Fields)
    }
}

struct Splitter;

impl<'de> Visitor<'de> for Splitter {
    type Value = BTreeMap<String, &'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut fields = BTreeMap::new();
        while let Some((name, value)) = object.next_entry::<String, &RawValue>()? {
            if fields.insert(name, value).is_some() || fields.len() > MAX_FIELDS {
                return Err(A::Error::custom("a field occurs twice, or there are too many"));
            }
        }
        Ok(fields)
    }
}
