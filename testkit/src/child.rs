//! A server process that ends with this one.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Starts `$@`, waits until its own input ends, as it does when the process that
/// holds the other end is gone, and then kills the server.
const GUARD: &str = r#""$@" </dev/null & server=$!
echo "$server" > "$FOLDER/pid"
cat >/dev/null
kill -KILL "$server" 2>/dev/null; wait "$server" 2>/dev/null
[ -e "$FOLDER/keep" ] || rm -rf "$FOLDER""#;

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    guard: Child,
    folder: PathBuf,
}

impl Server {
    /// Starts `program` with `arguments`; its output goes to `folder/log`. The
    /// folder is gone after its end, unless it was [killed](Server::kill).
    pub fn start(
        program: &str,
        arguments: &[String],
        environment: &[(String, String)],
        folder: &Path,
    ) -> Self {
        let log = File::options()
            .create(true)
            .append(true)
            .open(folder.join("log"))
            .expect("the server's log");
        let guard = Command::new("sh")
            .args(["-c", GUARD, "guard", program])
            .args(arguments)
            .envs(environment.iter().cloned())
            .env("FOLDER", folder)
            .env("PATH", path())
            .stdin(Stdio::piped())
            .stdout(log.try_clone().expect("the server's log"))
            .stderr(log)
            .spawn()
            .expect("a shell");
        let folder = folder.to_owned();
        Self { guard, folder }
    }

    /// kill -9, and waits until it is gone. Its data are there for another start.
    pub fn kill(mut self) {
        let keep = self.folder.join("keep");
        std::fs::write(&keep, "").expect("the server's folder");
        drop(self.guard.stdin.take());
        self.guard.wait().expect("the guard's end");
        std::fs::remove_file(&keep).expect("the server's folder");
    }
}

/// Debian has servers where only root's shell looks.
pub(crate) fn path() -> std::ffi::OsString {
    let mut path = std::env::var_os("PATH").unwrap_or_default();
    path.push(":/usr/sbin");
    path
}
