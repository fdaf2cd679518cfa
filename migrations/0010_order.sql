-- What a thread is ordered by beyond time, and who took part in it. All of it is
-- kept by the act that changes it, and can be counted again from comments and reactions.

alter table thread add column roots bigint not null default 0; -- approved comments on the page itself
alter table thread add column votes bigint not null default 0; -- "helpful", of all its comments together
alter table thread add column pinned bigint not null default 0;

-- Of roots alone: when the last approved reply by somebody else came into the branch.
alter table comment add column bumped_at bigint;

-- Who wrote or voted in a thread. No reference to person: whoever is forgotten leaves a number here.
create table thread_person (
    thread uuid not null references thread (id),
    person uuid not null,
    site uuid not null references site (id),
    comments bigint not null default 0, -- approved ones
    last_at bigint not null, -- of the last comment or vote
    primary key (thread, person)
);
create index thread_person_comments on thread_person (thread, comments desc, person desc) where comments > 0;
create index thread_person_recent on thread_person (site, last_at desc, thread) where comments > 0;

create index thread_comments on thread (site, comments desc, id);
create index comment_people on comment (thread, root, person) where status = 'approved';
create index comment_since on comment (thread, approved_at) where status = 'approved';
create index comment_pinned on comment (thread, id) where pinned;

update comment set bumped_at = coalesce(approved_at, created_at) where path = root;
update comment set bumped_at = coalesce((
    select max(d.approved_at) from comment d join comment p on p.id = d.parent
    where d.thread = comment.thread and d.root = comment.root and d.status = 'approved' and d.approved_at > comment.bumped_at
        and (d.person is null or p.person is null or d.person <> p.person or d.created_at >= p.created_at + 1800000)
), bumped_at) where bumped_at is not null and replies > 0;

create index comment_roots on comment (thread, root) where shown and bumped_at is not null;
create index comment_active on comment (thread, bumped_at desc, id desc) where shown and bumped_at is not null;

update thread set
    roots = (select count(*) from comment c where c.thread = thread.id and c.shown and c.bumped_at is not null and c.status = 'approved'),
    votes = (select coalesce(sum(c.helpful), 0) from comment c where c.thread = thread.id and c.helpful > 0),
    pinned = (select count(*) from comment c where c.thread = thread.id and c.pinned and c.shown);
-- A thread is as old as its first comment, which may have been moved in.
update thread set created_at = coalesce((
    select c.created_at from comment c where c.thread = thread.id and c.shown and c.created_at < thread.created_at order by c.path limit 1
), created_at);

insert into thread_person (thread, person, site, comments, last_at)
    select c.thread, c.person, c.site, count(*), max(coalesce(c.approved_at, c.created_at)) from comment c
    where c.status = 'approved' and c.person is not null group by c.thread, c.person, c.site;
insert into thread_person (thread, person, site, comments, last_at)
    select c.thread, r.person, r.site, 0, max(r.created_at) from reaction r join comment c on c.id = r.comment
    where r.kind = 'helpful' group by c.thread, r.person, r.site
    on conflict (thread, person) do update set last_at = case when excluded.last_at > thread_person.last_at then excluded.last_at else thread_person.last_at end;
