//! The list of checks, in the order in which they fail fastest.

use crate::count::Count;
use crate::setup::Tool;
use std::time::Duration;

/// One command of the suite.
pub struct Step {
    pub name: &'static str,
    /// What must be installed first.
    pub needs: &'static [Tool],
    pub command: &'static [&'static str],
    pub environment: &'static [(&'static str, &'static str)],
    pub counts: Counts,
    /// It is ended after so long: a suite that hangs tells nobody anything.
    pub limit: Duration,
}

/// What a step's output says about the number of checks in it.
#[derive(Clone, Copy)]
pub enum Counts {
    /// The whole command is one check.
    One,
    RustTests,
    /// Lines `ok …` and `not ok …`.
    Lines,
}

impl Counts {
    pub fn of(self, output: &str, succeeded: bool) -> Count {
        match self {
            Self::One => Count::one(succeeded),
            Self::RustTests => Count::of_rust_tests(output).settled(succeeded),
            Self::Lines => Count::of_lines(output).settled(succeeded),
        }
    }
}

const BUILD_LIMIT: Duration = Duration::from_secs(40 * 60);
const TEST_LIMIT: Duration = Duration::from_secs(20 * 60);

const ON_POSTGRES: &str = "black-box tests on PostgreSQL";
const JOURNEYS: &str = "browser journeys";
const CONTRACT: &str = "the API keeps to its description";

/// The steps that get a PostgreSQL of their own.
pub const WITH_POSTGRES: [&str; 3] = [ON_POSTGRES, CONTRACT, JOURNEYS];

/// Every Cargo command selects the whole workspace, so that all of them agree on
/// the features of each dependency and none of them builds it again.
pub const STEPS: &[Step] = &[
    Step { name: "format", needs: &[Tool::Rustfmt], command: &["cargo", "fmt", "--all", "--check"], environment: &[], counts: Counts::One, limit: TEST_LIMIT },
    Step {
        name: "lints",
        needs: &[Tool::Clippy, Tool::Wasm],
        command: &["cargo", "clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"],
        environment: &[],
        counts: Counts::One,
        limit: BUILD_LIMIT,
    },
    Step {
        name: "lints of the widget in the browser",
        needs: &[Tool::Clippy, Tool::Wasm],
        command: &["cargo", "clippy", "--locked", "--package", "jiwar-widget", "--target", "wasm32-unknown-unknown", "--", "-D", "warnings"],
        environment: &[],
        counts: Counts::One,
        limit: BUILD_LIMIT,
    },
    Step {
        name: "docs",
        needs: &[Tool::Wasm],
        command: &["cargo", "doc", "--locked", "--workspace", "--no-deps", "--document-private-items"],
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
        counts: Counts::One,
        limit: BUILD_LIMIT,
    },
    Step {
        name: "build",
        needs: &[Tool::Wasm],
        command: &["cargo", "build", "--locked", "--workspace", "--lib", "--bins", "--tests"],
        environment: &[],
        counts: Counts::One,
        limit: BUILD_LIMIT,
    },
    Step {
        name: "unit, property and snapshot tests",
        needs: &[Tool::Wasm, Tool::Postgres],
        command: &["cargo", "test", "--locked", "--workspace", "--no-fail-fast", "--lib", "--bins"],
        environment: &[],
        counts: Counts::RustTests,
        limit: TEST_LIMIT,
    },
    Step {
        name: "examples in the docs",
        needs: &[Tool::Wasm],
        command: &["cargo", "test", "--locked", "--workspace", "--no-fail-fast", "--doc"],
        environment: &[],
        // A workspace without such examples has none to pass.
        counts: Counts::One,
        limit: TEST_LIMIT,
    },
    Step {
        name: "black-box tests on SQLite",
        needs: &[Tool::Wasm],
        command: &["cargo", "test", "--locked", "--workspace", "--no-fail-fast", "--test", "*"],
        environment: &[("JIWAR_TEST_DB", "sqlite")],
        counts: Counts::RustTests,
        limit: TEST_LIMIT,
    },
    Step {
        name: ON_POSTGRES,
        needs: &[Tool::Wasm, Tool::Postgres],
        command: &["cargo", "test", "--locked", "--workspace", "--no-fail-fast", "--test", "it", "--test", "endure"],
        environment: &[("JIWAR_TEST_DB", "postgres")],
        counts: Counts::RustTests,
        limit: TEST_LIMIT,
    },
    Step {
        name: CONTRACT,
        needs: &[Tool::Wasm, Tool::Postgres, Tool::Schemathesis],
        command: &["cargo", "run", "--quiet", "--locked", "--package", "jiwar-runner", "--", "contract"],
        environment: &[],
        counts: Counts::Lines,
        limit: TEST_LIMIT,
    },
    Step {
        name: JOURNEYS,
        needs: &[Tool::Wasm, Tool::Node, Tool::NodeParts, Tool::Chromium, Tool::Postgres],
        command: &["node", "tests/browser/run.mjs"],
        environment: &[],
        counts: Counts::Lines,
        limit: TEST_LIMIT,
    },
];
