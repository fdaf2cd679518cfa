//! `cargo demo`: Jiwar on SQLite with an imported conversation, and two example
//! blogs on another origin.

use crate::blogs::Blogs;
use crate::setup::Tool;
use crate::suite::forget_cargo;
use jiwar_runner::places::{jiwar, root, target};
use jiwar_runner::process::{End, Group, Stop};
use std::env;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// A blog of `examples/`, with one post at its front.
struct Blog {
    site: &'static str,
    name: &'static str,
    locale: &'static str,
    /// The post's path on the blogs' server, and its page on ours.
    path: &'static str,
    conversation: &'static str,
    label: &'static str,
}

const BLOGS: [Blog; 2] = [
    Blog { site: "demo-ar", name: "مدوّنة الحارة", locale: "ar", path: "/blog-ar/", conversation: "conversation-ar.xml", label: "Arabic post" },
    Blog { site: "demo-en", name: "The Courtyard Blog", locale: "en", path: "/blog-en/", conversation: "conversation-en.xml", label: "English post" },
];

const ADMIN: &str = "demo@example.org";
const READY_WITHIN: Duration = Duration::from_secs(60);
const BUILD_LIMIT: Duration = Duration::from_secs(3600);
const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// The server's settings, and how to call it.
struct Demo<'a> {
    stop: &'a Stop,
    data: PathBuf,
    /// Where the server listens: `127.0.0.1:8080`.
    listen: String,
    /// The blogs' origin: another host name and port than the server's.
    blogs: String,
}

/// Returns when the demo was ended by Ctrl-C.
///
/// # Errors
/// A sentence that says what went wrong.
pub fn run(stop: &Stop) -> Result<(), String> {
    let outcome = prepare_and_serve(stop);
    if stop.asked() {
        // Whatever was under way has ended with us.
        println!("\nEnded. `cargo demo` starts it again with the same data.");
        return Ok(());
    }
    outcome
}

fn prepare_and_serve(stop: &Stop) -> Result<(), String> {
    if env::var_os("JIWAR_BIN").is_none() {
        Tool::Wasm.provide()?;
        println!("Building the widget and the server. The first time this takes some minutes.");
        if !build(stop)? {
            return Ok(());
        }
    }
    let server_port = port("JIWAR_DEMO_PORT", 8080)?;
    let blogs_port = port("JIWAR_DEMO_BLOGS_PORT", 8081)?;
    let address = |listener: &TcpListener| listener.local_addr().map_err(|why| why.to_string());
    let demo = Demo {
        stop,
        data: env::var_os("JIWAR_DATA_DIR").map_or_else(|| target().join("demo-data"), PathBuf::from),
        listen: address(&server_port)?.to_string(),
        blogs: format!("http://localhost:{}", address(&blogs_port)?.port()),
    };
    fs::create_dir_all(&demo.data).map_err(|why| format!("Cannot write to {}: {why}", demo.data.display()))?;
    let sign_in = demo.furnish()?;
    let folder = root().join("examples");
    Blogs::new(&folder, &demo.url("")).map_err(|why| format!("{}: {why}", folder.display()))?.serve(blogs_port);
    drop(server_port);
    demo.serve(&sign_in)
}

/// Whether it came to its end; not, when someone pressed Ctrl-C.
fn build(stop: &Stop) -> Result<bool, String> {
    let mut command = Command::new("cargo");
    // The whole workspace's choice of features, so that `cargo suite` need not build everything again.
    command.args(["build", "--workspace", "--bin", "jiwar"]).current_dir(root()).env("CARGO_TARGET_DIR", target());
    forget_cargo(&mut command);
    let end = Group::start(&mut command).and_then(|mut cargo| cargo.wait(stop, BUILD_LIMIT)).map_err(|why| format!("cargo build: {why}"))?;
    match end {
        End::Stopped => Ok(false),
        end if end.is_success() => Ok(true),
        _ => Err("The build failed: see above.".into()),
    }
}

/// The port that the variable names, else the usual one; a free one when it is taken.
fn port(variable: &str, usual: u16) -> Result<TcpListener, String> {
    let wanted = match env::var(variable) {
        Ok(text) => text.parse().map_err(|_| format!("{variable} should be a port number, and is {text:?}"))?,
        Err(_) => usual,
    };
    TcpListener::bind(("127.0.0.1", wanted)).or_else(|taken| {
        let other = TcpListener::bind(("127.0.0.1", 0)).map_err(|why| why.to_string())?;
        let port = other.local_addr().map_or(0, |address| address.port());
        println!("Port {wanted} cannot be had ({taken}): using {port}. Set {variable} to choose another.");
        Ok(other)
    })
}

