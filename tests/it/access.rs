//! Staff, tokens, sessions and the second factor, by the API.

use crate::harness::{Answer, Client, Court};
use jiwar::{
    community::{access::Scope, staff},
    totp,
};
use jiwar_wire::{Lang, Time, access::StaffRole, input::Email, site::Settings};
use serde_json::{Value, json};

const MEMBERS: &str = "/api/v1/sites/blog/members";
const TOKENS: &str = "/api/v1/sites/blog/tokens";
const QUEUE: &str = "/api/v1/sites/blog/moderation/queue";

fn member(name: &str, role: &str) -> Value {
    json!({ "email": format!("{name}@staff.example"), "name": name, "role": role })
}

async fn sign_in(court: &Court, link: &str) -> Answer {
    let secret = link.split_once("link=").map_or(link, |(_, secret)| secret);
    court.anon().post("/api/v1/session", &json!({ "link": secret })).await
}

fn as_session(court: &Court, signed: &Answer) -> Client {
    court.anon().bearer(signed.json()["session"].as_str().unwrap())
}

#[tokio::test]
async fn a_member_is_added_with_a_link_and_comes_in() {
    let court = Court::open().await;
    let owner = court.staff(Some("blog"), StaffRole::Owner, "Omar").await;
    let added = owner.post(MEMBERS, &member("sara", "moderator")).await;
    assert_eq!(added.status, 201, "{}", added.text());
    let added = added.json();
    assert_eq!((added["member"]["role"].as_str(), added["member"]["everywhere"].as_bool()), (Some("moderator"), Some(false)));
    let signed = sign_in(&court, added["link"].as_str().unwrap()).await;
    assert_eq!((signed.status.as_u16(), signed.json()["second_factor"].as_bool()), (201, Some(false)));
    let sara = as_session(&court, &signed);
    assert_eq!(sara.get(QUEUE).await.status, 200);
    assert_eq!(sara.get(MEMBERS).await.code(), "scope-missing");
    let me = sara.get("/api/v1/session").await.json();
    assert_eq!(
        (me["email"].as_str(), me["sites"][0]["key"].as_str(), me["sites"][0]["role"].as_str()),
        (Some("sara@staff.example"), Some("blog"), Some("moderator"))
    );
    // What she decides is under her name.
    let posted = court.comment("/a", None, "سؤال").await;
    let decision = json!({ "decisions": [{ "id": posted["comment"]["id"], "decision": "remove" }] });
    assert_eq!(sara.post("/api/v1/sites/blog/moderation/decisions", &decision).await.status, 200);
    assert_eq!(sara.get("/api/v1/sites/blog/moderation/log").await.json()["entries"][0]["by"], "sara");
    assert_eq!(owner.post(MEMBERS, &member("sara", "admin")).await.code(), "already-member");
    assert_eq!(sign_in(&court, added["link"].as_str().unwrap()).await.code(), "form-expired");
}

#[tokio::test]
async fn roles_are_given_up_to_ones_own_and_an_owner_stays() {
    let court = Court::open().await;
    let (owner, admin) = (court.staff(Some("blog"), StaffRole::Owner, "Omar").await, court.staff(Some("blog"), StaffRole::Admin, "Adam").await);
    let id_of =
        |list: &Value, email: &str| list["members"].as_array().unwrap().iter().find(|m| m["email"] == email).unwrap()["id"].as_str().unwrap().to_owned();
    let list = admin.get(MEMBERS).await.json();
    let (omar, adam) = (format!("{MEMBERS}/{}", id_of(&list, "omar@staff.example")), format!("{MEMBERS}/{}", id_of(&list, "adam@staff.example")));
    assert_eq!(admin.post(MEMBERS, &member("noor", "owner")).await.code(), "scope-missing");
    assert_eq!(admin.patch(&adam, &json!({ "role": "owner" })).await.code(), "scope-missing");
    assert_eq!(admin.patch(&omar, &json!({ "role": "moderator" })).await.code(), "scope-missing");
    assert_eq!(admin.delete(&omar).await.code(), "scope-missing");
    assert_eq!(owner.patch(&omar, &json!({ "role": "admin" })).await.code(), "last-owner");
    assert_eq!(owner.delete(&omar).await.code(), "last-owner");
    assert_eq!(owner.patch(&adam, &json!({ "role": "owner" })).await.json()["role"], "owner");
    assert_eq!(owner.delete(&omar).await.status, 204);
    // Whoever is off the staff is out at once.
    assert_eq!(owner.get(QUEUE).await.code(), "sign-in-needed");
    assert_eq!(admin.get(MEMBERS).await.json()["members"].as_array().unwrap().len(), 1);
    for (body, codes) in [
        (json!({ "email": "no address", "name": " ", "role": "moderator" }), vec!["/email", "/name"]),
        (json!({ "email": "a@b.example", "name": "x".repeat(41), "role": "moderator" }), vec!["/name"]),
    ] {
        let answer = admin.post(MEMBERS, &body).await;
        assert_eq!(answer.code(), "invalid");
        assert_eq!(answer.json()["fields"].as_array().unwrap().iter().map(|f| f["pointer"].as_str().unwrap().to_owned()).collect::<Vec<_>>(), codes);
    }
    assert_eq!(admin.delete(&format!("{MEMBERS}/nothing")).await.code(), "not-found");
}

