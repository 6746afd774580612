//! Receipt handles: which receive of which message in which queue.

use super::error::SqsError;

/// What a handle says. A message's handle changes with each receive, and only
/// the newest one works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    pub queue: u32,
    pub sequence: u64,
    pub receives: u32,
}

impl Receipt {
    /// The handle as text: to a caller opaque, as the service's.
    pub fn handle(&self) -> String {
        format!("AQEB-{:x}-{:x}-{:x}", self.queue, self.sequence, self.receives)
    }

    /// Reads a handle of `queue`; another queue's is as invalid as garbage.
    pub fn parse(queue: u32, handle: &str) -> Result<Self, SqsError> {
        Self::read(handle)
            .filter(|receipt| receipt.queue == queue)
            .ok_or(SqsError::ReceiptHandleIsInvalid)
    }

    fn read(handle: &str) -> Option<Self> {
        let mut parts = handle.strip_prefix("AQEB-")?.split('-');
        let receipt = Self {
            queue: u32::from_str_radix(parts.next()?, 16).ok()?,
            sequence: u64::from_str_radix(parts.next()?, 16).ok()?,
            receives: u32::from_str_radix(parts.next()?, 16).ok()?,
        };
        parts.next().is_none().then_some(receipt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_reads_back_and_others_do_not() {
        let receipt = Receipt {
            queue: 7,
            sequence: u64::MAX,
            receives: 3,
        };
        let handle = receipt.handle();
        assert_eq!(Receipt::parse(7, &handle).expect("own handle"), receipt);
        for (queue, handle) in [
            (8, handle.as_str()),
            (7, ""),
            (7, "AQEB-7-1"),
            (7, "AQEB-7-1-1-1"),
        ] {
            assert!(Receipt::parse(queue, handle).is_err(), "{handle}");
        }
    }
}
