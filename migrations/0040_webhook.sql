-- What is told to others: webhooks with their secrets, the queue of what is to
-- be sent, and what became of each attempt.

create table webhook (
    id uuid primary key not null,
    site uuid not null references site (id),
    url text not null,
    events text not null, -- one a line; none at all means every one
    enabled boolean not null default true,
    sent bigint not null default 0, -- numbers given out to messages
    failing_since bigint, -- when the first of the failures came that no success has followed
    created_at bigint not null
);
create index webhook_site on webhook (site, id);

create table webhook_secret (
    webhook uuid not null references webhook (id),
    created_at bigint not null,
    sealed bytea not null,
    expires_at bigint, -- null: until another one takes its place
    primary key (webhook, sealed)
);

-- Durable: a row is written in the transaction of the act that it tells of,
-- and goes when it is done. Words of comments are not kept here: they are read when it is sent.
create table job (
    id uuid primary key not null,
    site uuid not null references site (id),
    kind text not null,
    target uuid not null, -- what the kind says: the webhook
    seq bigint not null, -- the order within the target
    body text not null, -- JSON
    attempts bigint not null default 0,
    due_at bigint not null,
    leased_until bigint not null default 0, -- a server is at it until then
    created_at bigint not null
);
create index job_due on job (due_at, seq);
create index job_target on job (target);

create table webhook_delivery (
    id uuid primary key not null,
    site uuid not null references site (id),
    webhook uuid not null references webhook (id),
    message text not null,
    event text not null,
    attempt bigint not null,
    status bigint, -- of HTTP; none when there was no answer
    error text,
    at bigint not null
);
create index webhook_delivery_list on webhook_delivery (webhook, id);
create index webhook_delivery_age on webhook_delivery (at);
