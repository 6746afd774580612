//! TODO

/// Placeholder arguments.
#[derive(Debug, clap::Args)]
pub struct ReplayArgs {}

/// Placeholder.
pub fn run(_args: ReplayArgs) -> anyhow::Result<()> {
    Ok(())
}
