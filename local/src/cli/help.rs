//! What `--help` says beside the options: examples, what is printed, what can
//! be done with a running stack.

/// Of `punctual` and `punctual up`.
pub(super) const UP: &str = "\
What is printed:
  stdout  `ready http://127.0.0.1:3000`, once requests can come
  stderr  what the functions log, and notes of the stack itself

Ctrl-C stops in order: running requests end and the queues run empty first. A second one
quits at once. What is left in the queues is on disk, and the next start has it. What a schedule
triggered is not waited for: it ends with the stack, and its schedule comes again.

Faults, for --fault or the running stack; each is a share from 0 to 1 but the last two:
  firehose-failed-records   records that Firehose answers as failed
  firehose-throttled-calls  calls that Firehose refuses as a whole
  sqs-refused-entries       entries of a batch that SQS answers as failed
  sqs-failed-calls          sends that SQS refuses as a whole
  sns-failed-calls          calls that SNS refuses
  killed-invocations        invocations whose process is killed while it works
  duplicated-triggers       triggers of a schedule that come twice
  late-triggers-s           seconds, up to 60, that a schedule's triggers come late at most
  service-latency-ms        milliseconds that each answer of SQS, SNS and Firehose waits

While it runs, http://127.0.0.1:3000/_console shows it all on a page. And:
  curl http://127.0.0.1:3000/_punctual/status                      functions, queues, schedules, …
  curl -X PUT -d '{\"sqs_failed_calls\": 0.5}' http://127.0.0.1:3000/_punctual/faults
  curl -X POST http://127.0.0.1:3000/_punctual/kill/trace-forward  kill a function's processes
  aws --endpoint-url http://127.0.0.1:3000 sqs list-queues         any credentials will do
  tail -f .punctual/sns/*.ndjson                                   what was published to topics

Examples (`punctual` is `cargo run --release --`):
  punctual                                         build, start, serve on port 3000
  punctual --port 3001 --data-dir /tmp/other       a second stack beside the first
  punctual --fault firehose-failed-records=0.1     with 10 % failed records
  punctual --parameter-override LogLevel=DEBUG     with a parameter of the template
  punctual --database-url mysql://me:secret@127.0.0.1/lessons
  punctual invoke trace-ingest events/trace-ingest-native.json
  punctual invoke actions events/actions.json
  punctual replay recording.csv
  punctual demo                                    a fleet, riders' run sheets, lessons that open
  punctual status --json                           rates, queues and lateness, for scripts";

/// Of `punctual invoke`.
pub(super) const INVOKE: &str = "\
The event goes to the function as it is; events/ has one of each kind. Without a stack at --url,
one is started for this call with the options above. It begins no schedule and leaves the queues
alone: what the call puts there is on disk, for the next `punctual`.

What is printed:
  stdout  the function's answer; with --json, {\"function\", \"function_error\", \"payload\"}
  stderr  what the function logs, if the stack was started for this call

The exit code is 0 after an answer, 1 if the function failed or was not called.

Examples:
  punctual invoke trace-ingest events/trace-ingest-native.json
  punctual invoke TraceForward events/trace-forward.json --json
  punctual invoke schedule-publish events/schedule-publish-dry-run.json
  jq '.body = \"{}\"' events/trace-ingest-native.json | punctual invoke trace-ingest -";

/// Of `punctual demo`.
pub(super) const DEMO: &str = "\
The stack has to run. Its database is known from it; a server's password is not, so that a URL with
one has to be given. Progress goes to stderr, the result to stdout. The exit code is 1 unless every
rider got a run sheet and every lesson was open 30 s after its instant.

Examples:
  punctual demo
  punctual demo --riders 100 --lessons 100000 --json
  punctual demo --url http://127.0.0.1:3001 --database-url mysql://me:secret@127.0.0.1/lessons";

/// Of `punctual status`.
pub(super) const STATUS: &str = "\
Rates are per second, of the last five. With --json one object for scripts: rates, queues, streams,
lessons, and lateness of the newest run that opened something. The exit code is 1 if no stack
answers.

Examples:
  punctual status
  punctual status --json | jq .rates.accepted
  punctual status --json | jq '.lateness.last_commit_late_ms < 1000'";

/// Of `punctual migrate`.
pub(super) const MIGRATE: &str = "\
What is up to date stays as it is, and several at once wait for each other. The stack migrates its
own SQLite file itself; any other database is only checked at its start.

Examples:
  punctual migrate --database-url mysql://me:secret@127.0.0.1:3306/lessons
  PUNCTUAL_DATABASE_URL=sqlite:lessons.db punctual migrate --json";

/// Of `punctual lessons generate`.
pub(super) const GENERATE: &str = "\
Of the lessons that are not due, about 75 % opened long ago, 20 % open later than --at and 5 % are
cancelled; none opens within an hour of it. Names of generated centers end with (generated): to be
rid of all, delete the lessons of these centers. Progress goes to stderr, the summary to stdout.

Examples:
  punctual lessons generate --rows 10000 --due 1000 --at next-minute
  punctual lessons generate --rows 1000000 --due 10000 --at 2026-11-24T10:30:00Z \\
    --database-url mysql://me:secret@127.0.0.1:3306/lessons";

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::faults::FaultSettings;

    #[test]
    fn every_fault_is_explained() {
        let faults = serde_json::to_value(FaultSettings::default()).expect("JSON");
        for name in faults.as_object().expect("a map").keys() {
            let line = format!("\n  {} ", name.replace('_', "-"));
            assert!(UP.contains(&line), "{name}");
        }
    }

    #[test]
    fn the_events_of_the_examples_exist() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let words = UP.split_whitespace().chain(INVOKE.split_whitespace());
        let events: Vec<&str> = words.filter(|word| word.ends_with(".json")).collect();
        assert!(!events.is_empty());
        for event in events {
            assert!(root.join(event).is_file(), "{event}");
        }
    }

    #[test]
    fn help_fits_a_terminal() {
        for line in [UP, INVOKE, DEMO, STATUS, MIGRATE, GENERATE]
            .into_iter()
            .flat_map(str::lines)
        {
            assert!(line.chars().count() <= 100, "{line}");
        }
    }
}
