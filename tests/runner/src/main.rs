//! `cargo demo` shows Jiwar at work; `cargo suite` runs every check and test.

mod blogs;
mod contract;
mod count;
mod demo;
mod setup;
mod snapshots;
mod steps;
mod suite;

use jiwar_runner::process::Stop;
use std::process::ExitCode;

const USAGE: &str = "\
cargo demo            Jiwar with an imported conversation and two example blogs
cargo suite           every check and test
cargo suite NAME...   only the steps with these words in their names";

fn main() -> ExitCode {
    let stop = match Stop::listen() {
        Ok(stop) => stop,
        Err(why) => return complain(&format!("Cannot listen for Ctrl-C: {why}")),
    };
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((command, [])) if command == "demo" => match demo::run(&stop) {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => complain(&why),
        },
        Some((command, words)) if command == "suite" => suite::run(&stop, words),
        // A step of the suite.
        Some((command, [])) if command == "contract" => contract::run(&stop),
        _ => complain(USAGE),
    }
}

fn complain(what: &str) -> ExitCode {
    eprintln!("{what}");
    ExitCode::FAILURE
}
