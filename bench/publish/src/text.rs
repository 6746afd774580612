//! The sections' words and tables.

mod beside;
mod early;
mod fire;
mod sizes;
mod ways;

pub use beside::{DEFAULT, LIMIT_MS, beside};
pub use early::early;
pub use fire::fire;
pub use sizes::sizes;
pub use ways::ways;

/// `10,000`.
pub fn thousands(number: impl TryInto<u64>) -> String {
    let digits = number.try_into().unwrap_or_default().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn every_three_digits_have_a_comma() {
        let all = [7_u64, 250, 1_000, 10_000, 1_000_000].map(thousands);
        assert_eq!(all, ["7", "250", "1,000", "10,000", "1,000,000"]);
    }
}
