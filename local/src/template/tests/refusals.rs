use std::path::Path;

use super::{FUNCTION, error, load, settings};

#[test]
fn values_that_aws_would_refuse_are_refused() {
    let function = |lines: &str| format!("{FUNCTION}{lines}  Q: {{Type: AWS::SQS::Queue}}\n");
    let source = |more: &str| {
        function(&format!(
            "      Events: {{E: {{Type: SQS, Properties: {{Queue: !GetAtt Q.Arn, {more}}}}}}}\n"
        ))
    };
    let queue = |lines: &str| format!("Resources: {{Q: {{Type: AWS::SQS::Queue, Properties: {{{lines}}}}}}}");
    let event = "template.yaml: Resources.F.Properties.Events.E.Properties";
    let cases = [
        (
            function("      Timeout: 901\n"),
            "template.yaml: Resources.F.Properties.Timeout: `901` is not accepted; expected a whole number from 1 to 900".to_string(),
        ),
        (
            function("      MemorySize: [1]\n"),
            "template.yaml: Resources.F.Properties.MemorySize: expected a number, found a list".into(),
        ),
        (
            FUNCTION.replace("      CodeUri: f/\n", ""),
            "template.yaml: Resources.F.Properties.CodeUri: missing; the local stack needs it".into(),
        ),
        (
            FUNCTION.replace("f/", "s3://b/k"),
            "template.yaml: Resources.F.Properties.CodeUri: `s3://b/k` is not accepted; expected a local folder that holds `bootstrap`".into(),
        ),
        (
            source("BatchSize: 11"),
            format!("{event}.BatchSize: `11` is not accepted; expected at most 10 unless MaximumBatchingWindowInSeconds is 1 or more"),
        ),
        (
            source("FunctionResponseTypes: [ReportBatchItemFailure]"),
            format!("{event}.FunctionResponseTypes[0]: `ReportBatchItemFailure` is not accepted; expected `ReportBatchItemFailures`"),
        ),
        (
            source("ScalingConfig: {MaximumConcurrency: 1}"),
            format!("{event}.ScalingConfig.MaximumConcurrency: `1` is not accepted; expected a whole number from 2 to 1000"),
        ),
        (
            source("").replace("!GetAtt Q.Arn", "'arn:aws:sqs:eu-west-1:123456789012:other'"),
            "template.yaml: event source of F: queue `other` is not in this template".into(),
        ),
        (
            source("").replace("!GetAtt Q.Arn", "'arn:aws:kinesis:eu-west-1:123456789012:stream/s'"),
            format!("{event}.Queue: `arn:aws:kinesis:eu-west-1:123456789012:stream/s` is not accepted; expected the ARN of an SQS queue; nothing else feeds a function locally"),
        ),
        (
            queue("FifoQueue: true"),
            "template.yaml: Resources.Q.Properties.FifoQueue: `true` is not accepted; expected a standard queue; FIFO queues do not run locally".into(),
        ),
        (
            queue("RedrivePolicy: {maxReceiveCount: 5}"),
            "template.yaml: Resources.Q.Properties.RedrivePolicy.deadLetterTargetArn: missing; the local stack needs it".into(),
        ),
        (
            source("").replace("Type: AWS::SQS::Queue}", "Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 2}}"),
            "template.yaml: event source of F: the VisibilityTimeout of Q is 2 s, less than the function's Timeout of 3 s; AWS refuses that, and advises six times the Timeout plus the batching window".into(),
        ),
        (
            function("      Events: {E: {Type: HttpApi, Properties: {PayloadFormatVersion: '1.0'}}}\n"),
            format!("{event}.PayloadFormatVersion: `1.0` is not accepted; expected `2.0`; functions get no other event locally"),
        ),
        (
            "Resources: {S: {Type: AWS::KinesisFirehose::DeliveryStream, Properties: {DeliveryStreamType: KinesisStreamAsSource}}}".into(),
            "template.yaml: Resources.S.Properties.DeliveryStreamType: `KinesisStreamAsSource` is not accepted; expected `DirectPut`; nothing else feeds a stream locally".into(),
        ),
        (
            "Resources: {T: {Type: AWS::SNS::Topic, Properties: {FifoTopic: true}}}".into(),
            "template.yaml: Resources.T.Properties.FifoTopic: `true` is not accepted; expected a standard topic; FIFO topics do not run locally".into(),
        ),
        ("Resources: {Q: {}}".into(), "template.yaml: Resources.Q.Type: missing; the local stack needs it".into()),
        ("Resources: [a]".into(), "template.yaml: Resources: expected a map, found a list".into()),
        ("a: b".into(), "template.yaml: Resources: missing; the local stack needs it".into()),
    ];
    for (template, expected) in cases {
        assert_eq!(error(&template, &[]), expected);
    }
}

#[test]
fn broken_yaml_is_told_with_its_line() {
    let message = error("Resources:\n  A: {b: [c\n", &[]);
    assert!(
        message.starts_with("template.yaml: not valid YAML: "),
        "{message}"
    );
    assert!(message.contains("line"), "{message}");
    let missing = load(Path::new("no/such.yaml"), &settings(&[]))
        .unwrap_err()
        .to_string();
    assert!(missing.starts_with("no/such.yaml: cannot be read: "), "{missing}");
}
