//! Exact search where time matters: per set of stops and last stop all labels
//! (time, cost) that can be part of a better route.
//!
//! A label is dropped when another one at the same stop with the same stops made is
//! no later and no dearer; and also when another one is later, but cheaper by more
//! than its delay can ever cost. What is left is bounded by [`bound`](super::bound).

use super::{Outcome, bound::Bound, subsets::Subsets};
use crate::{
    arcs::Arcs,
    budget::Meter,
    clockwork::{Clockwork, Moment},
};

/// Units of work of a label.
const LABEL_WORK: u64 = 40;

/// A way to a state.
#[derive(Debug, Clone, Copy)]
struct Label {
    /// As in [`Subsets`].
    state: u32,
    last: u8,
    /// In the layer before.
    parent: u32,
    at: Moment,
}

/// The best route below a cost, or the proof that there is none.
pub(crate) fn search(
    clockwork: &Clockwork,
    arcs: &Arcs,
    subsets: &Subsets,
    below: i64,
    work: u64,
    meter: &mut Meter,
) -> Outcome {
    let until = meter.work.saturating_add(work);
    let bound = Bound::new(clockwork, arcs, subsets, below);
    let mut layers: Vec<Vec<Label>> = Vec::with_capacity(arcs.visits);
    let first = Label {
        state: subsets.first() as u32,
        last: u8::MAX,
        parent: 0,
        at: clockwork.start(),
    };
    let mut layer = vec![first];
    let mut bytes = 0;
    for _ in 0..arcs.visits {
        let mut next = Vec::new();
        let mut parent = 0;
        for group in layer.chunk_by(|a, b| a.state == b.state) {
            let full = bytes + next.capacity() * size_of::<Label>() > meter.memory / 4;
            if meter.work > until || full || meter.is_out_of_time() {
                return Outcome::GivenUp;
            }
            meter.work += group.len() as u64 * LABEL_WORK;
            let state = group[0].state as usize;
            for to in subsets.open(state) {
                let Some(ahead) = bound.after(subsets.after(state, to), to) else {
                    continue;
                };
                for (place, label) in group.iter().enumerate() {
                    let from = (label.last != u8::MAX).then_some(usize::from(label.last));
                    let at = clockwork.step(from, label.at, to);
                    if ahead.at_least(at) < below {
                        let parent = (parent + place) as u32;
                        next.push(Label {
                            state: ahead.state as u32,
                            last: to as u8,
                            parent,
                            at,
                        });
                    }
                }
            }
            parent += group.len();
        }
        meter.work += next.len() as u64 * LABEL_WORK;
        bytes += layer.capacity() * size_of::<Label>();
        let kept = without_dominated(next, clockwork, subsets);
        layers.push(std::mem::replace(&mut layer, kept));
    }
    layers.push(layer);
    best(clockwork, &layers, below)
}

/// Labels of a state next to each other, by time, without those that cannot win.
fn without_dominated(mut labels: Vec<Label>, clockwork: &Clockwork, subsets: &Subsets) -> Vec<Label> {
    labels.sort_unstable_by_key(|label| {
        (
            label.state,
            label.last,
            label.at.time,
            label.at.cost,
            label.parent,
        )
    });
    let mut kept: Vec<Label> = Vec::with_capacity(labels.len());
    for group in labels.chunk_by(|a, b| (a.state, a.last) == (b.state, b.last)) {
        let from = kept.len();
        for label in group {
            // In order of time, so that costs fall from one kept label to the next.
            if kept[from..]
                .last()
                .is_none_or(|before| label.at.cost < before.at.cost)
            {
                kept.push(*label);
            }
        }
        let left = subsets.left(group[0].state as usize);
        if let Some(slope) = clockwork.slope(left) {
            drop_earlier(&mut kept, from, slope);
        }
    }
    kept
}

/// Drops labels that a later one beats although it is later: from the last to the
/// first, what it would cost were it as late as time zero is compared.
fn drop_earlier(labels: &mut Vec<Label>, from: usize, slope: i64) {
    let origin = labels[from].at.time;
    let levelled =
        |label: &Label| i128::from(label.at.cost) + i128::from(slope) * i128::from(label.at.time - origin);
    let mut least = i128::MAX;
    let mut keep: Vec<bool> = Vec::with_capacity(labels.len() - from);
    for label in labels[from..].iter().rev() {
        let level = levelled(label);
        keep.push(level < least);
        least = least.min(level);
    }
    let mut keep = keep.into_iter().rev();
    let kept: Vec<Label> = labels
        .drain(from..)
        .filter(|_| keep.next().unwrap_or(true))
        .collect();
    labels.extend(kept);
}

fn best(clockwork: &Clockwork, layers: &[Vec<Label>], below: i64) -> Outcome {
    let Some(last) = layers.last() else {
        return Outcome::None;
    };
    let cost = |label: &Label| clockwork.finish(Some(usize::from(label.last)), label.at);
    let Some(best) = last
        .iter()
        .min_by_key(|label| cost(label))
        .filter(|label| cost(label) < below)
    else {
        return Outcome::None;
    };
    let mut route = vec![usize::from(best.last)];
    let mut parent = best.parent as usize;
    for layer in layers[1..layers.len() - 1].iter().rev() {
        route.push(usize::from(layer[parent].last));
        parent = layer[parent].parent as usize;
    }
    route.reverse();
    Outcome::Found(route)
}