#[tokio::test]
async fn a_site_hands_out_no_key_to_another_one() {
    let court = Court::open().await;
    court.site("other", Lang::En, &[], Settings::default()).await;
    let (owner, stranger) = (court.staff(Some("blog"), StaffRole::Owner, "Omar").await, court.staff(Some("other"), StaffRole::Owner, "Noura").await);
    court.staff(None, StaffRole::Owner, "Alia").await;
    // Noura is there already: she is added, and no link to her account is given out.
    let added = owner.post(MEMBERS, &member("noura", "moderator")).await.json();
    assert_eq!(added["link"], Value::Null);
    let link = format!("{MEMBERS}/{}/link", added["member"]["id"].as_str().unwrap());
    assert_eq!(owner.post(&link, &json!({})).await.code(), "scope-missing");
    assert_eq!(stranger.get(QUEUE).await.status, 200);
    // The owner of every site is on the list, and is the command line's to change.
    let list = owner.get(MEMBERS).await.json();
    let alia = list["members"].as_array().unwrap().iter().find(|m| m["everywhere"] == true).unwrap()["id"].as_str().unwrap().to_owned();
    for answer in [
        owner.delete(&format!("{MEMBERS}/{alia}")).await,
        owner.post(&format!("{MEMBERS}/{alia}/link"), &json!({})).await,
        owner.patch(&format!("{MEMBERS}/{alia}"), &json!({ "role": "moderator" })).await,
    ] {
        assert_eq!(answer.code(), "scope-missing");
    }
    // A member of the one site alone may get another link.
    let added = owner.post(MEMBERS, &member("sara", "moderator")).await.json();
    let again = owner.post(&format!("{MEMBERS}/{}/link", added["member"]["id"].as_str().unwrap()), &json!({})).await;
    assert_eq!(again.status, 201);
    assert_eq!(sign_in(&court, again.json()["link"].as_str().unwrap()).await.status, 201);
    // A member of this site is none of the other's.
    let foreign = format!("/api/v1/sites/other/members/{}", added["member"]["id"].as_str().unwrap());
    assert_eq!(stranger.delete(&foreign).await.code(), "not-found");
}

#[tokio::test]
async fn an_account_made_in_somebodys_name_is_worth_nothing_later() {
    let court = Court::open().await;
    let admin = court.staff(Some("blog"), StaffRole::Admin, "Adam").await;
    let link = admin.post(MEMBERS, &member("boss", "moderator")).await.json()["link"].as_str().unwrap().to_owned();
    let squatter = as_session(&court, &sign_in(&court, &link).await);
    let another = admin.post(MEMBERS, &member("chief", "moderator")).await.json()["link"].as_str().unwrap().to_owned();
    // Later the real ones become owners of everything.
    let theirs = court.link(None, StaffRole::Owner, "boss").await;
    court.link(None, StaffRole::Owner, "chief").await;
    assert_eq!(squatter.get(QUEUE).await.code(), "sign-in-needed");
    assert_eq!(sign_in(&court, &another).await.code(), "form-expired");
    assert_eq!(sign_in(&court, &theirs).await.status, 201);
}

