//! The program itself, as it is called by hand: words, exit codes, and bounds.

use super::fixture;
use crate::harness::Database;
use jiwar_runner::places::jiwar;
use serde_json::Value;
use std::{
    fs,
    io::{self, BufWriter, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

/// Memory that an import may write to, in KiB, whatever the file.
const MEMORY: u32 = 256 * 1024;

/// A data folder and a database for the program.
pub struct Program {
    database: Database,
}

impl Program {
    /// With nothing in it, whatever the engine of this run.
    pub fn on_sqlite() -> Self {
        Self { database: Database::on_sqlite() }
    }

    pub async fn with_site() -> Self {
        let program = Self { database: Database::fresh().await };
        let added = program.run(&["site", "add", "blog", "--name", "Blog", "--origin", "https://blog.example", "--moderation", "publish-all"]);
        assert!(added.status.success(), "{}", said(&added));
        program
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let program = jiwar();
        assert!(program.is_file(), "{} is not there: `cargo build --workspace` makes it", program.display());
        // What it may write to is bounded; the address space is not, for threads reserve much of it and use little.
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit -d {MEMORY}; exec \"$0\" \"$@\"")]).arg(program).args(args);
        // What this run is told by its environment is not meant for the program.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("JIWAR_")) {
            command.env_remove(name);
        }
        command.env("JIWAR_DATA_DIR", self.database.folder()).env("JIWAR_DATABASE_URL", self.database.url()).env_remove("DATABASE_URL").env_remove("PORT");
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    pub fn import(&self, args: &[&str], file: &Path) -> Output {
        self.run(&[&["import", "--site", "blog"], args, &[file.to_str().unwrap()]].concat())
    }

    fn folder(&self) -> PathBuf {
        self.database.folder()
    }
}

/// Everything that was printed.
pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn report(output: &Output) -> Value {
    assert!(output.status.success(), "{}", said(output));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{why}: {}", said(output)))
}

#[tokio::test]
async fn the_report_is_in_words_and_for_machines() {
    let program = Program::with_site().await;
    let file = fixture("import/wxr-arabic-a.xml");
    let dry = program.import(&["--dry-run"], &file);
    assert!(dry.status.success() && said(&dry).contains("would be imported: 24 (approved 21, pending 1, removed 1, spam 1)"), "{}", said(&dry));
    let first = report(&program.import(&["--json"], &file));
    assert_eq!((&first["found"], &first["imported"], &first["skipped"]["pingback"]["count"]), (&25.into(), &24.into(), &1.into()));
    let second = program.import(&["--from", "wordpress"], &file);
    assert!(said(&second).contains("imported: 0") && said(&second).contains("as they are: 24"), "{}", said(&second));
    for (args, file, words) in [
        (vec!["--from", "disqus"], file.clone(), "this is a file of WordPress, not of Disqus"),
        (vec!["--from", "word"], file, "expected one of wordpress, disqus, valine, jiwar"),
        (vec![], fixture("import/no-such-file.xml"), "cannot be read"),
        (vec![], fixture("import"), "not a plain file"),
    ] {
        let refused = program.import(&args, &file);
        assert!(!refused.status.success() && refused.stdout.is_empty(), "{}", said(&refused));
        assert!(said(&refused).contains(words), "{}", said(&refused));
    }
    let nowhere = program.run(&["import", "--site", "nowhere", fixture("import/wxr-isso.xml").to_str().unwrap()]);
    assert!(!nowhere.status.success() && said(&nowhere).contains("jiwar site add nowhere"), "{}", said(&nowhere));
}

