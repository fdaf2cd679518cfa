-- What a site decides beforehand: its rules, who is banned, who is trusted.

create table rule_set (
    site uuid primary key not null references site (id),
    revision bigint not null,
    rules text not null -- JSON: wire::rules::Rules
);

-- Subjects are `person:`, `mail:` and `network:` with an id or a keyed hash: no address is kept.
create table ban (
    id uuid primary key not null,
    site uuid not null references site (id),
    subject text not null,
    name text not null, -- of the writer, for the list
    reason text,
    by_whom text not null,
    created_at bigint not null,
    ends_at bigint,
    lifted_at bigint
);
create index ban_subject on ban (site, subject);
create index ban_site on ban (site, id);

create table trusted (
    site uuid not null references site (id),
    person uuid not null references person (id),
    by_whom text not null,
    created_at bigint not null,
    primary key (site, person)
);
