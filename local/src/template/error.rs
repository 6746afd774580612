//! Why a template cannot be run locally, each in one line that names the place.

use std::path::PathBuf;

/// Why a template could not be read. `at` is file and property path, such as
/// `template.yaml: Resources.TraceIngest.Properties.Timeout`.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The file is not there or not readable.
    #[error("{}: cannot be read: {error}; start in the project's folder, or name the file with --template", file.display())]
    Read {
        /// The template's path.
        file: PathBuf,
        /// What the system said; no `source`, as the message has it already.
        error: std::io::Error,
    },
    /// The file is not YAML.
    #[error("{file}: not valid YAML: {message}")]
    Syntax {
        /// The template's file name.
        file: String,
        /// The parser's message with line and column.
        message: String,
    },
    /// A property that the local stack needs is absent.
    #[error("{at}: missing; the local stack needs it")]
    Missing {
        /// Where it should be.
        at: String,
    },
    /// A list where a map belongs, and the like.
    #[error("{at}: expected {expected}, found {found}")]
    WrongType {
        /// Where.
        at: String,
        /// What belongs there.
        expected: String,
        /// What kind of value is there.
        found: &'static str,
    },
    /// A value that AWS or the local stack would refuse.
    #[error("{at}: {value} is not accepted; expected {expected}")]
    Refused {
        /// Where.
        at: String,
        /// The evaluated value.
        value: String,
        /// What is accepted.
        expected: String,
    },
    /// An intrinsic function that needs AWS, or is unknown.
    #[error("{at}: {function} is not supported locally; pass the value as a template parameter instead")]
    UnsupportedFunction {
        /// Where.
        at: String,
        /// Its long name, such as `Fn::ImportValue`.
        function: String,
    },
    /// An intrinsic function with arguments of the wrong shape.
    #[error("{at}: {function} expects {expected}")]
    Arguments {
        /// Where.
        at: String,
        /// Its long name.
        function: String,
        /// The shape of its arguments.
        expected: &'static str,
    },
    /// A name that the template does not define.
    #[error("{at}: {kind} `{name}` is not in this template")]
    Unknown {
        /// Where it is used.
        at: String,
        /// What was looked for: `parameter or resource`, `condition`, …
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// A reference to a resource that only AWS could answer.
    #[error(
        "{at}: {attribute} of {name} ({resource_type}) is not known locally; pass it as a template parameter instead"
    )]
    UnknownAttribute {
        /// Where it is used.
        at: String,
        /// `Ref` or the attribute's name.
        attribute: String,
        /// The resource's logical id.
        name: String,
        /// Its type, or who makes it where the template does not.
        resource_type: String,
    },
    /// A reference to a resource whose `Condition` is false.
    #[error("{at}: {name} does not exist, because its condition {condition} is false")]
    NotCreated {
        /// Where it is used.
        at: String,
        /// The resource's logical id.
        name: String,
        /// Its condition.
        condition: String,
    },
    /// A queue that gives a message out again while a function still works on it.
    #[error(
        "{at}: the VisibilityTimeout of {queue} is {visibility_s} s, less than the function's Timeout of {timeout_s} s; AWS refuses that, and advises six times the Timeout plus the batching window"
    )]
    VisibilityTooShort {
        /// The event source.
        at: String,
        /// Physical name of the queue.
        queue: String,
        /// Its visibility time-out in seconds.
        visibility_s: u64,
        /// The function's time-out in seconds.
        timeout_s: u64,
    },
    /// A value that depends on itself.
    #[error("{at}: {name} depends on itself")]
    Circular {
        /// Where it was noticed.
        at: String,
        /// The condition or resource.
        name: String,
    },
    /// A parameter that is used without having a value.
    #[error("{at}: parameter {name} has no value here: {reason}")]
    NoValue {
        /// Where it is used.
        at: String,
        /// The parameter.
        name: String,
        /// Why, and what to do.
        reason: &'static str,
    },
    /// A value for a parameter that the template does not define.
    #[error(
        "{file}: Parameters.{name}: is given a value but not in the template; check how it is spelt there"
    )]
    UndefinedParameter {
        /// The template's file name.
        file: String,
        /// The parameter.
        name: String,
    },
    /// A parameter's value breaks the parameter's own rules.
    #[error("{file}: Parameters.{name}: {reason}")]
    Parameter {
        /// The template's file name.
        file: String,
        /// The parameter.
        name: String,
        /// The rule, without the value when the parameter is `NoEcho`.
        reason: String,
    },
}
