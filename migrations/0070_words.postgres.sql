-- SQLite's index of words needs more than this; PostgreSQL's is an index of the table itself.

-- The newest of a thread, for its feed.
create index comment_latest on comment (thread, id) where status = 'approved';
