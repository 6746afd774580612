//! What a start tells: who is invoked by what, and what to look after.

use std::collections::BTreeSet;

use super::Options;
use super::parameters::API_KEY_HASHES;
use crate::lambda::limit;
use crate::tables::Tables;
use crate::template::{Function, Stack};

/// `waiting` is the number of messages in a queue.
pub(super) fn lines(
    template: &Stack,
    options: &Options,
    tables: Option<&Tables>,
    waiting: impl Fn(&str) -> usize,
) -> Vec<String> {
    let mut lines: Vec<String> = template.functions.iter().map(invoked_by).collect();
    lines.extend(template.functions.iter().filter_map(|function| {
        let asked = function.provisioned_concurrency?;
        let limit = limit(function, options.max_environments);
        (asked as usize > limit).then(|| {
            let id = &function.logical_id;
            format!("{id}: {limit} of its {asked} provisioned environments; more with --max-environments")
        })
    }));
    let redrives = template.queues.iter().filter_map(|queue| queue.redrive.as_ref());
    let dead_letters: BTreeSet<&str> = redrives
        .map(|redrive| redrive.dead_letter_queue.as_str())
        .collect();
    lines.extend(dead_letters.into_iter().filter_map(|queue| {
        let depth = waiting(queue);
        (depth > 0).then(|| format!("left in the dead-letter queue {queue} from before: {depth}"))
    }));
    lines.extend(tables.map(|tables| format!("lessons in {tables}")));
    lines.push(format!("data and logs in {}", options.data_dir.display()));
    lines.push(match options.parameters.contains_key(API_KEY_HASHES) {
        // --api-key has no say then, and only whoever made the hashes knows the keys.
        true => format!("API keys: those whose hashes {API_KEY_HASHES} was given"),
        false => format!("API key: {}", options.api_key),
    });
    lines
}

fn invoked_by(function: &Function) -> String {
    let routes = function.routes.iter().map(|route| match route.path.as_str() {
        "$default" => "$default".to_owned(),
        path => format!("{} {path}", route.method),
    });
    let sources = function.queue_sources.iter();
    let queues = sources.map(|source| format!("queue {}", source.queue));
    let schedules = function.schedules.iter();
    let schedules = schedules.map(|schedule| format!("schedule {}", schedule.times.text));
    let by: Vec<String> = routes.chain(queues).chain(schedules).collect();
    match by.is_empty() {
        true => format!("{}: only invoked directly", function.logical_id),
        false => format!("{} ← {}", function.logical_id, by.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::template::{self, Settings};

    const TEMPLATE: &str = "
Resources:
  Api:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: provided.al2023
      CodeUri: api/
      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}
      Events:
        Get: {Type: HttpApi, Properties: {Method: get, Path: /a}}
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
        Often: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 minute)}}
  Direct: {Type: AWS::Serverless::Function, Properties: {Runtime: provided.al2023, CodeUri: direct/}}
  Jobs:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}}
  Dead: {Type: AWS::SQS::Queue}
";

    #[test]
    fn a_start_tells_what_is_cut_and_what_was_given_up() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("template.yaml");
        std::fs::write(&path, TEMPLATE).expect("written");
        let settings = Settings {
            region: "us-east-1".into(),
            account_id: "000000000000".into(),
            endpoint: "http://127.0.0.1:3000".into(),
            parameters: BTreeMap::new(),
        };
        let template = template::load(&path, &settings).expect("a template");
        let told = |max_environments, waiting: fn(&str) -> usize| {
            let options = Options {
                max_environments,
                ..Options::default()
            };
            lines(&template, &options, None, waiting)
        };
        let usual = [
            "Api ← GET /a, queue Jobs, schedule rate(1 minute)",
            "Direct: only invoked directly",
            "data and logs in .punctual",
            "API key: local-dev-key",
        ];
        assert_eq!(told(5, |_| 0), usual);
        let hashes = BTreeMap::from([("ApiKeyHashes".to_owned(), "a:00".to_owned())]);
        let own_keys = Options {
            parameters: hashes,
            ..Options::default()
        };
        assert_eq!(
            lines(&template, &own_keys, None, |_| 0)
                .last()
                .map(String::as_str),
            Some("API keys: those whose hashes ApiKeyHashes was given"),
            "the default key would be refused"
        );
        // What waits in a queue with a function behind it is nothing to look after.
        assert_eq!(
            told(4, |queue| if queue == "Dead" { 7 } else { 9 })[2..4],
            [
                "Api: 4 of its 5 provisioned environments; more with --max-environments",
                "left in the dead-letter queue Dead from before: 7",
            ]
        );
    }
}
