//! What is told to others, by the Standard Webhooks' way.

use crate::{
    comment::Comment,
    ids::{DeliveryId, WebhookId},
    time::Time,
};
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum EventType {
    /// A comment was written; its status says whether it waits.
    #[serde(rename = "comment.created")]
    CommentCreated,
    /// A comment that waited, or was taken away, came into sight.
    #[serde(rename = "comment.approved")]
    CommentApproved,
    #[serde(rename = "comment.edited")]
    CommentEdited,
    /// A moderator took it away, or its writer.
    #[serde(rename = "comment.removed")]
    CommentRemoved,
    /// A moderator called it spam.
    #[serde(rename = "comment.spam")]
    CommentSpam,
    /// A reader reported it.
    #[serde(rename = "comment.reported")]
    CommentReported,
    /// Its writer asks for another look at its removal.
    #[serde(rename = "comment.appealed")]
    CommentAppealed,
    /// A moderator moved it to another page, with everything below it.
    #[serde(rename = "comment.moved")]
    CommentMoved,
    #[serde(rename = "thread.closed")]
    ThreadClosed,
    /// Somebody pressed the button.
    #[serde(rename = "test")]
    Test,
}

impl EventType {
    pub const ALL: [Self; 10] = [
        Self::CommentCreated,
        Self::CommentApproved,
        Self::CommentEdited,
        Self::CommentRemoved,
        Self::CommentSpam,
        Self::CommentReported,
        Self::CommentAppealed,
        Self::CommentMoved,
        Self::ThreadClosed,
        Self::Test,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CommentCreated => "comment.created",
            Self::CommentApproved => "comment.approved",
            Self::CommentEdited => "comment.edited",
            Self::CommentRemoved => "comment.removed",
            Self::CommentSpam => "comment.spam",
            Self::CommentReported => "comment.reported",
            Self::CommentAppealed => "comment.appealed",
            Self::CommentMoved => "comment.moved",
            Self::ThreadClosed => "thread.closed",
            Self::Test => "test",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.as_str() == text)
    }
}

/// Where a site tells what happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Webhook {
    pub id: WebhookId,
    pub url: String,
    /// Empty: every one.
    pub events: Vec<EventType>,
    /// False when somebody, or long failure, has switched it off.
    pub enabled: bool,
    /// The first of the failures that no success has followed.
    pub failing_since: Option<Time>,
    /// With how many secrets messages are signed now.
    pub secrets: u32,
    pub created_at: Time,
}

/// `GET …/webhooks`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Webhooks {
    pub webhooks: Vec<Webhook>,
}

/// `POST …/webhooks`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    #[cfg_attr(feature = "schema", schema(max_length = 2000, pattern = r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#:@]"))]
    pub url: String,
    #[serde(default)]
    pub events: Vec<EventType>,
}

/// `PATCH …/webhooks/{id}`. What is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 2000, pattern = r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#:@]"))]
    pub url: Option<String>,
    #[serde(default)]
    pub events: Option<Vec<EventType>>,
    #[serde(default)]
    pub enabled: Option<bool>,
}

/// A webhook with a new secret, which is shown here and never again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WebhookMade {
    pub webhook: Webhook,
    /// `whsec_` and the key in base64.
    pub secret: String,
}

/// One attempt at one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Delivery {
    pub id: DeliveryId,
    /// The `webhook-id` that was sent: the same in each attempt.
    pub message: String,
    pub event: String,
    /// From 1 on.
    pub attempt: u32,
    /// The answer's, when there was one. 200 to 299 is a success.
    pub status: Option<u16>,
    /// Why there was none: `inward`, `too-slow`, `unreachable`, `cut`.
    pub error: Option<String>,
    pub at: Time,
}

/// `GET …/webhooks/{id}/deliveries`: the newest hundred.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Deliveries {
    pub deliveries: Vec<Delivery>,
}

/// The body of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Message {
    #[serde(rename = "type")]
    pub kind: EventType,
    /// When it happened.
    pub timestamp: Time,
    pub data: Told,
}

/// What a message tells: how things are when it is sent, not how they were when it happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Told {
    /// The site's key.
    pub site: String,
    pub page_id: Option<String>,
    pub page_url: Option<String>,
    /// As moderators see it; without words when its writer deleted it.
    pub comment: Option<Comment>,
}
