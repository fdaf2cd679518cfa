//! Group commit for SQLite: one writer gathers the acts that wait into one
//! transaction, so that a hundred of them pay for one trip to the disk.
//!
//! Each act runs in a savepoint: a bad one fails alone. Nobody is answered
//! before the commit. The queue is bounded: when it is full the act is refused
//! at once instead of waiting without end.

use super::{
    Error, Result,
    db::{Tx, hang_up},
    line::Line,
};
use futures_util::{FutureExt, future::BoxFuture};
use sqlx::{ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{io, panic::AssertUnwindSafe, thread};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
};

/// How many acts may wait.
const QUEUE: usize = 1024;
/// How many are gathered into one commit.
const BATCH: usize = 128;

/// Every act has a savepoint, so that a bad one fails alone. Each of these is one
/// trip to SQLite's thread, which costs more than what it does there; the writes that
/// an act left for later go with it.
const BEGIN: &str = "begin immediate; savepoint act";
const KEEP: &str = "release act; savepoint act";
const UNDO: &str = "rollback to act; release act; savepoint act";
/// The last act has nothing after it to be kept from.
const SETTLE: &str = "";
const COMMIT: &str = "release act; commit";
/// Who comes alone needs none: its transaction is its own. Inside a savepoint SQLite
/// copies every page before it is changed for the first time.
const BEGIN_ALONE: &str = "begin immediate";
const COMMIT_ALONE: &str = "commit";

/// Called once the fate of the transaction is known.
type Answer = Box<dyn FnOnce(Option<Error>) + Send>;

/// What an act leaves behind: keep its changes or not, and how to answer it.
struct Done {
    keep: bool,
    answer: Answer,
}

/// An act with the one who waits for it.
trait Job: Send {
    fn run(self: Box<Self>, tx: &mut Tx) -> BoxFuture<'_, Done>;
    fn refuse(self: Box<Self>, error: Error);
}

struct Act<F, T, E> {
    act: F,
    tell: oneshot::Sender<std::result::Result<T, E>>,
}

impl<F, T, E> Job for Act<F, T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, std::result::Result<T, E>> + Send + 'static,
{
    fn run(self: Box<Self>, tx: &mut Tx) -> BoxFuture<'_, Done> {
        let Self { act, tell } = *self;
        Box::pin(async move {
            let outcome = act(tx).await;
            let keep = outcome.is_ok();
            let answer: Answer = Box::new(move |failed| {
                let _ = tell.send(match failed {
                    Some(error) if keep => Err(E::from(error)),
                    _ => outcome,
                });
            });
            Done { keep, answer }
        })
    }

    fn refuse(self: Box<Self>, error: Error) {
        let _ = self.tell.send(Err(E::from(error)));
    }
}

