//! What readers say against a comment, and what its writer says against a decision.

use crate::{
    comment::Status,
    input::{clean_text, longer_than},
    limits,
    moderation::Decimal,
    refusal::{FieldCode, FieldError, Refusal},
    time::Time,
};
use serde::{Deserialize, Serialize};

/// What is wrong with a comment, as a reader sees it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReportReason {
    /// Spam or advertising.
    Spam,
    /// Insult or attack.
    Abuse,
    OffTopic,
    Other,
}

impl ReportReason {
    pub const ALL: [Self; 4] = [Self::Spam, Self::Abuse, Self::OffTopic, Self::Other];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Abuse => "abuse",
            Self::OffTopic => "off-topic",
            Self::Other => "other",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == text)
    }
}

/// `POST …/comments/{id}/reports`, as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReportInput {
    /// What is wrong.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = ReportReason, required = true))]
    pub reason: String,
    /// More words, for the moderators alone.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_length = 500))]
    pub note: Option<String>,
}

/// A report, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub reason: ReportReason,
    pub note: Option<String>,
}

impl Report {
    /// Names all faults at once.
    pub fn parse(input: &ReportInput) -> Result<Self, Refusal> {
        let mut faults = Vec::new();
        let reason = ReportReason::parse(&input.reason);
        if reason.is_none() {
            let code = if input.reason.is_empty() { FieldCode::Required } else { FieldCode::NotAChoice };
            faults.push(FieldError::new("/reason", code));
        }
        let note = words("/note", input.note.as_deref().unwrap_or_default(), limits::NOTE_GRAPHEMES);
        match (reason, note) {
            (Some(reason), Ok(note)) => Ok(Self { reason, note }),
            (_, note) => {
                faults.extend(note.err());
                Err(Refusal::Invalid(faults))
            }
        }
    }
}

/// 201 to a report; 200 when the same reader had sent one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reported {
    /// Of the report that is kept: the first one.
    pub reason: ReportReason,
    pub created_at: Time,
    /// What may be said to the reader, in the language of the request.
    pub words: String,
}

/// What moderators see of the open reports of a comment. Who sent them, nobody sees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reports {
    pub count: u32,
    /// All of them together; see `hide_at_reports` of the site's settings.
    pub weight: Decimal,
    /// The most frequent first.
    pub reasons: Vec<ReasonCount>,
    /// The newest 20 notes, plain text as typed by strangers.
    pub notes: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReasonCount {
    pub reason: ReportReason,
    pub count: u32,
}

/// `POST …/comments/{id}/appeal`, as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AppealInput {
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(required = true, min_length = 1, max_length = 1000, pattern = r"\S"))]
    pub text: String,
}

impl AppealInput {
    /// The text, cleaned.
    pub fn parse(&self) -> Result<String, Refusal> {
        let text = words("/text", &self.text, limits::APPEAL_GRAPHEMES).map_err(|fault| Refusal::Invalid(vec![fault]))?;
        text.ok_or_else(|| Refusal::field("/text", FieldCode::Required))
    }
}

/// 201 to an appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Appealed {
    pub created_at: Time,
    /// What may be said to the writer, in the language of the request.
    pub words: String,
}

/// How an appeal stands, for the comment's writer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum AppealState {
    /// One can be sent, until `until`.
    Possible,
    /// It was sent, and nobody has answered yet.
    Waiting,
    /// The moderators have looked again, and the decision stands.
    Refused,
}

/// What a writer can do, or has done, about the removal of a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OwnAppeal {
    pub state: AppealState,
    /// Until when an appeal can be sent; there with `possible`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
    /// What the moderators answered, when they refused it with a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// An open appeal, as moderators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Appeal {
    /// Plain text as typed.
    pub text: String,
    pub created_at: Time,
}

/// A list of comments by what others say of them, not by their status.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Pile {
    /// Public comments with open reports.
    Reported,
    /// Removed comments with an open appeal.
    Appealed,
}

impl Pile {
    pub const ALL: [Self; 2] = [Self::Reported, Self::Appealed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Appealed => "appealed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == text)
    }

    /// The status of the comments in it.
    pub const fn status(self) -> Status {
        match self {
            Self::Reported => Status::Approved,
            Self::Appealed => Status::Removed,
        }
    }
}

