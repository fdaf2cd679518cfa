//! `contract`: schemathesis goes through the description that a real server gives
//! of its API, with data that fits it and data that does not, as everybody who may
//! ask. Each operation is one line, `ok - …` or `not ok - …`.

use crate::demo::{end_of, is_ready, link_in};
use crate::setup;
use crate::suite::forget_cargo;
use jiwar_runner::places::{jiwar, root, target};
use jiwar_runner::postgres;
use jiwar_runner::process::{End, Group, Stop};
use std::env;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

const READY_WITHIN: Duration = Duration::from_secs(60);
/// One pass takes ten to twenty seconds on a machine that has nothing else to do.
const PASS_LIMIT: Duration = Duration::from_secs(300);

/// Somebody who asks.
struct Who {
    name: &'static str,
    /// The bearer that they show.
    bearer: Option<String>,
    /// Only operations whose paths fit this.
    paths: &'static str,
    /// Data sets for each operation, beside those at the edges of its schema.
    examples: u32,
}

/// A server with data of its own.
struct Server<'a> {
    stop: &'a Stop,
    folder: PathBuf,
    listen: String,
    /// PostgreSQL's URL; without one it is SQLite.
    database: Option<String>,
}

/// Goes through all of it on SQLite, and as an admin on the PostgreSQL that the suite names.
pub fn run(stop: &Stop) -> ExitCode {
    let mut passed = go_through(stop, "SQLite", None);
    if let Ok(url) = env::var(postgres::VARIABLE) {
        passed &= go_through(stop, "PostgreSQL", Some(url));
    }
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn go_through(stop: &Stop, engine: &'static str, database: Option<String>) -> bool {
    match Server::prepare(stop, engine, database).and_then(|server| server.test(engine)) {
        Ok(passed) => passed,
        Err(why) => {
            println!("not ok - the API on {engine}: {why}");
            false
        }
    }
}

impl<'a> Server<'a> {
    fn prepare(stop: &'a Stop, engine: &str, database: Option<String>) -> Result<Self, String> {
        let folder = target().join("contract").join(engine);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr()).map_err(|why| why.to_string())?;
        Ok(Self { stop, folder, listen: free.to_string(), database })
    }

    /// Whether every operation keeps to its description, whoever asks.
    fn test(&self, engine: &str) -> Result<bool, String> {
        self.ask(&["site", "add", "blog", "--name", "Blog", "--origin", "https://blog.example", "--locale", "en", "--moderation", "publish-all"])?;
        let token = |scope| self.ask(&["token", "create", "--site", "blog", "--scope", scope]).map(|said| Some(said.trim().to_owned()));
        let (admin, moderator) = (token("admin")?, token("moderate")?);
        let said = self.ask(&["admin", "add", "owner@example.org", "--site", "blog", "--role", "owner"])?;
        let link = link_in(&said).ok_or_else(|| format!("`jiwar admin add` printed no link, but: {said}"))?;
        let _server = self.serve()?;
        let mut asking = vec![Who { name: "an admin", bearer: admin, paths: ".", examples: 8 }];
        if self.database.is_none() {
            asking.push(Who { name: "a moderator", bearer: moderator, paths: ".", examples: 4 });
            asking.push(Who { name: "nobody", bearer: None, paths: ".", examples: 4 });
            // Signing out is left to the others: it would end the pass.
            asking.push(Who { name: "somebody signed in", bearer: Some(self.sign_in(&link)?), paths: "^/api/v1/sessions?(/[^s]|s|$)", examples: 20 });
        }
        let mut passed = true;
        for who in asking {
            passed &= self.pass(engine, &who)?;
        }
        Ok(passed)
    }

    fn serve(&self) -> Result<Group, String> {
        let log = self.folder.join("server.log");
        let file = File::create(&log).map_err(|why| format!("{}: {why}", log.display()))?;
        let errors = file.try_clone().map_err(|why| why.to_string())?;
        let mut server = Group::start(self.command().arg("serve").stdout(file).stderr(errors)).map_err(|why| format!("{}: {why}", jiwar().display()))?;
        let deadline = Instant::now() + READY_WITHIN;
        while !is_ready(&self.listen).unwrap_or(false) {
            let ended = server.ended().map_err(|why| why.to_string())?.is_some();
            if ended || Instant::now() >= deadline || self.stop.asked() {
                return Err(format!("the server did not start:\n{}", end_of(&log)));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(jiwar());
        forget_cargo(&mut command);
        for (name, _) in env::vars_os() {
            // Somebody else's settings are not this server's.
            let name = name.to_string_lossy();
            if name.starts_with("JIWAR_") || name == "DATABASE_URL" || name == "PORT" {
                command.env_remove(&*name);
            }
        }
        command
            .current_dir(root())
            .env("JIWAR_LISTEN", &self.listen)
            .env("JIWAR_PUBLIC_URL", format!("http://{}", self.listen))
            .env("JIWAR_DATA_DIR", &self.folder)
            .env("JIWAR_WRITES_PER_MINUTE", "0")
            .env("JIWAR_READS_PER_MINUTE", "0");
        if let Some(url) = &self.database {
            command.env("JIWAR_DATABASE_URL", url).env("JIWAR_SECRET", "Y29udHJhY3QtY29udHJhY3QtY29udHJhY3QtMTIzNDU");
        }
        command
    }

    /// What one command of Jiwar prints.
    fn ask(&self, arguments: &[&str]) -> Result<String, String> {
        let output = self.command().args(arguments).output().map_err(|why| format!("{}: {why}", jiwar().display()))?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() { Ok(said) } else { Err(format!("`jiwar {}` failed: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr))) }
    }

    /// The session that a one-time link opens.
    fn sign_in(&self, link: &str) -> Result<String, String> {
        let secret = link.rsplit("link=").next().unwrap_or_default().split('&').next().unwrap_or_default();
        let body = format!("{{\"link\":\"{secret}\"}}");
        let request = format!(
            "POST /api/v1/session HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.listen,
            body.len()
        );
        let mut answer = String::new();
        TcpStream::connect(&self.listen)
            .and_then(|mut stream| stream.write_all(request.as_bytes()).and_then(|()| stream.read_to_string(&mut answer)))
            .map_err(|why| why.to_string())?;
        text_of(&answer, "session").ok_or_else(|| format!("no session in: {answer}"))
    }

    /// One pass of schemathesis; its lines are printed.
    fn pass(&self, engine: &str, who: &Who) -> Result<bool, String> {
        let (report, log) = (self.folder.join("report.xml"), self.folder.join(format!("{}.log", who.name.replace(' ', "-"))));
        let _ = fs::remove_file(&report);
        let file = File::create(&log).map_err(|why| format!("{}: {why}", log.display()))?;
        let errors = file.try_clone().map_err(|why| why.to_string())?;
        let given = root().join("tests").join("contract");
        let mut command = Command::new(setup::schemathesis());
        command
            .arg("--config-file")
            .arg(given.join("schemathesis.toml"))
            .args(["run", "--no-color", "--warnings", "off"])
            .arg(format!("http://{}/api/openapi.json", self.listen))
            .args(["--include-path-regex", who.paths, "--max-examples", &who.examples.to_string(), "--report", "junit"])
            .arg("--report-junit-path")
            .arg(&report)
            // It keeps notes where it runs.
            .current_dir(&self.folder)
            .env("CONTRACT_HOOKS", given.join("hooks.py"))
            // What Python compiles of hooks.py does not belong beside it.
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdout(file)
            .stderr(errors);
        if let Some(bearer) = &who.bearer {
            command.args(["--header", &format!("Authorization: Bearer {bearer}")]);
        }
        let end = Group::start(&mut command).and_then(|mut pass| pass.wait(self.stop, PASS_LIMIT)).map_err(|why| format!("schemathesis: {why}"))?;
        let lines = lines_of(&fs::read_to_string(&report).unwrap_or_default());
        for (operation, failed) in &lines {
            println!("{} - {operation} as {} on {engine}", if *failed { "not ok" } else { "ok" }, who.name);
        }
        let kept = end.is_success() && !lines.is_empty();
        if !kept {
            println!("not ok - all operations as {} on {engine}\n{}", who.name, indented(&log, end));
        }
        Ok(kept)
    }
}

/// The operations of a JUnit report, and whether each has failed.
fn lines_of(report: &str) -> Vec<(String, bool)> {
    let cases = report.split("<testcase ").skip(1);
    let read = |case: &str| {
        let name = case.split("name=\"").nth(1)?.split('"').next()?;
        let failed = case.contains("<failure") || case.contains("<error");
        Some((name.to_owned(), failed))
    };
    cases.filter_map(read).collect()
}

/// The string behind a key of a JSON object, as far as it has no escapes.
fn text_of(json: &str, key: &str) -> Option<String> {
    let (_, rest) = json.split_once(&format!("\"{key}\":\""))?;
    rest.split('"').next().map(str::to_owned)
}

/// The output, so that none of its lines is taken for a result.
fn indented(log: &Path, end: End) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
    format!("  {end:?}\n{}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read() {
        let report = r#"<testsuites><testsuite name="schemathesis" tests="3">
            <testcase name="GET /a/{b}" time="1.2" />
            <testcase name="POST /a" time="0.1"><failure type="failure" message="1. Test Case ID" /></testcase>
            <testcase name="Stateful tests" time="0.1"/></testsuite></testsuites>"#;
        let lines = [("GET /a/{b}", false), ("POST /a", true), ("Stateful tests", false)].map(|(name, failed)| (name.to_owned(), failed));
        assert_eq!(lines_of(report), lines);
        assert_eq!(lines_of(""), []);
    }

    #[test]
    fn a_session_is_found_in_an_answer() {
        assert_eq!(text_of("HTTP/1.1 201 Created\r\n\r\n{\"session\":\"js_1\",\"second_factor\":false}", "session").as_deref(), Some("js_1"));
        assert_eq!(text_of("{}", "session"), None);
    }
}
