-- What stood before a moderator's edit, and before a change of the rules: for taking them back.
-- Nobody is shown it. It is forgotten after a time, and with the words of a comment that its writer deletes.

create table former_text (
    entry uuid primary key not null, -- the line of the log that changed it
    site uuid not null references site (id),
    comment uuid not null references comment (id),
    made bytea not null, -- a digest of what the line made of it: what has another one by now was changed since
    spent boolean not null, -- taken back, or overtaken by the writer: the words are not kept any more
    body text not null,
    format text not null,
    html text not null,
    dir text not null,
    folded text not null,
    edited_at bigint, -- null: nobody had edited it before
    kept_at bigint not null
);
create index former_text_comment on former_text (comment);
create index former_text_age on former_text (kept_at);

create table former_rules (
    entry uuid primary key not null,
    site uuid not null references site (id),
    made bigint not null, -- the revision that the line made
    before bigint not null, -- the one that it replaced
    spent boolean not null, -- taken back
    rules text not null, -- JSON: wire::rules::Rules
    kept_at bigint not null
);
create index former_rules_site on former_rules (site, entry);
create index former_rules_age on former_rules (kept_at);
