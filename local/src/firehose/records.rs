//! The records of a put call: limits, and base64 into the bytes of the file.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::error::FirehoseError;

/// "Amazon Data Firehose Quota": at most 500 records a call,
const MAX_RECORDS: usize = 500;
/// each at most 1,000 KiB before base64,
const MAX_RECORD_BYTES: usize = 1_024_000;
/// together at most 4 MiB, counted as the base64 that travels.
const MAX_CALL_BYTES: usize = 4 * 1_024 * 1_024;
/// Direct PUT bills each record rounded up to 5 KB.
const BILLING_UNIT: usize = 5 * 1_024;

/// A record borrows its base64 from the request: a call of 4 MiB is decoded
/// straight from the socket's buffer into the file's.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Record<'a> {
    #[serde(borrow)]
    data: Cow<'a, str>,
}

/// Bounds that hold for the whole call.
pub fn check(records: &[Record]) -> Result<(), FirehoseError> {
    if records.is_empty() {
        return invalid_length("'records'", "greater than or equal to 1");
    }
    if records.len() > MAX_RECORDS {
        return invalid_length("'records'", "less than or equal to 500");
    }
    for (index, record) in records.iter().enumerate() {
        if record.raw_len() > MAX_RECORD_BYTES {
            let member = format!("'records.{}.member.data'", index + 1);
            return invalid_length(&member, "less than or equal to 1024000");
        }
    }
    let bytes: usize = records.iter().map(|record| record.data.len()).sum();
    if bytes > MAX_CALL_BYTES {
        return Err(FirehoseError::InvalidArgument(
            "Records size exceeds 4 MB limit".to_owned(),
        ));
    }
    Ok(())
}

fn invalid_length(member: &str, bound: &str) -> Result<(), FirehoseError> {
    Err(FirehoseError::Validation(format!(
        "Value at {member} failed to satisfy constraint: Member must have length {bound}"
    )))
}

impl Record<'_> {
    /// Length after decoding, by arithmetic alone.
    fn raw_len(&self) -> usize {
        let data = self.data.as_bytes();
        let padding = data.iter().rev().take_while(|byte| **byte == b'=').count();
        data.len().saturating_sub(padding) * 3 / 4
    }

    /// 5 KB units that this record is billed as.
    pub fn billed_units(&self) -> u64 {
        self.raw_len().div_ceil(BILLING_UNIT).max(1) as u64
    }

    /// Appends the decoded record to `file`, and a newline if it lacks one:
    /// every file is lines, and the repair of a torn tail cuts at the last
    /// newline. (The service has `AppendDelimiterToRecord` for the same.)
    pub fn decode_into(&self, index: usize, file: &mut Vec<u8>) -> Result<(), FirehoseError> {
        STANDARD
            .decode_vec(self.data.as_bytes(), file)
            .map_err(|_| FirehoseError::NotBase64(index))?;
        if file.last().is_some_and(|byte| *byte != b'\n') {
            file.push(b'\n');
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record(data: &[u8]) -> Record<'static> {
        Record {
            data: Cow::Owned(STANDARD.encode(data)),
        }
    }

    proptest! {
        #[test]
        fn decoding_gives_what_was_encoded(data in any::<Vec<u8>>()) {
            let record = record(&data);
            prop_assert_eq!(record.raw_len(), data.len());
            let mut file = b"before\n".to_vec();
            record.decode_into(0, &mut file).expect("base64");
            let mut expected = [b"before\n", data.as_slice()].concat();
            if expected.last() != Some(&b'\n') {
                expected.push(b'\n');
            }
            prop_assert_eq!(file, expected);
        }
    }

    #[test]
    fn limits_are_met_exactly() {
        let data = |len: usize| record(&vec![b'x'; len]);
        assert!(check(&[data(MAX_RECORD_BYTES)]).is_ok());
        assert!(matches!(
            check(&[data(MAX_RECORD_BYTES + 1)]),
            Err(FirehoseError::Validation(_))
        ));
        let many = |count: usize| (0..count).map(|_| data(1)).collect::<Vec<_>>();
        assert!(check(&many(500)).is_ok());
        assert!(check(&many(501)).is_err());
        assert!(matches!(check(&[]), Err(FirehoseError::Validation(_))));
        // 4 MiB of base64 is 3 MiB raw: four records of 768 KiB each.
        let call = |last: usize| {
            let mut records: Vec<_> = (0..3).map(|_| data(786_432)).collect();
            records.push(data(last));
            check(&records)
        };
        assert!(call(786_432).is_ok());
        assert!(matches!(call(786_433), Err(FirehoseError::InvalidArgument(_))));
    }

    #[test]
    fn billing_rounds_each_record_up() {
        assert_eq!(record(b"x").billed_units(), 1);
        assert_eq!(record(&[0; 5_120]).billed_units(), 1);
        assert_eq!(record(&[0; 5_121]).billed_units(), 2);
    }
}
