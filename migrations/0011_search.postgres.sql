-- SQLite searches in a virtual table (FTS5) that triggers keep right; PostgreSQL in an index.

-- Punctuation is taken out first: PostgreSQL's parser would see addresses, signs and tags in it.
create index comment_words on comment using gin (
    to_tsvector('simple', translate(left(folded, 100000), E'.,;:!?/\\-_+=<>&%#*^~$|`@()[]{}"''،؛؟«»…–—“”‘’•٫٬', repeat(' ', 47)))
) where status = 'approved';
