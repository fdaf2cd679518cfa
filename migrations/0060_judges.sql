-- Judges outside of this server, whom a site asks about comments.

-- What the site has set about them, without their secrets: JSON, wire::judges::Judges.
alter table site add column judges text not null default '{}';

create table judge (
    site uuid not null references site (id),
    name text not null, -- akismet, webhook
    sealed bytea not null, -- the key; of a webhook JSON: its secrets
    stopped boolean not null default false, -- it refused the account: not asked until the key is set again
    notice text, -- JSON: wire::judges::JudgeNotice
    set_at bigint not null,
    primary key (site, name)
);

-- What Akismet was told of a comment first: what is reported later must be the very same.
-- Sealed, since the sender's address is in it, and forgotten as networks are.
create table referral (
    comment uuid primary key not null references comment (id),
    site uuid not null references site (id),
    sealed bytea not null,
    first text, -- what it said first: spam, ham; null when it did not answer
    believes text, -- what it says, or was told, last
    wants text, -- what the moderators say, and it is to be told
    created_at bigint not null
);
create index referral_site on referral (site);
create index referral_age on referral (created_at);
