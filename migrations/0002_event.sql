-- What changed in a thread, in the order of its revisions: what a reader missed
-- while the line was down is read from here. Forgotten after a day.

create table event (
    thread uuid not null references thread (id),
    revision bigint not null,
    site uuid not null references site (id),
    kind text not null,
    comment uuid,
    at bigint not null,
    primary key (thread, revision)
);
create index event_age on event (at);
