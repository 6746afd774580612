// A test fails by panicking.
#![allow(clippy::unwrap_used)]

mod globals;
mod intrinsics;
mod parameters;
mod refusals;
mod repository;
mod resources;
mod schedules;

use super::*;

fn settings(parameters: &[(&str, &str)]) -> Settings {
    let owned = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
    Settings {
        region: "eu-west-1".into(),
        account_id: "123456789012".into(),
        endpoint: "http://127.0.0.1:3000".into(),
        parameters: parameters.iter().map(owned).collect(),
    }
}

fn read(template: &str, parameters: &[(&str, &str)]) -> Result<Stack, TemplateError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("template.yaml");
    std::fs::write(&path, template).unwrap();
    load(&path, &settings(parameters))
}

fn error(template: &str, parameters: &[(&str, &str)]) -> String {
    let message = read(template, parameters).unwrap_err().to_string();
    assert!(!message.contains('\n'), "one line: {message}");
    message
}

const FUNCTION: &str = "
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: provided.al2023
      CodeUri: f/
";

/// The value that an environment variable gets, written as an expression.
fn variable(expression: &str, parameters: &[(&str, &str)]) -> Result<Option<String>, TemplateError> {
    let template = format!(
        "{PREAMBLE}{FUNCTION}      AutoPublishAlias: live
      Environment: {{Variables: {{X: {expression}}}}}
  Jobs: {{Type: AWS::SQS::Queue}}
  Named: {{Type: AWS::SQS::Queue, Properties: {{QueueName: !Sub '${{Word}}-jobs'}}}}
  Never: {{Type: AWS::SQS::Queue, Condition: IsNever}}
  Stream:
    Type: AWS::KinesisFirehose::DeliveryStream
    Properties: {{ExtendedS3DestinationConfiguration: {{}}}}
  Topic: {{Type: AWS::SNS::Topic}}
  Bucket: {{Type: AWS::S3::Bucket}}
  Nightly: {{Type: AWS::Scheduler::Schedule, Properties: {{State: DISABLED, GroupName: !Ref Group, ScheduleExpression: rate(1 day), FlexibleTimeWindow: {{Mode: 'OFF'}}, Target: {{Arn: !GetAtt F.Arn}}}}}}
  Group: {{Type: AWS::Scheduler::ScheduleGroup, Properties: {{Name: night}}}}
  Role: {{Type: AWS::IAM::Role, Properties: {{Path: !ImportValue shared-path}}}}
  Api: {{Type: AWS::Serverless::HttpApi}}
  Table: {{Type: AWS::DynamoDB::Table}}
  Outer: {{Type: AWS::CloudFormation::Stack}}
"
    );
    Ok(read(&template, parameters)?.functions[0]
        .environment
        .get("X")
        .cloned())
}

const PREAMBLE: &str = "
Parameters:
  Word: {Type: String, Default: hello}
  Count: {Type: Number, Default: 3}
  Names: {Type: CommaDelimitedList, Default: 'a, b,c'}
  NoDefault: {Type: String}
  Secret: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /app/secret}
Mappings:
  Sizes: {eu-west-1: {small: 10}}
Conditions:
  IsHello: !Equals [!Ref Word, hello]
  IsNever: !Not [{Condition: IsHello}]
  IsBoth: !And [!Condition IsHello, !Equals [!Ref Count, 3]]
  IsEither: {'Fn::Or': [{Condition: IsNever}, {Condition: IsBoth}]}
  IsRound: {Condition: IsRound}
";
