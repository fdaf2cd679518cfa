//! The people of a site: owners, admins, moderators, and the links that bring them in.

use super::{No, Outcome, access::Bearer};
use crate::{
    App,
    clock::new_id,
    keys,
    store::{
        Tx, sessions, sites,
        sites::Site,
        staff::{self, NewAdmin, NewMembership},
    },
};
use jiwar_wire::{
    FieldCode, FieldError, Refusal, Time,
    access::{Member, MemberAdded, Members, MySite, NewMember, StaffRole},
    ids::{AdminId, MemberId, SiteId},
    input::{DisplayName, Email},
};

/// How long a one-time link opens.
pub const LINK_MS: i64 = 24 * 3600 * 1000;

/// What somebody is on a site: the highest of what they are there and everywhere.
pub async fn role_at(app: &App, admin: AdminId, site: SiteId) -> Outcome<Option<StaffRole>> {
    let all = staff::of_admin(&app.db, admin, app.clock.now()).await?;
    Ok(all.iter().filter(|m| m.site.is_none_or(|s| s == site.uuid())).filter_map(|m| StaffRole::parse(&m.role)).max())
}

/// Every site on which somebody may do something, by key.
pub async fn sites_of(app: &App, admin: AdminId) -> Outcome<Vec<MySite>> {
    let all = staff::of_admin(&app.db, admin, app.clock.now()).await?;
    let role = |id: SiteId| all.iter().filter(|m| m.site.is_none_or(|s| s == id.uuid())).filter_map(|m| StaffRole::parse(&m.role)).max();
    let sites = sites::all(&app.db).await?;
    Ok(sites.into_iter().filter_map(|s| Some(MySite { role: role(s.id)?, key: s.key, name: s.name })).collect())
}

/// How the log names somebody.
pub const fn label(name: &str, role: StaffRole) -> &str {
    if name.is_empty() { role.as_str() } else { name }
}

/// What the command line says of somebody.
#[derive(Clone, Debug)]
pub struct FromConsole {
    /// None: every site.
    pub site: Option<SiteId>,
    pub email: Email,
    pub name: Option<DisplayName>,
    /// None: leave it, or for somebody new owner of every site, or admin of the one.
    pub role: Option<StaffRole>,
}

/// Adds somebody, or changes what they are, and gives a one-time link for them.
pub async fn add(app: &App, who: FromConsole) -> Outcome<String> {
    let (now, link) = (app.clock.now(), keys::new_token("jl", app.chance.as_ref()));
    let (new, hash) = (Newcomer::of(app, &who.email, who.name.as_ref().map_or("", DisplayName::as_str)), keys::hash(&link));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let (admin, is_new) = new.add(tx, now).await?;
                if let (false, Some(name)) = (is_new, &who.name) {
                    staff::rename(tx, admin.id(), name.as_str()).await?;
                }
                staff::end_over(tx, now).await?;
                let here = staff::of_admin(&mut *tx, admin.id(), now).await?.into_iter().find(|m| m.site == who.site.map(SiteId::uuid));
                let usual = if who.site.is_some() { StaffRole::Admin } else { StaffRole::Owner };
                let widened = match (&here, who.role) {
                    (None, role) => {
                        let role = role.unwrap_or(usual).as_str();
                        staff::add(tx, &NewMembership { id: new.member, admin: admin.id(), site: who.site, role, now, until: None }).await?;
                        true
                    }
                    (Some(here), Some(role)) if here.role != role.as_str() => {
                        staff::set_role(tx, MemberId::new(here.id), role.as_str()).await?;
                        StaffRole::parse(&here.role).is_none_or(|old| role > old)
                    }
                    _ => false,
                };
                // Whoever held an account of little worth in this name does not inherit what it may do now.
                if widened && !is_new {
                    sessions::end_all(tx, admin.id()).await?;
                    staff::end_links(tx, admin.id(), now).await?;
                }
                Ok::<_, No>(staff::add_link(tx, hash, admin.id(), now, Time(now.0 + LINK_MS)).await?)
            })
        })
        .await?;
    Ok(address(app, &link))
}

