//! `punctual migrate`: the lesson tables, brought up to date.

use clap::Args;
use lessons::migrate::Migrated;
use serde_json::json;

use crate::tables::Tables;

/// Arguments of `migrate`.
#[derive(Args)]
pub(super) struct MigrateArgs {
    /// mysql://user:password@host:3306/name of a user who may make tables,
    /// or sqlite:FILE
    #[arg(
        long,
        verbatim_doc_comment,
        value_name = "URL",
        env = "PUNCTUAL_DATABASE_URL",
        hide_env_values = true
    )]
    database_url: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Migrates, and prints from which version to which.
pub(super) fn run(args: &MigrateArgs) -> anyhow::Result<()> {
    let tables = Tables::at(&args.database_url)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let Migrated { from, to } = runtime.block_on(tables.migrate())?;
    match args.json {
        true => println!(
            "{}",
            json!({"database": tables.to_string(), "from": from, "to": to})
        ),
        false if from == to => println!("{tables}: the tables are of version {to} already"),
        false => println!("{tables}: the tables are of version {to} now, before of {from}"),
    }
    Ok(())
}
