-- The moderators' desk: what of one page is not public, and staff for a time.

create index comment_aside on comment (thread, id) where status <> 'approved';

alter table membership add column ends_at bigint; -- of moderators alone: null for good
