//! One queue: the index in memory and the store on disk kept in step.
//!
//! The order of the two is the durability rule. Sending: disk, then index, so
//! that nothing is received that a kill could lose. Deleting: index, then disk,
//! so that a kill redelivers at worst.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::attributes::Attributes;
use super::catalogue::QueueRecord;
use super::clock::{epoch_ms, instant_of};
use super::error::SqsError;
use super::index::Index;
use super::receipt::Receipt;
use super::row::Row;
use super::store::Store;
use super::take::Depth;

/// A message on its way in.
pub struct Incoming {
    /// See [`super::message::Envelope::encode`].
    pub encoded: Vec<u8>,
    /// See [`super::payload::payload_bytes`].
    pub payload_bytes: usize,
    pub delay: Duration,
}

pub struct Queue {
    pub name: String,
    pub id: u32,
    pub(super) store: Store,
    attributes: RwLock<Attributes>,
    index: Mutex<Index>,
    next_sequence: AtomicU64,
    /// Told whenever a message may have become visible.
    pub(super) arrived: Notify,
    deleted: AtomicBool,
    /// Messages handed out more than once.
    pub(super) redelivered: AtomicU64,
}

impl Queue {
    /// Reads the queue's rows. Every message is visible at once, whatever held
    /// it: its receiver, if any, was a child of the process that is gone.
    pub fn recover(name: String, record: QueueRecord, store: Store) -> Result<Self, SqsError> {
        let now = Instant::now();
        let mut index = Index::default();
        for (sequence, row) in store.rows(record.id)? {
            let sent = instant_of(row.sent_ms, now);
            index.push(sequence, row, sent, now, Duration::ZERO);
        }
        let next_sequence = store.first_sequence;
        Ok(Self {
            name,
            id: record.id,
            store,
            attributes: RwLock::new(record.attributes),
            index: Mutex::new(index),
            next_sequence: AtomicU64::new(next_sequence),
            arrived: Notify::new(),
            deleted: AtomicBool::new(false),
            redelivered: AtomicU64::new(0),
        })
    }

    pub fn attributes(&self) -> Attributes {
        self.attributes
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Stores new attributes, then makes them count.
    pub fn set_attributes(&self, attributes: Attributes) -> Result<(), SqsError> {
        let record = QueueRecord {
            id: self.id,
            attributes,
        };
        self.store.catalogue().save(&self.name, &record)?;
        *self.attributes.write().unwrap_or_else(PoisonError::into_inner) = record.attributes;
        Ok(())
    }

    /// Stores all messages or none. Blocks on the disk.
    pub fn append(&self, messages: Vec<Incoming>) -> Result<(), SqsError> {
        self.check_exists()?;
        let sent_ms = epoch_ms();
        let count = messages.len() as u64;
        let first = self.next_sequence.fetch_add(count, Ordering::Relaxed);
        let mut rows = Vec::with_capacity(messages.len());
        let stored: Vec<_> = (first..)
            .zip(messages)
            .map(|(sequence, message)| {
                let row = Row {
                    sent_ms,
                    first_received_ms: 0,
                    receives: 0,
                    payload_bytes: u32::try_from(message.payload_bytes).unwrap_or(u32::MAX),
                };
                rows.push((sequence, row, message.delay));
                (sequence, row, message.encoded)
            })
            .collect();
        self.store.append(self.id, stored)?;
        let now = Instant::now();
        let mut index = self.index();
        for (sequence, row, delay) in rows {
            index.push(sequence, row, now, now, delay);
        }
        drop(index);
        self.arrived.notify_waiters();
        Ok(())
    }

    /// Takes over a message that `from` gave up. It keeps its age, which
    /// retention counts from the first send. Blocks on the disk.
    pub fn adopt(&self, from: (u32, u64), row: Row, message: Vec<u8>) -> Result<(), SqsError> {
        self.check_exists()?;
        let row = Row { receives: 0, ..row };
        let sequence = self.next_sequence.fetch_add(1, Ordering::Relaxed);
        self.store.relocate(from, (self.id, sequence), row, message)?;
        let now = Instant::now();
        let sent = instant_of(row.sent_ms, now);
        self.index().push(sequence, row, sent, now, Duration::ZERO);
        self.arrived.notify_waiters();
        Ok(())
    }

    /// Removes the received messages; outdated receipts are passed over.
    /// Blocks on the disk.
    pub fn delete(&self, receipts: &[Receipt]) -> Result<(), SqsError> {
        let mut index = self.index();
        let mut gone: Vec<u64> = receipts
            .iter()
            .filter(|receipt| index.delete(receipt.sequence, receipt.receives))
            .map(|receipt| receipt.sequence)
            .collect();
        gone.extend(index.drain_expired());
        drop(index);
        self.store.remove(self.id, &gone)
    }

    /// Hides a message for `timeout` from now, or shows it at once.
    pub fn change_visibility(&self, receipt: Receipt, timeout: Duration) -> Result<(), SqsError> {
        let Receipt {
            sequence, receives, ..
        } = receipt;
        let held = self.index().change(sequence, receives, Instant::now(), timeout);
        // Also for a later time: a waiting receiver then waits for the right one.
        self.arrived.notify_waiters();
        if held {
            Ok(())
        } else {
            Err(SqsError::MessageNotInflight)
        }
    }

    /// Removes every message. Blocks on the disk.
    pub fn purge(&self) -> Result<(), SqsError> {
        let gone = self.index().clear();
        self.store.remove(self.id, &gone)
    }

    /// From now on every call fails; waiting receivers are woken to find out.
    pub fn mark_deleted(&self) {
        self.deleted.store(true, Ordering::Release);
        self.index().clear();
        self.arrived.notify_waiters();
    }

    pub fn check_exists(&self) -> Result<(), SqsError> {
        if self.deleted.load(Ordering::Acquire) {
            return Err(SqsError::QueueDoesNotExist);
        }
        Ok(())
    }

    pub fn depth(&self) -> Depth {
        let retention = self.attributes().retention;
        self.index().depth(Instant::now(), retention)
    }

    pub(super) fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
