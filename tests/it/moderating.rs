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
    let undone = program.json(&["undo"]);
    assert_eq!((undone["results"][0]["entry"].clone(), undone["results"][0]["undone"].clone()), (newest["id"].clone(), Value::Bool(true)));
    assert_eq!(program.json(&["queue"])["total"], 1);
    assert!(program.wrong(&["mod", "--site", "blog", "undo"]).contains("nothing to take back"));
    assert!(program.wrong(&["mod", "--site", "blog", "undo", newest["id"].as_str().unwrap()]).contains("1 of 1 could not be done"));
    assert_eq!(program.json(&["spam", &id])["results"][0]["status"], "spam");
    assert_eq!(program.json(&["restore", &id])["results"][0]["status"], "pending");
    let nothing = "0192f0c0-0000-7000-8000-000000000000";
    for (args, words) in [
        (vec!["mod", "queue"], "--site KEY"),
        (vec!["mod", "--site", "nowhere", "queue"], "there is no site"),
        (vec!["mod", "--site", "blog", "queue", "--status", "bad"], "expected pending"),
        (vec!["mod", "--site", "blog", "approve", "7"], "is no id"),
        (vec!["mod", "--site", "blog", "approve", &id, "--expected", "spam"], "1 of 1 could not be done"),
        (vec!["mod", "--site", "blog", "undo", "--by", "ليلى", "--since", "yesterday"], "expected a time"),
        (vec!["mod", "--site", "blog", "approve", nothing], "1 of 1 could not be done"),
    ] {
        let heard = program.wrong(&args);
        assert!(heard.contains(words), "{heard}");
    }
}

#[tokio::test]
async fn whatever_the_page_does_the_command_line_does() {
    let program = Program(Database::fresh().await);
    program.said(&["site", "add", "blog", "--name", "Blog", "--origin", "https://blog.example"]);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/import/wxr-arabic-a.xml");
    program.said(&["import", "--site", "blog", file]);
    let waits = program.json(&["queue"])["comments"][0].clone();
    let (id, page, writer) = (waits["id"].as_str().unwrap(), waits["page_id"].as_str().unwrap(), waits["author"]["id"].as_str().unwrap());
    for (filter, n) in [
        (vec!["--page", page], 1),
        (vec!["--page", "/nowhere"], 0),
        (vec!["--writer", writer], 1),
        (vec!["--writer", "0192f0c0-0000-7000-8000-000000000000"], 0),
        (vec!["--search", "لا أحد كتب هذا"], 0),
        (vec!["--reason", "rule"], 0),
    ] {
        let found = program.json(&[vec!["queue"], filter.clone()].concat());
        assert_eq!((&found["total"], found["comments"].as_array().unwrap().len()), (&n.into(), n), "{filter:?}");
    }
    program.json(&["approve", id]);
    assert!(program.json(&["edit", id, "--text", "بعد التصحيح"])["html"].as_str().unwrap().contains("بعد التصحيح"));
    assert_eq!(program.json(&["undo"])["results"][0]["undone"], true);
    let shown = program.said(&["mod", "--site", "blog", "show", id]);
    assert!(shown.contains("approved on") && !shown.contains("بعد التصحيح"));
    let moved = program.json(&["move", id, "--page", "/elsewhere", "--title", "هناك", "--reason", "مكانه"]);
    assert_eq!((&moved["comment"]["page_id"], &moved["comment"]["parent_id"]), (&"/elsewhere".into(), &Value::Null));
    assert_eq!(program.json(&["pin", id])["pinned"], true);
    assert_eq!(program.json(&["unpin", id])["pinned"], false);
    assert_eq!(program.json(&["close", "/elsewhere"])["state"], "closed");
    assert_eq!(program.json(&["open", "/elsewhere"])["state"], "open");
    assert_eq!(program.json(&["trust", id])["trusted"], true);
    assert_eq!(program.json(&["distrust", id])["trusted"], false);
    let ban = program.json(&["ban", id, "--until", "2099-01-01", "--reason", "إعلانات"]);
    assert_eq!((&ban["kind"], &ban["until"]), (&"person".into(), &"2099-01-01T00:00:00Z".into()));
    assert_eq!(program.json(&["bans"])["bans"].as_array().unwrap().len(), 1);
    program.json(&["unban", ban["id"].as_str().unwrap()]);
    assert_eq!(program.json(&["bans"])["bans"].as_array().unwrap().len(), 0);
    // All of it, the newest first: what the opposite act has overtaken is said, the move goes back.
    let entries = program.json(&["log", "--limit", "200"])["entries"].as_array().unwrap().clone();
    let the_move = entries.iter().find(|e| e["action"] == "move").unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(program.json(&["undo", &the_move])["results"][0]["undone"], true);
    assert_eq!(program.json(&["show", id])["page_id"], page);
    // The rules go out and in as they are.
    let rules = program.said(&["mod", "--site", "blog", "rules"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rules.json");
    std::fs::write(&file, rules.replace("\"max_links\":2", "\"max_links\":7")).unwrap();
    assert_eq!(program.json(&["rules", "--file", file.to_str().unwrap()])["max_links"], 7);
    assert_eq!(program.json(&["rules"])["max_links"], 7);
    // The last act is the one that goes back, and then the one before it.
    assert_eq!(program.json(&["undo"])["results"][0]["undone"], true);
    assert_eq!(program.said(&["mod", "--site", "blog", "rules"]), rules);
    std::fs::write(&file, r#"{"patterns":[{"match":"("}]}"#).unwrap();
    assert!(program.wrong(&["mod", "--site", "blog", "rules", "--file", file.to_str().unwrap()]).contains("/patterns/0/match"));
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
