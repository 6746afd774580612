//! Logins with IAM, against a MariaDB that asks for them as RDS does: over TLS,
//! with the cleartext plugin, and a check of the token outside of the server.
//!
//! PAM's service files are root's; without it there is nothing to test against.

mod pam;

use lessons::{Database, Store as _, StoreError};
use pam::Server;
use shared::config::Env;

/// What Lambda sets, and the stack's parameters.
fn env(port: u16, ca_file: &str, host: &str) -> Env {
    Env::of([
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        (
            "AWS_SECRET_ACCESS_KEY",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        ),
        ("DB_HOST", host),
        ("DB_PORT", &port.to_string()),
        ("DB_NAME", "lessons"),
        ("DB_USER", "iam"),
        ("DB_CA_FILE", ca_file),
    ])
}

async fn server(names: &'static [&'static str], arguments: &'static [&'static str]) -> Option<Server> {
    tokio::task::spawn_blocking(|| Server::start(names, arguments))
        .await
        .expect("a server")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_connection_logs_in_with_a_token_of_its_own() {
    let Some(server) = server(&["localhost"], &[]).await else {
        return;
    };
    let env = env(server.port(), server.ca_file(), "localhost");
    let database = Database::from_env(&env).expect("a database");
    for count in 1..=2 {
        let mut store = database.store().await.expect("a login");
        store.now().await.expect("an answer");
        store.close().await;
        let tokens = server.tokens();
        assert_eq!(tokens.len(), count);
        let token = &tokens[count - 1];
        let begin = format!("localhost:{}/?Action=connect&DBUser=iam&", server.port());
        assert!(token.starts_with(&begin), "{token}");
        for part in [
            "eu-west-1%2Frds-db%2Faws4_request",
            "X-Amz-Expires=900",
            "X-Amz-Signature=",
        ] {
            assert!(token.contains(part), "{part} in {token}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_the_server_refuses_is_an_error_without_the_token() {
    let Some(server) = server(&["localhost"], &[]).await else {
        return;
    };
    server.refuse();
    let env = env(server.port(), server.ca_file(), "localhost");
    let database = Database::from_env(&env).expect("a database");
    let error = database.connect().await.expect_err("refused");
    assert!(matches!(error, StoreError::Connect(_)), "{error}");
    assert!(!error.to_string().contains("X-Amz"), "{error}");
    assert_eq!(server.tokens().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_goes_to_a_server_of_another_name_or_authority() {
    let Some(server) = server(&["db.example.com"], &[]).await else {
        return;
    };
    let other = testkit::Certificates::make(&["localhost"]);
    let folder = tempfile::tempdir().expect("a folder");
    let strange = folder.path().join("ca.pem");
    std::fs::write(&strange, other.ca).expect("written");
    for ca_file in [server.ca_file(), strange.to_str().expect("UTF-8")] {
        let env = env(server.port(), ca_file, "localhost");
        let database = Database::from_env(&env).expect("a database");
        let error = database.connect().await.expect_err("refused");
        assert!(error.to_string().contains("ertificate"), "{error}");
    }
    assert_eq!(server.tokens(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_goes_to_a_server_without_tls() {
    let Some(server) = server(&["localhost"], &["--skip-ssl"]).await else {
        return;
    };
    let env = env(server.port(), server.ca_file(), "localhost");
    let database = Database::from_env(&env).expect("a database");
    assert!(database.connect().await.is_err());
    assert_eq!(server.tokens(), [""; 0]);
}

#[tokio::test]
async fn a_missing_variable_is_named() {
    for missing in ["AWS_REGION", "AWS_ACCESS_KEY_ID", "DB_NAME", "DB_USER"] {
        let all = [
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("DB_HOST", "localhost"),
            ("DB_NAME", "lessons"),
            ("DB_USER", "iam"),
        ];
        let env = Env::of(all.map(|(name, value)| (name, if name == missing { "" } else { value })));
        let error = Database::from_env(&env).expect_err(missing).to_string();
        assert!(
            error.starts_with(&format!("environment variable {missing}: ")),
            "{error}"
        );
    }
    let error = Database::from_env(&Env::of([])).expect_err("nothing set");
    assert!(error.to_string().contains("DATABASE_URL") && error.to_string().contains("DB_HOST"));
}
