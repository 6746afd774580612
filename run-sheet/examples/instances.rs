//! Scratch: solves instances by file name.
use run_sheet::*;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let dir = "/work/shared/data/run-sheets";
    let opt: std::collections::HashMap<String, i64> = std::fs::read_to_string(format!("{dir}/optima.csv"))
        .unwrap()
        .lines()
        .skip(1)
        .map(|l| {
            let v: Vec<&str> = l.split(',').collect();
            (v[1].to_string(), v[4].parse().unwrap())
        })
        .collect();
    if args[1] == "all" {
        for group in &args[2..] {
            let (set, n) = group.split_once('-').unwrap();
            let mut files: Vec<_> = std::fs::read_dir(format!("{dir}/{set}"))
                .unwrap()
                .map(|e| e.unwrap().path().to_str().unwrap().to_owned())
                .filter(|p| match set {
                    "dumitrescu" => p.contains(&format!("prob{n}")),
                    _ => p.contains(&format!("-{n}-")),
                })
                .collect();
            files.sort();
            let mut times = vec![];
            let mut proven = 0;
            let mut worst: f64 = 0.0;
            let mut gaps = vec![];
            for f in &files {
                let p = load(f);
                let name = f.rsplit('/').next().unwrap().trim_end_matches(".json");
                let clock = Monotonic::start();
                let a = solve(&p, &Options::default(), &clock).unwrap();
                times.push(a.elapsed.as_secs_f64() * 1e3);
                proven += a.proof.optimal as usize;
                let g = (a.cost as f64 / opt[name] as f64 - 1.0) * 100.0;
                worst = worst.max(g);
                gaps.push(g);
            }
            let shown: Vec<String> = times.iter().map(|t| format!("{t:.1}")).collect();
            let g: Vec<String> = gaps.iter().map(|t| format!("{t:.2}")).collect();
            times.sort_by(f64::total_cmp);
            println!(
                "{group:15} proven {proven}/{} median {:.2} max {:.2} ms worst gap {worst:.2}% [{}] [{}]",
                files.len(),
                times[times.len() / 2],
                times[times.len() - 1],
                shown.join(" "),
                g.join(" ")
            );
        }
        return;
    }
    for f in &args[1..] {
        let name = f.rsplit('/').next().unwrap();
        let p = load(&format!("{dir}/{f}.json"));
        let clock = Monotonic::start();
        let a = solve(&p, &Options::default(), &clock).unwrap();
        println!(
            "{name} best={} cost={} {:+.3}% proven={} lb={} {:.2} ms  last {:.2} ms n {} {:?}",
            opt[name],
            a.cost,
            (a.cost as f64 / opt[name] as f64 - 1.0) * 100.0,
            a.proof.optimal,
            a.proof.lower_bound,
            a.elapsed.as_secs_f64() * 1e3,
            a.improvements.last().unwrap().elapsed.as_secs_f64() * 1e3,
            a.improvements.len(),
            a.stop
        );
    }
}
fn load(f: &str) -> Problem {
    let j: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(f).unwrap()).unwrap();
    let n = j["n"].as_u64().unwrap() as usize;
    let m = 2 * n + 1;
    let mat: Vec<u32> = (0..m)
        .flat_map(|a| {
            let j = &j;
            (0..m).map(move |b| j["matrix"][a][b].as_i64().unwrap() as u32)
        })
        .collect();
    let timed = !j["due"].is_null();
    let stop = |k: usize| Stop {
        location: k,
        service: j["service"][k].as_i64().unwrap_or(0) as u32,
        windows: if timed {
            let r = j["ready"][k].as_i64().unwrap_or(0);
            vec![Window {
                start: r,
                end: j["due"][k].as_i64().unwrap().max(r),
            }]
        } else {
            vec![]
        },
    };
    Problem {
        travel: Matrix::new(m, mat),
        start: Some(0),
        end: if j["open"].as_bool().unwrap() {
            None
        } else {
            Some(0)
        },
        departure: 0,
        due: None,
        capacity: j["capacity"].as_i64().into_iter().collect(),
        orders: (0..n)
            .map(|i| Order {
                pickup: Some(stop(2 * i + 1)),
                delivery: stop(2 * i + 2),
                amount: vec![j["demand"][2 * i + 1].as_i64().unwrap_or(1)],
                urgency: 1,
            })
            .collect(),
        weights: if timed {
            Weights {
                travel: 1,
                lateness: 10,
                finish: 0,
            }
        } else {
            Weights::TRAVEL
        },
    }
}
