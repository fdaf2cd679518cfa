-- What readers say against comments. Nobody can be read out of it: who sent a
-- report stands here as keyed hashes, which no other table has.

create table report (
    id uuid primary key not null,
    site uuid not null references site (id),
    comment uuid not null references comment (id),
    reporter bytea, -- who, for this comment alone: nobody reports it twice
    record bytea, -- who, for all that they report: how their reports turned out
    stranger boolean not null, -- known by the network alone: both hashes are forgotten after a time
    reason text not null,
    note text,
    weight bigint not null, -- hundredths, as it was when it came
    created_at bigint not null,
    settled_by uuid, -- the entry of the log that settled it; none while it is open
    settled_at bigint,
    upheld boolean
);
create index report_comment on report (comment, id);
create index report_record on report (record, created_at) where record is not null;
create index report_age on report (created_at) where stranger and reporter is not null;

-- What the open reports of a comment come to: the queue by weight.
create table reported (
    comment uuid primary key not null references comment (id),
    site uuid not null references site (id),
    reports bigint not null,
    weight bigint not null
);
create index reported_weight on reported (site, weight desc, comment);
