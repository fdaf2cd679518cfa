//! What decisions make of reports, and what taking them back makes of them.

use super::*;

async fn newest(moderator: &Client) -> Value {
    moderator.get(LOG).await.json()["entries"][0].clone()
}

async fn undo(court: &Court, moderator: &Client, entry: &Value) -> Option<String> {
    court.later(1);
    let answer = moderator.post("/api/v1/sites/blog/moderation/undo", &json!({ "entries": [entry["id"]] })).await.json();
    answer["results"][0].get("code").map(|code| code.as_str().unwrap().to_owned())
}

#[tokio::test]
async fn decisions_settle_reports_and_undoing_opens_them_again() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    for (from, (decision, status)) in [("keep", "approved"), ("approve", "approved"), ("spam", "spam"), ("remove", "removed")].into_iter().enumerate() {
        let posted = court.comment("/a", None, &format!("كلام {decision}")).await;
        // Others each time: what became of a report is remembered for the day.
        by_strangers(&court, &posted, 10 * from as u8, 2).await;
        let done = decide(&court, &moderator, &posted, decision).await;
        assert_eq!((&done["changed"], &done["status"]), (&json!(true), &json!(status)), "{decision}");
        assert_eq!(standing(&moderator, &posted).await, is(status, None, 0, 0.0), "{decision}");
        let entry = newest(&moderator).await;
        assert_eq!(entry["action"], if decision == "approve" { "keep" } else { decision }, "what is public stays as it is");
        assert_eq!(decide(&court, &moderator, &posted, decision).await["changed"], false, "{decision} once more");
        assert_eq!(undo(&court, &moderator, &entry).await, None, "{decision}");
        assert_eq!(standing(&moderator, &posted).await, is("approved", None, 2, 1.0), "{decision} undone");
        assert_eq!(undo(&court, &moderator, &entry).await.as_deref(), Some("conflict"), "{decision}");
        decide(&court, &moderator, &posted, "keep").await;
    }
}

#[tokio::test]
async fn restoring_opens_what_was_settled_and_restoring_again_settles_it() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "كلام").await;
    by_strangers(&court, &posted, 1, 6).await;
    decide(&court, &moderator, &posted, "remove").await;
    assert_eq!(standing(&moderator, &posted).await, is("removed", None, 0, 0.0));
    decide(&court, &moderator, &posted, "restore").await;
    assert_eq!(standing(&moderator, &posted).await, is("pending", Some("reported"), 6, 3.0), "it waits for its reports, as before");
    decide(&court, &moderator, &posted, "restore").await;
    assert_eq!(standing(&moderator, &posted).await, is("removed", None, 0, 0.0));
    // Approved after all: the six are dismissed, and one report more does not hide it again.
    decide(&court, &moderator, &posted, "approve").await;
    by_strangers(&court, &posted, 20, 1).await;
    assert_eq!(standing(&moderator, &posted).await, is("approved", None, 1, 0.5));
}

#[tokio::test]
async fn whoever_brings_a_hidden_comment_back_has_looked() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    for by_undo in [true, false] {
        // Another day, on which nobody remembers the strangers' last one.
        court.later(24 * 3600);
        let posted = court.comment("/a", None, &format!("كلام {by_undo}")).await;
        by_strangers(&court, &posted, 1, 6).await;
        let hidden = newest(&moderator).await;
        assert_eq!(hidden["action"], "hide");
        if by_undo {
            assert_eq!(undo(&court, &moderator, &hidden).await, None);
        } else {
            decide(&court, &moderator, &posted, "approve").await;
        }
        assert_eq!(standing(&moderator, &posted).await, is("approved", None, 0, 0.0));
        by_strangers(&court, &posted, 20, 5).await;
        assert_eq!(standing(&moderator, &posted).await.0, "approved", "the old ones do not count");
        by_strangers(&court, &posted, 30, 1).await;
        assert_eq!(standing(&moderator, &posted).await.0, "pending", "six new ones do");
        decide(&court, &moderator, &posted, "approve").await;
    }
    // All that reports did by themselves can be taken back at once.
    court.later(24 * 3600);
    let posted = court.comment("/a", None, "كلام ثالث").await;
    let since = court.now();
    by_strangers(&court, &posted, 1, 6).await;
    let all = moderator.post("/api/v1/sites/blog/moderation/undo", &json!({ "by": "reports", "since": since })).await.json();
    assert_eq!((all["results"].as_array().unwrap().len(), standing(&moderator, &posted).await.0.as_str()), (1, "approved"));
}

#[tokio::test]
async fn a_text_that_was_changed_since_can_be_reported_again() {
    let court = Court::open().await;
    let moderator = court.moderator().await;
    let posted = court.comment("/a", None, "كلام").await;
    by_strangers(&court, &posted, 1, 1).await;
    decide(&court, &moderator, &posted, "keep").await;
    assert_eq!(report(&stranger(&court, 1), &posted, "spam").await.status, 200);
    court.later(1);
    assert_eq!(court.anon().claiming(&posted).patch(&path(&posted), &json!({ "body": "كلام تغيّر" })).await.status, 200);
    assert_eq!(report(&stranger(&court, 1), &posted, "spam").await.status, 201);
    // The old one does not come back beside the new one of the same reader.
    let kept = moderator.get(LOG).await.json()["entries"].as_array().unwrap().iter().find(|e| e["action"] == "keep").unwrap().clone();
    assert_eq!(undo(&court, &moderator, &kept).await.as_deref(), Some("conflict"));
    assert_eq!(standing(&moderator, &posted).await.2, 1);
}

#[tokio::test]
async fn two_moderators_do_not_undo_one_another() {
    let court = Court::open().await;
    let (sara, omar) = (court.moderator().await, court.staff(Some("blog"), jiwar_wire::access::StaffRole::Moderator, "Omar").await);
    let posted = court.comment("/a", None, "كلام").await;
    by_strangers(&court, &posted, 1, 2).await;
    decide(&court, &omar, &posted, "spam").await;
    let late = json!({ "decisions": [{ "id": id(&posted), "decision": "keep", "expected": "approved" }] });
    let late = sara.post("/api/v1/sites/blog/moderation/decisions", &late).await.json();
    assert_eq!((&late["results"][0]["code"], &late["results"][0]["changed"]), (&json!("conflict"), &json!(false)));
    assert_eq!(decide(&court, &sara, &posted, "keep").await["changed"], false, "there is nothing open any more");
    let entry = newest(&sara).await;
    assert_eq!((&entry["action"], &entry["by"]), (&json!("spam"), &json!("Omar")));
    // Kept by one, decided by the other since: the first cannot take theirs back.
    let second = court.comment("/a", None, "كلام ثانٍ").await;
    by_strangers(&court, &second, 1, 2).await;
    decide(&court, &sara, &second, "keep").await;
    let kept = newest(&sara).await;
    decide(&court, &omar, &second, "remove").await;
    assert_eq!(undo(&court, &sara, &kept).await.as_deref(), Some("conflict"));
    assert_eq!(standing(&sara, &second).await.0, "removed");
    // Both press at once.
    let third = court.comment("/a", None, "كلام ثالث").await;
    by_strangers(&court, &third, 1, 2).await;
    let (a, b) = tokio::join!(decide(&court, &sara, &third, "keep"), decide(&court, &omar, &third, "keep"));
    assert_eq!([&a["changed"], &b["changed"]].into_iter().filter(|c| **c == true).count(), 1);
}
