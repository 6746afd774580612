//! A MariaDB whose user `iam` is let in by a script that sees the password in
//! clear text, as RDS lets in whoever has a valid token.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use testkit::{MariaDb, Options};

use testkit::Certificates;

/// Writes the password down, and lets in unless `refuse` is there.
const SCRIPT: &str = r#"#!/bin/sh
tr -d '\000' >> "FOLDER/tokens"
echo >> "FOLDER/tokens"
[ ! -e "FOLDER/refuse" ]
"#;

pub struct Server {
    mariadb: MariaDb,
    folder: TempDir,
    ca_file: String,
    service: PathBuf,
}

impl Server {
    /// `None` without the right to set it up.
    pub fn start(names: &[&str], arguments: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name).display().to_string();
        let name = folder.path().file_name().expect("a name").to_string_lossy();
        let service = format!("punctual{}", name.replace('.', "-").to_lowercase());
        let service_file = Path::new("/etc/pam.d").join(&service);
        let rules = format!(
            "auth required pam_exec.so expose_authtok quiet {}\naccount required pam_permit.so\n",
            at("script")
        );
        if let Err(error) = fs::write(&service_file, rules) {
            assert!(!is_root(), "{}: {error}", service_file.display());
            eprintln!("skipped, as this needs root: {}: {error}", service_file.display());
            return None;
        }
        fs::write(
            at("script"),
            SCRIPT.replace("FOLDER", &folder.path().display().to_string()),
        )
        .expect("written");
        fs::set_permissions(at("script"), fs::Permissions::from_mode(0o755)).expect("executable");
        let certificates = Certificates::make(names);
        fs::write(at("ca.pem"), certificates.ca).expect("written");
        fs::write(at("cert.pem"), certificates.certificate).expect("written");
        fs::write(at("key.pem"), certificates.key).expect("written");
        let mut options = Options {
            arguments: vec![
                format!("--ssl-ca={}", at("ca.pem")),
                format!("--ssl-cert={}", at("cert.pem")),
                format!("--ssl-key={}", at("key.pem")),
                "--plugin-load-add=auth_pam".to_owned(),
                "--pam-use-cleartext-plugin=ON".to_owned(),
            ],
            statements: vec![
                "CREATE DATABASE IF NOT EXISTS lessons;".to_owned(),
                format!("CREATE USER IF NOT EXISTS iam@'%' IDENTIFIED VIA pam USING '{service}';"),
                "GRANT ALL ON lessons.* TO iam@'%';".to_owned(),
            ],
            ..Options::default()
        };
        options
            .arguments
            .extend(arguments.iter().map(|one| (*one).to_owned()));
        Some(Self {
            mariadb: MariaDb::start(options),
            ca_file: at("ca.pem"),
            folder,
            service: service_file,
        })
    }

    pub fn port(&self) -> u16 {
        self.mariadb.port()
    }

    pub fn ca_file(&self) -> &str {
        &self.ca_file
    }

    /// From now on nobody is let in.
    pub fn refuse(&self) {
        fs::write(self.folder.path().join("refuse"), "").expect("written");
    }

    /// The passwords that were sent so far.
    pub fn tokens(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.path().join("tokens")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.service);
    }
}

fn is_root() -> bool {
    let user = std::process::Command::new("id").arg("-u").output();
    user.is_ok_and(|user| user.stdout.trim_ascii() == b"0")
}
