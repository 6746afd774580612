//! What `Ref` and `Fn::GetAtt` of a resource give locally.

use serde_json::Value;

use super::error::TemplateError;
use super::place::Place;
use super::scope::Scope;

/// Types whose attributes are known: service in the ARN, property that names
/// the resource, and what stands before that name in the ARN.
const KNOWN: [(&str, &str, &str, &str); 9] = [
    ("AWS::Serverless::Function", "lambda", "FunctionName", "function:"),
    ("AWS::Scheduler::Schedule", "scheduler", "Name", "schedule/"),
    (
        "AWS::Scheduler::ScheduleGroup",
        "scheduler",
        "Name",
        "schedule-group/",
    ),
    ("AWS::SQS::Queue", "sqs", "QueueName", ""),
    (
        "AWS::KinesisFirehose::DeliveryStream",
        "firehose",
        "DeliveryStreamName",
        "deliverystream/",
    ),
    ("AWS::SNS::Topic", "sns", "TopicName", ""),
    ("AWS::S3::Bucket", "s3", "BucketName", ""),
    ("AWS::Logs::LogGroup", "logs", "LogGroupName", "log-group:"),
    ("AWS::IAM::Role", "iam", "RoleName", "role/"),
];

impl Scope<'_> {
    /// An attribute of a resource; `Ref` counts as one.
    pub(super) fn attribute(
        &self,
        logical_id: &str,
        attribute: &str,
        at: &str,
    ) -> Result<Value, TemplateError> {
        let Some(resource) = self.resources.get(logical_id) else {
            return Err(self.undefined(logical_id, attribute, at));
        };
        if let Some(condition) = resource.get("Condition").and_then(Value::as_str)
            && !self.condition(condition, at)?
        {
            return Err(TemplateError::NotCreated {
                at: at.into(),
                name: logical_id.into(),
                condition: condition.into(),
            });
        }
        let resource_type = resource.get("Type").and_then(Value::as_str).unwrap_or("no type");
        self.known_attribute(logical_id, resource_type, attribute)?
            .map(Value::from)
            .ok_or_else(|| TemplateError::UnknownAttribute {
                at: at.into(),
                attribute: attribute.into(),
                name: logical_id.into(),
                resource_type: resource_type.into(),
            })
    }

    fn known_attribute(
        &self,
        logical_id: &str,
        resource_type: &str,
        attribute: &str,
    ) -> Result<Option<String>, TemplateError> {
        let settings = self.settings;
        match (resource_type, attribute) {
            ("AWS::Serverless::HttpApi", "Ref") => return Ok(Some(logical_id.into())),
            ("AWS::Serverless::HttpApi", "ApiEndpoint") => {
                return Ok(Some(settings.endpoint.clone()));
            }
            _ => {}
        }
        let Some((_, service, naming, prefix)) = KNOWN.iter().find(|row| row.0 == resource_type) else {
            return Ok(None);
        };
        let name = self.physical_name(logical_id, naming)?;
        let (region, account) = match *service {
            "s3" => ("", ""),
            "iam" => ("", settings.account_id.as_str()),
            _ => (settings.region.as_str(), settings.account_id.as_str()),
        };
        Ok(match (*service, attribute) {
            ("sqs", "Ref" | "QueueUrl") => Some(format!("{}/{account}/{name}", settings.endpoint)),
            ("scheduler", "Arn") if *prefix == "schedule/" => {
                let group = self.given(logical_id, "GroupName")?;
                let group = group.as_deref().unwrap_or("default");
                Some(format!(
                    "arn:aws:scheduler:{region}:{account}:schedule/{group}/{name}"
                ))
            }
            ("sns", "Ref" | "TopicArn") | (_, "Arn") => {
                Some(format!("arn:aws:{service}:{region}:{account}:{prefix}{name}"))
            }
            (_, "Ref") => Some(name),
            (_, attribute) if attribute == *naming => Some(name),
            _ => None,
        })
    }

    /// The resource's own name where the template gives one, else its logical id.
    pub(super) fn physical_name(&self, logical_id: &str, property: &str) -> Result<String, TemplateError> {
        Ok(match self.given(logical_id, property)? {
            Some(name) => name,
            // Bucket names have no capitals.
            None if property == "BucketName" => logical_id.to_lowercase(),
            None => logical_id.into(),
        })
    }

    fn given(&self, logical_id: &str, property: &str) -> Result<Option<String>, TemplateError> {
        let resource = self.resources.get(logical_id);
        let given = resource.and_then(|resource| resource.get("Properties")?.get(property));
        let at = format!("{}: Resources.{logical_id}.Properties.{property}", self.file);
        let name = given.map(|given| self.once(logical_id, &at, || Place::new(self, at.clone(), given)));
        name.transpose()?.flatten().map(|name| name.string()).transpose()
    }
}
