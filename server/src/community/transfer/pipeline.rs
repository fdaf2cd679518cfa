//! Reading and rendering are work for processors: they run on threads where
//! they hold nobody up, a few batches ahead of the database.

use super::{BATCH, BATCH_BYTES, FIRST_BATCH, Stopped};
use futures_util::{Stream, StreamExt, stream};
use tokio::{sync::mpsc, task::spawn_blocking};

/// Batches that are being made ready, or wait for the database.
const AHEAD: usize = 4;

/// Runs work that takes long on a thread of its own.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Stopped> {
    spawn_blocking(work).await.map_err(|_| Stopped::Lost)
}

/// Gathers what is read into batches.
pub struct Gather<T> {
    batch: Vec<T>,
    bytes: usize,
    /// Things in this batch at most.
    most: usize,
    send: mpsc::Sender<Result<Vec<T>, Stopped>>,
}

impl<T> Gather<T> {
    /// Hands a full batch over; the next thing begins another. False when nobody wants more.
    pub fn make_room(&mut self) -> bool {
        if self.batch.len() < self.most && self.bytes < BATCH_BYTES { true } else { self.hand_over() }
    }

    /// Takes in one thing more, with the bytes of text that it holds.
    pub fn add(&mut self, item: T, bytes: usize) {
        self.batch.push(item);
        self.bytes += bytes;
    }

    fn hand_over(&mut self) -> bool {
        self.bytes = 0;
        self.most = (self.most * 2).min(BATCH);
        let batch = std::mem::take(&mut self.batch);
        batch.is_empty() || self.send.blocking_send(Ok(batch)).is_ok()
    }
}

/// `read` fills the batches on one thread, `ready` works on each of them on
/// others, and they come out in order. What is dropped is no longer read.
pub fn prepared<T, U>(
    read: impl FnOnce(&mut Gather<T>) -> Result<(), Stopped> + Send + 'static,
    ready: impl Fn(Vec<T>) -> U + Clone + Send + 'static,
) -> impl Stream<Item = Result<U, Stopped>> + Unpin
where
    T: Send + 'static,
    U: Send + 'static,
{
    let (send, mut receive) = mpsc::channel(1);
    spawn_blocking(move || {
        let mut gather = Gather { batch: Vec::new(), bytes: 0, most: FIRST_BATCH, send };
        match read(&mut gather) {
            Ok(()) => drop(gather.hand_over()),
            // Nobody may be left to hear it.
            Err(why) => drop(gather.send.blocking_send(Err(why))),
        }
    });
    let batches = stream::poll_fn(move |context| receive.poll_recv(context));
    let work = move |batch: Result<Vec<T>, Stopped>| {
        let ready = ready.clone();
        async move {
            let batch = batch?;
            aside(move || ready(batch)).await
        }
    };
    Box::pin(batches.map(work).buffered(AHEAD))
}
