-- SQLite searches in a virtual table (FTS5) that triggers keep right; PostgreSQL in an index.

-- The rows of an index without content have numbers, not ids. These grow with the time
-- of the comment, so that the newest are found first: 33 bits of seconds, 30 to count within each.
create table comment_search (
    n integer primary key not null,
    comment uuid not null unique
);
create virtual table comment_words using fts5 (site, words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0');

create trigger comment_search_add after insert on comment when new.status = 'approved' begin
    insert into comment_search (n, comment)
        select coalesce((select n + 1 from comment_search where n >= b and n < b + 1073741824 order by n desc limit 1), b), new.id
        from (select min(max(new.created_at, 0) / 1000, 8589934591) * 1073741824 as b);
    insert into comment_words (rowid, site, words) select n, hex(new.site), new.folded from comment_search where comment = new.id;
end;

create trigger comment_search_change after update of status, folded on comment
when (old.status = 'approved' or new.status = 'approved') and (old.status <> new.status or old.folded <> new.folded) begin
    delete from comment_words where rowid = (select n from comment_search where comment = old.id);
    delete from comment_search where comment = old.id;
    insert into comment_search (n, comment)
        select coalesce((select n + 1 from comment_search where n >= b and n < b + 1073741824 order by n desc limit 1), b), new.id
        from (select min(max(new.created_at, 0) / 1000, 8589934591) * 1073741824 as b) where new.status = 'approved';
    insert into comment_words (rowid, site, words) select n, hex(new.site), new.folded from comment_search where comment = new.id;
end;

create trigger comment_search_remove after delete on comment when old.status = 'approved' begin
    delete from comment_words where rowid = (select n from comment_search where comment = old.id);
    delete from comment_search where comment = old.id;
end;

insert into comment_search (n, comment)
    select second * 1073741824 + row_number() over (partition by second order by created_at, id) - 1, id
    from (select min(max(created_at, 0) / 1000, 8589934591) as second, created_at, id from comment where status = 'approved');
insert into comment_words (rowid, site, words) select s.n, hex(c.site), c.folded from comment_search s join comment c on c.id = s.comment order by s.n;