impl Demo<'_> {
    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.listen)
    }

    /// Makes sites, conversations and an admin, or finds them made before.
    fn furnish(&self) -> Result<String, String> {
        let examples = root().join("examples");
        for blog in &BLOGS {
            let conversation = examples.join(blog.conversation);
            self.ask(&["site", "add", blog.site, "--if-missing", "--name", blog.name, "--origin", &self.blogs, "--locale", blog.locale])?;
            self.ask(&["import", "--site", blog.site, &conversation.to_string_lossy()])?;
        }
        let said = self.ask(&["admin", "add", ADMIN, "--site", BLOGS[0].site])?;
        link_in(&said).ok_or_else(|| format!("`jiwar admin add` printed no link, but: {said}"))
    }

    /// What one command of Jiwar prints.
    fn ask(&self, arguments: &[&str]) -> Result<String, String> {
        let output = self.command().args(arguments).output().map_err(|why| format!("{}: {why}", jiwar().display()))?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(said);
        }
        let errors = String::from_utf8_lossy(&output.stderr);
        Err(format!("`jiwar {}` failed ({}):\n{said}{errors}", arguments.join(" "), output.status))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(jiwar());
        forget_cargo(&mut command);
        command
            .current_dir(root())
            .env("JIWAR_LISTEN", &self.listen)
            .env("JIWAR_PUBLIC_URL", self.url(""))
            .env("JIWAR_DATA_DIR", &self.data)
            // Somebody else's settings are not the demo's.
            .env_remove("DATABASE_URL")
            .env_remove("PORT")
            // Ours, and no settings of the server's: it would refuse them.
            .env_remove("JIWAR_BIN")
            .env_remove("JIWAR_DEMO_PORT")
            .env_remove("JIWAR_DEMO_BLOGS_PORT");
        command
    }

    fn serve(&self, sign_in: &str) -> Result<(), String> {
        let log = self.data.join("demo.log");
        let file = File::create(&log).map_err(|why| format!("{}: {why}", log.display()))?;
        let errors = file.try_clone().map_err(|why| why.to_string())?;
        let mut command = self.command();
        let mut server = Group::start(command.arg("serve").stdout(file).stderr(errors)).map_err(|why| format!("{}: {why}", jiwar().display()))?;
        match self.await_ready(&mut server) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(why) => return Err(format!("{why}\n{}", end_of(&log))),
        }
        self.announce(sign_in, &log);
        match server.wait(self.stop, FOREVER).map_err(|why| why.to_string())? {
            End::Exited(status) => Err(format!("The server ended by itself ({status}):\n{}", end_of(&log))),
            End::Stopped | End::TooLong => Ok(()),
        }
    }

    /// Whether the server is ready; not, when someone pressed Ctrl-C.
    fn await_ready(&self, server: &mut Group) -> Result<bool, String> {
        let deadline = Instant::now() + READY_WITHIN;
        while !self.stop.asked() {
            if let Some(status) = server.ended().map_err(|why| why.to_string())? {
                return Err(format!("The server ended at its start ({status})."));
            }
            if is_ready(&self.listen).unwrap_or(false) {
                return Ok(true);
            }
            if Instant::now() >= deadline {
                return Err(format!("The server was not ready within {} seconds.", READY_WITHIN.as_secs()));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Ok(false)
    }

    fn announce(&self, sign_in: &str, log: &Path) {
        println!("\nJiwar is running.\n");
        let row = |label: &str, url: &str| println!("  {label:<16} {url}");
        for blog in &BLOGS {
            row(blog.label, &format!("{}{}", self.blogs, blog.path));
        }
        for blog in &BLOGS {
            row(&format!("Discuss ({})", blog.locale), &self.url(&format!("/discuss/{}?page={}", blog.site, blog.path)));
        }
        row("API docs", &self.url("/api/docs"));
        row("Admin sign-in", &format!("{sign_in}  (works once)"));
        println!("\n  Data: {}\n  Log:  {}\n\nCtrl-C ends it.", self.data.display(), log.display());
        let _ = io::stdout().flush();
    }
}

/// The first thing in a command's output that is a link.
pub fn link_in(said: &str) -> Option<String> {
    said.split_whitespace().find(|word| word.starts_with("http://") || word.starts_with("https://")).map(String::from)
}

/// Whether the server at this address says that requests may come.
pub fn is_ready(address: &str) -> io::Result<bool> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").as_bytes())?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer)?;
    Ok(&answer == b"HTTP/1.1 200")
}

/// The last lines of a log.
pub fn end_of(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(20)..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_is_found_in_what_the_command_prints() {
        let said = "demo@example.org may sign in once:\n  http://127.0.0.1:8080/sign-in?token=jw_1\n";
        assert_eq!(link_in(said).as_deref(), Some("http://127.0.0.1:8080/sign-in?token=jw_1"));
        assert_eq!(link_in("no link"), None);
    }

    #[test]
    fn a_taken_port_is_replaced_by_a_free_one() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let number = taken.local_addr().unwrap().port();
        let other = port("JIWAR_A_VARIABLE_THAT_IS_NOT_SET", number).unwrap();
        assert_ne!(other.local_addr().unwrap().port(), number);
    }

    #[test]
    fn a_server_is_ready_when_it_says_so() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let answers = thread::spawn(move || {
            for answer in ["HTTP/1.1 503 Service Unavailable\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"] {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0; 1024];
                assert!(stream.read(&mut request).unwrap() > 0);
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        assert!(!is_ready(&address).unwrap());
        assert!(is_ready(&address).unwrap());
        answers.join().unwrap();
        assert!(is_ready(&address).is_err());
    }
}
