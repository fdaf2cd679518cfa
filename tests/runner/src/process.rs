//! Child processes that never outlive us.
//!
//! A child gets a process group of its own, so that it and its children are
//! ended together, and only when we say so: Ctrl-C at the terminal reaches us
//! alone. Beside it stands a watchdog that holds the other end of a pipe: should
//! we be killed, the pipe closes and the watchdog ends the group.

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const POLL: Duration = Duration::from_millis(20);

/// Whether someone asked us to end (Ctrl-C, `kill`, a closed terminal).
#[derive(Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// From now on the signals set this flag instead of ending the process.
    pub fn listen() -> io::Result<Self> {
        let stop = Self::default();
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, stop.0.clone())?;
        }
        Ok(stop)
    }

    pub fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How a child came to its end.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    Exited(ExitStatus),
    /// Someone asked us to end, and so we ended it.
    Stopped,
    /// It ran longer than it may, and so we ended it.
    TooLong,
}

impl End {
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Exited(status) if status.success())
    }
}

/// A child with all of its children.
pub struct Group {
    child: Child,
    watchdog: Watchdog,
    ended: Option<ExitStatus>,
}

impl Group {
    /// Starts `command` with nothing to read from.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let mut child = command.process_group(0).stdin(Stdio::null()).spawn()?;
        match Watchdog::start(r#"kill -s TERM -- "-$1""#, &[&child.id().to_string()]) {
            Ok(watchdog) => Ok(Self { child, watchdog, ended: None }),
            Err(why) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(why)
            }
        }
    }

    /// The id of the child that leads it.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once and without a word (SIGKILL).
    pub fn kill9(&mut self) {
        if self.child.kill().is_ok() {
            self.ended = self.child.wait().ok();
        }
    }

    /// The status, if it has ended.
    pub fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        if self.ended.is_none() {
            self.ended = self.child.try_wait()?;
        }
        Ok(self.ended)
    }

    /// Waits for its end, for at most `limit`, and no longer than `stop` allows.
    pub fn wait(&mut self, stop: &Stop, limit: Duration) -> io::Result<End> {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(status) = self.ended()? {
                return Ok(End::Exited(status));
            }
            let over = if stop.asked() { Some(End::Stopped) } else { (Instant::now() >= deadline).then_some(End::TooLong) };
            if let Some(end) = over {
                self.finish(Duration::from_secs(10))?;
                return Ok(end);
            }
            thread::sleep(POLL);
        }
    }

    /// Asks the group to end (SIGTERM), waits for `grace`, then insists (SIGKILL).
    pub fn finish(&mut self, grace: Duration) -> io::Result<ExitStatus> {
        let deadline = Instant::now() + grace;
        if self.ended()?.is_none() {
            self.signal("TERM");
        }
        while Instant::now() < deadline {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            thread::sleep(POLL);
        }
        self.signal("KILL");
        let status = self.child.wait()?;
        self.ended = Some(status);
        Ok(status)
    }

    fn signal(&self, name: &str) {
        signal(name, &format!("-{}", self.child.id()));
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = self.finish(Duration::from_secs(10));
        self.watchdog.dismiss();
    }
}

/// Sends a signal. Through the shell, since the standard library has no call for it.
pub fn signal(name: &str, whom: &str) {
    let _ = Command::new("sh").args(["-c", r#"kill -s "$1" -- "$2""#, "kill", name, whom]).stderr(Stdio::null()).status();
}

/// A shell that runs its script once we are gone, unless it is dismissed.
pub struct Watchdog(Child);

impl Watchdog {
    /// `script` sees `arguments` as `$1`, `$2` and so on.
    pub fn start(script: &str, arguments: &[&str]) -> io::Result<Self> {
        let script = format!("trap '' INT TERM HUP; if read -r word; then exit; fi; {script}");
        let shell = Command::new("sh")
            .args(["-c", &script, "watchdog"])
            .args(arguments)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self(shell))
    }

    /// Sends it away: there is nothing left to watch.
    pub fn dismiss(&mut self) {
        if let Some(mut pipe) = self.0.stdin.take() {
            let _ = pipe.write_all(b"done\n");
        }
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn an_end_is_reported_with_its_status() {
        let mut group = Group::start(&mut shell("exit 3")).unwrap();
        let End::Exited(status) = group.wait(&Stop::default(), Duration::from_secs(20)).unwrap() else { panic!("it did not exit") };
        assert_eq!(status.code(), Some(3));
    }

    #[test]
    fn what_takes_too_long_is_ended_with_its_children() {
        let (mut reader, writer) = io::pipe().unwrap();
        let mut command = shell("sleep 600 & sleep 600");
        command.stdout(writer);
        let mut group = Group::start(&mut command).unwrap();
        drop(command);
        assert_eq!(group.wait(&Stop::default(), Duration::from_millis(50)).unwrap(), End::TooLong);
        // The pipe ends only when nobody holds it any more: not the shell, nor either of the sleepers.
        assert_eq!(reader.read(&mut [0]).unwrap(), 0);
    }

    #[test]
    fn a_request_to_end_is_obeyed() {
        let stop = Stop::default();
        stop.0.store(true, Ordering::Relaxed);
        let mut group = Group::start(&mut shell("sleep 600")).unwrap();
        assert_eq!(group.wait(&stop, Duration::from_secs(600)).unwrap(), End::Stopped);
    }

    #[test]
    fn a_watchdog_acts_when_its_master_is_gone_and_only_then() {
        let folder = std::env::temp_dir().join(format!("jiwar-watchdog-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (kept, lost) = (folder.join("kept"), folder.join("lost"));

        let mut dismissed = Watchdog::start(r#"touch "$1""#, &[kept.to_str().unwrap()]).unwrap();
        dismissed.dismiss();
        assert!(!kept.exists());

        let mut orphan = Watchdog::start(r#"touch "$1""#, &[lost.to_str().unwrap()]).unwrap();
        drop(orphan.0.stdin.take());
        orphan.0.wait().unwrap();
        assert!(lost.exists());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
