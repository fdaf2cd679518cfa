-- What the spam filter saw and learnt. Words of comments are not kept here twice.

-- One row a comment that was held, or that may be compared with later ones.
create table judgement (
    comment uuid primary key not null references comment (id),
    site uuid not null references site (id),
    verdict text, -- JSON; none for what was published
    print bigint, -- SimHash of the folded text
    hosts text, -- linked hosts, one a line
    page bigint not null, -- hash of site and page
    writer bigint not null, -- hash of the name
    marked boolean not null default false, -- a moderator called it spam
    created_at bigint not null
);
create index judgement_age on judgement (created_at);
create index judgement_marked on judgement (site, print) where marked;

-- In how many comments that a moderator called spam a host stands.
create table spam_host (
    site uuid not null references site (id),
    host text not null,
    times bigint not null,
    primary key (site, host)
);

-- Append only: each decision that the learner learnt (sign 1) or took back (-1).
-- A site's model is the sum of its lessons, so several servers come to the same one.
create table lesson (
    site uuid not null references site (id),
    seq bigint not null,
    comment uuid not null,
    spam boolean not null,
    sign bigint not null,
    error bigint not null, -- millionths
    features bytea not null, -- hashed: numbers, no words
    at bigint not null,
    primary key (site, seq)
);
create index lesson_comment on lesson (site, comment, seq);

create table spam_model (
    site uuid primary key not null references site (id),
    lessons bigint not null, -- the number of the last lesson
    kept bigint not null, -- the last lesson that `model` holds
    model bytea
);

-- The queue by reason.
create index comment_held on comment (site, status, held, id) where held is not null;
