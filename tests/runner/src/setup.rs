//! What a command needs beside Rust and a C compiler: found, else installed, else
//! a sentence that says what to do.

use jiwar_runner::places::{on_path, root, target};
use jiwar_runner::postgres;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Something that must be there before a step can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Rust's target for the browser.
    Wasm,
    Rustfmt,
    Clippy,
    Postgres,
    /// Node.js and npm.
    Node,
    /// Playwright and axe, from npm.
    NodeParts,
    Chromium,
    /// Python's program that tests an API by its description.
    Schemathesis,
}

const NODE_VERSION: u32 = 20;
/// Python's, the second number after 3.
const PYTHON_MINOR: u32 = 11;

impl Tool {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wasm => "Rust target wasm32-unknown-unknown",
            Self::Rustfmt => "rustfmt",
            Self::Clippy => "clippy",
            Self::Postgres => "PostgreSQL",
            Self::Node => "Node.js and npm",
            Self::NodeParts => "npm parts of the browser journeys",
            Self::Chromium => "Chromium",
            Self::Schemathesis => "schemathesis",
        }
    }

    /// Installs it if it is missing.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub fn provide(self) -> Result<(), String> {
        if self.is_there() {
            return Ok(());
        }
        println!("  installing {}", self.name());
        self.install();
        if self.is_there() { Ok(()) } else { Err(format!("{}: missing, and could not be installed; {}", self.name(), self.advice())) }
    }

    fn is_there(self) -> bool {
        match self {
            Self::Wasm => has_wasm_target(),
            Self::Rustfmt => succeeds("cargo", &["fmt", "--version"]),
            Self::Clippy => succeeds("cargo", &["clippy", "--version"]),
            Self::Postgres => postgres::programs().is_some(),
            Self::Node => node_version().is_some_and(|version| version >= NODE_VERSION) && on_path(&["npm"]).is_some(),
            Self::NodeParts => lock_file().is_ok_and(|lock| fs::read_to_string(installed_lock()).is_ok_and(|installed| installed == lock)),
            Self::Chromium => chromium().is_some(),
            Self::Schemathesis => {
                requirements().is_ok_and(|wanted| fs::read_to_string(python_home().join("installed-by.txt")).is_ok_and(|installed| installed == wanted))
            }
        }
    }

    fn install(self) {
        match self {
            Self::Wasm => {
                run(Command::new("rustup").args(["target", "add", "wasm32-unknown-unknown"]));
            }
            Self::Rustfmt => {
                run(Command::new("rustup").args(["component", "add", "rustfmt"]));
            }
            Self::Clippy => {
                run(Command::new("rustup").args(["component", "add", "clippy"]));
            }
            Self::Postgres => apt_install(&["postgresql"]),
            Self::Node => apt_install(&["nodejs", "npm"]),
            Self::NodeParts => npm_ci(),
            Self::Chromium => {
                // The second has Arabic letters as readers know them.
                apt_install(&["chromium", "fonts-dejavu-core", "fonts-noto-core"]);
                if chromium().is_none() {
                    playwright_chromium();
                }
            }
            Self::Schemathesis => pip_install(),
        }
    }

    const fn advice(self) -> &'static str {
        match self {
            Self::Wasm => "run `rustup target add wasm32-unknown-unknown` (or, with Debian's own Rust, `apt-get install libstd-rust-dev-wasm32`).",
            Self::Rustfmt => "run `rustup component add rustfmt`.",
            Self::Clippy => "run `rustup component add clippy`.",
            Self::Postgres => "install PostgreSQL's server programs (initdb, postgres), on Debian `apt-get install postgresql`.",
            Self::Node => "install Node.js 20 or newer with npm, from nodejs.org or your system.",
            Self::NodeParts => "run `npm ci` in tests/browser and see what it says.",
            Self::Schemathesis => {
                "install Python 3.11 or newer with venv and pip (on Debian `apt-get install python3-venv`), and see what pip says of tests/contract/requirements.txt."
            }
            Self::Chromium => "install Chromium or Chrome, or set JIWAR_CHROMIUM to the program's path.",
        }
    }
}

/// Chromium's program: `JIWAR_CHROMIUM`, else on the `PATH`, else the one that Playwright keeps.
pub fn chromium() -> Option<PathBuf> {
    let named = env::var_os("JIWAR_CHROMIUM").map(PathBuf::from);
    // Ubuntu's /usr/bin/chromium-browser may be a script that only asks for a snap: it comes last.
    let found = || on_path(&["chromium", "google-chrome", "google-chrome-stable", "chrome"]);
    named.or_else(found).or_else(playwrights_own).or_else(|| on_path(&["chromium-browser"])).filter(|file| file.is_file())
}

/// What Playwright has downloaded before.
fn playwrights_own() -> Option<PathBuf> {
    let script = "process.stdout.write(require('playwright-core').chromium.executablePath())";
    let output = Command::new("node").args(["-e", script]).current_dir(browser_folder()).stderr(Stdio::null()).output().ok()?;
    let file = PathBuf::from(String::from_utf8(output.stdout).ok()?);
    file.is_file().then_some(file)
}

