use super::*;

#[test]
fn a_password_is_never_shown() {
    for (url, shown) in [
        ("mysql://u:secret@h:3306/d", "mysql://u@h:3306/d"),
        (
            "mysql://u:s@ecret@h/d?ssl-mode=disabled",
            "mysql://u@h/d?ssl-mode=disabled",
        ),
        ("mariadb://:secret@h/d", "mariadb://@h/d"),
        ("mysql://h/d", "mysql://h/d"),
        ("mysql:u:secret@h/d", "mysql:…"),
    ] {
        let tables = Tables::at(url).expect(url);
        assert_eq!((tables.to_string(), tables.url()), (shown.to_owned(), url));
        assert!(!format!("{tables:?}").contains("secret"));
    }
    for url in [
        "secret",
        "postgres://u:secret@h/d",
        "mysql://u:secret@h",
        "mysql://u:secret",
    ] {
        let error = Tables::at(url).expect_err(url).to_string();
        assert!(error.starts_with("--database-url: "), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn a_file_is_found_from_everywhere() {
    let here = std::env::current_dir().expect("a folder");
    let here = here.to_str().expect("UTF-8");
    for url in ["sqlite:a b.db?mode=ro", "sqlite://a%20b.db?mode=ro"] {
        let tables = Tables::at(url).expect(url);
        assert_eq!(tables.url(), format!("sqlite://{here}/a%20b.db?mode=ro"));
    }
    assert_eq!(Tables::at("sqlite:/x.db").expect("a URL").url(), "sqlite:///x.db");
}

#[tokio::test]
async fn the_embedded_file_is_made_and_migrated_whatever_its_folder_is_called() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["plain", "two words", "100 % ?a=b#c", "Übung", "new/nested"] {
        let data_dir = folder.path().join(name);
        let tables = Tables::embedded(&data_dir);
        tables.open().await.expect(name).close().await;
        assert!(data_dir.join("lessons.db").is_file(), "{name}");
        // What the functions will do with the URL.
        Tables::at(tables.url()).expect(name).open().await.expect(name);
    }
}

#[tokio::test]
async fn given_tables_are_checked_and_not_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("own.db");
    let tables = Tables::at(&format!("sqlite:{}", file.display())).expect("a URL");
    let error = tables.open().await.expect_err("no file").to_string();
    assert!(!file.exists() && error.contains("punctual migrate"), "{error}");
    std::fs::write(&file, "").expect("written");
    let error = tables.open().await.expect_err("no tables").to_string();
    assert!(error.contains("punctual migrate --database-url"), "{error}");
    let migrated = tables.migrate().await.expect("migrated");
    assert!(migrated.from == 0 && migrated.to > 0);
    tables.open().await.expect("tables").close().await;
}
