//! What is due, as statements.

use std::num::NonZeroUsize;

use lessons::store::{Chunk, Due};

/// Cuts what is due into chunks of at most `size` lessons of one instant, sorted
/// and disjoint: no two statements lock the same row, and all lock in ascending
/// order. (Shuffled overlapping chunks: 134 to 154 deadlocks a run of 10,000.)
///
/// `due` is in order of instant and id, as the store gives it.
pub fn chunks(due: &[Due], size: NonZeroUsize) -> Vec<Chunk> {
    let one_instant = due.chunk_by(|one, next| one.publish_at == next.publish_at);
    one_instant
        .flat_map(|group| group.chunks(size.get()))
        .map(|chunk| Chunk {
            publish_at: chunk[0].publish_at,
            ids: chunk.iter().map(|due| due.id).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_lesson_is_in_one_chunk_of_its_instant(
            due in proptest::collection::btree_set((0i64..5, 0i64..500), 0..400),
            size in 1usize..50,
        ) {
            let due: Vec<Due> = due
                .into_iter()
                .map(|(ms, id)| Due { publish_at: Timestamp::from_millisecond(ms).expect("in range"), id })
                .collect();
            let chunks = chunks(&due, NonZeroUsize::new(size).expect("not zero"));
            let again: Vec<Due> = chunks
                .iter()
                .flat_map(|chunk| chunk.ids.iter().map(|id| Due { publish_at: chunk.publish_at, id: *id }))
                .collect();
            prop_assert_eq!(again, due);
            for chunk in chunks {
                prop_assert!(!chunk.ids.is_empty() && chunk.ids.len() <= size);
                prop_assert!(chunk.ids.is_sorted());
            }
        }
    }
}
