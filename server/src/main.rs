//! `jiwar`: one binary for everything. `jiwar help` lists the commands.

#![forbid(unsafe_code)]

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    jiwar::cli::run().await
}