/// Traps are met within the memory and the time that they are meant to break.
#[tokio::test]
async fn traps_cost_neither_memory_nor_time() {
    let program = Program::with_site().await;
    let names =
        ["bomb-256MiB.xml.gz", "xml-billion-laughs.xml", "xml-external-entity.xml", "xml-deep-nesting.xml.gz", "json-deep.json.gz", "gzip-truncated.xml.gz"];
    for name in names {
        let started = Instant::now();
        let refused = program.import(&[], &fixture(&format!("hostile/{name}")));
        assert_eq!(refused.status.code(), Some(1), "{name}: {}", said(&refused));
        assert!(said(&refused).starts_with("jiwar: ") && said(&refused).lines().count() == 1, "{name}: {}", said(&refused));
        assert!(!said(&refused).contains("root:"), "no other file is read");
        assert!(started.elapsed() < Duration::from_secs(10), "{name}: {:?}", started.elapsed());
    }
    let chain = report(&program.import(&["--json"], &fixture("hostile/tree-chain-10000.xml.gz")));
    assert_eq!((&chain["imported"], &chain["deepest"]), (&10_000.into(), &10_000.into()));
    let doctor = program.run(&["doctor"]);
    assert!(doctor.status.success(), "{}", said(&doctor));
}

/// A WXR file of many megabytes: few comments, long ones, and no line break between them.
fn large(path: &Path, megabytes: usize) -> u64 {
    let mut out = BufWriter::new(fs::File::create(path).unwrap());
    let mut write = || -> io::Result<u64> {
        write!(out, "<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel><wp:wxr_version>1.2</wp:wxr_version>")?;
        let text = "سطر طويل من كلام الجيران ".repeat(1_400); // some 60 KB
        let mut n = 0;
        for page in 0..megabytes {
            write!(out, "<item><link>https://blog.example/{page}</link><wp:post_id>{page}</wp:post_id>")?;
            for _ in 0..16 {
                n += 1;
                write!(
                    out,
                    "<wp:comment><wp:comment_id>{n}</wp:comment_id><wp:comment_author>A</wp:comment_author><wp:comment_date_gmt>2020-01-01 00:00:00</wp:comment_date_gmt>\
                     <wp:comment_content><![CDATA[{n} {text}]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>"
                )?;
            }
            write!(out, "</item>")?;
        }
        write!(out, "</channel></rss>")?;
        out.flush()?;
        Ok(n)
    };
    write().unwrap()
}

#[tokio::test]
async fn a_file_larger_than_the_memory_is_moved_in_and_out() {
    let program = Program::with_site().await;
    let (file, out) = (program.folder().join("large.xml"), program.folder().join("out.jsonl"));
    let comments = large(&file, 24);
    assert!(fs::metadata(&file).unwrap().len() > 20 << 20);
    let done = report(&program.import(&["--json"], &file));
    assert_eq!(done["imported"], comments);
    let exported = program.run(&["export", "--site", "blog", "-o", out.to_str().unwrap()]);
    assert!(exported.status.success(), "{}", said(&exported));
    let written = fs::read_to_string(&out).unwrap();
    assert_eq!(written.matches("\"kind\":\"comment\"").count() as u64, comments);
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&out).unwrap().permissions()) & 0o777, 0o600);
    assert_eq!(fs::read_dir(program.folder()).unwrap().filter(|f| f.as_ref().unwrap().file_name().to_string_lossy().ends_with(".part")).count(), 0);
    // The same to standard output, but for the moment in its first line.
    let printed = program.run(&["export", "--site", "blog"]);
    let rest = |text: &str| text.split_once('\n').unwrap().1.to_owned();
    assert!(rest(std::str::from_utf8(&printed.stdout).unwrap()) == rest(&written));
}

/// A server that runs while others import beside it.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[tokio::test]
async fn a_running_server_shows_what_was_imported_beside_it() {
    let program = Program::with_site().await;
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let child = program.command(&["serve", "--listen", &address]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let _serving = Serving(child);
    let url = format!("http://{address}/api/v1/sites/blog/thread?page=/2014/test");
    let wait_for = async |count: u64, within: Duration| {
        let started = Instant::now();
        loop {
            let answer = match jiwar_tests::http::get(&url).await {
                Ok(answer) => answer.json::<Value>().await.unwrap(),
                Err(_) => Value::Null,
            };
            if answer["thread"]["count"] == count {
                return;
            }
            assert!(started.elapsed() < within, "still {answer}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    wait_for(0, Duration::from_secs(20)).await; // the empty page lies in memory now
    let done = program.import(&[], &fixture("import/wxr-isso.xml"));
    assert!(done.status.success(), "{}", said(&done));
    wait_for(7, Duration::from_secs(10)).await;
}
