//! A line is read by the test that asked for it, whoever was first to reach its place
//! in the code.
//!
//! One test, alone in its process: a second log would hide what it looks for.

use std::thread;

use lambda_runtime::tracing::{Level, info, trace};
use testkit::{logged, says};

fn speak() {
    info!("spoken");
    trace!("whispered");
}

/// By which a test of the log failed now and then: beside it ran one that had none.
#[tokio::test]
async fn what_a_thread_without_a_log_reached_first_is_still_written() {
    let lines = logged(Level::INFO, async {
        thread::spawn(speak).join().expect("no panic");
        speak();
    })
    .await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(says(&lines, &["spoken"]), "{lines:?}");
    // A time would come first.
    assert!(lines[0].trim_start().starts_with("INFO"), "{lines:?}");
}
