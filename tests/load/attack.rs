//! The crowd: a process of its own, so that its work is not counted as the server's.
//!
//! It reads its order as JSON from standard input and writes what it saw as
//! JSON to standard output.

use super::client::{Connection, NUMBER};
use serde_json::{Value, json};
use std::{
    borrow::Cow,
    cell::Cell,
    process::{ExitCode, Stdio},
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::{io::AsyncWriteExt, process::Command, task::LocalSet};

/// What the crowd shall do.
#[derive(Clone, Debug)]
pub struct Order {
    pub address: String,
    pub connections: usize,
    pub time: Duration,
    /// Sent in turn.
    pub requests: Vec<String>,
    /// The status of a good answer.
    pub status: u16,
    /// The first number for requests that hold [`NUMBER`].
    pub first: u64,
}

/// What the crowd saw.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub answers: u64,
    pub time: Duration,
    pub p99: Duration,
}

impl Order {
    /// Has a crowd carry it out.
    ///
    /// # Panics
    /// When an answer was not what it should be: a rate of failures is no rate.
    pub async fn carry_out(&self) -> Seen {
        let order = json!({
            "address": self.address, "connections": self.connections, "micros": self.time.as_micros() as u64,
            "requests": self.requests, "status": self.status, "first": self.first,
        });
        let mut crowd = Command::new(std::env::current_exe().unwrap()).arg("attack").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut input = crowd.stdin.take().unwrap();
        input.write_all(order.to_string().as_bytes()).await.unwrap();
        drop(input);
        let output = crowd.wait_with_output().await.unwrap();
        let seen: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("the crowd failed"));
        assert_eq!(seen["wrong"], Value::Null, "a wrong answer");
        let micros = |name: &str| Duration::from_micros(seen[name].as_u64().unwrap());
        Seen { answers: seen["answers"].as_u64().unwrap(), time: micros("micros"), p99: micros("p99") }
    }
}

/// The crowd's own `main`.
pub fn main() -> ExitCode {
    let order: Value = serde_json::from_reader(std::io::stdin()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    println!("{}", LocalSet::new().block_on(&runtime, attack(order)));
    ExitCode::SUCCESS
}

async fn attack(order: Value) -> Value {
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    let requests: Rc<Vec<Template>> = Rc::new(order["requests"].as_array().unwrap().iter().map(|r| Template::new(&text(r))).collect());
    let (address, status) = (text(&order["address"]), order["status"].as_u64().unwrap());
    let connections = order["connections"].as_u64().unwrap() as usize;
    let number = Rc::new(Cell::new(order["first"].as_u64().unwrap()));
    let mut ready = Vec::new();
    for _ in 0..connections {
        ready.push(Connection::open(&address).await.unwrap());
    }
    let start = Instant::now();
    let end = start + Duration::from_micros(order["micros"].as_u64().unwrap());
    let readers: Vec<_> =
        ready.into_iter().map(|connection| tokio::task::spawn_local(reader(connection, requests.clone(), number.clone(), status as u16, end))).collect();
    let (mut times, mut wrong) = (Vec::new(), None);
    for reader in readers {
        match reader.await.unwrap() {
            Ok(more) => times.extend(more),
            Err(why) => wrong = Some(why),
        }
    }
    let took = start.elapsed();
    times.sort_unstable();
    let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or(0);
    json!({ "answers": times.len(), "micros": took.as_micros() as u64, "p99": p99, "wrong": wrong })
}

/// A request, and where it has room for its number.
struct Template {
    bytes: Vec<u8>,
    places: Vec<usize>,
}

impl Template {
    fn new(text: &str) -> Self {
        Self { bytes: text.as_bytes().to_vec(), places: text.match_indices(NUMBER).map(|(at, _)| at).collect() }
    }

    fn numbered(&self, n: u64) -> Cow<'_, [u8]> {
        if self.places.is_empty() {
            return Cow::Borrowed(&self.bytes);
        }
        let (mut bytes, digits) = (self.bytes.clone(), format!("{n:09}"));
        for at in &self.places {
            bytes[*at..at + NUMBER.len()].copy_from_slice(digits.as_bytes());
        }
        Cow::Owned(bytes)
    }
}

/// One reader; returns how long each answer took, in microseconds.
async fn reader(mut connection: Connection, requests: Rc<Vec<Template>>, number: Rc<Cell<u64>>, status: u16, end: Instant) -> Result<Vec<u32>, String> {
    let mut times = Vec::with_capacity(10_000);
    let mut now = Instant::now();
    while now < end {
        let n = number.replace(number.get() + 1);
        match connection.send(&requests[n as usize % requests.len()].numbered(n)).await {
            Ok(answer) if answer == status => {}
            Ok(answer) => return Err(format!("status {answer}")),
            Err(error) => return Err(error.to_string()),
        }
        let done = Instant::now();
        times.push((done - now).as_micros() as u32);
        now = done;
    }
    Ok(times)
}
