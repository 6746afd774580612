use std::time::Duration;

use super::{FUNCTION, QueueSource, Route, read};

#[test]
fn events_become_routes_and_sources() {
    let stack = read(
        &format!(
            "{FUNCTION}      FunctionUrlConfig: {{AuthType: NONE}}
      Events:
        Any: {{Type: HttpApi}}
        One: {{Type: HttpApi, Properties: {{Method: get, Path: '/a/{{id}}'}}}}
        Off: {{Type: SQS, Properties: {{Queue: !GetAtt Q.Arn, Enabled: false}}}}
        Nightly: {{Type: ScheduleV2, Properties: {{ScheduleExpression: rate(1 day)}}}}
  Q: {{Type: AWS::SQS::Queue, Properties: {{DelaySeconds: 5}}}}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{EventSourceArn: !GetAtt Q.Arn, FunctionName: !GetAtt F.Arn}}
  OldFunction:
    Type: AWS::Serverless::Function
    Properties: {{Runtime: nodejs22.x, CodeUri: old/}}
  Role: {{Type: AWS::IAM::Role}}
  OtherRole: {{Type: AWS::IAM::Role, Properties: {{Path: !ImportValue x}}}}
"
        ),
        &[],
    )
    .unwrap();
    let function = &stack.functions[0];
    let route = |method: &str, path: &str| Route {
        method: method.into(),
        path: path.into(),
    };
    assert_eq!(
        function.routes,
        [route("ANY", "$default"), route("GET", "/a/{id}")]
    );
    let source = QueueSource {
        queue: "Q".into(),
        batch_size: 10,
        window: Duration::ZERO,
        max_concurrency: None,
        report_batch_item_failures: false,
    };
    assert_eq!(function.queue_sources, [source]);
    assert_eq!(
        stack.notes,
        [
            "not emulated here: AWS::IAM::Role (2)",
            "properties without effect here: F.FunctionUrlConfig, Q.DelaySeconds",
            "events that do not happen here: F.Nightly (ScheduleV2)",
            "functions left out, only compiled ones run here: OldFunction (runtime nodejs22.x)",
        ]
    );
}
