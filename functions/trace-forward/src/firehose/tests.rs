use super::*;

fn kind(code: &str, status: u16) -> &'static str {
    match meaning(code, status)(String::new()) {
        PutError::Throttled(_) => "throttled",
        PutError::Unavailable(_) => "unavailable",
        PutError::Rejected(_) => "rejected",
        PutError::Refused(_) => "refused",
    }
}

#[test]
fn each_error_that_firehose_documents_has_its_meaning() {
    for (code, status, expected) in [
        ("ServiceUnavailableException", 503, "throttled"),
        ("ThrottlingException", 400, "throttled"),
        ("KMSThrottlingException", 400, "throttled"),
        ("LimitExceededException", 400, "throttled"),
        ("RequestLimitExceeded", 400, "throttled"),
        ("Http429", 429, "throttled"),
        ("InternalFailure", 500, "unavailable"),
        ("Http502", 502, "unavailable"),
        ("RequestTimeoutException", 408, "unavailable"),
        ("InvalidArgumentException", 400, "rejected"),
        ("ValidationException", 400, "rejected"),
        ("SerializationException", 400, "rejected"),
        ("RequestEntityTooLargeException", 413, "rejected"),
        ("ResourceNotFoundException", 400, "refused"),
        ("AccessDeniedException", 400, "refused"),
        ("InvalidKMSResourceException", 400, "refused"),
        ("InvalidSourceException", 400, "refused"),
        ("UnrecognizedClientException", 403, "refused"),
        ("ExpiredTokenException", 403, "refused"),
    ] {
        assert_eq!(kind(code, status), expected, "{code} {status}");
    }
}

#[test]
fn an_entry_counts_as_accepted_with_an_id_and_no_error_alone() {
    let entry = |id: Option<&str>, code: Option<&str>| {
        let entry = PutRecordBatchResponseEntry::builder();
        outcome(
            entry
                .set_record_id(id.map(Into::into))
                .set_error_code(code.map(Into::into))
                .build(),
        )
    };
    let failed = |code: &str| RecordOutcome::Failed(code.to_owned());
    assert_eq!(entry(Some("1"), None), RecordOutcome::Accepted);
    assert_eq!(entry(None, Some("InternalFailure")), failed("InternalFailure"));
    assert_eq!(
        entry(Some("1"), Some("InternalFailure")),
        failed("InternalFailure")
    );
    assert_eq!(entry(None, None), failed("NoRecordId"));
}