#[tokio::test]
async fn tokens_are_shown_once_no_wider_and_no_longer_than_their_maker() {
    let court = Court::open().await;
    let admin = court.staff(Some("blog"), StaffRole::Admin, "Adam").await;
    let made = admin.post(TOKENS, &json!({ "label": "مكتبة", "scope": "moderate", "expires_at": "2030-01-01T00:00:00Z" })).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    let (secret, id) = (made["secret"].as_str().unwrap().to_owned(), made["token"]["id"].as_str().unwrap().to_owned());
    let program = court.anon().bearer(&secret);
    assert_eq!(program.get(QUEUE).await.status, 200);
    assert_eq!(program.post(TOKENS, &json!({ "label": "x", "scope": "read" })).await.code(), "scope-missing");
    let list = admin.get(TOKENS).await;
    assert!(!list.text().contains(&secret));
    assert_eq!(list.json()["tokens"][0]["label"], "مكتبة");
    // A token that ends makes none that does not.
    let soon = court.clock_time(3600);
    let short = court.token_at("blog", Scope::Admin, Some(soon)).await;
    let child = short.post(TOKENS, &json!({ "label": "x", "scope": "admin" })).await.json();
    assert_eq!(child["token"]["expires_at"], json!(soon));
    // It does what its maker may do today.
    let child = admin.post(TOKENS, &json!({ "label": "y", "scope": "admin" })).await.json();
    let child = court.anon().bearer(child["secret"].as_str().unwrap());
    assert_eq!(child.get(TOKENS).await.status, 200);
    court.link(Some("blog"), StaffRole::Moderator, "Adam").await;
    assert_eq!(child.get(TOKENS).await.code(), "scope-missing");
    assert_eq!(child.get(QUEUE).await.status, 200);
    // Ended is ended.
    let owner = court.staff(Some("blog"), StaffRole::Owner, "Omar").await;
    let path = format!("{TOKENS}/{id}");
    assert_eq!((owner.delete(&path).await.status.as_u16(), owner.delete(&path).await.code().as_str()), (204, "not-found"));
    assert_eq!(program.get(QUEUE).await.code(), "sign-in-needed");
    for wrong in [json!({ "label": "", "scope": "read" }), json!({ "label": "x", "scope": "read", "expires_at": "2001-01-01T00:00:00Z" })] {
        assert_eq!(owner.post(TOKENS, &wrong).await.code(), "invalid");
    }
}

#[tokio::test]
async fn a_session_lasts_while_it_is_used_and_can_be_ended() {
    let court = Court::open().await;
    let first = court.staff(Some("blog"), StaffRole::Moderator, "Sara").await.with("user-agent", "x");
    let second = court.staff(Some("blog"), StaffRole::Moderator, "Sara").await;
    let sessions = second.get("/api/v1/sessions").await.json();
    let list = sessions["sessions"].as_array().unwrap();
    assert_eq!((list.len(), list.iter().filter(|s| s["current"] == true).count()), (2, 1));
    let other = list.iter().find(|s| s["current"] == false).unwrap()["id"].as_str().unwrap();
    assert_eq!(second.delete(&format!("/api/v1/sessions/{other}")).await.status, 204);
    assert_eq!(first.get(QUEUE).await.code(), "sign-in-needed");
    // Somebody else's cannot be ended.
    let stranger = court.staff(Some("blog"), StaffRole::Owner, "Omar").await;
    let own = second.get("/api/v1/sessions").await.json()["sessions"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(stranger.delete(&format!("/api/v1/sessions/{own}")).await.code(), "not-found");
    assert_eq!(second.delete("/api/v1/session").await.status, 204);
    assert_eq!(second.get("/api/v1/session").await.code(), "sign-in-needed");
    let idle = court.staff(Some("blog"), StaffRole::Moderator, "Sara").await;
    court.later(14 * 24 * 3600);
    assert_eq!(idle.get(QUEUE).await.code(), "sign-in-needed");
}

/// The secret that the page shows for typing, in bytes.
fn secret_of(base32: &str) -> Vec<u8> {
    let (mut bits, mut held, mut out) = (0_u32, 0, Vec::new());
    for c in base32.chars() {
        let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).unwrap() as u32;
        (bits, held) = (bits << 5 | value, held + 5);
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 255) as u8);
        }
    }
    out
}

