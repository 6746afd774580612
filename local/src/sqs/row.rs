//! The small, often rewritten half of a stored message.

use super::error::SqsError;

/// What the index must know again after a restart, apart from the body so that
/// a start reads 24 bytes a message and a receive writes as little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Epoch milliseconds.
    pub sent_ms: u64,
    /// Epoch milliseconds; 0 = never received.
    pub first_received_ms: u64,
    /// Receives in this queue.
    pub receives: u32,
    /// See [`super::payload::payload_bytes`].
    pub payload_bytes: u32,
}

impl Row {
    /// The row after one more receive.
    pub fn received(self, now_ms: u64) -> Self {
        Self {
            receives: self.receives.saturating_add(1),
            first_received_ms: if self.first_received_ms == 0 {
                now_ms
            } else {
                self.first_received_ms
            },
            ..self
        }
    }

    pub fn encode(self) -> [u8; 24] {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.sent_ms.to_be_bytes());
        bytes[8..16].copy_from_slice(&self.first_received_ms.to_be_bytes());
        bytes[16..20].copy_from_slice(&self.receives.to_be_bytes());
        bytes[20..].copy_from_slice(&self.payload_bytes.to_be_bytes());
        bytes
    }

    pub fn decode(bytes: &[u8]) -> Result<Self, SqsError> {
        Self::read(bytes).ok_or_else(|| SqsError::Corrupt {
            what: "message row",
            key: format!("{} bytes", bytes.len()),
        })
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (sent, rest) = bytes.split_first_chunk()?;
        let (first, rest) = rest.split_first_chunk()?;
        let (receives, rest) = rest.split_first_chunk()?;
        let (payload, rest) = rest.split_first_chunk()?;
        rest.is_empty().then_some(Self {
            sent_ms: u64::from_be_bytes(*sent),
            first_received_ms: u64::from_be_bytes(*first),
            receives: u32::from_be_bytes(*receives),
            payload_bytes: u32::from_be_bytes(*payload),
        })
    }
}