enum Message {
    Act(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

/// The way in.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Message>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer {
    /// The writer has a thread of its own: an act goes to SQLite's thread and back for
    /// each of its statements, and waking a thread that waits for nothing else is
    /// several times cheaper than waking the runtime.
    pub(super) fn start(connection: SqliteConnection, options: SqliteConnectOptions) -> io::Result<Self> {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let runtime = Handle::current();
        let work = move || runtime.block_on(run(connection.into(), options, waiting));
        thread::Builder::new().name("jiwar-writer".into()).spawn(work)?;
        Ok(Self { queue })
    }

    /// Runs an act, and answers after its changes are on disk.
    pub(super) async fn run<T, E, F>(&self, act: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, std::result::Result<T, E>> + Send + 'static,
    {
        let (tell, told) = oneshot::channel::<std::result::Result<T, E>>();
        let job: Box<dyn Job> = Box::new(Act { act, tell });
        self.queue.try_send(Message::Act(job)).map_err(|_| Error::Busy)?;
        // The sender is dropped only if the act panicked or the writer is gone.
        told.await.unwrap_or_else(|_| Err(E::from(Error::Lost)))
    }

    /// Acts that wait now.
    pub fn waiting(&self) -> usize {
        QUEUE - self.queue.capacity()
    }

    /// Finishes what was accepted and lets go of the file.
    pub(super) async fn close(&self) {
        let (tell, told) = oneshot::channel();
        if self.queue.send(Message::Close(tell)).await.is_ok() {
            let _ = told.await;
        }
    }
}

async fn run(line: Line, options: SqliteConnectOptions, mut waiting: mpsc::Receiver<Message>) {
    let mut tx = Tx::Sqlite(line);
    let mut batch = Vec::with_capacity(BATCH);
    let mut closing = None;
    while closing.is_none() && waiting.recv_many(&mut batch, BATCH).await > 0 {
        let mut acts = Vec::with_capacity(batch.len());
        for message in batch.drain(..) {
            match message {
                Message::Act(act) => acts.push(act),
                Message::Close(tell) => closing = Some(tell),
            }
        }
        if acts.is_empty() {
            continue;
        }
        let after = commit(&mut tx, acts).await;
        if after == After::Locked {
            // Another program holds the file: whoever came meanwhile does not wait as long once more.
            while let Ok(message) = waiting.try_recv() {
                match message {
                    Message::Act(act) => act.refuse(Error::Busy),
                    Message::Close(tell) => closing = Some(tell),
                }
            }
        }
        if after == After::Broken {
            // The connection is in a state that we do not know: a new one is in a state that we do.
            if let Ok(fresh) = options.connect().await
                && let Tx::Sqlite(old) = std::mem::replace(&mut tx, Tx::Sqlite(fresh.into()))
            {
                hang_up(old.into_connection()).await;
            }
        }
    }
    if let Tx::Sqlite(line) = tx {
        hang_up(line.into_connection()).await;
    }
    if let Some(tell) = closing {
        let _ = tell.send(());
    }
}

/// What a batch leaves behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// It was carried out, or taken back.
    Settled,
    /// It did not begin: another program held the file for as long as we wait.
    Locked,
    /// The connection should be replaced.
    Broken,
}

/// One transaction over the batch.
async fn commit(tx: &mut Tx, acts: Vec<Box<dyn Job>>) -> After {
    let alone = acts.len() == 1;
    if let Err(error) = raw(tx, if alone { BEGIN_ALONE } else { BEGIN }).await {
        acts.into_iter().for_each(|act| act.refuse(error.again()));
        return match error {
            Error::Busy => After::Locked,
            Error::Full => After::Settled,
            _ => After::Broken,
        };
    }
    let mut answers = Vec::with_capacity(acts.len());
    let mut failed = None;
    let end = acts.len();
    for (n, act) in acts.into_iter().enumerate() {
        if failed.is_some() {
            act.refuse(Error::Busy); // not tried: it may be sent again
            continue;
        }
        let outcome = if alone { Ok(step_alone(tx, act).await) } else { step(tx, act, n + 1 == end).await };
        match outcome {
            Ok(answer) => answers.extend(answer),
            Err(error) => failed = Some(error),
        }
    }
    // What the only act left for later goes with the commit; its failure is the act's, not the connection's.
    let waited = line(tx).is_some_and(|line| line.is_waiting());
    if failed.is_none() && alone && answers.is_empty() {
        // It took itself back, and has its answer.
        failed = raw(tx, "rollback").await.err();
    } else if failed.is_none() {
        failed = raw(tx, if alone { COMMIT_ALONE } else { COMMIT }).await.err();
    }
    if failed.is_some() {
        let _ = raw(tx, "rollback").await;
    }
    let healthy = waited || failed.as_ref().is_none_or(|e| matches!(e, Error::Busy | Error::Full));
    for answer in answers {
        answer(failed.as_ref().map(Error::again));
    }
    if healthy { After::Settled } else { After::Broken }
}

/// The act of a transaction of its own: nothing when it is to be taken back.
async fn step_alone(tx: &mut Tx, act: Box<dyn Job>) -> Option<Answer> {
    match AssertUnwindSafe(act.run(tx)).catch_unwind().await {
        Ok(Done { keep: true, answer }) => Some(answer),
        Ok(Done { keep: false, answer }) => {
            forget(tx);
            answer(None);
            None
        }
        Err(_panic) => {
            forget(tx);
            None // its caller hears that it was lost
        }
    }
}

/// One act in its savepoint. An error means that the transaction itself is broken.
async fn step(tx: &mut Tx, act: Box<dyn Job>, last: bool) -> Result<Option<Answer>> {
    match AssertUnwindSafe(act.run(tx)).catch_unwind().await {
        Ok(Done { keep: true, answer }) => {
            let waited = line(tx).is_some_and(|line| line.is_waiting());
            match raw(tx, if last { SETTLE } else { KEEP }).await {
                Ok(()) => Ok(Some(answer)),
                Err(error) if waited => {
                    answer(Some(error));
                    undo(tx).await.map(|()| None)
                }
                Err(error) => Err(error),
            }
        }
        Ok(Done { keep: false, answer }) => {
            answer(None);
            undo(tx).await.map(|()| None)
        }
        Err(_panic) => undo(tx).await.map(|()| None), // its caller hears that it was lost
    }
}

/// Takes one act back. A full disk may have rolled everything back already: then the
/// savepoint is gone, and the acts before it were not carried out either. They may be sent again.
async fn undo(tx: &mut Tx) -> Result<()> {
    forget(tx);
    raw(tx, UNDO).await.map_err(|_| Error::Busy)
}

/// What the act left for later is not to be done.
fn forget(tx: &mut Tx) {
    if let Some(line) = line(tx) {
        line.forget();
    }
}

fn line(tx: &mut Tx) -> Option<&mut Line> {
    match tx {
        Tx::Sqlite(line) => Some(line),
        Tx::Postgres(_) => None,
    }
}

async fn raw(tx: &mut Tx, text: &'static str) -> Result<()> {
    match tx {
        Tx::Sqlite(line) if text.is_empty() => line.connection().await.map(drop),
        Tx::Sqlite(line) => line.run(text).await,
        Tx::Postgres(_) => Err(Error::Lost),
    }
}
