-- SQLite alone: PostgreSQL's search is an index of the table itself, which needs no trigger.

-- While a row stands here, comments come in by many, and whoever adds them adds their words
-- in one go: a trigger for each of them costs as much as all the rest. The row goes before its
-- transaction ends, so nobody else ever sees it.
create table comment_search_later (one integer primary key not null check (one = 1));

drop trigger comment_search_add;
create trigger comment_search_add after insert on comment
when new.status = 'approved' and not exists (select 1 from comment_search_later) begin
    insert into comment_search (n, comment)
        select coalesce((select n + 1 from comment_search where n >= b and n < b + 1073741824 order by n desc limit 1), b), new.id
        from (select min(max(new.created_at, 0) / 1000, 8589934591) * 1073741824 as b);
    insert into comment_words (rowid, site, words) select n, hex(new.site), new.folded from comment_search where comment = new.id;
end;

-- The words that are there, in the order of the alphabet: so the beginning of a word is looked up
-- as the words that begin so. By itself FTS5 would gather every comment that has one of them.
create virtual table comment_terms using fts5vocab(comment_words, 'instance');

-- The newest of a thread, for its feed. PostgreSQL has the same.
create index comment_latest on comment (thread, id) where status = 'approved';
