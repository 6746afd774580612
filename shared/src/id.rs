//! Ids that people and phones choose, and that are stored: an agent's, a trace's.

/// Most characters in an id.
const MAX_CHARS: usize = 128;

/// The id, if it would break no line, log or key: 1 to 128 characters of any
/// script, none of them a control character or a line separator, no white space at
/// either end.
///
/// # Errors
/// What it must be.
pub fn checked(id: String) -> Result<String, &'static str> {
    if id.is_empty() {
        return Err("must not be empty");
    }
    // A character has at most 4 bytes: long ids are refused without being read.
    if id.len() > MAX_CHARS * 4 || id.chars().count() > MAX_CHARS {
        return Err("must have at most 128 characters");
    }
    // U+2028 and U+2029 end a line for some readers of NDJSON; SQS refuses the last two.
    let unfit = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}');
    if id.chars().any(unfit) {
        return Err("must not contain control characters or line separators");
    }
    if id.trim().len() != id.len() {
        return Err("must not begin or end with white space");
    }
    Ok(id)
}
