use std::{fmt, str::FromStr};

/// How much is done before the first event.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// Nothing but what the start itself depends on.
    #[default]
    Off,
    /// Each client of AWS opens its connection and sends nothing: all that a first
    /// request would do before its own bytes leave, and not one round trip more.
    Connect,
    /// Stage one: each client sends one ping.
    Basic,
    /// Stage one, then stage two: each pool is filled.
    Full,
}

impl Mode {
    /// An environment of provisioned concurrency is started ahead of need, so nobody
    /// waits; and it has no more CPU in its init phase than later. With any other
    /// someone waits, so what does not shorten that is left out.
    pub(super) fn suitable_for(initialization: Option<&str>) -> Self {
        match initialization {
            Some("provisioned-concurrency") => Self::Full,
            _ => Self::Connect,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Connect => "connect",
            Self::Basic => "basic",
            Self::Full => "full",
        }
    }

    /// Lambda allows 10 s of init on demand, and what is over is billed and begun
    /// anew. The clients' own time-outs for a connection are 1 s.
    pub(super) fn limit_ms(self) -> u64 {
        match self {
            Self::Off | Self::Connect => 2_000,
            Self::Basic | Self::Full => 6_000,
        }
    }
}

/// As `WARM_UP` has it.
impl FromStr for Mode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "off" => Ok(Self::Off),
            "connect" => Ok(Self::Connect),
            "basic" => Ok(Self::Basic),
            "full" => Ok(Self::Full),
            _ => Err("must be off, connect, basic or full"),
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
