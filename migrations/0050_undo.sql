-- What an entry is about when it is no comment: a page, a person, a ban; of an undoing, the entry undone.
alter table moderation_log add column subject text;
create index moderation_log_comment on moderation_log (comment, id) where comment is not null;
