//! The queues by name, and how they come and go.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::attributes::Attributes;
use super::catalogue::QueueRecord;
use super::clock::epoch_ms;
use super::error::SqsError;
use super::queue::Queue;
use super::store::Store;

pub struct Registry {
    store: Store,
    queues: RwLock<BTreeMap<String, Arc<Queue>>>,
    /// The id of the next queue; held while queues are created or deleted.
    next_id: Mutex<u32>,
}

impl Registry {
    /// Recovers every queue that is on disk.
    pub fn open(folder: &Path) -> Result<Self, SqsError> {
        let store = Store::open(folder)?;
        let mut queues = BTreeMap::new();
        for (name, record) in store.catalogue().all()? {
            let queue = Queue::recover(name.clone(), record, store.clone())?;
            queues.insert(name, Arc::new(queue));
        }
        let owned: Vec<u32> = queues.values().map(|queue| queue.id).collect();
        let in_use = store.ids_in_use()?;
        for id in in_use.iter().filter(|id| !owned.contains(id)) {
            store.sweep(*id)?;
        }
        let next_id = owned.iter().max().map_or(1, |id| id + 1);
        Ok(Self {
            store,
            queues: RwLock::new(queues),
            next_id: Mutex::new(next_id),
        })
    }

    pub fn find(&self, name: &str) -> Result<Arc<Queue>, SqsError> {
        self.queues
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned()
            .ok_or(SqsError::QueueDoesNotExist)
    }

    pub fn names(&self) -> Vec<String> {
        self.queues
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .keys()
            .cloned()
            .collect()
    }

    /// The queue of that name, made by `change` from the default attributes, or
    /// the existing one's given to `existing`. Blocks on the disk.
    pub fn create(
        &self,
        name: &str,
        change: impl FnOnce(&mut Attributes) -> Result<(), SqsError>,
        existing: impl FnOnce(&Queue) -> Result<(), SqsError>,
    ) -> Result<(), SqsError> {
        check_name(name)?;
        let mut next_id = self.next_id.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(queue) = self.find(name) {
            return existing(&queue);
        }
        let mut attributes = Attributes::new(epoch_ms() / 1_000);
        change(&mut attributes)?;
        let record = QueueRecord {
            id: *next_id,
            attributes,
        };
        self.store.catalogue().save(name, &record)?;
        *next_id += 1;
        let queue = Queue::recover(name.to_owned(), record, self.store.clone())?;
        self.queues
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_owned(), Arc::new(queue));
        Ok(())
    }

    /// Removes a queue with all its messages. Blocks on the disk.
    pub fn delete(&self, name: &str) -> Result<(), SqsError> {
        let _one_at_a_time = self.next_id.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = self
            .queues
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(name)
            .ok_or(SqsError::QueueDoesNotExist)?;
        queue.mark_deleted();
        // The name goes first: a kill in between leaves messages that no queue
        // has, which the next start sweeps away, never a queue that lost some.
        self.store.catalogue().remove(name)?;
        self.store.sweep(queue.id)
    }
}

fn check_name(name: &str) -> Result<(), SqsError> {
    if name.ends_with(".fifo") {
        return Err(SqsError::UnsupportedOperation(
            "FIFO queues are not part of the local SQS.".to_owned(),
        ));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || name.len() > 80 || !name.chars().all(allowed) {
        return Err(SqsError::InvalidParameterValue(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length".to_owned(),
        ));
    }
    Ok(())
}
