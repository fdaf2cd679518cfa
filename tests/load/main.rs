//! The load program: what the server reaches on this machine, as ratios to
//! bounds that run in the same process, on loopback.
//!
//! `cargo bench --bench server` runs everything in one or two minutes;
//! `cargo bench --bench server -- cached writes` runs the named parts.
//! `costs`, which is not part of everything, measures each call by the size of the
//! database, on both engines (`JIWAR_BENCH_SIZES=1000,100000`).
//! `JIWAR_BENCH_SECONDS` is the time for each figure, `JIWAR_BENCH_COMMENTS`
//! the size of the large database, `JIWAR_BENCH_START` that of the one a server starts on.
//!
//! The program plays three roles: it measures; called as `attack` it is the
//! crowd of readers in a process of its own; called as `serve` it is `jiwar serve`.

mod act;
mod attack;
mod bound;
mod cached;
mod client;
mod cold;
mod costs;
mod import;
mod machine;
mod measure;
mod stage;
mod start;
mod table;
mod writes;

use std::{process::ExitCode, time::Duration};

/// How long, and how much.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// For each figure, over all of its rounds.
    pub time: Duration,
    /// Comments in the large database.
    pub comments: usize,
    /// Comments in the database that a server starts on.
    pub large: u64,
}

impl Plan {
    fn from_environment() -> Self {
        let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<f64>().ok());
        Self {
            time: Duration::from_secs_f64(number("JIWAR_BENCH_SECONDS").unwrap_or(3.0).clamp(0.1, 600.0)),
            comments: number("JIWAR_BENCH_COMMENTS").unwrap_or(130_000.0) as usize,
            large: number("JIWAR_BENCH_START").unwrap_or(1_000_000.0) as u64,
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("attack") => attack::main(),
        Some("serve") => runtime().block_on(jiwar::cli::run()),
        // `cargo test --all-targets` builds and starts benchmarks too: they are not for that.
        _ if !arguments.iter().any(|a| a == "--bench") => ExitCode::SUCCESS,
        _ => {
            let parts: Vec<String> = arguments.into_iter().filter(|a| !a.starts_with('-')).collect();
            runtime().block_on(measure_all(Plan::from_environment(), &parts));
            ExitCode::SUCCESS
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap()
}

async fn measure_all(plan: Plan, parts: &[String]) {
    let wanted = |name: &str| parts.is_empty() || parts.iter().any(|p| p == name);
    if !["cached", "cold", "writes", "import", "start"].into_iter().any(wanted) && !parts.iter().any(|p| p == "costs") {
        return;
    }
    println!("{}\n", machine::describe());
    if wanted("writes") {
        writes::measure(plan).await.print();
    }
    // Only when it is asked for: it makes whole databases, on both engines.
    if parts.iter().any(|p| p == "costs") {
        costs::measure(plan).await.iter().for_each(table::Table::print);
    }
    if wanted("import") {
        import::measure(plan).await.print();
    }
    if wanted("start") {
        start::measure(plan).await.print();
    }
    if ["cached", "cold"].into_iter().any(wanted) {
        let library = stage::Library::fill(plan.comments).await;
        if wanted("cached") {
            cached::measure(plan, &library).await.print();
        }
        if wanted("cold") {
            cold::measure(plan, &library).await.print();
        }
    }
    println!("Load of the machine at the end: {}", machine::load());
}
