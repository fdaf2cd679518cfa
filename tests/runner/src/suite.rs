//! `cargo suite`: every step, even after one has failed; then the sum.

use crate::count::Count;
use crate::setup::{self, Tool};
use crate::snapshots;
use crate::steps::{STEPS, Step, WITH_POSTGRES};
use jiwar_runner::places::{jiwar, root, target};
use jiwar_runner::postgres::{self, Postgres};
use jiwar_runner::process::{End, Group, Stop};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// So much of a failed step's output is shown; the rest is in its file.
const SHOWN_LINES: usize = 400;

/// The sum so far, and where the output goes.
struct Suite<'a> {
    stop: &'a Stop,
    folder: PathBuf,
    /// What could not be installed, and what to do about it.
    missing: Vec<(Tool, String)>,
    total: Count,
    /// One JSON object for each step.
    report: Vec<String>,
}

/// Runs the steps whose names hold one of `words`, or all when there are none.
pub fn run(stop: &Stop, words: &[String]) -> ExitCode {
    let folder = target().join("suite");
    let _ = fs::remove_dir_all(&folder);
    if let Err(why) = fs::create_dir_all(&folder) {
        eprintln!("Cannot write to {}: {why}", folder.display());
        return ExitCode::FAILURE;
    }
    let chosen: Vec<&Step> = STEPS.iter().filter(|step| words.is_empty() || words.iter().any(|word| step.name.contains(word.as_str()))).collect();
    if chosen.len() < STEPS.len() {
        println!("Only {} of the {} steps, as you asked.", chosen.len(), STEPS.len());
    }
    let missing = set_up(&chosen);
    let mut suite = Suite { stop, folder, missing, total: Count::default(), report: Vec::new() };
    for step in &chosen {
        suite.step(step);
        if stop.asked() {
            println!("Stopped.");
            suite.total.failed += 1;
            break;
        }
    }
    if words.is_empty() && !stop.asked() {
        suite.unread_snapshots();
    }
    suite.sum()
}

/// Installs what the steps need, at the start: the rest takes long enough to walk away.
fn set_up(steps: &[&Step]) -> Vec<(Tool, String)> {
    let mut needed: Vec<Tool> = Vec::new();
    for tool in steps.iter().flat_map(|step| step.needs) {
        if !needed.contains(tool) {
            needed.push(*tool);
        }
    }
    println!("     set-up");
    needed.into_iter().filter_map(|tool| tool.provide().err().map(|advice| (tool, advice))).collect()
}

