use std::io;

use super::*;

async fn refused(options: Options) -> String {
    let started = Stack::start(options).await;
    let error = anyhow::Error::from(started.err().expect("refused"));
    // As `main` prints it.
    format!("{error:#}")
}

#[tokio::test]
async fn without_a_template_nothing_is_made() {
    let folder = tempfile::tempdir().expect("temporary directory");
    let options = Options {
        template: folder.path().join("template.yaml"),
        data_dir: folder.path().join(".punctual"),
        ..Options::default()
    };
    let data_dir = options.data_dir.clone();
    let error = refused(options).await;
    assert!(error.ends_with("name the file with --template"), "{error}");
    assert!(!data_dir.exists());
}

#[tokio::test]
async fn whoever_cannot_start_is_told_what_to_do() {
    let folder = tempfile::tempdir().expect("temporary directory");
    let template = folder.path().join("template.yaml");
    std::fs::write(&template, "").expect("written");
    let options = Options {
        // No folder can be made in a file.
        data_dir: template.join("data"),
        template,
        ..Options::default()
    };
    let error = refused(options).await;
    assert!(error.ends_with("choose another with --data-dir"), "{error}");
    let denied = io::Error::from(io::ErrorKind::PermissionDenied);
    let error = StackError::Listen(80, denied).to_string();
    assert!(
        error.contains("127.0.0.1:80") && error.contains("--port"),
        "{error}"
    );
}
