//! The little of cargo that is needed: which packages there are, and building them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::BuildError;

/// The functions are built as this binary was: debug with debug, release with release.
const RELEASE: bool = !cfg!(debug_assertions);

/// `cargo metadata`, format version 1.
#[derive(Deserialize)]
pub(super) struct Workspace {
    packages: Vec<Package>,
    target_directory: PathBuf,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// A line of `--message-format=json`; only those with an executable matter.
#[derive(Deserialize)]
struct Message {
    target: Option<Target>,
    executable: Option<PathBuf>,
}

impl Workspace {
    /// The workspace that `folder` lies in, if any.
    pub fn around(folder: &Path) -> Result<Option<Self>, BuildError> {
        let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        if !absolute
            .ancestors()
            .any(|folder| folder.join("Cargo.toml").is_file())
        {
            return Ok(None);
        }
        let output = cargo(&absolute)
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .map_err(BuildError::NoCargo)?;
        let unreadable = |reason: String| BuildError::Workspace(absolute.clone(), reason);
        if !output.status.success() {
            return Err(unreadable(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        serde_json::from_slice(&output.stdout)
            .map(Some)
            .map_err(|error| unreadable(error.to_string()))
    }

    /// The package that has a binary of this name.
    pub fn package(&self, binary: &str) -> Option<&str> {
        let has_it = |package: &&Package| package.targets.iter().any(|target| target.is_binary(binary));
        self.packages
            .iter()
            .find(has_it)
            .map(|package| package.name.as_str())
    }

    /// Where cargo puts a binary unless a target triple is configured.
    pub fn executable(&self, binary: &str) -> PathBuf {
        let profile = if RELEASE { "release" } else { "debug" };
        self.target_directory.join(profile).join(binary)
    }

    /// Builds the packages in one go; `-p` each, because building single
    /// binaries unifies the features of the whole workspace into them.
    pub fn build<'a>(
        &self,
        packages: impl Iterator<Item = &'a String>,
    ) -> Result<BTreeMap<String, PathBuf>, BuildError> {
        let mut command = cargo(&self.workspace_root);
        command.args(["build", "--message-format=json-render-diagnostics"]);
        if RELEASE {
            command.arg("--release");
        }
        for package in packages {
            command.args(["-p", package]);
        }
        let output = command
            .stderr(Stdio::inherit())
            .output()
            .map_err(BuildError::NoCargo)?;
        if !output.status.success() {
            return Err(BuildError::Failed);
        }
        let lines = output.stdout.split(|byte| *byte == b'\n');
        let messages = lines.filter_map(|line| serde_json::from_slice::<Message>(line).ok());
        Ok(messages
            .filter_map(|message| Some((message.target?.name, message.executable?)))
            .collect())
    }
}

impl Target {
    fn is_binary(&self, name: &str) -> bool {
        self.name == name && self.kind.iter().any(|kind| kind == "bin")
    }
}

/// Under `cargo run` the variable names the very cargo that runs.
fn cargo(folder: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(folder);
    command
}
