//! Messages on disk, in fjall.
//!
//! Its journal hands every batch of writes to the operating system before
//! `commit` returns: what was acknowledged survives the death of the process
//! (not of the machine; `fsync` a batch would cost milliseconds each).
//! Compression is left out of the build, so is anything that delays a write.
//!
//! Keys are `queue id | sequence`, big-endian, so that a queue's messages lie
//! together and in order.

use std::path::Path;

use fjall::{Database, Keyspace, KeyspaceCreateOptions, Slice};

use super::catalogue::Catalogue;
use super::error::SqsError;
use super::row::Row;

/// All journals together. fjall flushes the queues whose messages pin the
/// oldest journal when this is reached, so dead messages hold no more disk.
const JOURNAL_BYTES: u64 = 64 * 1_024 * 1_024;
/// Smaller than the default 64 MiB: a queue drained soon after it filled never
/// reaches a table, and a start replays less.
const MEMTABLE_BYTES: u64 = 16 * 1_024 * 1_024;
/// Removing a whole queue is cut into batches of so many messages.
const REMOVE_CHUNK: usize = 10_000;
/// Bits of a sequence that count messages; those above are the number of the
/// start, so that no start reuses a sequence. With "largest on disk plus one"
/// the receipt of a deleted message could delete a new one.
const SEQUENCE_BITS: u32 = 40;
const STARTS: &str = "starts";

#[derive(Clone)]
pub struct Store {
    database: Database,
    catalogue: Catalogue,
    rows: Keyspace,
    messages: Keyspace,
    /// Below every sequence of this start.
    pub first_sequence: u64,
}

impl Store {
    pub fn open(folder: &Path) -> Result<Self, SqsError> {
        let database = Database::builder(folder)
            .max_journaling_size(JOURNAL_BYTES)
            .worker_threads(1)
            .open()?;
        let options = || KeyspaceCreateOptions::default().max_memtable_size(MEMTABLE_BYTES);
        let counters = database.keyspace("counters", options)?;
        let starts = counters.get(STARTS)?;
        let starts = starts.and_then(|bytes| bytes.first_chunk().copied());
        let start = u64::from_be_bytes(starts.unwrap_or_default()) + 1;
        counters.insert(STARTS, start.to_be_bytes())?;
        Ok(Self {
            first_sequence: start << SEQUENCE_BITS,
            catalogue: Catalogue::new(database.keyspace("queues", options)?),
            rows: database.keyspace("rows", options)?,
            messages: database.keyspace("messages", options)?,
            database,
        })
    }

    /// The queues themselves.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Removes all messages of a queue that no longer exists.
    pub fn sweep(&self, id: u32) -> Result<(), SqsError> {
        let sequences: Vec<u64> = self.rows(id)?.into_iter().map(|(s, _)| s).collect();
        self.remove(id, &sequences)
    }

    /// Ids that own messages, with or without a queue.
    pub fn ids_in_use(&self) -> Result<Vec<u32>, SqsError> {
        let mut ids = Vec::new();
        let mut from = [0; 4];
        while let Some(guard) = self.rows.range(from..).next() {
            let (id, _) = split(&guard.key()?)?;
            ids.push(id);
            match id.checked_add(1) {
                Some(next) => from = next.to_be_bytes(),
                None => break,
            }
        }
        Ok(ids)
    }

    /// A queue's rows in order of their sequence.
    pub fn rows(&self, id: u32) -> Result<Vec<(u64, Row)>, SqsError> {
        self.rows
            .prefix(id.to_be_bytes())
            .map(|guard| {
                let (key, row) = guard.into_inner()?;
                Ok((split(&key)?.1, Row::decode(&row)?))
            })
            .collect()
    }

    /// Stores all messages or none.
    pub fn append(
        &self,
        id: u32,
        messages: impl IntoIterator<Item = (u64, Row, Vec<u8>)>,
    ) -> Result<(), SqsError> {
        let mut batch = self.database.batch();
        for (sequence, row, message) in messages {
            batch.insert(&self.rows, key(id, sequence), row.encode());
            batch.insert(&self.messages, key(id, sequence), message);
        }
        Ok(batch.commit()?)
    }

    pub fn message(&self, id: u32, sequence: u64) -> Result<Option<Slice>, SqsError> {
        Ok(self.messages.get(key(id, sequence))?)
    }

    /// Keeps the receive counts, which decide on redrive, over a restart.
    pub fn update_rows(&self, id: u32, rows: &[(u64, Row)]) -> Result<(), SqsError> {
        let mut batch = self.database.batch();
        for (sequence, row) in rows {
            batch.insert(&self.rows, key(id, *sequence), row.encode());
        }
        Ok(batch.commit()?)
    }

    pub fn remove(&self, id: u32, sequences: &[u64]) -> Result<(), SqsError> {
        for chunk in sequences.chunks(REMOVE_CHUNK) {
            let mut batch = self.database.batch();
            for sequence in chunk {
                batch.remove(&self.rows, key(id, *sequence));
                batch.remove(&self.messages, key(id, *sequence));
            }
            batch.commit()?;
        }
        Ok(())
    }

    /// Takes a message out of one queue and into another, or neither.
    pub fn relocate(
        &self,
        from: (u32, u64),
        to: (u32, u64),
        row: Row,
        message: Vec<u8>,
    ) -> Result<(), SqsError> {
        let mut batch = self.database.batch();
        batch.remove(&self.rows, key(from.0, from.1));
        batch.remove(&self.messages, key(from.0, from.1));
        batch.insert(&self.rows, key(to.0, to.1), row.encode());
        batch.insert(&self.messages, key(to.0, to.1), message);
        Ok(batch.commit()?)
    }
}

fn key(id: u32, sequence: u64) -> [u8; 12] {
    let mut key = [0; 12];
    key[..4].copy_from_slice(&id.to_be_bytes());
    key[4..].copy_from_slice(&sequence.to_be_bytes());
    key
}

fn split(key: &[u8]) -> Result<(u32, u64), SqsError> {
    key.split_first_chunk::<4>()
        .and_then(|(id, rest)| {
            let sequence = rest.first_chunk::<8>()?;
            Some((u32::from_be_bytes(*id), u64::from_be_bytes(*sequence)))
        })
        .ok_or_else(|| SqsError::Corrupt {
            what: "message key",
            key: format!("{} bytes", key.len()),
        })
}