/// A one-time link for somebody who is there. It always works: no wrong code of anybody's stands in its way.
pub async fn link(app: &App, email: &Email, forget_second_factor: bool) -> Outcome<String> {
    let (now, link) = (app.clock.now(), keys::new_token("jl", app.chance.as_ref()));
    let (mail, hash) = (app.keys.mail_hash(None, email), keys::hash(&link));
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let admin = staff::by_email(&mut *tx, mail).await?.ok_or(Refusal::NotFound)?;
                if forget_second_factor {
                    crate::store::second_factor::end(tx, admin.id()).await?;
                    sessions::end_all(tx, admin.id()).await?;
                }
                Ok::<_, No>(staff::add_link(tx, hash, admin.id(), now, Time(now.0 + LINK_MS)).await?)
            })
        })
        .await?;
    Ok(address(app, &link))
}

/// How the log calls somebody from now on.
pub async fn rename(app: &App, admin: AdminId, name: &str) -> Outcome<()> {
    let name = DisplayName::parse(name).map_err(|fault| Refusal::Invalid(vec![FieldError { pointer: "/name".into(), ..fault }]))?;
    app.db.write(move |tx| Box::pin(async move { Ok::<_, No>(staff::rename(tx, admin, name.as_str()).await?) })).await
}

fn address(app: &App, link: &str) -> String {
    format!("{}/sign-in?link={link}", app.config.public_url)
}

/// Whether a link would still open.
pub async fn link_opens(app: &App, link: &str) -> Outcome<bool> {
    Ok(staff::link(&app.db, &keys::hash(link), app.clock.now()).await?)
}

/// Somebody who may be new, with the ids that they would get.
struct Newcomer {
    id: AdminId,
    member: MemberId,
    hash: Vec<u8>,
    sealed: Vec<u8>,
    name: String,
}

impl Newcomer {
    fn of(app: &App, email: &Email, name: &str) -> Self {
        let (now, chance) = (app.clock.now(), app.chance.as_ref());
        Self {
            id: AdminId::new(new_id(now, chance)),
            member: MemberId::new(new_id(now, chance)),
            hash: app.keys.mail_hash(None, email),
            sealed: app.keys.seal(email, chance),
            name: name.to_owned(),
        }
    }

    async fn add(&self, tx: &mut Tx, now: Time) -> Outcome<(staff::Admin, bool)> {
        let new = NewAdmin { id: self.id, email_hash: self.hash.clone(), email_sealed: self.sealed.clone(), name: &self.name, created_at: now };
        Ok(staff::add_admin(tx, &new).await?)
    }
}

/// The staff of a site, in the order in which they came.
pub async fn members(app: &App, site: &Site) -> Outcome<Members> {
    Ok(Members { members: staff::of_site(&app.db, site.id, app.clock.now()).await?.iter().map(|m| shown(app, m)).collect::<Result<_, _>>()? })
}

fn shown(app: &App, m: &staff::Member) -> crate::store::Result<Member> {
    Ok(Member {
        id: MemberId::new(m.id),
        email: app.keys.open(&m.email_sealed).map(|e| e.as_str().to_owned()).unwrap_or_default(),
        name: m.name.clone(),
        role: StaffRole::parse(&m.role).ok_or(crate::store::Error::Impossible { table: "membership", column: "role" })?,
        everywhere: m.site.is_none(),
        second_factor: m.second_factor,
        created_at: Time(m.created_at),
        seen_at: m.seen_at.map(Time),
        until: m.ends_at.map(Time),
    })
}

/// Adds somebody to a site's staff, in a role up to one's own.
pub async fn add_member(app: &App, site: &Site, by: &Bearer, new: &NewMember) -> Outcome<MemberAdded> {
    may_give(by, new.role)?;
    let (email, name) = (Email::parse(&new.email), DisplayName::parse(&new.name));
    let moved = |fault: FieldError, pointer: &str| FieldError { pointer: pointer.into(), ..fault };
    let (email, name) = match (email, name) {
        (Ok(email), Ok(name)) => (email, name),
        (email, name) => {
            let faults = [email.err().map(|f| moved(f, "/email")), name.err().map(|f| moved(f, "/name"))];
            return Err(Refusal::Invalid(faults.into_iter().flatten().collect()).into());
        }
    };
    let (now, secret) = (app.clock.now(), keys::new_token("jl", app.chance.as_ref()));
    // Who is there for a time decides about comments, and about nobody else's rights.
    if new.until.is_some_and(|until| until <= now || new.role != StaffRole::Moderator) {
        return Err(Refusal::field("/until", FieldCode::OutOfRange).into());
    }
    let until = new.until;
    let (newcomer, hash, role, site_id) = (Newcomer::of(app, &email, name.as_str()), keys::hash(&secret), new.role, site.id);
    let id = newcomer.member;
    let is_new: bool = app
        .db
        .write(move |tx| {
            Box::pin(async move {
                staff::lock(tx, site_id).await?;
                staff::end_over(tx, now).await?;
                let (admin, is_new) = newcomer.add(tx, now).await?;
                if staff::of_admin(&mut *tx, admin.id(), now).await?.iter().any(|m| m.site.is_none_or(|s| s == site_id.uuid())) {
                    return Err(Refusal::AlreadyMember.into());
                }
                staff::add(tx, &NewMembership { id, admin: admin.id(), site: Some(site_id), role: role.as_str(), now, until }).await?;
                // A link is a key to all that its account may do: for an account that was there it is not ours to give.
                if is_new {
                    staff::add_link(tx, hash, admin.id(), now, Time(now.0 + LINK_MS)).await?;
                }
                Ok::<_, No>(is_new)
            })
        })
        .await?;
    let member = members(app, site).await?.members.into_iter().find(|m| m.id == id).ok_or(Refusal::NotFound)?;
    Ok(MemberAdded { member, link: is_new.then(|| address(app, &secret)) })
}

