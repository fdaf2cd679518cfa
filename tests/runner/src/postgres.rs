//! A PostgreSQL of our own: private data, a loopback port from the kernel, never
//! root, gone when we are gone.

use crate::places::on_path;
use crate::process::{Watchdog, signal};
use std::fs::{self, DirBuilder, File};
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Where the suite says which server to use, so that it starts only one.
pub const VARIABLE: &str = "JIWAR_TEST_POSTGRES";

const READY_WITHIN: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(20);

const SETTINGS: &[&str] = &["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=400"];
/// Most tests care for speed alone: the data is thrown away.
const IN_HASTE: &[&str] = &["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"];

/// A running server. Dropping it ends it and removes its data.
pub struct Postgres {
    port: u16,
    /// None when somebody else runs the server.
    own: Option<Own>,
}

struct Own {
    programs: PathBuf,
    folder: PathBuf,
    settings: &'static [&'static str],
    account: Option<Account>,
    server: Mutex<Option<Child>>,
    watchdog: Mutex<Option<Watchdog>>,
}

/// Whom the server runs as when we are root, as which it refuses to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Account {
    user: u32,
    group: u32,
}

impl Postgres {
    /// The server that the suite started (`JIWAR_TEST_POSTGRES`), else one of our own.
    pub fn for_tests() -> io::Result<Self> {
        match std::env::var(VARIABLE) {
            Ok(url) => port_of(&url)
                .map(|port| Self { port, own: None })
                .ok_or_else(|| io::Error::other(format!("{VARIABLE} should be postgres://jiwar@127.0.0.1:PORT/postgres, and is {url}"))),
            Err(_) => Self::start(),
        }
    }

    /// Starts a new, empty server that keeps nothing it was told when it is killed.
    pub fn start() -> io::Result<Self> {
        Self::start_with(IN_HASTE)
    }

    /// Starts a new, empty server with PostgreSQL's own settings: what it acknowledged outlives it.
    pub fn start_durable() -> io::Result<Self> {
        Self::start_with(&[])
    }

    fn start_with(settings: &'static [&'static str]) -> io::Result<Self> {
        let programs = programs().ok_or_else(|| io::Error::other("PostgreSQL's initdb and postgres are not installed"))?;
        let account = if is_root() { Some(account()?) } else { None };
        let folder = new_folder(account)?;
        let own = Own { programs, folder, settings, account, server: Mutex::new(None), watchdog: Mutex::new(None) };
        own.create_cluster()?;
        let mut postgres = Self { port: 0, own: Some(own) };
        // Another process may take the port between our asking for it and the server's.
        for last in [false, false, true] {
            postgres.port = free_port()?;
            match postgres.launch() {
                Err(why) if last => return Err(why),
                Err(_) => {}
                Ok(()) => break,
            }
        }
        Ok(postgres)
    }

    /// How to reach `database` on it.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://jiwar@127.0.0.1:{}/{database}", self.port)
    }

    /// Ends it as a power cut would, with all of its processes: no farewell to its clients, nothing written.
    pub fn kill9(&self) {
        if let Some(own) = &self.own {
            let family = own.family();
            own.end("KILL");
            family.iter().for_each(|process| signal("KILL", process));
        }
    }

    /// Holds every process of it still: connections stay open, and nobody answers.
    pub fn hold_still(&self) {
        if let Some(own) = &self.own {
            // The first makes the others: held first, it makes no more.
            own.signal_server("STOP");
            own.family().iter().for_each(|process| signal("STOP", process));
        }
    }

    /// Lets it go on after [`Postgres::hold_still`].
    pub fn go_on(&self) {
        if let Some(own) = &self.own {
            own.family().iter().for_each(|process| signal("CONT", process));
            own.signal_server("CONT");
        }
    }

    /// Starts it on the same data and port, after [`Postgres::kill9`].
    ///
    /// The orphans of the killed one must notice their loss before it can: until
    /// then PostgreSQL refuses, and is asked again.
    pub fn start_again(&self) -> io::Result<()> {
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            match self.launch() {
                Err(_) if Instant::now() < deadline => thread::sleep(POLL),
                outcome => return outcome,
            }
        }
    }

    fn launch(&self) -> io::Result<()> {
        self.own.as_ref().map_or(Ok(()), |own| own.start(self.port))
    }

    /// Ends it and removes its data.
    pub fn stop(self) {}
}

