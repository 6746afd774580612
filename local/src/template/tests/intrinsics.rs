use super::{error, variable};

#[test]
fn intrinsic_functions_have_a_short_and_a_long_form() {
    let cases = [
        ("plain", "plain"),
        ("8080", "8080"),
        ("true", "true"),
        ("'012'", "012"),
        ("012345678901", "012345678901"),
        ("1.5", "1.5"),
        ("y", "y"),
        ("2026-01-26", "2026-01-26"),
        ("!Ref Word", "hello"),
        ("{Ref: Word}", "hello"),
        ("!Ref Count", "3"),
        ("!Ref AWS::Region", "eu-west-1"),
        ("!Ref AWS::AccountId", "123456789012"),
        ("!Ref AWS::Partition", "aws"),
        ("!Ref AWS::URLSuffix", "amazonaws.com"),
        ("!Ref AWS::StackName", "punctual"),
        (
            "!Ref AWS::StackId",
            "arn:aws:cloudformation:eu-west-1:123456789012:stack/punctual/00000000-0000-0000-0000-000000000000",
        ),
        (
            "!Sub '${Word}-${AWS::Region}-${!Word}'",
            "hello-eu-west-1-${Word}",
        ),
        (
            "{'Fn::Sub': ['${Greeting} ${Count}', {Greeting: !Ref Word}]}",
            "hello 3",
        ),
        ("!Sub '${Jobs.Arn}'", "arn:aws:sqs:eu-west-1:123456789012:Jobs"),
        ("!Join ['-', [a, !Ref Count, !Ref AWS::NoValue, c]]", "a-3-c"),
        ("!Join ['', !Ref Names]", "abc"),
        ("!Select [1, !Ref Names]", "b"),
        ("!Select ['2', !Split ['/', 'x/y/z']]", "z"),
        ("{'Fn::Select': [0, {'Fn::Split': ['.', {Ref: Word}]}]}", "hello"),
        ("!Base64 hi", "aGk="),
        ("!FindInMap [Sizes, !Ref AWS::Region, small]", "10"),
        ("!If [IsHello, !Ref Word, !ImportValue other]", "hello"),
        ("!If [IsNever, a, !If [IsBoth, b, c]]", "b"),
        ("!If [IsEither, a, b]", "a"),
        ("!Ref Jobs", "http://127.0.0.1:3000/123456789012/Jobs"),
        ("!Ref Named", "http://127.0.0.1:3000/123456789012/hello-jobs"),
        ("!GetAtt Named.QueueName", "hello-jobs"),
        (
            "{'Fn::GetAtt': [Named, Arn]}",
            "arn:aws:sqs:eu-west-1:123456789012:hello-jobs",
        ),
        (
            "{'Fn::GetAtt': Named.Arn}",
            "arn:aws:sqs:eu-west-1:123456789012:hello-jobs",
        ),
        ("!Ref Stream", "Stream"),
        (
            "!GetAtt Stream.Arn",
            "arn:aws:firehose:eu-west-1:123456789012:deliverystream/Stream",
        ),
        ("!Ref F", "F"),
        (
            "!GetAtt F.Arn",
            "arn:aws:lambda:eu-west-1:123456789012:function:F",
        ),
        (
            "!Ref F.Alias",
            "arn:aws:lambda:eu-west-1:123456789012:function:F:live",
        ),
        (
            "!Ref F.Version",
            "arn:aws:lambda:eu-west-1:123456789012:function:F:1",
        ),
        ("!Ref Nightly", "Nightly"),
        (
            "!GetAtt Nightly.Arn",
            "arn:aws:scheduler:eu-west-1:123456789012:schedule/night/Nightly",
        ),
        ("!Ref Topic", "arn:aws:sns:eu-west-1:123456789012:Topic"),
        (
            "!GetAtt Topic.TopicArn",
            "arn:aws:sns:eu-west-1:123456789012:Topic",
        ),
        ("!GetAtt Topic.TopicName", "Topic"),
        ("!GetAtt Bucket.Arn", "arn:aws:s3:::bucket"),
        ("!GetAtt Role.Arn", "arn:aws:iam::123456789012:role/Role"),
        ("!GetAtt Api.ApiEndpoint", "http://127.0.0.1:3000"),
    ];
    for (expression, expected) in cases {
        let value = variable(expression, &[]).unwrap_or_else(|e| panic!("{expression}: {e}"));
        assert_eq!(value.as_deref(), Some(expected), "{expression}");
    }
}

