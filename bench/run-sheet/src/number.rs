//! Numbers as text.

/// With as many digits as matter; `∞` and `–` where there is no number.
pub fn number(value: f64) -> String {
    if value.is_nan() {
        return "–".to_owned();
    }
    if value.is_infinite() {
        return "∞".to_owned();
    }
    let digits = match value.abs() {
        0.0 => 0,
        ..0.001 => 5,
        ..0.1 => 3,
        ..10.0 => 2,
        ..100.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.digits$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => thousands(text),
    }
}

/// `10,000`.
fn thousands(mut digits: String) -> String {
    let mut end = digits.len();
    while end > 3 && digits.as_bytes()[end - 4].is_ascii_digit() {
        end -= 3;
        digits.insert(end, ',');
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn they_are_short_and_every_three_digits_have_a_comma() {
        let small = [0.0, 0.000_12, 0.0123, 0.5, 1.234, 50.0, 99.94].map(number);
        assert_eq!(small, ["0", "0.00012", "0.012", "0.5", "1.23", "50", "99.9"]);
        let large = [123.4, 2_000.0, -12_345.6, 1_234_567.0].map(number);
        assert_eq!(large, ["123", "2,000", "-12,346", "1,234,567"]);
        assert_eq!([f64::NAN, f64::INFINITY].map(number), ["–", "∞"]);
    }
}
