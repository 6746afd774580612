//! The promises of packing, for any sizes: limits, conservation, tightness.

mod support;

use proptest::{collection::vec, prelude::*};
use shared::envelope::Stream;
use trace_forward::{
    message::Message,
    ndjson::Ndjson,
    pack::{Size, first_fit_decreasing},
    record::{CALL_LIMIT, MAX_CALL_BYTES, MAX_CALL_RECORDS, RECORD_LIMIT, Record, calls, join},
};

fn message(position: usize, lines: usize, bytes: usize) -> Message {
    let least = "{\"p\":}\n".len() + position.to_string().len();
    let mut body = format!("{{\"p\":{position}}}\n").repeat(lines);
    // Spaces within the first line bring it to size.
    let more = bytes.min(RECORD_LIMIT.bytes).saturating_sub(lines * least);
    body.insert_str(1, &" ".repeat(more));
    Message {
        position,
        stream: Stream::Traces,
        lines: Ndjson::parse(body).expect("deliverable"),
    }
}

fn messages() -> impl Strategy<Value = Vec<Message>> {
    let sizes = prop_oneof![
        6 => (1..5usize, 20..2_000usize),
        3 => (1..=500usize, 5_000..200_000usize),
        1 => (1..=500usize, 0..=1_024_000usize),
    ];
    vec(sizes, 0..60).prop_map(|sizes| {
        let numbered = sizes.into_iter().enumerate();
        numbered
            .map(|(position, (lines, bytes))| message(position, lines, bytes))
            .collect()
    })
}

fn base64_bytes(record: &Record) -> usize {
    record.data.len().div_ceil(3) * 4
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn each_message_is_in_one_record_whole_and_in_order(messages in messages()) {
        let records = join(&messages);
        let mut seen: Vec<usize> = records.iter().flat_map(|record| record.messages.clone()).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..messages.len()).collect::<Vec<_>>());
        for record in &records {
            prop_assert!(record.messages.is_sorted());
            let parts = record.messages.iter().map(|position| &messages[*position].lines);
            let expected: Vec<u8> = parts.clone().flat_map(|lines| lines.text().to_vec()).collect();
            prop_assert_eq!(&record.data[..], &expected[..]);
            prop_assert_eq!(record.lines, parts.map(Ndjson::lines).sum::<usize>());
        }
    }

    #[test]
    fn a_record_is_within_both_limits_and_ends_with_one_newline(messages in messages()) {
        for record in join(&messages) {
            prop_assert!(record.data.len() <= 1_000 * 1024);
            prop_assert_eq!(record.data.iter().filter(|byte| **byte == b'\n').count(), record.lines);
            prop_assert!(record.lines <= 500);
            prop_assert_eq!(record.data.iter().rev().take_while(|byte| **byte == b'\n').count(), 1);
        }
    }

    #[test]
    fn a_call_is_within_both_limits_and_each_record_is_in_one(messages in messages()) {
        let records = join(&messages);
        let which: Vec<usize> = (0..records.len()).filter(|index| index % 3 != 1).collect();
        let calls = calls(&records, &which);
        for call in &calls {
            prop_assert!(call.len() <= MAX_CALL_RECORDS);
            let bytes: usize = call.iter().map(|index| base64_bytes(&records[*index])).sum();
            prop_assert!(bytes + 12 * call.len() + 102 <= MAX_CALL_BYTES);
        }
        let mut seen = calls.concat();
        seen.sort_unstable();
        prop_assert_eq!(seen, which);
    }

    #[test]
    fn no_two_bins_could_be_joined(sizes in vec((1..=1_000usize, 1..=50usize), 0..200)) {
        let limit = Size { bytes: 1_000, items: 50 };
        let sizes: Vec<Size> = sizes.into_iter().map(|(bytes, items)| Size { bytes, items }).collect();
        let total = |bin: &Vec<usize>| bin.iter().fold(Size::default(), |sum, index| sum + sizes[*index]);
        let bins: Vec<Size> = first_fit_decreasing(&sizes, limit).iter().map(total).collect();
        for (index, one) in bins.iter().enumerate() {
            prop_assert!(one.fits(limit));
            for other in &bins[index + 1..] {
                prop_assert!(!(*one + *other).fits(limit));
            }
        }
    }

    /// Messages of at most a tenth of a record leave each record but the last
    /// more than nine tenths full in one way or the other.
    #[test]
    fn small_messages_fill_records_to_nine_tenths(sizes in vec((1..=100usize, 1..=50usize), 1..400)) {
        let limit = Size { bytes: 1_000, items: 500 };
        let sizes: Vec<Size> = sizes.into_iter().map(|(bytes, items)| Size { bytes, items }).collect();
        let bins = first_fit_decreasing(&sizes, limit);
        let total = |bin: &[usize]| bin.iter().fold(Size::default(), |sum, index| sum + sizes[*index]);
        for bin in &bins[..bins.len() - 1] {
            let used = total(bin);
            prop_assert!(used.bytes > 900 || used.items > 450, "{used:?}");
        }
        // So there are at most a ninth more than bytes and lines would fill by themselves, and one.
        let all = total(&(0..sizes.len()).collect::<Vec<_>>());
        let ideal = all.bytes.div_ceil(limit.bytes) + all.items.div_ceil(limit.items);
        prop_assert!(bins.len() <= ideal * 10 / 9 + 1);
    }
}

#[test]
fn single_lines_fill_records_exactly() {
    let messages: Vec<Message> = (0..2_001).map(|position| message(position, 1, 250)).collect();
    let lines: Vec<usize> = join(&messages).iter().map(|record| record.lines).collect();
    assert_eq!(lines, [500, 500, 500, 500, 1]);
}

#[test]
fn sizes_that_next_fit_would_waste_half_on_are_paired() {
    // 300 and 200 lines alternate badly: 300 300 200 200 ... fits pairwise.
    let lines = [300, 300, 200, 200, 300, 300, 200, 200];
    let messages: Vec<Message> = (0..8)
        .map(|position| message(position, lines[position], 0))
        .collect();
    assert_eq!(join(&messages).len(), 4);
}

#[test]
fn a_message_of_the_largest_size_is_a_record_that_shares_its_bytes() {
    let messages = [message(0, 1, RECORD_LIMIT.bytes), message(1, 500, 0)];
    let records = join(&messages);
    assert_eq!(records.len(), 2);
    for record in records {
        let message = &messages[record.messages[0]];
        assert_eq!(record.data.as_ptr(), message.lines.text().as_ptr());
    }
}

#[test]
fn three_of_the_largest_records_fit_in_a_call() {
    let messages: Vec<Message> = (0..4)
        .map(|position| message(position, 1, RECORD_LIMIT.bytes))
        .collect();
    let records = join(&messages);
    let sizes: Vec<usize> = calls(&records, &[0, 1, 2, 3]).iter().map(Vec::len).collect();
    assert_eq!(sizes, [3, 1]);
    assert!(records[0].call_size().bytes * 3 <= CALL_LIMIT.bytes);
}

#[test]
fn a_call_takes_five_hundred_records() {
    let messages: Vec<Message> = (0..501).map(|position| message(position, 251, 0)).collect();
    let records = join(&messages);
    let all: Vec<usize> = (0..records.len()).collect();
    let sizes: Vec<usize> = calls(&records, &all).iter().map(Vec::len).collect();
    assert_eq!(sizes, [500, 1]);
}

#[test]
fn billing_counts_started_units_of_five_kilobytes() {
    let units = |bytes| join(&[message(0, 1, bytes)])[0].billed_units();
    assert_eq!([units(20), units(5_120), units(5_121)], [1, 1, 2]);
}
