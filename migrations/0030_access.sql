-- Who may do what where, and how they prove it: staff of a site (or of all
-- sites), their sessions, and their second factor. `admin` keeps the person;
-- what they may do moves from there to `membership`.

alter table admin add column name text not null default ''; -- how the log calls them
alter table token add column admin uuid references admin (id); -- whose it is; none for those of the command line

create table membership (
    id uuid primary key not null,
    admin uuid not null references admin (id),
    site uuid references site (id), -- null: every site
    role text not null,
    created_at bigint not null
);
create unique index membership_site on membership (admin, site) where site is not null;
create unique index membership_everywhere on membership (admin) where site is null;
create index membership_of_site on membership (site, id);
insert into membership (id, admin, site, role, created_at) select id, id, site, role, created_at from admin;

create table session (
    id uuid primary key not null,
    admin uuid not null references admin (id),
    hash bytea not null unique,
    agent text not null, -- the browser's family, so that people know their own
    passed boolean not null, -- false while the second factor is still asked for
    tries bigint not null default 0, -- wrong codes since the last right one
    created_at bigint not null,
    used_at bigint not null,
    expires_at bigint not null
);
create index session_admin on session (admin, id);
create index session_age on session (expires_at);

create table second_factor (
    admin uuid primary key not null references admin (id),
    sealed bytea not null, -- the shared secret, sealed
    confirmed_at bigint, -- null: shown, not yet proved
    last_step bigint not null default 0, -- codes of this step and before are used up
    created_at bigint not null
);

create table recovery_code (
    admin uuid not null references admin (id),
    hash bytea not null,
    used_at bigint,
    primary key (admin, hash)
);
