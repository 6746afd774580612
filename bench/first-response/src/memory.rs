//! How much memory the template gives the functions, which is their processor too.

use std::{collections::BTreeMap, path::Path};

use anyhow::Context as _;
use local::template::{self, Settings};

/// MB of each function of `template.yaml`, by its binary's name.
pub fn of_template() -> anyhow::Result<BTreeMap<String, u64>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml");
    let settings = Settings {
        region: "eu-west-1".to_owned(),
        account_id: "000000000000".to_owned(),
        endpoint: "http://127.0.0.1:3000".to_owned(),
        // Without keys there is no stack, without a database no lessons' function.
        parameters: BTreeMap::from([
            ("ApiKeyHashes".to_owned(), format!("bench:{}", "0".repeat(64))),
            ("DatabaseUrl".to_owned(), "sqlite:lessons.db".to_owned()),
        ]),
    };
    let functions = template::load(&path, &settings)?.functions;
    functions
        .iter()
        .map(|function| {
            let name = function.code.file_name().context("a function without code")?;
            Ok((name.to_string_lossy().into_owned(), u64::from(function.memory_mb)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::of_template;
    use crate::function::{INGEST, OTHERS};

    #[test]
    fn every_function_that_is_measured_has_some() {
        let memory = of_template().expect("the template");
        for function in OTHERS.iter().chain([&INGEST]) {
            assert!(memory[function.name] >= 128, "{}", function.name);
        }
    }
}
