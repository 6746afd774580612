//! `punctual lessons generate` on both databases.

use jiff::{SignedDuration, Timestamp};

use crate::support::{database, migrated, number, punctual};

const AT: &str = "2031-01-06T09:00:00.250Z";

fn generate(place: &[&str], more: &[&str]) -> crate::support::Said {
    let usual = [
        "lessons", "generate", "--rows", "12000", "--due", "600", "--at", AT, "--json",
    ];
    punctual(&[&usual, place, more].concat())
}

#[test]
fn mariadb_gets_what_was_asked_for() {
    let (url, name) = migrated();
    let place = ["--database-url", url.as_str()];
    let made = generate(&place, &[]).json();
    assert_eq!(
        (&made["rows"], &made["due"]),
        (&12_000.into(), &600.into()),
        "{made}"
    );
    assert!(!made["database"].as_str().expect("a URL").contains(":punctual@"));
    // Again, with other lessons of the same centers.
    generate(&place, &["--seed", "2"]).json();
    for (sql, expected) in [
        ("SELECT COUNT(*) FROM lesson", 24_000),
        ("SELECT COUNT(*) FROM center", 500),
        (
            "SELECT COUNT(*) FROM lesson WHERE publish_at = '2031-01-06 09:00:00.250' AND status = 0",
            1_200,
        ),
        (
            "SELECT COUNT(*) FROM lesson WHERE publish_at = '2031-01-06 09:00:00.250' AND status <> 0",
            0,
        ),
        (
            "SELECT COUNT(*) FROM lesson WHERE status = 0 AND publish_at < '2031-01-06 09:00:00.250'",
            0,
        ),
        (
            "SELECT COUNT(*) FROM lesson WHERE (published_at IS NULL) = (status = 1)",
            0,
        ),
        (
            "SELECT COUNT(*) FROM lesson WHERE status = 1 AND published_at > UTC_TIMESTAMP()",
            0,
        ),
        (
            "SELECT COUNT(*) FROM lesson l LEFT JOIN center c ON c.id = l.center_id WHERE c.id IS NULL",
            0,
        ),
    ] {
        assert_eq!(number(&name, sql), expected, "{sql}");
    }
    let [published, scheduled, cancelled] =
        ["published", "scheduled", "cancelled"].map(|kind| made[kind].as_u64().expect("a number"));
    assert_eq!(600 + published + scheduled + cancelled, 12_000);
}

#[test]
fn the_stacks_own_file_is_made_where_it_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let data_dir = folder.path().join("data");
    let place = ["--data-dir", data_dir.to_str().expect("UTF-8")];
    let before = Timestamp::now();
    let said = punctual(
        &[
            &[
                "lessons",
                "generate",
                "--rows",
                "50",
                "--due",
                "50",
                "--at",
                "next-minute",
                "--json",
            ],
            &place[..],
        ]
        .concat(),
    );
    let at: Timestamp = said.json()["at"]
        .as_str()
        .expect("a time")
        .parse()
        .expect("RFC 3339");
    let ahead = at.duration_since(before);
    assert!(
        SignedDuration::from_secs(5) <= ahead && ahead <= SignedDuration::from_secs(66),
        "{ahead}"
    );
    assert!(data_dir.join("lessons.db").is_file());
    let text = punctual(
        &[
            &["lessons", "generate", "--rows", "20", "--due", "1", "--at", AT],
            &place[..],
        ]
        .concat(),
    );
    assert!(text.out.starts_with("20 lessons of 500 centers in "), "{text:?}");
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let (url, _) = database();
    let place = ["--database-url", url.as_str()];
    for (arguments, words) in [
        (
            ["--rows", "10", "--due", "11", "--at", AT],
            "--due 11 is more than --rows 10",
        ),
        (["--rows", "10", "--due", "1", "--at", "soon"], "next-minute"),
        (["--rows", "0", "--due", "0", "--at", AT], "0 is not in 1..="),
        (
            ["--rows", "10", "--due", "1", "--at", AT],
            "punctual migrate --database-url",
        ),
    ] {
        let said = punctual(&[&["lessons", "generate"], &arguments[..], &place].concat());
        assert!(!said.ok && said.err.contains(words), "{said:?}");
    }
}
