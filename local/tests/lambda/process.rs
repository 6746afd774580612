//! The binary itself: its one line on stdout, its signals, and its orphans.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::support::{Project, until};

/// `punctual up` on a free port, with the URL of its `ready` line.
fn up(project: &Project) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_punctual"))
        .args(["--port", "0", "--template"])
        .arg(&project.options.template)
        .arg("--data-dir")
        .arg(&project.options.data_dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("piped");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let url = line.trim().strip_prefix("ready ").expect(&line).to_owned();
    (child, url)
}

fn child_pid(url: &str) -> u64 {
    let mut response = ureq::get(format!("{url}/_punctual/status"))
        .call()
        .expect("status");
    let status: serde_json::Value = response.body_mut().read_json().expect("JSON");
    status["functions"]["Probe"]["environments"][0]["pid"]
        .as_u64()
        .expect("a pid")
}

fn is_alive(pid: u64) -> bool {
    let check = Command::new("kill")
        .args(["-0", &pid.to_string()])
        .stderr(Stdio::null())
        .status();
    check.is_ok_and(|status| status.success())
}

#[tokio::test]
async fn a_killed_stack_leaves_no_orphans() {
    let project = Project::new("", &[], "");
    let (mut stack, url) = up(&project);
    let child = child_pid(&url);
    assert!(is_alive(child));
    stack.kill().expect("killed");
    stack.wait().expect("ended");
    until("the function has ended too", || async { !is_alive(child) }).await;
}

#[tokio::test]
async fn a_termination_signal_is_an_orderly_end() {
    let project = Project::new("", &[], "");
    let (mut stack, url) = up(&project);
    let child = child_pid(&url);
    let sent = Command::new("kill")
        .arg(stack.id().to_string())
        .status()
        .expect("sent");
    assert!(sent.success());
    assert_eq!(stack.wait().expect("ended").code(), Some(0));
    assert!(!is_alive(child));
}

#[tokio::test]
async fn a_second_signal_does_not_wait_for_the_drain() {
    let project = Project::new("Timeout: 60", &[], "");
    let (mut stack, url) = up(&project);
    let invocations = format!("{url}/2015-03-31/functions/Probe/invocations");
    let event = ureq::post(invocations).header("x-amz-invocation-type", "Event");
    event.send(r#"{"sleep_ms":50000}"#).expect("accepted");
    let terminate = || Command::new("kill").arg(stack.id().to_string()).status();
    terminate().expect("sent");
    until("it drains", || async {
        matches!(ureq::get(&url).call(), Err(ureq::Error::StatusCode(503)))
    })
    .await;
    terminate().expect("sent");
    assert_eq!(stack.wait().expect("ended").code(), Some(130));
}

#[tokio::test]
async fn two_stacks_do_not_share_a_port_or_a_directory() {
    let project = Project::new("", &[], "");
    let running = project.start().await;
    let error = |refused: Result<_, local::stack::StackError>| match refused {
        Err(error) => error.to_string(),
        Ok(_) => panic!("started twice"),
    };
    assert!(error(project.try_start().await.map(drop)).contains("--data-dir"));
    let mut other = Project::new("", &[], "");
    let port = running
        .url()
        .rsplit(':')
        .next()
        .and_then(|port| port.parse().ok());
    other.options.port = port.expect("a port");
    assert!(error(other.try_start().await.map(drop)).contains("--port"));
}

#[tokio::test]
async fn invoke_prints_the_answer_and_fails_with_the_function() {
    let project = Project::new("", &[], "");
    let event = project.dir.path().join("event.json");
    for (text, code, words) in [
        (r#"{"echo":"hello"}"#, 0, r#""echo":"hello""#),
        (r#"{"fail":"no such rider"}"#, 1, "no such rider"),
    ] {
        std::fs::write(&event, text).expect("event");
        let output = Command::new(env!("CARGO_BIN_EXE_punctual"))
            // Nothing listens on port 9: the command starts a stack of its own.
            .args(["invoke", "probe", "--url", "http://127.0.0.1:9", "--template"])
            .arg(&project.options.template)
            .arg("--data-dir")
            .arg(&project.options.data_dir)
            .arg(&event)
            .output()
            .expect("run");
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(stdout.contains(words), "{stdout}");
    }
}

#[tokio::test]
async fn what_a_function_prints_is_in_its_log_file() {
    let project = Project::new("", &[], "");
    let running = project.start().await;
    crate::support::invoke(&running, r#"{"print":"on my way"}"#).await;
    running.stop(std::time::Duration::from_secs(5)).await;
    let log = std::fs::read_to_string(project.options.data_dir.join("logs/Probe.log"));
    assert!(log.expect("a log").contains("on my way\n"));
}
