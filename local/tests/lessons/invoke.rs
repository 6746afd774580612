//! `punctual invoke schedule-publish` with a database and without a running stack.

use crate::support::{migrated, number, punctual};

/// Nothing listens there: the command starts a stack of its own.
const NOWHERE: &str = "http://127.0.0.1:9";

fn invoke(event: &str, url: &str) -> crate::support::Said {
    let folder = tempfile::tempdir().expect("a folder");
    let data_dir = folder.path().to_str().expect("UTF-8");
    let place = [
        "--url",
        NOWHERE,
        "--data-dir",
        data_dir,
        "--database-url",
        url,
        "--json",
    ];
    punctual(&[&["invoke", "schedule-publish", event], &place[..]].concat())
}

#[test]
fn a_dry_run_says_what_a_replay_then_does() {
    let (url, name) = migrated();
    let at = "2026-01-05T10:30:00Z";
    let rows = [
        "--rows",
        "30",
        "--due",
        "20",
        "--at",
        at,
        "--database-url",
        url.as_str(),
    ];
    assert!(punctual(&[&["lessons", "generate"], &rows[..]].concat()).ok);
    let folder = tempfile::tempdir().expect("a folder");
    let event = |dry_run: bool| {
        let path = folder.path().join(format!("{dry_run}.json"));
        let event = serde_json::json!({"replay": {
            "from": at, "to": "2026-01-05T10:31:00Z", "reason": "a test", "dry_run": dry_run,
        }});
        std::fs::write(&path, event.to_string()).expect("written");
        path.to_str().expect("UTF-8").to_owned()
    };
    let open = "SELECT COUNT(*) FROM lesson WHERE status = 1 AND publish_at = '2026-01-05 10:30:00'";
    let answer = invoke(&event(true), &url).json();
    assert_eq!(answer["payload"]["would_publish"], 20, "{answer}");
    assert_eq!(number(&name, open), 0);
    let answer = invoke(&event(false), &url).json();
    assert_eq!(answer["payload"]["published"], 20, "{answer}");
    assert_eq!(number(&name, open), 20);
}

#[test]
fn a_database_without_tables_is_told_before_anything_is_built() {
    let (url, _) = crate::support::database();
    let said = invoke("events/schedule-publish.json", &url);
    assert!(
        !said.ok && said.err.contains("punctual migrate --database-url"),
        "{said:?}"
    );
    assert!(!said.err.contains(":punctual@"), "{said:?}");
}
