//! The binary itself: its one line on stdout, its signals, and its orphans.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::support::{Project, lines, until};

/// Longer than a start takes, with cargo and a loaded machine in it.
const PATIENCE: Duration = Duration::from_secs(120);

/// `punctual up` as a process of its own; killed with the test that started it.
struct Up {
    process: Child,
    url: String,
    /// What it says on stderr.
    said: PathBuf,
}

impl Up {
    /// On a free port, ready.
    fn ready(project: &Project) -> Self {
        Self::start(project).until_ready()
    }

    fn start(project: &Project) -> Self {
        Self::spawn(project, Command::new(env!("CARGO_BIN_EXE_punctual")))
    }

    fn spawn(project: &Project, command: Command) -> Self {
        let said = project.dir.path().join("stderr.log");
        let stderr = File::create(&said).expect("a log");
        Self::spawn_with(project, command, stderr.into(), said)
    }

    fn spawn_with(project: &Project, mut command: Command, stderr: Stdio, said: PathBuf) -> Self {
        command
            .args(["--port", "0", "--template"])
            .arg(&project.options.template);
        command.arg("--data-dir").arg(&project.options.data_dir);
        command.stdout(Stdio::piped()).stderr(stderr);
        Self {
            process: command.spawn().expect("started"),
            url: String::new(),
            said,
        }
    }