/// Another one-time link for a member: only where they can do nothing that the asker could not give.
pub async fn link_for(app: &App, site: &Site, by: &Bearer, id: MemberId) -> Outcome<String> {
    let (now, secret) = (app.clock.now(), keys::new_token("jl", app.chance.as_ref()));
    let (hash, site, by) = (keys::hash(&secret), site.id, by.clone());
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let member = changeable(tx, site, &by, id, now).await?;
                let all = staff::of_admin(&mut *tx, AdminId::new(member.admin), now).await?;
                if all.iter().any(|m| m.site != Some(site.uuid())) {
                    return Err(Refusal::ScopeMissing.into());
                }
                Ok::<_, No>(staff::add_link(tx, hash, AdminId::new(member.admin), now, Time(now.0 + LINK_MS)).await?)
            })
        })
        .await?;
    Ok(address(app, &secret))
}

/// Changes what somebody is on a site.
pub async fn change_member(app: &App, site: &Site, by: &Bearer, id: MemberId, role: StaffRole) -> Outcome<Member> {
    may_give(by, role)?;
    let (site_id, by, now) = (site.id, by.clone(), app.clock.now());
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let member = changeable(tx, site_id, &by, id, now).await?;
                if role < StaffRole::Owner {
                    keeps_an_owner(tx, site_id, &member, now).await?;
                }
                Ok::<_, No>(staff::set_role(tx, id, role.as_str()).await?)
            })
        })
        .await?;
    members(app, site).await?.members.into_iter().find(|m| m.id == id).ok_or_else(|| Refusal::NotFound.into())
}

/// Takes somebody off a site's staff. Their sessions and tokens open this site no more.
pub async fn remove_member(app: &App, site: &Site, by: &Bearer, id: MemberId) -> Outcome<()> {
    let (site, by, now) = (site.id, by.clone(), app.clock.now());
    app.db
        .write(move |tx| {
            Box::pin(async move {
                let member = changeable(tx, site, &by, id, now).await?;
                keeps_an_owner(tx, site, &member, now).await?;
                Ok::<_, No>(staff::end(tx, id).await?)
            })
        })
        .await
}

fn may_give(by: &Bearer, role: StaffRole) -> Result<(), Refusal> {
    if by.role.is_some_and(|own| own >= role) { Ok(()) } else { Err(Refusal::ScopeMissing) }
}

/// A member of this very site who is not above the one who asks; whoever is there for all sites is the command line's.
async fn changeable(tx: &mut Tx, site: SiteId, by: &Bearer, id: MemberId, now: Time) -> Outcome<staff::Member> {
    staff::lock(tx, site).await?;
    let member = staff::of_site(&mut *tx, site, now).await?.into_iter().find(|m| m.id == id.uuid()).ok_or(Refusal::NotFound)?;
    if member.site.is_none() {
        return Err(Refusal::ScopeMissing.into());
    }
    may_give(by, StaffRole::parse(&member.role).unwrap_or(StaffRole::Owner))?;
    Ok(member)
}

async fn keeps_an_owner(tx: &mut Tx, site: SiteId, without: &staff::Member, now: Time) -> Outcome<()> {
    let is_owner = |m: &staff::Member| m.role == StaffRole::Owner.as_str();
    if is_owner(without) && !staff::of_site(tx, site, now).await?.iter().any(|m| is_owner(m) && m.id != without.id) {
        return Err(Refusal::LastOwner.into());
    }
    Ok(())
}
