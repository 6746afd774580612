use std::time::Duration;

use super::{FUNCTION, QueueSource, Route, read};

#[test]
fn events_become_routes_and_sources() {
    let stack = read(
        &format!(
            "{FUNCTION}      FunctionUrlConfig: {{AuthType: NONE}}
      EventInvokeConfig: {{MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60, DestinationConfig: {{}}}}
      Events:
        Any: {{Type: HttpApi}}
        One: {{Type: HttpApi, Properties: {{Method: get, Path: '/a/{{id}}'}}}}
        Off: {{Type: SQS, Properties: {{Queue: !GetAtt Q.Arn, Enabled: false}}}}
        Upload: {{Type: S3, Properties: {{Bucket: !Ref B, Events: 's3:ObjectCreated:*'}}}}
  Q: {{Type: AWS::SQS::Queue, Properties: {{DelaySeconds: 5, ReceiveMessageWaitTimeSeconds: 20}}}}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {{EventSourceArn: !GetAtt Q.Arn, FunctionName: !GetAtt F.Arn}}
  OldFunction:
    Type: AWS::Serverless::Function
    Properties: {{Runtime: nodejs22.x, CodeUri: old/}}
  Alerts: {{Type: AWS::SNS::Topic, Properties: {{TopicName: !Sub '${{AWS::StackName}}-alerts', DisplayName: x, Subscription: []}}}}
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
    assert_eq!(
        (function.event_retries, function.event_max_age),
        (1, Duration::from_secs(60))
    );
    let source = QueueSource {
        queue: "Q".into(),
        batch_size: 10,
        window: Duration::ZERO,
        max_concurrency: None,
        report_batch_item_failures: false,
    };
    assert_eq!(function.queue_sources, [source]);
    let seconds = Duration::from_secs;
    assert_eq!(
        (stack.queues[0].delay, stack.queues[0].receive_wait),
        (seconds(5), seconds(20))
    );
    assert_eq!(stack.topics[0].name, "punctual-alerts");
    assert_eq!(
        stack.notes,
        [
            "not emulated here: AWS::IAM::Role (2)",
            "properties without effect here: Alerts (Subscription), F (FunctionUrlConfig, EventInvokeConfig.DestinationConfig)",
            "events that do not happen here: F.Upload (S3)",
            "functions left out, only compiled ones run here: OldFunction (runtime nodejs22.x)",
        ]
    );
}

#[test]
fn every_property_that_would_behave_otherwise_on_aws_is_noted() {
    let stack = read(
        &format!(
            "Conditions: {{Never: !Equals [a, b]}}{FUNCTION}      Description: harmless
      VpcConfig: {{SubnetIds: [!ImportValue subnet]}}
      EphemeralStorage: {{Size: 1024}}
      SnapStart: !If [Never, {{ApplyOn: PublishedVersions}}, !Ref AWS::NoValue]
      Layers: !ImportValue layers
      Timout: 60
      LoggingConfig: {{LogGroup: x, Surprise: 1}}
      ProvisionedConcurrencyConfig: {{ProvisionedConcurrentExecutions: 1, Surprise: 1}}
      Environment: {{Surprise: 1}}
      Events:
        Get: {{Type: HttpApi, Properties: {{Path: /, Method: get, PayloadFormatVersion: 2.0, ApiId: !Ref Api, Auth: {{Authorizer: Jwt}}, TimeoutInMillis: 1000}}}}
        Jobs: {{Type: SQS, Properties: {{Queue: !GetAtt Q.Arn, FilterCriteria: {{}}, ScalingConfig: {{MaximumConcurrency: 2, Surprise: 1}}}}}}
  Api: {{Type: AWS::Serverless::HttpApi, Properties: {{StageName: live, CorsConfiguration: true, Name: harmless}}}}
  Q: {{Type: AWS::SQS::Queue, Properties: {{Tags: [], ContentBasedDeduplication: true}}}}
  S:
    Type: AWS::KinesisFirehose::DeliveryStream
    Properties:
      DeliveryStreamType: DirectPut
      KinesisStreamSourceConfiguration: {{}}
      ExtendedS3DestinationConfiguration: {{BucketARN: b, RoleARN: r, DynamicPartitioningConfiguration: {{}}, ProcessingConfiguration: {{}}}}
"
        ),
        &[],
    )
    .unwrap();
    assert_eq!(
        stack.notes,
        ["properties without effect here: \
          Api (CorsConfiguration, StageName), \
          F (EphemeralStorage, Layers, Timout, Environment.Surprise, LoggingConfig.Surprise, \
          ProvisionedConcurrencyConfig.Surprise, Events.Get.Auth, Events.Get.TimeoutInMillis, \
          Events.Jobs.FilterCriteria, Events.Jobs.ScalingConfig.Surprise), \
          Q (ContentBasedDeduplication), \
          S (KinesisStreamSourceConfiguration, DynamicPartitioningConfiguration, ProcessingConfiguration)"]
    );
}
