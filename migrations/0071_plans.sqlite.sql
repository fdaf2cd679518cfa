-- SQLite alone: PostgreSQL gathers these figures by itself.

-- What SQLite's planner should believe of the sizes of things. Without figures it takes ten rows
-- for everything that has one site or one thread, and then reads whole sites to find a few comments.
-- These are of a middling server, not of this one: so every server, large or small, new or old,
-- carries a statement out in the same way, which is the way that is right for the large.
analyze site;
delete from sqlite_stat1;
insert into sqlite_stat1 (tbl, idx, stat) values
    ('site', 'sqlite_autoindex_site_1', '50 1'),
    ('site', 'sqlite_autoindex_site_2', '50 1'),
    ('person', 'sqlite_autoindex_person_1', '20000 1'),
    ('person', 'person_email', '15000 7500 1'),
    ('person', 'person_site', '20000 10000 1'),
    ('thread', 'sqlite_autoindex_thread_1', '2000 1'),
    ('thread', 'thread_key', '2000 1000 1'),
    ('thread', 'thread_comments', '2000 1000 10 1'),
    ('thread_alias', 'sqlite_autoindex_thread_alias_1', '2000 1000 1'),
    ('thread_alias', 'thread_alias_thread', '2000 2'),
    ('comment', 'sqlite_autoindex_comment_1', '1000000 1'),
    ('comment', 'comment_page', '980000 500 1'),
    ('comment', 'comment_newest', '980000 500 4 1'),
    ('comment', 'comment_status', '1000000 500000 200000 1'),
    ('comment', 'comment_parent', '600000 2'),
    ('comment', 'comment_person', '1000000 50 1'),
    ('comment', 'comment_source', '500000 250000 1'),
    ('comment', 'comment_network', '10000 5 1'),
    ('comment', 'comment_people', '970000 500 4 2'),
    ('comment', 'comment_since', '970000 500 1'),
    ('comment', 'comment_latest', '970000 500 1'),
    ('comment', 'comment_aside', '30000 15 1'),
    ('comment', 'comment_pinned', '100 2 1'),
    ('comment', 'comment_roots', '300000 150 1'),
    ('comment', 'comment_active', '300000 150 1 1'),
    ('comment', 'comment_held', '20000 10000 10000 5000 1'),
    ('event', 'sqlite_autoindex_event_1', '100000 50 1'),
    ('event', 'event_age', '100000 2'),
    ('reaction', 'sqlite_autoindex_reaction_1', '500000 3 2 1'),
    ('reaction', 'reaction_person', '500000 25'),
    ('thread_person', 'sqlite_autoindex_thread_person_1', '800000 400 1'),
    ('thread_person', 'thread_person_comments', '780000 400 20 1'),
    ('thread_person', 'thread_person_recent', '780000 390000 1 1'),
    ('comment_search', 'sqlite_autoindex_comment_search_1', '970000 1'),
    ('moderation_log', 'sqlite_autoindex_moderation_log_1', '50000 1'),
    ('moderation_log', 'moderation_log_site', '50000 25000 1'),
    ('moderation_log', 'moderation_log_comment', '40000 2 1'),
    ('judgement', 'sqlite_autoindex_judgement_1', '300000 1'),
    ('judgement', 'judgement_age', '300000 1'),
    ('judgement', 'judgement_marked', '1000 500 2'),
    ('lesson', 'sqlite_autoindex_lesson_1', '5000 2500 1'),
    ('lesson', 'lesson_comment', '5000 2500 1 1'),
    ('idempotency', 'sqlite_autoindex_idempotency_1', '10000 5000 1'),
    ('idempotency', 'idempotency_age', '10000 1');
analyze sqlite_schema;
