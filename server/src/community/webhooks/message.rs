//! A message as it is sent: the Standard Webhooks' headers and a typed body.

use super::About;
use crate::{
    App,
    community::present::{self, For},
    store::{self, comments, sites::Site, threads},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use jiwar_wire::{
    Time,
    webhook::{Message, Told},
};
use sha2::Sha256;

/// What is sent, once it is signed.
#[derive(Debug)]
pub struct Letter {
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

/// Writes a message about something, as it is now, and signs it with each of the secrets.
pub async fn letter(app: &App, site: &Site, about: &About, id: &str, secrets: &[Vec<u8>], now: Time) -> store::Result<Letter> {
    let row = match about.comment {
        Some(comment) => comments::by_id(&app.db, site.id, comment).await?,
        None => None,
    };
    // Where the comment stands now: it may have been moved since.
    let thread = match row.as_ref().map(comments::Comment::thread).or(about.thread) {
        Some(thread) => threads::by_id(&app.db, site.id, thread).await?,
        None => None,
    };
    let comment = match (&thread, &row) {
        (Some(thread), Some(row)) => Some(present::comment(app, site, thread, row, For::Moderator)?),
        _ => None,
    };
    let (page_id, page_url) = thread.map_or((None, None), |thread| (Some(thread.key), thread.url));
    let message = Message { kind: about.kind, timestamp: about.at, data: Told { site: site.key.clone(), page_id, page_url, comment } };
    let body = serde_json::to_string(&message).map_err(|_| store::Error::Impossible { table: "comment", column: "body" })?;
    let seconds = now.0.div_euclid(1000);
    let signatures: Vec<String> = secrets.iter().map(|secret| signature(secret, id, seconds, &body)).collect();
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ];
    Ok(Letter { headers, body })
}

/// `v1,` and the HMAC-SHA-256 of id, seconds and body, in base64 (Standard Webhooks 1.0).
pub fn signature(secret: &[u8], id: &str, seconds: i64, body: &str) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = <Hmac<Sha256>>::new_from_slice(secret) else { return String::new() };
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example in the tests of the Standard Webhooks' own libraries
    /// (github.com/standard-webhooks/standard-webhooks, libraries/). Python's `hmac` gives the same:
    /// `b64encode(hmac.new(b64decode(secret), b"{id}.{seconds}.{body}", sha256).digest())`.
    #[test]
    fn it_signs_as_the_others_do() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
