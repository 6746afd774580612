//! The queue against a model that is too simple to be wrong, over random
//! histories of sends, receives, deletions, visibility changes, waits and kills.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;
use tokio::time::Instant;

use super::{call, killed, limits, open, queue};

#[derive(Debug, Clone)]
enum Step {
    Send { delay_s: u16 },
    Receive { max: usize },
    Delete { which: usize },
    Change { which: usize, timeout_s: u16 },
    Wait { seconds: u16 },
    Kill,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => prop_oneof![Just(0), 1..40u16].prop_map(|delay_s| Step::Send { delay_s }),
        4 => (1..5usize).prop_map(|max| Step::Receive { max }),
        3 => any::<usize>().prop_map(|which| Step::Delete { which }),
        2 => (any::<usize>(), prop_oneof![Just(0), 1..60u16])
            .prop_map(|(which, timeout_s)| Step::Change { which, timeout_s }),
        3 => (1..40u16).prop_map(|seconds| Step::Wait { seconds }),
        1 => Just(Step::Kill),
    ];
    prop::collection::vec(step, 1..60)
}

/// A message that was acknowledged and not deleted.
struct Kept {
    body: String,
    receives: u32,
    visible_at: Instant,
    delayed: bool,
}

/// What a receiver holds on to: perhaps outdated, perhaps of a deleted message.
struct Handle {
    text: String,
    body: String,
    receives: u32,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn no_message_is_lost_or_seen_before_its_time(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        runtime.block_on(run(steps))?;
    }
}

async fn run(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut folder = tempfile::tempdir().expect("a folder");
    let mut sqs = open(folder.path());
    // 30 s of visibility, and a retention that no history reaches.
    sqs.create_queue(&queue("q")).expect("a queue");
    let mut kept: Vec<Kept> = Vec::new();
    let mut handles: Vec<Handle> = Vec::new();
    for (number, step) in steps.into_iter().enumerate() {
        let now = Instant::now();
        match step {
            Step::Send { delay_s } => {
                let body = format!("message {number}");
                let request = json!({ "MessageBody": body, "DelaySeconds": delay_s });
                let (status, _) = call(&sqs, "SendMessage", request).await;
                prop_assert!(status.is_success());
                kept.push(Kept {
                    body,
                    receives: 0,
                    visible_at: now + Duration::from_secs(delay_s.into()),
                    delayed: true,
                });
            }
            Step::Receive { max } => {
                let received = sqs.receive("q", limits(max)).await;
                let visible = kept.iter().filter(|kept| kept.visible_at <= now).count();
                prop_assert_eq!(received.len(), visible.min(max));
                for message in received {
                    let one = kept.iter_mut().find(|kept| kept.body == message.body);
                    let one = one.expect("a message that was not deleted");
                    prop_assert!(one.visible_at <= now, "{} is hidden", one.body);
                    one.receives += 1;
                    one.visible_at = now + Duration::from_secs(30);
                    one.delayed = false;
                    let count = &message.attributes["ApproximateReceiveCount"];
                    prop_assert_eq!(count, &one.receives.to_string());
                    handles.push(Handle {
                        text: message.receipt_handle,
                        body: message.body,
                        receives: one.receives,
                    });
                }
            }
            Step::Delete { which } if !handles.is_empty() => {
                let handle = &handles[which % handles.len()];
                sqs.delete("q", std::slice::from_ref(&handle.text)).await;
                kept.retain(|kept| kept.body != handle.body || kept.receives != handle.receives);
            }
            Step::Change { which, timeout_s } if !handles.is_empty() => {
                let handle = &handles[which % handles.len()];
                let timeout = Duration::from_secs(timeout_s.into());
                let text = std::slice::from_ref(&handle.text);
                sqs.change_visibility("q", text, timeout).await;
                let in_flight = |kept: &&mut Kept| {
                    kept.body == handle.body
                        && kept.receives == handle.receives
                        && kept.visible_at > now
                };
                if let Some(kept) = kept.iter_mut().find(in_flight) {
                    kept.visible_at = now + timeout;
                }
            }
            Step::Delete { .. } | Step::Change { .. } => {}
            Step::Wait { seconds } => {
                tokio::time::advance(Duration::from_secs(seconds.into())).await;
            }
            Step::Kill => {
                let left = killed(folder.path());
                sqs = open(left.path());
                folder = left;
                for kept in &mut kept {
                    kept.visible_at = now;
                }
            }
        }
        let now = Instant::now();
        let depth = sqs.depth("q").expect("a queue");
        let hidden = |delayed: bool| {
            let hidden = |kept: &&Kept| kept.visible_at > now && kept.delayed == delayed;
            kept.iter().filter(hidden).count()
        };
        prop_assert_eq!(depth.in_flight, hidden(false));
        prop_assert_eq!(depth.delayed, hidden(true));
        prop_assert_eq!(depth.visible, kept.len() - hidden(false) - hidden(true));
    }
    Ok(())
}
