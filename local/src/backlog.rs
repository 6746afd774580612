//! Taking entries off a queue, for whoever buffers what it writes.

use std::sync::mpsc::{Receiver, TryRecvError};

/// The next entry. Before it waits for one it calls `idle`, which writes out what
/// is buffered: whoever looks meanwhile sees the last line. `None`: no more come.
pub(crate) fn next<T>(entries: &Receiver<T>, idle: impl FnOnce()) -> Option<T> {
    match entries.try_recv() {
        Ok(entry) => Some(entry),
        Err(TryRecvError::Empty | TryRecvError::Disconnected) => {
            idle();
            entries.recv().ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::next;

    #[test]
    fn what_is_buffered_is_written_when_nothing_waits_and_at_the_end() {
        let (sender, entries) = channel();
        let mut written = 0;
        sender.send(1).expect("a receiver");
        sender.send(2).expect("a receiver");
        assert_eq!(next(&entries, || written += 1), Some(1));
        assert_eq!(next(&entries, || written += 1), Some(2));
        assert_eq!(written, 0);
        drop(sender);
        assert_eq!(next(&entries, || written += 1), None);
        assert_eq!(written, 1);
    }
}
