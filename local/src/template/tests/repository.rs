use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::{DeliveryStream, Function, Queue, QueueSource, Redrive, Route, load, settings};

#[test]
fn the_template_of_this_repository_is_read_completely() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let hashes = format!("local:{}", "0".repeat(64));
    let parameters = [
        ("ApiKeyHashes", hashes.as_str()),
        ("ValkeyUrl", "redis://127.0.0.1:6379"),
    ];
    let stack = load(&root.join("template.yaml"), &settings(&parameters)).unwrap();

    let find = |id: &str| stack.functions.iter().find(|f| f.logical_id == id).unwrap();
    let url = |queue: &str| format!("http://127.0.0.1:3000/123456789012/{queue}");
    let route = |method: &str, path: &str| Route {
        method: method.into(),
        path: path.into(),
    };
    let function = |id: &str, folder: &str| Function {
        logical_id: id.into(),
        name: id.into(),
        code: root.join("target/lambda").join(folder),
        memory_mb: 256,
        timeout: Duration::from_secs(10),
        environment: BTreeMap::new(),
        reserved_concurrency: None,
        provisioned_concurrency: None,
        event_retries: 2,
        event_max_age: Duration::from_secs(21_600),
        log_format: Some("JSON".into()),
        log_level: Some("TRACE".into()),
        routes: Vec::new(),
        queue_sources: Vec::new(),
        schedules: Vec::new(),
    };
    let environment = |pairs: &[(&str, String)]| {
        let level = ("LOG_LEVEL", "INFO".to_owned());
        let all = pairs.iter().cloned().chain([level]);
        all.map(|(k, v)| (k.to_owned(), v)).collect()
    };
    let mut expected = function("TraceIngest", "trace-ingest");
    expected.routes = vec![route("GET", "/health"), route("POST", "/data/agents/traces")];
    expected.environment = environment(&[
        ("API_KEY_HASHES", hashes.clone()),
        ("TRACE_QUEUE_URL", url("punctual-traces")),
        ("VALKEY_URL", "redis://127.0.0.1:6379".into()),
    ]);
    assert_eq!(*find("TraceIngest"), expected);

    let mut expected = function("TraceForward", "trace-forward");
    expected.memory_mb = 512;
    expected.timeout = Duration::from_secs(60);
    expected.environment = environment(&[
        ("TRACE_STREAM", "traces".into()),
        ("ACTION_STREAM", "actions".into()),
        ("DEAD_LETTER_QUEUE_URL", url("TraceDeadLetterQueue")),
    ]);
    expected.queue_sources = vec![QueueSource {
        queue: "punctual-traces".into(),
        batch_size: 1_000,
        window: Duration::from_secs(1),
        max_concurrency: Some(10),
        report_batch_item_failures: true,
    }];
    assert_eq!(*find("TraceForward"), expected);

    let mut expected = function("Actions", "actions");
    expected.memory_mb = 1_769;
    expected.timeout = Duration::from_secs(29);
    expected.reserved_concurrency = Some(5);
    expected.routes = vec![route("POST", "/data/agents/actions")];
    expected.environment = environment(&[
        ("API_KEY_HASHES", hashes.clone()),
        ("ACTION_QUEUE_URL", url("punctual-traces")),
    ]);
    assert_eq!(*find("Actions"), expected);

    let day = Duration::from_secs(86_400);
    let queue = |name: &str| stack.queues.iter().find(|q| q.name == name).unwrap();
    let dead_letters = Queue {
        name: "TraceDeadLetterQueue".into(),
        visibility_timeout: Duration::from_secs(30),
        retention: 14 * day,
        max_message_bytes: 1_048_576,
        delay: Duration::ZERO,
        receive_wait: Duration::ZERO,
        redrive: None,
    };
    assert_eq!(*queue("TraceDeadLetterQueue"), dead_letters);
    let traces = Queue {
        name: "punctual-traces".into(),
        visibility_timeout: Duration::from_secs(361),
        retention: 7 * day,
        redrive: Some(Redrive {
            dead_letter_queue: "TraceDeadLetterQueue".into(),
            max_receive_count: 10,
        }),
        ..dead_letters
    };
    assert_eq!(*queue("punctual-traces"), traces);

    let stream = |name: &str| DeliveryStream {
        name: name.into(),
        buffer_bytes: 64 * 1024 * 1024,
        buffer_interval: Duration::from_secs(60),
    };
    assert_eq!(stack.streams, [stream("actions"), stream("traces")]);
    assert_eq!((stack.functions.len(), stack.queues.len()), (3, 2));

    assert_eq!(
        stack.notes[1..],
        [
            "properties without effect here: ActionStream (CompressionFormat, ErrorOutputPrefix, FileExtension, \
          Prefix), HttpApi (AccessLogSettings, DefaultRouteSettings), \
          TraceStream (CompressionFormat, ErrorOutputPrefix, FileExtension, Prefix)"
        ]
    );

    let off = load(&root.join("template.yaml"), &settings(&parameters[..1])).unwrap();
    assert!(
        off.functions
            .iter()
            .all(|f| !f.environment.contains_key("VALKEY_URL"))
    );
}