    fn until_ready(mut self) -> Self {
        let stdout = self.process.stdout.take().expect("piped");
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            let _ = BufReader::new(stdout).read_line(&mut line);
            sender.send(line)
        });
        let line = receiver.recv_timeout(PATIENCE).unwrap_or_default();
        let url = line.trim().strip_prefix("ready ").map(str::to_owned);
        self.url = url.unwrap_or_else(|| panic!("not ready: {line}{:?}", lines(&self.said)));
        self
    }

    /// How many lines on its terminal have these words.
    fn told(&self, words: &str) -> usize {
        lines(&self.said)
            .iter()
            .filter(|line| line.contains(words))
            .count()
    }

    /// The status of one call to an AWS service.
    fn call(&self, target: &str, body: &str) -> u16 {
        let request = ureq::post(&self.url).header("x-amz-target", target);
        let request = request.config().http_status_as_error(false).build();
        request.send(body).expect("an answer").status().as_u16()
    }

    fn terminate(&self) {
        let sent = Command::new("kill").arg(self.process.id().to_string()).status();
        assert!(sent.expect("sent").success());
    }

    /// Its exit code.
    fn end(&mut self) -> Option<i32> {
        self.process.wait().expect("ended").code()
    }

    fn kill_9(&mut self) {
        self.process.kill().expect("killed");
        self.end();
    }

    fn child_pid(&self) -> u64 {
        let mut response = ureq::get(format!("{}/_punctual/status", self.url))
            .call()
            .expect("status");
        let status: serde_json::Value = response.body_mut().read_json().expect("JSON");
        let environment = &status["functions"]["Probe"]["environments"][0];
        environment["pid"].as_u64().expect("a pid")
    }

    fn invoke_later(&self, event: &str) {
        let invocations = format!("{}/2015-03-31/functions/Probe/invocations", self.url);
        let request = ureq::post(invocations).header("x-amz-invocation-type", "Event");
        request.send(event).expect("accepted");
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub fn is_alive(pid: u64) -> bool {
    let mut check = Command::new("kill");
    check.args(["-0", &pid.to_string()]).stderr(Stdio::null());
    check.status().is_ok_and(|status| status.success())
}

#[tokio::test]
async fn a_killed_stack_leaves_no_orphans() {
    let project = Project::new("", &[], "");
    let mut stack = Up::ready(&project);
    let child = stack.child_pid();
    assert!(is_alive(child));
    stack.kill_9();
    until("the function has ended too", || async { !is_alive(child) }).await;
}

#[tokio::test]
async fn what_a_killed_stack_left_at_work_ends_with_the_next_start() {
    let seen = tempfile::tempdir().expect("temporary directory");
    let seen = seen.path().join("seen");
    let project = Project::new("Timeout: 60", &[("PROBE_SEEN", &seen.display().to_string())], "");
    let mut stack = Up::ready(&project);
    let child = stack.child_pid();
    stack.invoke_later(r#"{"sleep_ms":60000}"#);
    until("it works", || async { lines(&seen).len() == 1 }).await;
    stack.kill_9();
    assert!(is_alive(child), "a sleeping function does not notice");
    let again = Up::ready(&project);
    until("the function has ended", || async { !is_alive(child) }).await;
    assert!(is_alive(again.child_pid()));
}

#[tokio::test]
async fn a_signal_before_ready_ends_what_was_started() {
    let project = Project::new("", &[("PROBE_INIT", "hang")], "");
    let mut stack = Up::start(&project);
    let children = project.options.data_dir.join("children");
    let child = || {
        let mut files = std::fs::read_dir(&children).ok()?;
        files.next()?.ok()?.file_name().to_str()?.parse().ok()
    };
    until("a function is started", || async { child().is_some() }).await;
    let child = child().expect("a pid");
    assert!(is_alive(child));
    stack.terminate();
    assert_eq!(stack.end(), Some(130));
    until("the function has ended too", || async { !is_alive(child) }).await;
}

#[tokio::test]
async fn a_termination_signal_is_an_orderly_end() {
    let project = Project::new("", &[], "");
    let mut stack = Up::ready(&project);
    let child = stack.child_pid();
    stack.terminate();
    assert_eq!(stack.end(), Some(0));
    assert!(!is_alive(child));
}

#[tokio::test]
async fn a_second_signal_does_not_wait_for_the_drain() {
    let project = Project::new("Timeout: 60", &[], "");
    let mut stack = Up::ready(&project);
    stack.invoke_later(r#"{"sleep_ms":50000}"#);
    stack.terminate();
    let url = stack.url.clone();
    until("it drains", || async {
        matches!(ureq::get(&url).call(), Err(ureq::Error::StatusCode(503)))
    })
    .await;
    stack.terminate();
    assert_eq!(stack.end(), Some(130));
}

#[tokio::test]
async fn a_terminal_that_nobody_reads_does_not_hold_up_the_end() {
    let project = Project::new("", &[], "");
    let command = Command::new(env!("CARGO_BIN_EXE_punctual"));
    let unread = Up::spawn_with(&project, command, Stdio::piped(), PathBuf::new());
    let mut stack = unread.until_ready();
    // More than the pipe and the buffer before it hold.
    stack.invoke_later(&serde_json::json!({ "print": "x".repeat(200_000) }).to_string());
    let log = project.options.data_dir.join("logs/Probe.log");
    until("it is printed", || async {
        std::fs::metadata(&log).is_ok_and(|log| log.len() > 200_000)
    })
    .await;
    stack.terminate();
    let mut code = None;
    until("it ends", || {
        code = stack
            .process
            .try_wait()
            .expect("a child")
            .map(|status| status.code());
        std::future::ready(code.is_some())
    })
    .await;
    assert_eq!(code, Some(Some(0)));
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

#[tokio::test]
async fn what_fails_is_told_on_the_terminal() {
    let properties = "Timeout: 1
Events:
  Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn}}
  Any: {Type: HttpApi, Properties: {Method: GET, Path: /any}}";
    let resources = "
Work:
  Type: AWS::SQS::Queue
  Properties:
    QueueName: work
    VisibilityTimeout: 1
    RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 1}
Dead:
  Type: AWS::SQS::Queue
  Properties: {QueueName: dead}
Tracks:
  Type: AWS::KinesisFirehose::DeliveryStream
  Properties: {DeliveryStreamName: tracks, S3DestinationConfiguration: {BucketARN: b, RoleARN: r}}";
    let folder = tempfile::tempdir().expect("temporary directory");
    let seen = folder.path().join("seen").display().to_string();
    let environment = [("PROBE_ANSWER", r#"{"statusCode":1}"#), ("PROBE_SEEN", &seen)];
    let project = Project::new(properties, &environment, resources);
    let stack = Up::ready(&project);

    assert!(ureq::get(format!("{}/any", stack.url)).call().is_err());
    stack.invoke_later(r#"{"sleep_ms":5000}"#);
    let file = folder.path().join("seen");
    until("the event has come", || async { lines(&file).len() == 2 }).await;
    std::fs::write(format!("{seen}.crash"), "").expect("a file");
    let message = r#"{"QueueUrl":"http://x/1/work","MessageBody":"x"}"#;
    assert_eq!(stack.call("AmazonSQS.SendMessage", message), 200);
    // No folder can be made where a file is: as good as a full disk.
    std::fs::write(project.options.data_dir.join("firehose/tracks"), "").expect("a file");
    let put = r#"{"DeliveryStreamName":"tracks","Record":{"Data":"eA=="}}"#;
    for _ in 0..3 {
        assert_ne!(stack.call("Firehose_20150804.PutRecord", put), 200);
    }
    for words in [
        "Probe answered GET /any with what is no response: bad status code",
        "Error: Task timed out after 1.00 seconds",
        "Error: Runtime exited with error: signal: aborted",
        "Probe failed on a batch of work: Runtime.ExitError",
        "work: a message was received 1 times without success and is now in dead",
        "Firehose PutRecord failed: The delivery stream cannot write to",
    ] {
        until(words, || async { stack.told(words) > 0 }).await;
    }
    assert_eq!(stack.told("Firehose PutRecord failed"), 1, "the rest is counted");
}

/// The queues on a disk without room: a process whose files end at 66,000 KiB,
/// a little above the journal that fjall lays out beforehand.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_under_the_queues_is_told_once() {
    let queue = "Work: {Type: AWS::SQS::Queue, Properties: {QueueName: work}}";
    let project = Project::new("", &[], queue);
    let mut command = Command::new("bash");
    let limited = r#"trap '' XFSZ; ulimit -f 66000; exec "$0" "$@""#;
    command.args(["-c", limited, env!("CARGO_BIN_EXE_punctual")]);
    let stack = Up::spawn(&project, command).until_ready();
    let body = "x".repeat(1_000_000);
    let message = serde_json::json!({ "QueueUrl": "http://x/1/work", "MessageBody": body }).to_string();
    let refused = (0..75).filter(|_| stack.call("AmazonSQS.SendMessage", &message) == 500);
    assert!(refused.count() > 1);
    let words = "SQS SendMessage failed: The queue store failed";
    until("it is told", || async { stack.told(words) > 0 }).await;
    assert_eq!(stack.told(words), 1);
}
