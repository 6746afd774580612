//! `punctual migrate`: what it does, and what it says when it cannot.

use testkit::{MariaDb, free_port};

use crate::support::{database, punctual};

#[test]
fn tables_are_made_once() {
    let (url, _) = database();
    let first = punctual(&["migrate", "--json", "--database-url", &url]).json();
    assert_eq!(first["from"], 0);
    let again = punctual(&["migrate", "--json", "--database-url", &url]).json();
    assert_eq!(again["from"], first["to"]);
    let said = punctual(&["migrate", "--database-url", &url]);
    assert!(said.ok && said.out.contains("already"), "{said:?}");
    assert!(!said.out.contains(":punctual@"), "{said:?}");
}

#[test]
fn a_file_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("lessons.db").display());
    let said = punctual(&["migrate", "--database-url", &url]);
    assert!(said.ok && said.out.contains("now, before of 0"), "{said:?}");
}

#[test]
fn who_cannot_is_told_why_and_what_to_do() {
    let server = MariaDb::shared();
    let (url, name) = database();
    server.execute(
        "",
        &format!(
            "CREATE USER reader@'%' IDENTIFIED BY 'secret'; GRANT SELECT ON {name}.* TO reader@'%'; \
         CREATE USER stranger@'%' IDENTIFIED BY 'secret'"
        ),
    );
    let port = server.port();
    let nobody = free_port();
    for (url, words) in [
        (
            format!("mysql://punctual:secret@127.0.0.1:{nobody}/{name}"),
            "is the server running",
        ),
        (
            format!("mysql://punctual:secret@127.0.0.1:{port}/{name}"),
            "check user and password",
        ),
        (
            format!("mysql://punctual:punctual@127.0.0.1:{port}/none"),
            "CREATE DATABASE",
        ),
        (
            format!("mysql://stranger:secret@127.0.0.1:{port}/{name}"),
            "give the user rights on this database",
        ),
        (
            format!("mysql://reader:secret@127.0.0.1:{port}/{name}"),
            "GRANT CREATE, CREATE VIEW",
        ),
        ("sqlite:/nowhere/at/all.db".to_owned(), "is the path right"),
        ("postgres://u:secret@h/d".to_owned(), "begins neither with mysql"),
    ] {
        let said = punctual(&["migrate", "--database-url", &url]);
        assert!(!said.ok && said.err.contains(words), "{url}: {said:?}");
        assert!(!said.err.contains("secret"), "{said:?}");
    }
    // A table in the way breaks it off, and MySQL cannot take back what it made before.
    server.execute(&name, "CREATE TABLE publish_run (id INT)");
    let said = punctual(&["migrate", "--database-url", &url]);
    assert!(!said.ok && said.err.contains("publish_run"), "{said:?}");
    let said = punctual(&["migrate", "--database-url", &url]);
    assert!(
        !said.ok && said.err.contains("broke off before its end"),
        "{said:?}"
    );
}
