use aws_sdk_sqs::types::{
    MessageAttributeValue, MessageSystemAttributeNameForSends, MessageSystemAttributeValue,
    SendMessageBatchRequestEntry,
};

/// A message to send.
#[derive(Debug, Clone, Default)]
pub struct Outgoing {
    /// The body, at most 1 MiB together with the attributes.
    pub body: String,
    /// Message attributes: name and string value.
    pub attributes: Vec<(String, String)>,
    /// The X-Ray header (`AWSTraceHeader`), so that a trace goes on behind the queue.
    pub trace_header: Option<String>,
}

impl Outgoing {
    /// What SQS counts: the body, and each attribute's name, type and value.
    pub fn size(&self) -> usize {
        let attributes = self
            .attributes
            .iter()
            .map(|(name, value)| name.len() + "String".len() + value.len());
        self.body.len() + attributes.sum::<usize>()
    }

    pub(super) fn entry(&self, index: usize) -> SendMessageBatchRequestEntry {
        let string = |value: &str| {
            MessageAttributeValue::builder()
                .data_type("String")
                .string_value(value)
                .build()
        };
        let attributes = self
            .attributes
            .iter()
            .map(|(name, value)| (name.clone(), string(value).expect("the data type is set")))
            .collect();
        let trace_header = self.trace_header.as_ref().map(|header| {
            MessageSystemAttributeValue::builder()
                .data_type("String")
                .string_value(header)
                .build()
                .expect("the data type is set")
        });
        let system = trace_header.map(|value| (MessageSystemAttributeNameForSends::AwsTraceHeader, value));
        SendMessageBatchRequestEntry::builder()
            .id(index.to_string())
            .message_body(&self.body)
            .set_message_attributes(Some(attributes))
            .set_message_system_attributes(system.map(|pair| [pair].into()))
            .build()
            .expect("id and body are set")
    }
}
