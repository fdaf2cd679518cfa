-- One text for SQLite and PostgreSQL. Ids are UUIDv7, times milliseconds since
-- 1970 (UTC), every table has its site. A published file is never edited.

create table site (
    id uuid primary key not null,
    key text not null unique,
    name text not null,
    locale text not null,
    origins text not null, -- one origin a line
    settings text not null, -- JSON: wire::site::Settings
    created_at bigint not null
);

-- Somebody who writes. Addresses are sealed; the keyed hash is for looking up.
create table person (
    id uuid primary key not null,
    site uuid not null references site (id),
    name text not null,
    email_hash bytea,
    email_sealed bytea,
    website text,
    role text not null,
    approved bigint not null default 0, -- comments of theirs that became public
    created_at bigint not null
);
create unique index person_email on person (site, email_hash) where email_hash is not null;
create index person_site on person (site, id);

create table thread (
    id uuid primary key not null,
    site uuid not null references site (id),
    key text not null,
    url text,
    title text,
    state text not null,
    comments bigint not null default 0, -- public ones
    revision bigint not null default 0, -- grows with every change a reader could see
    last_comment_at bigint,
    created_at bigint not null
);
create unique index thread_key on thread (site, key);

-- Other keys under which the same page was seen.
create table thread_alias (
    site uuid not null references site (id),
    key text not null,
    thread uuid not null references thread (id),
    primary key (site, key)
);
create index thread_alias_thread on thread_alias (thread);

create table comment (
    id uuid primary key not null,
    site uuid not null references site (id),
    thread uuid not null references thread (id),
    parent uuid,
    depth bigint not null,
    -- Display order: for each ancestor, and itself, 6 bytes of time and 4 of the id.
    path bytea not null,
    root bytea not null, -- the first 10 bytes of path
    person uuid references person (id),
    author_name text not null,
    author_website text,
    author_role text not null,
    body text not null, -- as written
    format text not null,
    html text not null, -- sanitised
    dir text not null,
    folded text not null, -- for search and for finding repeats
    status text not null,
    status_before text, -- what `restore` goes back to
    held text, -- why it waits
    shown boolean not null, -- approved, or a placeholder that keeps its replies
    replies bigint not null default 0, -- shown replies to this very comment
    helpful bigint not null default 0,
    pinned boolean not null default false,
    network bytea, -- keyed hash of the sender's network prefix, forgotten after a time
    source text, -- where it was moved in from
    source_id text,
    created_at bigint not null,
    edited_at bigint,
    approved_at bigint
);
create index comment_page on comment (thread, path) where shown;
create index comment_newest on comment (thread, root desc, path) where shown;
create index comment_status on comment (site, status, id);
create index comment_parent on comment (parent) where parent is not null;
create index comment_person on comment (person, id) where person is not null;
create index comment_source on comment (site, source_id) where source_id is not null;
create index comment_network on comment (network, created_at) where network is not null;

-- A key sent with a POST, so that sending it again answers the same.
create table idempotency (
    site uuid not null references site (id),
    key bytea not null,
    request bytea not null,
    comment uuid not null,
    created_at bigint not null,
    primary key (site, key)
);
create index idempotency_age on idempotency (created_at);

create table token (
    id uuid primary key not null,
    site uuid references site (id), -- null: every site
    hash bytea not null unique,
    scope text not null,
    label text not null,
    created_at bigint not null,
    expires_at bigint,
    used_at bigint,
    ended_at bigint
);

create table admin (
    id uuid primary key not null,
    site uuid references site (id), -- null: every site
    email_hash bytea not null,
    email_sealed bytea not null,
    role text not null,
    created_at bigint not null
);
create unique index admin_email on admin (email_hash);

create table sign_in_link (
    hash bytea primary key not null,
    admin uuid not null references admin (id),
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);

-- Append only: who decided what, before and after.
create table moderation_log (
    id uuid primary key not null,
    site uuid not null references site (id),
    at bigint not null,
    by_whom text not null,
    comment uuid,
    action text not null,
    before text,
    after text,
    reason text
);
create index moderation_log_site on moderation_log (site, id);
