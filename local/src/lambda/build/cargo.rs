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

/// Under `cargo run` the variable names the very cargo that runs. What that one
/// tells its own package is not passed on: build scripts look at it (ring's
/// does), and a cargo that finds it changed builds half the tree anew.
fn cargo(folder: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(folder);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_about_a_package) {
            command.env_remove(name);
        }
    }
    command
}

/// <https://doc.rust-lang.org/cargo/reference/environment-variables.html#environment-variables-cargo-sets-for-crates>
fn is_about_a_package(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_")
        || variable.starts_with("CARGO_BIN_EXE_")
        || matches!(
            variable,
            "CARGO_MANIFEST_DIR"
                | "CARGO_MANIFEST_PATH"
                | "CARGO_CRATE_NAME"
                | "CARGO_BIN_NAME"
                | "CARGO_PRIMARY_PACKAGE"
                | "CARGO_TARGET_TMPDIR"
                | "OUT_DIR"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_cargo_is_told_nothing_of_this_package() {
        assert!(std::env::var_os("CARGO_PKG_NAME").is_some(), "run by cargo");
        let command = cargo(Path::new("."));
        for name in ["CARGO_PKG_NAME", "CARGO_PKG_VERSION", "CARGO_MANIFEST_DIR"] {
            let set = command.get_envs().find(|(key, _)| *key == name);
            assert_eq!(set, Some((name.as_ref(), None)));
        }
        let kept = [
            "CARGO_HOME",
            "CARGO_TARGET_DIR",
            "CARGO_BUILD_TARGET",
            "CARGO_PROFILE_DEV_DEBUG",
        ];
        assert!(!kept.into_iter().any(is_about_a_package));
    }
}
