use std::collections::BTreeMap;
use std::time::Duration;

use super::{FUNCTION, read};

#[test]
fn globals_are_merged_as_sam_does() {
    let stack = read(
        "
Globals:
  Function:
    Runtime: provided.al2023
    CodeUri: shared/
    Timeout: 7
    MemorySize: 256
    LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: INFO}
    Environment: {Variables: {A: global, B: global}}
Resources:
  Own:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 9
      LoggingConfig: {ApplicationLogLevel: DEBUG}
      Environment: {Variables: {B: own, C: own}}
  Bare: {Type: AWS::Serverless::Function}
  Q: {Type: AWS::SQS::Queue}
",
        &[],
    )
    .unwrap();
    let find = |id: &str| stack.functions.iter().find(|f| f.logical_id == id).unwrap();
    let (own, bare) = (find("Own"), find("Bare"));
    assert_eq!(own.timeout, Duration::from_secs(9));
    assert_eq!(own.memory_mb, 256);
    assert_eq!(own.log_format.as_deref(), Some("JSON"));
    assert_eq!(own.log_level.as_deref(), Some("DEBUG"));
    let variables = [("A", "global"), ("B", "own"), ("C", "own")];
    assert_eq!(
        own.environment,
        variables.map(|(k, v)| (k.into(), v.into())).into()
    );
    assert_eq!(bare.timeout, Duration::from_secs(7));
    assert!(bare.code.ends_with("shared"));
}

#[test]
fn a_global_map_gives_way_to_an_intrinsic_function() {
    let stack = read(
        &format!(
            "Globals: {{Function: {{Environment: {{Variables: {{A: x}}}}}}}}
Conditions: {{IsOn: !Equals [a, a]}}{FUNCTION}      Environment: !If [IsOn, {{Variables: {{B: y}}}}, !Ref AWS::NoValue]"
        ),
        &[],
    )
    .unwrap();
    assert_eq!(
        stack.functions[0].environment,
        BTreeMap::from([("B".into(), "y".into())])
    );
}
