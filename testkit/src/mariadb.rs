//! A MariaDB of one's own.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use crate::child::Server;
use crate::free_port;

/// How a server is set up beside the defaults.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Further arguments of `mariadbd`.
    pub arguments: Vec<String>,
    /// Further statements that it carries out when it starts.
    pub statements: Vec<String>,
    /// Further variables of its environment.
    pub environment: Vec<(String, String)>,
}

/// A running MariaDB: every commit is on the disk before it is answered, as on a
/// production server. User and password are `punctual`.
#[derive(Debug)]
pub struct MariaDb {
    port: u16,
    folder: PathBuf,
    options: Options,
    server: Mutex<Option<Server>>,
}

impl MariaDb {
    /// The server that all tests of this process share, each with a database of
    /// its own.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<MariaDb> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(Options::default()))
    }

    /// Starts a server on a free port and waits until it answers.
    ///
    /// # Panics
    /// When it does not start; its log's path is in the message.
    pub fn start(options: Options) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("punctual-mariadb-")
            .tempdir()
            .expect("a folder")
            .keep();
        // A starting server clears away what looks like another's temporary tables.
        std::fs::create_dir(folder.join("tmp")).expect("a folder");
        let made = Command::new("mariadb-install-db")
            .args([
                "--no-defaults",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ])
            .arg(format!("--datadir={}", folder.join("data").display()))
            .arg(format!("--tmpdir={}", folder.join("tmp").display()))
            .arg(format!("--user={}", whoami()))
            .output()
            .expect("mariadb-install-db, of the package mariadb-server");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let this = Self {
            port: free_port(),
            folder,
            options,
            server: Mutex::new(None),
        };
        this.restart();
        this
    }

    /// kill -9, as a crash or the machine's end would; nothing when it is down.
    pub fn kill(&self) {
        if let Some(server) = self.server.lock().expect("not poisoned").take() {
            server.kill();
        }
    }

    /// Kills it if it runs, starts it on its data, and waits until it answers.
    ///
    /// # Panics
    /// When it does not answer within a minute.
    pub fn restart(&self) {
        self.kill();
        let folder = self.folder.display();
        let mut statements = vec![
            "CREATE USER IF NOT EXISTS punctual@'%' IDENTIFIED BY 'punctual';".to_owned(),
            "GRANT ALL ON *.* TO punctual@'%' WITH GRANT OPTION;".to_owned(),
        ];
        statements.extend(self.options.statements.iter().cloned());
        std::fs::write(self.folder.join("init.sql"), statements.join("\n")).expect("the init file");
        let mut arguments = vec![
            "--no-defaults".to_owned(),
            format!("--user={}", whoami()),
            format!("--datadir={folder}/data"),
            format!("--tmpdir={folder}/tmp"),
            format!("--socket={folder}/socket"),
            format!("--init-file={folder}/init.sql"),
            format!("--port={}", self.port),
            "--bind-address=127.0.0.1".to_owned(),
            "--skip-name-resolve".to_owned(),
            "--innodb-flush-log-at-trx-commit=1".to_owned(),
            "--max-connections=500".to_owned(),
        ];
        arguments.extend(self.options.arguments.iter().cloned());
        let server = Server::start("mariadbd", &arguments, &self.options.environment, &self.folder);
        *self.server.lock().expect("not poisoned") = Some(server);
        let started = Instant::now();
        while !self.client(&["-e", "SELECT 1"]).is_ok_and(|answer| answer == "1") {
            assert!(
                started.elapsed() < Duration::from_secs(60),
                "MariaDB does not answer: see {folder}/log"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Makes an empty database with a name of its own; answers its URL.
    pub fn database(&self) -> String {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        self.execute("", &format!("CREATE DATABASE {name}"));
        self.url(&name)
    }

    /// A database's URL.
    pub fn url(&self, database: &str) -> String {
        format!("mysql://punctual:punctual@127.0.0.1:{}/{database}", self.port)
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its folder, with `log` in it.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// Carries out statements with its own client; answers the rows, with tabs
    /// between the columns.
    ///
    /// # Panics
    /// When it refuses them.
    pub fn execute(&self, database: &str, sql: &str) -> String {
        let database = if database.is_empty() { "mysql" } else { database };
        match self.client(&["-D", database, "-e", sql]) {
            Ok(answer) => answer,
            Err(problem) => panic!("{sql}: {problem}"),
        }
    }

    fn client(&self, arguments: &[&str]) -> Result<String, String> {
        let socket = format!("--socket={}/socket", self.folder.display());
        let output = Command::new("mariadb")
            .args([
                "--no-defaults",
                "-N",
                "-B",
                "-u",
                "punctual",
                "-ppunctual",
                &socket,
            ])
            .args(arguments)
            .output()
            .map_err(|error| error.to_string())?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        match output.status.success() {
            true => Ok(text(&output.stdout)),
            false => Err(text(&output.stderr)),
        }
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        self.kill();
        // What is left over is in the system's folder for temporary files.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// MariaDB runs as root only when it is told to.
fn whoami() -> String {
    let output = Command::new("id").arg("-un").output().expect("id");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