/// What a queue may be asked for: the comments of a status, or a pile.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum QueueStatus {
    Approved,
    Pending,
    Spam,
    Removed,
    Deleted,
    /// Public comments with open reports, the heaviest first.
    Reported,
    /// Removed comments with an open appeal, the oldest appeal first.
    Appealed,
}

impl QueueStatus {
    pub fn parse(text: &str) -> Option<Self> {
        Some(match (Status::parse(text), Pile::parse(text)) {
            (Some(Status::Approved), _) => Self::Approved,
            (Some(Status::Pending), _) => Self::Pending,
            (Some(Status::Spam), _) => Self::Spam,
            (Some(Status::Removed), _) => Self::Removed,
            (Some(Status::Deleted), _) => Self::Deleted,
            (None, Some(Pile::Reported)) => Self::Reported,
            (None, Some(Pile::Appealed)) => Self::Appealed,
            (None, None) => return None,
        })
    }

    /// The status of the comments that are asked for.
    pub const fn status(self) -> Status {
        match self {
            Self::Approved | Self::Reported => Status::Approved,
            Self::Pending => Status::Pending,
            Self::Spam => Status::Spam,
            Self::Removed | Self::Appealed => Status::Removed,
            Self::Deleted => Status::Deleted,
        }
    }

    pub const fn pile(self) -> Option<Pile> {
        match self {
            Self::Reported => Some(Pile::Reported),
            Self::Appealed => Some(Pile::Appealed),
            _ => None,
        }
    }
}

/// Cleaned words, nothing when there are none.
fn words(pointer: &str, text: &str, limit: usize) -> Result<Option<String>, FieldError> {
    let text = clean_text(text);
    let text = text.trim();
    // Marks piled on one letter are one grapheme and still take room.
    if longer_than(text, limit) || text.len() > limit * 16 {
        return Err(FieldError::too_long(pointer, limit));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(reason: &str, note: Option<&str>) -> ReportInput {
        ReportInput { reason: reason.into(), note: note.map(str::to_owned) }
    }

    #[test]
    fn a_report_has_a_reason_and_perhaps_a_note() {
        let read = |reason: &str, note: Option<&str>| Report::parse(&input(reason, note));
        assert_eq!(read("off-topic", None), Ok(Report { reason: ReportReason::OffTopic, note: None }));
        assert_eq!(read("spam", Some(" \u{202e} \r\n ")), Ok(Report { reason: ReportReason::Spam, note: None }));
        assert_eq!(read("other", Some("يكرر\u{202e} نفسه")).unwrap().note.as_deref(), Some("يكرر نفسه"));
        let long = "ك".repeat(limits::NOTE_GRAPHEMES + 1);
        let faults = |outcome: Result<Report, Refusal>| match outcome {
            Err(Refusal::Invalid(faults)) => faults.into_iter().map(|f| (f.pointer, f.code)).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(faults(read("", None)), [("/reason".to_owned(), FieldCode::Required)]);
        assert_eq!(faults(read("rude", Some(&long))), [("/reason".to_owned(), FieldCode::NotAChoice), ("/note".to_owned(), FieldCode::TooLong)]);
        assert_eq!(faults(read("spam", Some(&long))), [("/note".to_owned(), FieldCode::TooLong)]);
    }

    #[test]
    fn an_appeal_says_something() {
        let read = |text: &str| AppealInput { text: text.into() }.parse();
        assert_eq!(read(" لم أقصد الإساءة "), Ok("لم أقصد الإساءة".to_owned()));
        assert_eq!(read("  "), Err(Refusal::field("/text", FieldCode::Required)));
        assert_eq!(read(&"ا".repeat(limits::APPEAL_GRAPHEMES)).map(|t| t.len()), Ok(limits::APPEAL_GRAPHEMES * 2));
        assert!(read(&"ا".repeat(limits::APPEAL_GRAPHEMES + 1)).is_err());
    }

    #[test]
    fn queues_are_named_by_status_or_pile() {
        for status in Status::ALL {
            let read = QueueStatus::parse(status.as_str()).unwrap();
            assert_eq!((read.status(), read.pile()), (status, None));
        }
        for pile in Pile::ALL {
            let read = QueueStatus::parse(pile.as_str()).unwrap();
            assert_eq!((read.status(), read.pile()), (pile.status(), Some(pile)));
        }
        assert_eq!(QueueStatus::parse("all"), None);
    }
}