impl Own {
    fn create_cluster(&self) -> io::Result<()> {
        let output = self
            .command("initdb")
            .args(["--username=jiwar", "--auth=trust", "--locale=C", "--encoding=UTF8", "--no-sync", "--pgdata"])
            .arg(self.folder.join("data"))
            .output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(io::Error::other(format!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim())))
    }

    fn start(&self, port: u16) -> io::Result<()> {
        let log = self.folder.join("log");
        let file = File::create(&log)?;
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.folder.join("data")).args(["-p", &port.to_string()]);
        for setting in SETTINGS.iter().chain(self.settings) {
            command.args(["-c", setting]);
        }
        let server = command.process_group(0).stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).spawn()?;
        let watchdog = Watchdog::start(
            r#"kill -s INT "$1"; n=0; while kill -s 0 "$1" && [ $n -lt 50 ]; do sleep 0.1; n=$((n+1)); done; rm -rf -- "$2""#,
            &[&server.id().to_string(), &self.folder.to_string_lossy()],
        )?;
        *lock(&self.server) = Some(server);
        if let Some(mut former) = lock(&self.watchdog).replace(watchdog) {
            former.dismiss();
        }
        self.await_ready().map_err(|why| {
            self.end("KILL");
            io::Error::other(format!("{why}\n{}", fs::read_to_string(&log).unwrap_or_default().trim()))
        })
    }

    /// The eighth line of `postmaster.pid` says `ready` once connections are taken.
    fn await_ready(&self) -> io::Result<()> {
        let deadline = Instant::now() + READY_WITHIN;
        let status = self.folder.join("data").join("postmaster.pid");
        while Instant::now() < deadline {
            let says = fs::read_to_string(&status).unwrap_or_default();
            if says.lines().nth(7).is_some_and(|line| line.trim() == "ready") && self.is_pid(&says) {
                return Ok(());
            }
            if let Some(server) = lock(&self.server).as_mut()
                && let Some(status) = server.try_wait()?
            {
                return Err(io::Error::other(format!("PostgreSQL ended at its start ({status})")));
            }
            thread::sleep(POLL);
        }
        Err(io::Error::other(format!("PostgreSQL was not ready within {READY_WITHIN:?}")))
    }

    /// Whether the file is of this run, and not left over from one that was killed.
    fn is_pid(&self, status: &str) -> bool {
        let pid = status.lines().next().and_then(|line| line.trim().parse::<u32>().ok());
        lock(&self.server).as_ref().map(Child::id) == pid
    }

    /// The processes that the server started, by id (Linux' `/proc`, proc(5): the fourth field of `stat` is the parent).
    fn family(&self) -> Vec<String> {
        let Some(parent) = lock(&self.server).as_ref().map(|server| server.id().to_string()) else { return Vec::new() };
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        let children = entries.filter(|entry| {
            let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)) == Some(&parent)
        });
        children.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    fn signal_server(&self, name: &str) {
        if let Some(server) = lock(&self.server).as_ref() {
            signal(name, &server.id().to_string());
        }
    }

    fn end(&self, name: &str) {
        if let Some(mut server) = lock(&self.server).take() {
            signal(name, &server.id().to_string());
            let _ = server.wait();
        }
    }

    /// One of PostgreSQL's programs, as an account that may run it.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(&self.folder).env_remove("LD_LIBRARY_PATH").env("LC_ALL", "C");
        if let Some(account) = self.account {
            command.uid(account.user).gid(account.group);
        }
        command
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        self.signal_server("CONT");
        self.end("INT");
        if let Some(mut watchdog) = lock(&self.watchdog).take() {
            watchdog.dismiss();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The folder of `initdb` and `postgres`: on the `PATH`, or where Debian, Fedora
/// and Homebrew keep them. The newest version wins.
pub fn programs() -> Option<PathBuf> {
    let mut folders: Vec<(u32, PathBuf)> = Vec::new();
    for (parent, inner) in [("/usr/lib/postgresql", "bin"), ("/opt/homebrew/opt", "bin"), ("/usr/local/opt", "bin"), ("/usr", "bin")] {
        for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let version = name.trim_start_matches("postgresql@").trim_start_matches("pgsql-").parse().unwrap_or(0);
            folders.push((version, entry.path().join(inner)));
        }
    }
    folders.sort();
    let known = folders.into_iter().rev().map(|(_, folder)| folder);
    let on_path = on_path(&["initdb"]).and_then(|file| fs::canonicalize(file).ok()?.parent().map(Path::to_path_buf));
    on_path.into_iter().chain(known).find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// Whether we are root, who may do what others may not.
pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|said| said.stdout.trim_ascii() == b"0")
}