fn playwright_chromium() {
    if Tool::NodeParts.provide().is_ok() {
        run(Command::new("node").args(["node_modules/playwright-core/cli.js", "install", "--with-deps", "chromium"]).current_dir(browser_folder()));
    }
}

fn has_wasm_target() -> bool {
    let asked = Command::new("rustc").args(["--print", "target-libdir", "--target", "wasm32-unknown-unknown"]).output();
    asked.is_ok_and(|said| Path::new(String::from_utf8_lossy(&said.stdout).trim()).is_dir())
}

/// The major version of `node`.
fn node_version() -> Option<u32> {
    let said = Command::new("node").arg("--version").output().ok()?.stdout;
    major_version(&String::from_utf8(said).ok()?)
}

fn major_version(said: &str) -> Option<u32> {
    said.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn browser_folder() -> PathBuf {
    root().join("tests").join("browser")
}

fn lock_file() -> std::io::Result<String> {
    fs::read_to_string(browser_folder().join("package-lock.json"))
}

/// A copy of the lock file that the installed parts were taken by.
fn installed_lock() -> PathBuf {
    browser_folder().join("node_modules").join("installed-by.json")
}

fn npm_ci() {
    if Tool::Node.provide().is_err() {
        return;
    }
    if run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(browser_folder()))
        && let Ok(lock) = lock_file()
    {
        let _ = fs::write(installed_lock(), lock);
    }
}

/// Where Python keeps what the contract needs: inside the target folder, nobody else's packages are touched.
fn python_home() -> PathBuf {
    target().join("contract").join("python")
}

/// The program, once it is installed.
pub fn schemathesis() -> PathBuf {
    python_home().join("bin").join("schemathesis")
}

fn requirements() -> std::io::Result<String> {
    fs::read_to_string(requirements_file())
}

fn requirements_file() -> PathBuf {
    root().join("tests").join("contract").join("requirements.txt")
}

/// The first Python that is new enough.
fn python() -> Option<PathBuf> {
    let said = |program: &Path| String::from_utf8(Command::new(program).arg("--version").output().ok()?.stdout).ok();
    let names = ["python3", "python3.14", "python3.13", "python3.12", "python3.11"];
    let found = names.iter().filter_map(|name| on_path(&[name]));
    found.into_iter().find(|program| said(program).and_then(|said| python_minor(&said)).is_some_and(|minor| minor >= PYTHON_MINOR))
}

fn python_minor(said: &str) -> Option<u32> {
    said.trim().strip_prefix("Python 3.")?.split('.').next()?.parse().ok()
}

/// An environment of its own, with the very packages that are named by hash, none of which runs anything while it is installed.
fn pip_install() {
    let home = python_home();
    let make = || {
        let _ = fs::remove_dir_all(&home);
        python().is_some_and(|python| run(Command::new(python).args(["-m", "venv"]).arg(&home)))
    };
    if !make() {
        apt_install(&["python3", "python3-venv"]);
        if !make() {
            return;
        }
    }
    let mut pip = Command::new(home.join("bin").join("pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--require-hashes", "-r"]).arg(requirements_file());
    if run(&mut pip)
        && let Ok(wanted) = requirements()
    {
        let _ = fs::write(home.join("installed-by.txt"), wanted);
    }
}

/// Debian and its kin, as root or through a `sudo` that asks for no password.
fn apt_install(packages: &[&str]) {
    if on_path(&["apt-get"]).is_none() {
        return;
    }
    let apt = |arguments: &[&str]| {
        let mut command = if postgres::is_root() {
            Command::new("apt-get")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            sudo
        };
        run(command.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq").args(arguments))
    };
    let install: Vec<&str> = ["install", "--yes", "--no-install-recommends"].iter().chain(packages).copied().collect();
    // The lists of a fresh machine are empty or old.
    if apt(&["update"]) {
        apt(&install);
    }
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Runs an installer in the open: what it says is worth seeing when it fails.
fn run(command: &mut Command) -> bool {
    match command.stdin(Stdio::null()).status() {
        Ok(status) => status.success(),
        Err(why) => {
            println!("  {}: {why}", command.get_program().to_string_lossy());
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_version_is_understood() {
        assert_eq!(major_version("v20.20.2\n"), Some(20));
        assert_eq!(major_version("command not found"), None);
    }

    #[test]
    fn pythons_version_is_understood() {
        assert_eq!(python_minor("Python 3.11.7\n"), Some(11));
        assert_eq!(python_minor("Python 2.7.18"), None);
    }

    #[test]
    fn every_tool_has_advice_that_can_be_followed() {
        for tool in [Tool::Wasm, Tool::Rustfmt, Tool::Clippy, Tool::Postgres, Tool::Node, Tool::NodeParts, Tool::Chromium, Tool::Schemathesis] {
            assert!(tool.advice().starts_with("run `") || tool.advice().starts_with("install "), "{tool:?}");
        }
    }
}
