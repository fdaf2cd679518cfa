//! What is still to be done: a durable queue. A job is written in the transaction of the
//! act that asks for it. A server takes it for a while, and another one may when that is over.

use super::{
    Db, Result, Tx,
    db::{On, sql, statements},
};
use jiwar_wire::{Time, ids::SiteId};
use uuid::Uuid;

/// Something to be done.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Job {
    pub id: Uuid,
    pub site: Uuid,
    pub kind: String,
    pub target: Uuid,
    pub seq: i64,
    pub body: String,
    /// How often it was tried in vain.
    pub attempts: i64,
    pub due_at: i64,
    pub leased_until: i64,
    pub created_at: i64,
}

statements! {
    ADD = "insert into job (id, site, kind, target, seq, body, due_at, created_at) values ($1, $2, $3, $4, $5, $6, $7, $7)";
    ADD_ONCE = "insert into job (id, site, kind, target, seq, body, due_at, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing";
    ANY_DUE = "select count(*) from (select 1 as one from job where due_at <= $1 and leased_until <= $1 limit 1) few";
    // Servers that ask at once get different jobs; on SQLite there is one writer, so they ask one after the other.
    LEASE = "update job set leased_until = $2 where id in (select id from job where due_at <= $1 and leased_until <= $1 order by due_at, seq limit $3)
        returning id, site, kind, target, seq, body, attempts, due_at, leased_until, created_at",
        postgres "with due as materialized (select id from job where due_at <= $1 and leased_until <= $1 order by due_at, seq limit $3 for update skip locked)
        update job set leased_until = $2 from due where job.id = due.id
        returning job.id, job.site, job.kind, job.target, job.seq, job.body, job.attempts, job.due_at, job.leased_until, job.created_at";
    DONE = "delete from job where id = $1 and leased_until = $2";
    AGAIN = "update job set attempts = attempts + $4, due_at = $3, leased_until = 0 where id = $1 and leased_until = $2";
    HURRY = "update job set due_at = $2 where target = $1 and due_at > $2 and leased_until <= $2";
    DROP = "delete from job where target = $1";
}

/// Adds a job, due at once.
pub async fn add(tx: &mut Tx, site: SiteId, job: &Job) -> Result<()> {
    let query = sql(&ADD).bind(job.id).bind(site).bind(&*job.kind).bind(job.target).bind(job.seq).bind(&*job.body);
    query.bind(job.due_at).later(tx).await
}

/// Adds a job that is due later, unless it is in the queue already. Its id says what it is about.
pub async fn add_once(tx: &mut Tx, site: SiteId, job: &Job) -> Result<()> {
    let query = sql(&ADD_ONCE).bind(job.id).bind(site).bind(&*job.kind).bind(job.target).bind(job.seq).bind(&*job.body);
    query.bind(job.due_at).bind(job.created_at).later(tx).await
}

/// Whether there is something to do. Looking costs no write.
pub async fn any_due(db: &Db, now: Time) -> Result<bool> {
    Ok(sql(&ANY_DUE).bind(now).one::<(i64,)>(db).await?.0 > 0)
}

/// Takes up to `most` jobs of all sites that are due, until `until`, in the order in which they are due.
pub async fn lease(tx: &mut Tx, now: Time, until: Time, most: i64) -> Result<Vec<Job>> {
    let mut jobs: Vec<Job> = sql(&LEASE).bind(now).bind(until).bind(most).all(tx).await?;
    jobs.sort_by_key(|job| (job.due_at, job.seq));
    Ok(jobs)
}

/// The job is done. False when another server has taken it meanwhile.
pub async fn done(tx: &mut Tx, job: &Job) -> Result<bool> {
    Ok(sql(&DONE).bind(job.id).bind(job.leased_until).run(tx).await? == 1)
}

/// The job is given back, to be done at `due`. False when another server has taken it meanwhile.
pub async fn again(tx: &mut Tx, job: &Job, due: Time, tried: bool) -> Result<bool> {
    Ok(sql(&AGAIN).bind(job.id).bind(job.leased_until).bind(due).bind(i64::from(tried)).run(tx).await? == 1)
}

/// Makes everything due now that is to be done for a target.
pub async fn hurry(tx: &mut Tx, target: Uuid, now: Time) -> Result<()> {
    sql(&HURRY).bind(target).bind(now).later(tx).await
}

/// Takes everything back that is to be done for a target.
pub async fn drop_all<'a>(on: impl Into<On<'a>>, target: Uuid) -> Result<u64> {
    sql(&DROP).bind(target).run(on).await
}