impl Suite<'_> {
    fn step(&mut self, step: &Step) {
        println!("     {}", step.name);
        let began = Instant::now();
        let missing = self.missing.iter().filter(|(tool, _)| step.needs.contains(tool));
        let advice: Vec<&str> = missing.map(|(_, advice)| advice.as_str()).collect();
        if !advice.is_empty() {
            self.note(step.name, Count::one(false), began, &advice.join("\n"));
            return;
        }
        match self.run(step) {
            Ok((count, output)) => self.note(step.name, count, began, &output),
            Err(why) => self.note(step.name, Count::one(false), began, &why.to_string()),
        }
    }

    /// Counts a step's checks; the output is returned when there is something wrong with it.
    fn run(&self, step: &Step) -> io::Result<(Count, String)> {
        let log = self.folder.join(format!("{}.log", step.name.replace([' ', ','], "-")));
        let mut command = self.command(step, &log)?;
        let postgres = if WITH_POSTGRES.contains(&step.name) { Some(Postgres::start()?) } else { None };
        if let Some(postgres) = &postgres {
            command.env(postgres::VARIABLE, postgres.url("postgres"));
        }
        let end = Group::start(&mut command)?.wait(self.stop, step.limit)?;
        let mut output = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
        let count = step.counts.of(&output, end.is_success());
        match end {
            End::TooLong => output.push_str(&format!("\nEnded: it took longer than {} minutes.", step.limit.as_secs() / 60)),
            End::Exited(status) if !status.success() => {
                output.push_str(&format!("\n{} ended with {status}; all of its output: {}", step.command[0], log.display()))
            }
            End::Exited(_) if count.failed > 0 => output.push_str("\nIgnored tests count as failed, and so does a step that runs nothing."),
            End::Exited(_) | End::Stopped => {}
        }
        Ok((count, output))
    }

    fn command(&self, step: &Step, log: &Path) -> io::Result<Command> {
        let (program, arguments) = step.command.split_first().unwrap_or((&"true", &[]));
        let file = File::create(log)?;
        let mut command = Command::new(program);
        command.args(arguments).current_dir(root()).stdout(file.try_clone()?).stderr(file);
        forget_cargo(&mut command);
        command
            .envs(step.environment.iter().copied())
            .env("CARGO_TARGET_DIR", target())
            .env("CARGO_TERM_COLOR", "never")
            .env("JIWAR_BIN", jiwar())
            // A snapshot that differs fails; nothing is written.
            .env("INSTA_UPDATE", "no")
            .env("INSTA_SNAPSHOT_REFERENCES_FILE", self.references());
        if step.needs.contains(&Tool::Chromium)
            && let Some(chromium) = setup::chromium()
        {
            command.env("JIWAR_CHROMIUM", chromium);
        }
        Ok(command)
    }

    fn references(&self) -> PathBuf {
        self.folder.join("snapshots-read")
    }

    fn unread_snapshots(&mut self) {
        let began = Instant::now();
        let complaints = snapshots::complaints(&root(), &self.references());
        self.note("no forgotten snapshots", Count::one(complaints.is_empty()), began, &complaints.join("\n"));
    }

    fn note(&mut self, name: &str, count: Count, began: Instant, output: &str) {
        let took = began.elapsed();
        let word = if count.failed == 0 { "ok  " } else { "FAIL" };
        if count.failed > 0 {
            println!("{}", tail(output));
        }
        println!("{word} {name}: {} passed, {} failed, {}", count.passed, count.failed, seconds(took));
        let _ = io::stdout().flush();
        self.total += count;
        let (passed, failed) = (count.passed, count.failed);
        self.report.push(format!(r#"{{"step":"{name}","passed":{passed},"failed":{failed},"seconds":{:.1}}}"#, took.as_secs_f64()));
    }

    fn sum(self) -> ExitCode {
        let Count { passed, failed } = self.total;
        let steps = self.report.join(",\n");
        let _ = fs::write(self.folder.join("totals.json"), format!("{{\"passed\":{passed},\"failed\":{failed},\"steps\":[\n{steps}\n]}}\n"));
        println!("{passed} passed, {failed} failed");
        if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// What `cargo run` told this program about its own package is no business of
/// the commands it runs, and its library path would lead browsers astray.
pub fn forget_cargo(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") || text == "CARGO_BIN_NAME" || text == "LD_LIBRARY_PATH" {
            command.env_remove(&name);
        }
    }
}

fn tail(output: &str) -> String {
    let lines: Vec<&str> = output.lines().collect();
    let hidden = lines.len().saturating_sub(SHOWN_LINES);
    let shown = lines.get(hidden..).unwrap_or_default().join("\n");
    if hidden == 0 { shown } else { format!("({hidden} lines before these)\n{shown}") }
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_output_is_shown_from_its_end() {
        let output: String = (0..SHOWN_LINES + 5).map(|n| format!("{n}\n")).collect();
        let shown = tail(&output);
        assert!(shown.starts_with("(5 lines before these)\n5\n6\n"), "{shown}");
        assert!(shown.ends_with(&format!("\n{}", SHOWN_LINES + 4)));
        assert_eq!(tail("one\ntwo"), "one\ntwo");
    }

    #[test]
    fn every_step_has_a_name_of_its_own_and_a_command() {
        let mut names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STEPS.len());
        assert!(STEPS.iter().all(|step| !step.command.is_empty()));
        assert!(WITH_POSTGRES.iter().all(|name| names.contains(name)));
    }
}