#[test]
fn no_value_leaves_a_variable_out() {
    assert_eq!(
        variable("!If [IsNever, x, !Ref AWS::NoValue]", &[]).unwrap(),
        None
    );
}

#[test]
fn what_cannot_be_evaluated_is_named_with_its_place() {
    let cases = [
        ("!ImportValue other", "Fn::ImportValue is not supported locally"),
        ("!Cidr ['10.0.0.0/16', 2, 8]", "Fn::Cidr is not supported locally"),
        (
            "!Ref Nothing",
            "parameter or resource `Nothing` is not in this template",
        ),
        (
            "!Sub '${Nothing.Arn}'",
            "parameter or resource `Nothing` is not in this template",
        ),
        (
            "!Ref Table",
            "Ref of Table (AWS::DynamoDB::Table) is not known locally",
        ),
        (
            "!GetAtt Jobs.Colour",
            "Colour of Jobs (AWS::SQS::Queue) is not known locally",
        ),
        (
            "!GetAtt Outer.Outputs.Name",
            "Outputs.Name of Outer (AWS::CloudFormation::Stack) is not known locally",
        ),
        ("!GetAtt Jobs", "Fn::GetAtt expects resource and attribute"),
        (
            "!Ref ServerlessHttpApi",
            "Ref of ServerlessHttpApi (an API that SAM makes) is not known locally; pass it as a template parameter",
        ),
        (
            "!Sub '${ServerlessRestApi}'",
            "Ref of ServerlessRestApi (an API that SAM makes) is not known locally",
        ),
        (
            "!GetAtt FRole.Arn",
            "Arn of FRole (a role that SAM makes) is not known locally",
        ),
        (
            "!Select [0, !Ref AWS::NotificationARNs]",
            "Ref of AWS::NotificationARNs (given with a deployment) is not known locally",
        ),
        (
            "!GetAtt JobsRole.Arn",
            "parameter or resource `JobsRole` is not in this template",
        ),
        (
            "!Ref Never",
            "Never does not exist, because its condition IsNever is false",
        ),
        (
            "!Ref NoDefault",
            "parameter NoDefault has no value here: it has no default",
        ),
        (
            "!Ref Secret",
            "parameter Secret has no value here: its value is in SSM",
        ),
        (
            "!Ref Jobs.Alias",
            "parameter or resource `Jobs.Alias` is not in this template",
        ),
        ("!Sub '${Word'", "Fn::Sub expects a string"),
        ("!Sub '${Names}'", "Fn::Sub expects a string"),
        (
            "!Select [7, !Ref Names]",
            "Fn::Select expects [index, list that is long enough]",
        ),
        ("!If [IsHello, a]", "Fn::If expects"),
        (
            "!FindInMap [Sizes, eu-north-1, small]",
            "mapping or key of a mapping `eu-north-1` is not",
        ),
        (
            "!If [Unknown, a, b]",
            "condition `Unknown` is not in this template",
        ),
        ("[a, list]", "expected a string, found a list"),
    ];
    for (expression, expected) in cases {
        let message = variable(expression, &[]).unwrap_err().to_string();
        let place = "template.yaml: Resources.F.Properties.Environment.Variables.X: ";
        let rest = message
            .strip_prefix(place)
            .unwrap_or_else(|| panic!("{expression}: {message}"));
        assert!(rest.starts_with(expected), "{expression}: {message}");
    }
}

#[test]
fn what_depends_on_itself_is_an_error() {
    let condition = variable("!If [IsRound, a, b]", &[]).unwrap_err().to_string();
    assert_eq!(
        condition,
        "template.yaml: Conditions.IsRound: IsRound depends on itself"
    );
    let name = error(
        "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !GetAtt Q.QueueName}}}",
        &[],
    );
    assert_eq!(
        name,
        "template.yaml: Resources.Q.Properties.QueueName: Q depends on itself"
    );
}
