//! A folder of instances: a folder per set, and `optima.csv` beside them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::instance::{Best, Instance};

/// A line of `optima.csv`.
#[derive(Deserialize)]
struct Line {
    name: String,
    value: i64,
    status: String,
}

/// Reads all instances whose `set/name` contains the filter, by set and name. What
/// `optima.csv` knows of an instance goes before what its own file says.
pub fn read(folder: &Path, filter: &str) -> anyhow::Result<Vec<Instance>> {
    let known = optima(&folder.join("optima.csv"))?;
    let mut instances = Vec::new();
    for set in entries(folder)?.iter().filter(|path| path.is_dir()) {
        let name = set.file_name().unwrap_or_default().to_string_lossy();
        let files = entries(set)?.into_iter();
        for path in files.filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
            let json = fs::read_to_string(&path)?;
            let instance = Instance::parse(&name, &json);
            let mut instance = instance.with_context(|| path.display().to_string())?;
            instance.best = known.get(&instance.name).copied().or(instance.best);
            if format!("{}/{}", instance.set, instance.name).contains(filter) {
                instances.push(instance);
            }
        }
    }
    ensure!(
        !instances.is_empty(),
        "no instance in {} has {filter:?} in its name",
        folder.display()
    );
    instances.sort_by(|a, b| (&a.set, a.n, &a.name).cmp(&(&b.set, b.n, &b.name)));
    Ok(instances)
}

fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let paths = entries.map(|entry| Ok(entry?.path()));
    paths.collect()
}

fn optima(path: &Path) -> anyhow::Result<HashMap<String, Best>> {
    let file = match fs::File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashMap::new()),
        file => file?,
    };
    let lines = csv::Reader::from_reader(file).into_deserialize();
    let best = |line: Line| {
        let (value, proven) = (line.value, line.status == "optimal");
        (line.name, Best { value, proven })
    };
    lines.map(|line| Ok(best(line?))).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use run_sheet::Schedule;

    use super::read;
    use crate::instance::Best;
    use crate::sequence::{cost, fault};

    const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/run-sheets");
    const JSON: &str = r#"{"name": "NAME", "n": 1, "open": true, "matrix": [[0, 5, 6], [0, 0, 7], [0, 8, 0]],
        "best_known": 14}"#;

    /// The values were computed elsewhere: their routes add up to them with ours.
    #[test]
    fn every_instances_own_route_adds_up_to_its_value() {
        let folder = Path::new(DATA);
        if !folder.is_dir() {
            eprintln!("NOT TESTED: the instances are not in {DATA}");
            return;
        }
        let instances = read(folder, "").unwrap();
        assert!(instances.len() >= 130, "only {} instances", instances.len());
        for instance in instances {
            let (name, problem) = (&instance.name, &instance.problem);
            let route = instance.route.expect(name);
            assert_eq!(fault(problem, &route), None, "{name}");
            let value = Schedule::of(problem, &route).totals.cost(&problem.weights);
            assert_eq!(Some(value), instance.best.map(|best| best.value), "{name}");
            assert_eq!(cost(problem, &route), value, "{name}");
        }
    }

    #[test]
    fn the_table_of_optima_goes_before_the_files_and_may_be_missing() {
        let folder = tempfile::tempdir().unwrap();
        let set = folder.path().join("some");
        fs::create_dir(&set).unwrap();
        for name in ["b", "a"] {
            fs::write(set.join(format!("{name}.json")), JSON.replace("NAME", name)).unwrap();
        }
        let best = |filter: &str| {
            let all = read(folder.path(), filter).unwrap();
            all.into_iter()
                .map(|one| (one.name, one.best))
                .collect::<Vec<_>>()
        };
        let known = |value, proven| Some(Best { value, proven });
        assert_eq!(best("some/a"), [("a".to_owned(), known(14, false))]);
        fs::write(
            folder.path().join("optima.csv"),
            "set,name,n,open,value,status,source\nsome,b,1,1,12,optimal,us\n",
        )
        .unwrap();
        assert_eq!(
            best(""),
            [
                ("a".to_owned(), known(14, false)),
                ("b".to_owned(), known(12, true))
            ]
        );
        assert!(read(folder.path(), "nothing").is_err());
    }
}
