//! One stack per data directory: two would deliver each other's messages.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::StackError;

/// Locks the directory for as long as the file is open. The system lets go of
/// the lock when the process ends, however it ends, so none is ever left over.
pub(super) fn take(data_dir: &Path) -> Result<File, StackError> {
    let unusable = |error| StackError::DataDir(data_dir.to_owned(), error);
    std::fs::create_dir_all(data_dir).map_err(unusable)?;
    let file = File::create(data_dir.join("lock")).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StackError::Locked(data_dir.to_owned())),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_stack_is_told_to_use_another_directory() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let first = take(dir.path()).expect("free");
        let refused = take(dir.path()).expect_err("taken").to_string();
        assert!(refused.contains("--data-dir"), "{refused}");
        drop(first);
        take(dir.path()).expect("free again");
    }
}
