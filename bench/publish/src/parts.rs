//! The parts: what each measures, writes and draws.

use std::path::Path;

use clap::ValueEnum;
use testkit::MariaDb;

use crate::report::Section;
use crate::scale::{DUE, Scale};
use crate::table::Table;
use crate::{bookings, cold, early, fire, plot, server, sizes, text, ways};

/// A part of the benchmark.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Part {
    /// Ours against raw firing
    Fire,
    /// Nothing opens early
    Early,
    /// Bookings beside flips
    Bookings,
    /// Tables of several sizes
    Sizes,
    /// Other ways
    Ways,
}

/// The server and the large table, made when they are first needed.
pub struct World {
    scale: Scale,
    server: Option<MariaDb>,
    large: Option<Table>,
}

impl Part {
    /// All, in the report's order.
    pub const ALL: [Self; 5] = [Self::Fire, Self::Early, Self::Bookings, Self::Sizes, Self::Ways];

    /// How to measure it alone.
    pub fn option(self) -> &'static str {
        match self {
            Self::Fire => "--part fire",
            Self::Early => "--part early",
            Self::Bookings => "--part bookings",
            Self::Sizes => "--part sizes",
            Self::Ways => "--part ways",
        }
    }

    /// Measures, draws into the folder, and answers what there is to say.
    pub fn measure(self, world: &mut World, folder: &Path) -> anyhow::Result<Section> {
        match self {
            Self::Fire => {
                let rounds = world.scale.fire.clone();
                let table = world.large()?;
                let compared = rounds.into_iter().map(|(due, n)| fire::compare(table, due, n));
                let all = compared.collect::<anyhow::Result<Vec<_>>>()?;
                plot::fire(&folder.join("publish-fire.svg"), &all)?;
                Ok(text::fire(&all, table.rows))
            }
            Self::Early => {
                let slots = world.scale.slots;
                Ok(text::early(&early::watch(world.server(), slots)?))
            }
            Self::Bookings => {
                let flips = world.scale.flips;
                let all = bookings::beside(world.large()?, DUE, flips)?;
                plot::beside(&folder.join("publish-bookings.svg"), &all)?;
                Ok(text::beside(&all, DUE))
            }
            Self::Sizes => world.sizes(),
            Self::Ways => {
                let (rounds, alone) = (world.scale.way_rounds, world.scale.alone);
                let due = world.scale.ways.clone();
                let table = world.large()?;
                let ways = due
                    .into_iter()
                    .map(|due| ways::compare(table, due, rounds, alone));
                let all = ways.collect::<anyhow::Result<Vec<_>>>()?;
                plot::ways(&folder.join("publish-ways.svg"), &all)?;
                Ok(text::ways(&all))
            }
        }
    }
}

impl World {
    /// Nothing yet.
    pub fn new(scale: Scale) -> Self {
        Self {
            scale,
            server: None,
            large: None,
        }
    }

    /// The server's version.
    pub fn version(&mut self) -> anyhow::Result<String> {
        server::version(self.server())
    }

    fn server(&mut self) -> &MariaDb {
        self.server.get_or_insert_with(server::start)
    }

    fn large(&mut self) -> anyhow::Result<&Table> {
        if self.large.is_none() {
            let rows = self.scale.rows;
            self.large = Some(Table::fill(self.server(), rows)?);
        }
        self.large.as_ref().ok_or_else(|| anyhow::anyhow!("no table"))
    }

    fn sizes(&mut self) -> anyhow::Result<Section> {
        self.large()?;
        let mut tables = Vec::new();
        for rows in self.scale.smaller.clone() {
            tables.push(Table::fill(self.server(), rows)?);
        }
        tables.extend(self.large.take());
        let all = sizes::compare(&tables, DUE, self.scale.sizes)?;
        let server = self.server();
        let cold = tables.iter().map(|table| cold::fire(server, table, DUE));
        let cold = cold.collect::<anyhow::Result<Vec<_>>>()?;
        self.large = tables.pop();
        Ok(text::sizes(&all, &cold, DUE))
    }
}
