//! `jiwar mod`: the queue, decisions and the log from the command line.

use crate::harness::Database;
use jiwar_runner::places::jiwar;
use serde_json::Value;
use std::process::{Command, Output};

struct Program(Database);

impl Program {
    fn run(&self, args: &[&str]) -> Output {
        let program = jiwar();
        assert!(program.is_file(), "{} is not there: `cargo build --workspace` makes it", program.display());
        let mut command = Command::new(program);
        command.args(args).env("JIWAR_DATA_DIR", self.0.folder()).env("JIWAR_DATABASE_URL", self.0.url()).env_remove("DATABASE_URL").env_remove("PORT");
        command.output().unwrap()
    }

    fn said(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.said(&[&["mod", "--site", "blog", "--json"], args].concat())).unwrap()
    }

    fn wrong(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(!output.status.success(), "{args:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

#[tokio::test]
async fn the_queue_is_decided_from_the_command_line_and_the_log_tells_it() {
    let program = Program(Database::fresh().await);
    program.said(&["site", "add", "blog", "--name", "Blog", "--origin", "https://blog.example"]);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/import/wxr-arabic-a.xml");
    program.said(&["import", "--site", "blog", file]);
    let queue = program.json(&["queue"]);
    assert_eq!(queue["total"], 1);
    let id = queue["comments"][0]["id"].as_str().unwrap().to_owned();
    assert!(program.said(&["mod", "queue", "--site", "blog"]).starts_with(&format!("{id}  ")));
    let decided = program.json(&["approve", &id, "--reason", "سؤال وجيه"]);
    assert_eq!((decided["results"][0]["status"].as_str(), decided["results"][0]["changed"].as_bool()), (Some("approved"), Some(true)));
    assert!(program.said(&["mod", "--site", "blog", "approve", &id]).contains("approved (already)"));
    assert_eq!(program.json(&["queue"])["total"], 0);
    let newest = program.json(&["log", "--limit", "1"])["entries"][0].clone();
    assert_eq!((newest["by"].as_str(), newest["action"].as_str(), newest["reason"].as_str()), (Some("command line"), Some("approve"), Some("سؤال وجيه")));
    assert!(program.said(&["mod", "--site", "blog", "log"]).contains("pending → approved"));
    // Without an id, the last one is taken back.
    assert_eq!(program.json(&["undo"])["results"][0]["status"], "pending");
    assert_eq!(program.json(&["spam", &id])["results"][0]["status"], "spam");
    assert_eq!(program.json(&["restore", &id])["results"][0]["status"], "pending");
    let nothing = "0192f0c0-0000-7000-8000-000000000000";
    for (args, words) in [
        (vec!["mod", "queue"], "--site KEY"),
        (vec!["mod", "--site", "nowhere", "queue"], "there is no site"),
        (vec!["mod", "--site", "blog", "queue", "--status", "bad"], "expected pending"),
        (vec!["mod", "--site", "blog", "approve", "7"], "is no comment's id"),
        (vec!["mod", "--site", "blog", "approve", nothing], "1 of 1 could not be done"),
    ] {
        let heard = program.wrong(&args);
        assert!(heard.contains(words), "{heard}");
    }
}

#[tokio::test]
async fn links_are_printed_for_those_who_are_there() {
    let program = Program(Database::fresh().await);
    program.said(&["site", "add", "blog", "--name", "Blog", "--origin", "https://blog.example"]);
    assert!(program.wrong(&["admin", "link", "sara@mail.example"]).contains("jiwar admin add sara@mail.example"));
    for args in [
        vec!["admin", "add", "sara@mail.example", "--site", "blog", "--role", "moderator", "--name", "سارة"],
        vec!["admin", "link", "sara@mail.example"],
        vec!["admin", "link", "sara@mail.example", "--without-second-factor"],
    ] {
        assert!(program.said(&args).contains("/sign-in?link=jl_"));
    }
    assert!(program.wrong(&["admin", "add", "sara@mail.example", "--role", "king"]).contains("owner, admin or moderator"));
    assert!(program.wrong(&["admin", "add", "nobody"]).contains("not an e-mail address"));
}
