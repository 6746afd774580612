//! From `CodeUri` to an executable: cargo builds the workspace's functions,
//! and a folder with a finished `bootstrap` is taken as it is.

mod cargo;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::template::Function;
use cargo::Workspace;

/// Why a function has no executable, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// There is no cargo to call.
    #[error("cargo was not found ({0}); install Rust from https://rustup.rs or put cargo on the PATH")]
    NoCargo(std::io::Error),
    /// `cargo metadata` failed; its own message follows.
    #[error("cargo cannot read the workspace of {0}:\n{1}")]
    Workspace(PathBuf, String),
    /// The compiler's messages are on the terminal already.
    #[error("cargo build failed; its messages are above")]
    Failed,
    /// Neither a package nor a bootstrap.
    #[error(
        "{function}: CodeUri {} has no executable `bootstrap`, and no package of the workspace has a binary named `{binary}`",
        code.display()
    )]
    NoCode {
        /// Logical id.
        function: String,
        /// Folder of the template's `CodeUri`.
        code: PathBuf,
        /// Last part of that folder.
        binary: String,
    },
    /// `--no-build`, and it was never built.
    #[error("{function}: {} does not exist yet; leave out --no-build once", executable.display())]
    NotBuilt {
        /// Logical id.
        function: String,
        /// Where cargo would have put it.
        executable: PathBuf,
    },
}

/// Builds what is needed and returns the executables in the functions' order.
/// Blocks, with cargo's own output on stderr. `build: false` takes what is there.
pub fn executables(template: &Path, functions: &[Function], build: bool) -> Result<Vec<PathBuf>, BuildError> {
    let folder = template.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let workspace = Workspace::around(folder)?;
    let package_of = |function: &Function| workspace.as_ref()?.package(&binary(function)).map(str::to_owned);
    let packages: BTreeMap<String, String> = functions
        .iter()
        .filter_map(|function| Some((binary(function), package_of(function)?)))
        .collect();
    let mut built = BTreeMap::new();
    if let Some(workspace) = workspace.as_ref().filter(|_| build && !packages.is_empty()) {
        built = workspace.build(packages.values())?;
    }
    functions
        .iter()
        .map(|function| {
            let name = binary(function);
            let bootstrap = function.code.join("bootstrap");
            match workspace.as_ref().filter(|_| packages.contains_key(&name)) {
                Some(workspace) => {
                    let executable = built.remove(&name).unwrap_or_else(|| workspace.executable(&name));
                    built.insert(name, executable.clone());
                    existing(function, executable)
                }
                None if bootstrap.is_file() => Ok(std::path::absolute(&bootstrap).unwrap_or(bootstrap)),
                None => Err(BuildError::NoCode {
                    function: function.logical_id.clone(),
                    code: function.code.clone(),
                    binary: name,
                }),
            }
        })
        .collect()
}

fn existing(function: &Function, executable: PathBuf) -> Result<PathBuf, BuildError> {
    if executable.is_file() {
        return Ok(executable);
    }
    Err(BuildError::NotBuilt {
        function: function.logical_id.clone(),
        executable,
    })
}

/// `functions/trace-ingest/` and `target/lambda/trace-ingest` both mean the
/// binary `trace-ingest`, which is how cargo-lambda lays its output out.
fn binary(function: &Function) -> String {
    let name = function.code.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
