-- What writers say against the removal of their comments: once for each decision.

create table appeal (
    id uuid primary key not null,
    site uuid not null references site (id),
    comment uuid not null references comment (id),
    decision uuid not null, -- the entry of the log that it is against
    text text not null,
    created_at bigint not null,
    answered_by uuid, -- the entry of the log that answered it; none while it is open
    answered_at bigint,
    answer text -- the reason, when it was refused with one
);
create unique index appeal_decision on appeal (comment, decision);
create index appeal_open on appeal (site, id) where answered_by is null;
