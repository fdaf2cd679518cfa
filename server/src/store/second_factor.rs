//! Second factors: the sealed secret of an authenticator, and recovery codes by their hashes.

use super::{
    Result, Tx,
    db::{On, sql, statements},
};
use jiwar_wire::{Time, ids::AdminId};

/// An authenticator as kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SecondFactor {
    pub sealed: Vec<u8>,
    /// When its first code was given; none while it is only shown.
    pub confirmed_at: Option<i64>,
}

statements! {
    FIND = "select sealed, confirmed_at from second_factor where admin = $1";
    PUT = "insert into second_factor (admin, sealed, created_at) values ($1, $2, $3)
        on conflict (admin) do update set sealed = $2, created_at = $3, confirmed_at = null, last_step = 0 where second_factor.confirmed_at is null";
    CONFIRM = "update second_factor set confirmed_at = $2 where admin = $1 and confirmed_at is null";
    // A code is good once, also when it is sent twice in the same moment.
    STEP = "update second_factor set last_step = $2 where admin = $1 and last_step < $2";
    END = "delete from second_factor where admin = $1";
    CODE_ADD = "insert into recovery_code (admin, hash) values ($1, $2) on conflict (admin, hash) do nothing";
    CODE_USE = "update recovery_code set used_at = $3 where admin = $1 and hash = $2 and used_at is null";
    CODES_END = "delete from recovery_code where admin = $1";
    CODES_LEFT = "select count(*) from recovery_code where admin = $1 and used_at is null";
}

pub async fn find(on: impl Into<On<'_>>, admin: AdminId) -> Result<Option<SecondFactor>> {
    sql(&FIND).bind(admin).maybe(on).await
}

/// A new secret to be confirmed; one that is confirmed stays.
pub async fn put(tx: &mut Tx, admin: AdminId, sealed: Vec<u8>, now: Time) -> Result<()> {
    sql(&PUT).bind(admin).bind(sealed).bind(now).later(tx).await
}

pub async fn confirm(tx: &mut Tx, admin: AdminId, now: Time) -> Result<bool> {
    Ok(sql(&CONFIRM).bind(admin).bind(now).run(tx).await? == 1)
}

/// Uses a step up; false when it, or a later one, was used before.
pub async fn use_step(tx: &mut Tx, admin: AdminId, step: i64) -> Result<bool> {
    Ok(sql(&STEP).bind(admin).bind(step).run(tx).await? == 1)
}

/// Takes the second factor away with its recovery codes.
pub async fn end(tx: &mut Tx, admin: AdminId) -> Result<()> {
    sql(&CODES_END).bind(admin).run(&mut *tx).await?;
    sql(&END).bind(admin).later(tx).await
}

/// New recovery codes in place of the old ones.
pub async fn set_codes(tx: &mut Tx, admin: AdminId, hashes: Vec<Vec<u8>>) -> Result<()> {
    sql(&CODES_END).bind(admin).run(&mut *tx).await?;
    for hash in hashes {
        sql(&CODE_ADD).bind(admin).bind(hash).run(&mut *tx).await?;
    }
    Ok(())
}

/// False when there is no such code, or it was used.
pub async fn use_code(tx: &mut Tx, admin: AdminId, hash: Vec<u8>, now: Time) -> Result<bool> {
    Ok(sql(&CODE_USE).bind(admin).bind(hash).bind(now).run(tx).await? == 1)
}

pub async fn codes_left(on: impl Into<On<'_>>, admin: AdminId) -> Result<i64> {
    Ok(sql(&CODES_LEFT).bind(admin).one::<(i64,)>(on).await?.0)
}
