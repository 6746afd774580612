//! The ways to warm up that are compared.

use std::{env, path::PathBuf};

use serde::Serialize;

use crate::{function::Function, services::Services};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    Off,
    /// One client of several: Valkey's.
    OneClient,
    /// The same code, at a server beside it.
    LocalFake,
    Connect,
    Basic,
    Full,
}

impl Strategy {
    pub const ALL: [Self; 6] = [
        Self::Off,
        Self::OneClient,
        Self::LocalFake,
        Self::Connect,
        Self::Basic,
        Self::Full,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::OneClient => "one client only",
            Self::LocalFake => "local fake only",
            Self::Connect => "connect",
            Self::Basic => "basic",
            Self::Full => "full",
        }
    }

    /// What is done before the first event.
    pub fn words(self) -> &'static str {
        match self {
            Self::Off => "nothing",
            Self::OneClient => "a ping of Valkey, none of SQS",
            Self::LocalFake => "a ping of a fake SQS on the same machine",
            Self::Connect => "connections opened, nothing sent; on demand the default",
            Self::Basic => "stage one: a ping of each",
            Self::Full => "stage one, then four pings of SQS at once; provisioned the default",
        }
    }

    /// Whether the environment is one that was started ahead of need, as all have to be
    /// for which someone would wait for the answer to a ping.
    pub fn is_provisioned(self) -> bool {
        !matches!(self, Self::Off | Self::Connect)
    }

    /// The function itself, or one with the pings that it would never have.
    pub fn executable(self, function: &Function) -> anyhow::Result<PathBuf> {
        let name = match self {
            Self::OneClient | Self::LocalFake => "first-response-ingest",
            _ => function.name,
        };
        Ok(env::current_exe()?.with_file_name(name))
    }

    pub fn variables(self, services: &Services) -> Vec<(&'static str, String)> {
        match self {
            Self::Off => vec![("WARM_UP", "off".to_owned())],
            Self::Connect => vec![("WARM_UP", "connect".to_owned())],
            Self::Basic => vec![("WARM_UP", "basic".to_owned())],
            Self::Full => vec![("WARM_UP", "full".to_owned())],
            Self::OneClient => vec![("STRATEGY", "one".to_owned())],
            Self::LocalFake => vec![("STRATEGY", services.fake.clone())],
        }
    }
}