/// Signs in with a cookie, sets a second factor up, and gives its secret and the recovery codes.
async fn with_second_factor(court: &Court, name: &str) -> (Client, Vec<u8>, Vec<String>) {
    let link = court.link(Some("blog"), StaffRole::Owner, name).await;
    let browser = court.browser(&link).await;
    let page = browser.get("/admin/account").await.html();
    let token = page.field("token");
    let offered = browser.form("/admin/account/factor", &[("token", &token), ("do", "begin")]).await;
    let shown = offered.html();
    assert_eq!(shown.all("svg").count(), 1);
    let secret = secret_of(&shown.all("code").next().unwrap().text);
    assert_eq!(secret.len(), totp::SECRET_BYTES);
    let wrong = browser.form("/admin/account/factor", &[("token", &token), ("do", "confirm"), ("code", "000000")]).await;
    assert_eq!(wrong.status, 403);
    let code = totp::code(&secret, court.now());
    let on = browser.form("/admin/account/factor", &[("token", &token), ("do", "confirm"), ("code", &code)]).await;
    assert_eq!(on.status, 200);
    let codes: Vec<String> = on.html().all("code").map(|c| c.text.clone()).collect();
    assert_eq!(codes.len(), 10);
    (browser, secret, codes)
}

async fn link(court: &Court, name: &str, forget: bool) -> String {
    staff::link(&court.app, &Email::parse(&format!("{name}@staff.example")).unwrap(), forget).await.unwrap()
}

#[tokio::test]
async fn the_second_factor_is_asked_for_and_a_code_works_once() {
    let court = Court::open().await;
    let (_, secret, codes) = with_second_factor(&court, "omar").await;
    court.later(60);
    let half = sign_in(&court, &link(&court, "omar", false).await).await;
    assert_eq!(half.json()["second_factor"], true);
    let client = as_session(&court, &half);
    for path in ["/api/v1/session", "/api/v1/sessions", QUEUE] {
        assert_eq!(client.get(path).await.code(), "second-factor-needed");
    }
    let code = totp::code(&secret, court.now());
    let whole = client.post("/api/v1/session/second-factor", &json!({ "code": code })).await;
    assert_eq!(whole.status, 200, "{}", whole.text());
    // The secret is another one now.
    assert_eq!(client.get(QUEUE).await.code(), "sign-in-needed");
    assert_eq!(as_session(&court, &whole).get(QUEUE).await.status, 200);
    // The same code, seen by somebody, opens nothing; nor does one from before it.
    let next = as_session(&court, &sign_in(&court, &link(&court, "omar", false).await).await);
    for old in [code, totp::code(&secret, Time(court.now().0 - 30_000))] {
        assert_eq!(next.post("/api/v1/session/second-factor", &json!({ "code": old })).await.code(), "wrong-code");
    }
    // A recovery code opens, once, however it is typed.
    let recovery = codes[3].replace('-', " ").to_uppercase();
    assert_eq!(next.post("/api/v1/session/second-factor", &json!({ "code": recovery })).await.status, 200);
    let again = as_session(&court, &sign_in(&court, &link(&court, "omar", false).await).await);
    assert_eq!(again.post("/api/v1/session/second-factor", &json!({ "code": codes[3] })).await.code(), "wrong-code");
}

#[tokio::test]
async fn wrong_codes_end_their_own_session_and_lock_nobody_out() {
    let court = Court::open().await;
    let (owner, secret, _) = with_second_factor(&court, "omar").await;
    court.later(60);
    let thief = as_session(&court, &sign_in(&court, &link(&court, "omar", false).await).await);
    for n in 1..=5 {
        let heard = thief.post("/api/v1/session/second-factor", &json!({ "code": "000001" })).await.code();
        assert_eq!(heard, if n < 5 { "wrong-code" } else { "sign-in-needed" });
    }
    let right = totp::code(&secret, court.now());
    assert_eq!(thief.post("/api/v1/session/second-factor", &json!({ "code": right })).await.code(), "sign-in-needed");
    // Who is in stays in, and another link still works with the very code.
    assert_eq!(owner.get("/admin/account").await.status, 200);
    let whole = as_session(&court, &sign_in(&court, &link(&court, "omar", false).await).await);
    assert_eq!(whole.post("/api/v1/session/second-factor", &json!({ "code": right })).await.status, 200);
    // A lost telephone: the command line takes the second factor away, and ends what was open.
    let free = sign_in(&court, &link(&court, "omar", true).await).await;
    assert_eq!(free.json()["second_factor"], false);
    assert_eq!(owner.get("/admin/account").await.status, 303);
    // Half a session does not last.
    let (_, secret, _) = with_second_factor(&court, "sara").await;
    let half = as_session(&court, &sign_in(&court, &link(&court, "sara", false).await).await);
    court.later(600);
    let late = json!({ "code": totp::code(&secret, court.now()) });
    assert_eq!(half.post("/api/v1/session/second-factor", &late).await.code(), "sign-in-needed");
}
