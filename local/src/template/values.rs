//! What a place holds, as the type that AWS documents for it.

use std::ops::RangeInclusive;

use super::error::TemplateError;
use super::intrinsics::text;
use super::place::Place;
use super::scope::type_of;

impl Place<'_> {
    pub(super) fn string(&self) -> Result<String, TemplateError> {
        text(&self.value).ok_or_else(|| self.wrong_type("a string"))
    }

    pub(super) fn boolean(&self) -> Result<bool, TemplateError> {
        let flag = text(&self.value).and_then(|text| text.parse().ok());
        flag.ok_or_else(|| self.wrong_type("true or false"))
    }

    /// A whole number that AWS would accept here.
    pub(super) fn integer(&self, range: RangeInclusive<u32>) -> Result<u32, TemplateError> {
        let value = text(&self.value).ok_or_else(|| self.wrong_type("a number"))?;
        let number = value.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| {
            self.refused(format!(
                "a whole number from {} to {}",
                range.start(),
                range.end()
            ))
        })
    }

    /// [`Self::integer`] of a property, or the default where it is absent.
    pub(super) fn integer_or(
        &self,
        path: &str,
        range: RangeInclusive<u32>,
        default: u32,
    ) -> Result<u32, TemplateError> {
        self.get(path)?.map_or(Ok(default), |place| place.integer(range))
    }

    /// [`Self::integer`] of a property that may be absent.
    pub(super) fn integer_if_any(
        &self,
        path: &str,
        range: RangeInclusive<u32>,
    ) -> Result<Option<u32>, TemplateError> {
        self.get(path)?.map(|place| place.integer(range)).transpose()
    }

    /// [`Self::string`] of a property that may be absent.
    pub(super) fn string_if_any(&self, path: &str) -> Result<Option<String>, TemplateError> {
        self.get(path)?.map(|place| place.string()).transpose()
    }

    /// An error about this value.
    pub(super) fn refused(&self, expected: impl Into<String>) -> TemplateError {
        TemplateError::Refused {
            at: self.at.clone(),
            value: text(&self.value).map_or_else(|| type_of(&self.value).into(), |text| format!("`{text}`")),
            expected: expected.into(),
        }
    }

    pub(super) fn wrong_type(&self, expected: &str) -> TemplateError {
        TemplateError::WrongType {
            at: self.at.clone(),
            expected: expected.into(),
            found: type_of(&self.value),
        }
    }
}