fn account() -> io::Result<Account> {
    let known = fs::read_to_string("/etc/passwd")?;
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| account_named(&known, name))
        .ok_or_else(|| io::Error::other("PostgreSQL does not run as root, and there is neither an account `postgres` nor `nobody`"))
}

/// From a line of `passwd(5)`: name, password, user, group and so on.
fn account_named(known: &str, name: &str) -> Option<Account> {
    known.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == name).then_some(())?;
        Some(Account { user: fields.nth(1)?.parse().ok()?, group: fields.next()?.parse().ok()? })
    })
}

fn new_folder(account: Option<Account>) -> io::Result<PathBuf> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let folder = std::env::temp_dir().join(format!("jiwar-postgres-{}-{now}", std::process::id()));
    DirBuilder::new().mode(0o700).create(&folder)?;
    if let Some(account) = account {
        chown(&folder, Some(account.user), Some(account.group))?;
    }
    Ok(folder)
}

/// A port on loopback that nobody has at this moment.
pub fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn port_of(url: &str) -> Option<u16> {
    url.strip_prefix("postgres://jiwar@127.0.0.1:")?.split('/').next()?.parse().ok()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    #[test]
    fn accounts_are_read_from_passwd() {
        let known = "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin\nbroken\n";
        assert_eq!(account_named(known, "nobody"), Some(Account { user: 65534, group: 65533 }));
        assert_eq!(account_named(known, "postgres"), None);
        assert_eq!(account_named(known, "broken"), None);
    }

    #[test]
    fn the_port_is_read_from_the_variable() {
        assert_eq!(port_of("postgres://jiwar@127.0.0.1:5433/postgres"), Some(5433));
        assert_eq!(port_of("postgres://elsewhere/postgres"), None);
    }

    /// The server's answer to a request for encryption (protocol 3.0, SSLRequest): one byte, `S` or `N`.
    fn answers(postgres: &Postgres) -> bool {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", postgres.port)) else { return false };
        let mut answer = [0];
        stream.write_all(&[0, 0, 0, 8, 4, 210, 22, 47]).unwrap();
        stream.read_exact(&mut answer).is_ok() && b"SN".contains(&answer[0])
    }

    #[test]
    fn it_starts_survives_a_kill_and_leaves_nothing() {
        let postgres = Postgres::start().unwrap();
        let folder = postgres.own.as_ref().unwrap().folder.clone();
        assert!(answers(&postgres));
        assert!(postgres.url("x").ends_with("/x"));

        postgres.kill9();
        assert!(!answers(&postgres));
        postgres.start_again().unwrap();
        assert!(answers(&postgres));

        let port = postgres.port;
        postgres.stop();
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
        assert!(!folder.exists());
    }
}
