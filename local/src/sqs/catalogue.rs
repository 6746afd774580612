//! The queues on disk, by name: their ids and attributes.

use fjall::Keyspace;

use super::attributes::Attributes;
use super::error::SqsError;

/// A queue as it lies on disk.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct QueueRecord {
    pub id: u32,
    pub attributes: Attributes,
}

/// All queue records.
#[derive(Clone)]
pub struct Catalogue(Keyspace);

impl Catalogue {
    pub fn new(keyspace: Keyspace) -> Self {
        Self(keyspace)
    }

    /// Every queue, by name.
    pub fn all(&self) -> Result<Vec<(String, QueueRecord)>, SqsError> {
        let mut queues = Vec::new();
        for guard in self.0.iter() {
            let (name, record) = guard.into_inner()?;
            let name = String::from_utf8_lossy(&name).into_owned();
            let record = serde_json::from_slice(&record).map_err(|_| SqsError::Corrupt {
                what: "queue",
                key: name.clone(),
            })?;
            queues.push((name, record));
        }
        Ok(queues)
    }

    pub fn save(&self, name: &str, record: &QueueRecord) -> Result<(), SqsError> {
        Ok(self.0.insert(name, serde_json::to_vec(record)?)?)
    }

    pub fn remove(&self, name: &str) -> Result<(), SqsError> {
        Ok(self.0.remove(name)?)
    }
}
