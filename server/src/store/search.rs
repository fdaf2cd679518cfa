//! Search over the folded texts of public comments: FTS5 on SQLite, full text on PostgreSQL.
//!
//! Nothing here keeps the index right: triggers do on SQLite, and on PostgreSQL
//! it is an index of the table itself. So no way of writing can forget it.

use super::{
    Db, Result,
    comments::{Comment, columns},
    db::{sql, statements},
    listing::listings,
};
use crate::text::search::{Form, Query};
use jiwar_wire::ids::{CommentId, SiteId};
use uuid::Uuid;

listings! {
    // The number of a row grows with the time of its comment. Where the last comment of the page
    // before has gone out of sight meanwhile, its second stands for it.
    FOUND = concat!("select ", columns!(), " from comment_words w cross join comment_search s on s.n = w.rowid cross join comment c on c.id = s.comment
        where w.comment_words match $1 and w.rowid < coalesce((select n from comment_search where comment = $3), min($5, 8589934591) * 1073741824)
        and c.site = $2 and c.status = 'approved' order by w.rowid desc limit $4"),
        postgres concat!("select ", columns!(), " from comment c where c.site = $2 and c.status = 'approved'
        and to_tsvector('simple', translate(left(c.folded, 100000), E'.,;:!?/\\\\-_+=<>&%#*^~$|`@()[]{}\"''،؛؟«»…–—“”‘’•٫٬', repeat(' ', 47))) @@ to_tsquery('simple', $1)
        and c.id < $3 order by c.id desc limit $4");
}

/// The newest public comments with all the words, before `before`.
pub async fn found(db: &Db, site: SiteId, query: &Query, before: CommentId, limit: i64) -> Result<Vec<Comment>> {
    if let Db::Postgres(_) = db {
        return sql(&FOUND).bind(in_postgres(query)).bind(site).bind(before).bind(limit).packed(db).await;
    }
    sql(&FOUND).bind(in_sqlite(query, site)).bind(site).bind(before).bind(limit).bind(second(before.uuid())).packed(db).await
}

/// The second in an id (UUIDv7, RFC 9562, 5.7).
fn second(id: Uuid) -> i64 {
    id.as_bytes().iter().take(6).fold(0, |ms, byte| ms << 8 | i64::from(*byte)) / 1000
}

/// A query in the language of FTS5. Words are letters and digits alone, so that nothing in them is part of the language.
fn in_sqlite(query: &Query, site: SiteId) -> String {
    let form = |form: &Form| match form {
        Form::Exact(word) => format!("\"{word}\""),
        Form::Prefix(start) => format!("\"{start}\" *"),
        Form::Phrase(words) => format!("\"{}\"", words.join(" ")),
    };
    let all = query.words().iter().map(|word| format!(" AND words : ({})", word.iter().map(form).collect::<Vec<_>>().join(" OR ")));
    format!("site : \"{}\"{}", site.uuid().simple(), all.collect::<String>())
}

/// A query in the language of `to_tsquery`.
fn in_postgres(query: &Query) -> String {
    let form = |form: &Form| match form {
        Form::Exact(word) => format!("'{word}'"),
        Form::Prefix(start) => format!("'{start}':*"),
        Form::Phrase(words) => format!("({})", words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" <-> ")),
    };
    query.words().iter().map(|word| format!("({})", word.iter().map(form).collect::<Vec<_>>().join(" | "))).collect::<Vec<_>>().join(" & ")
}
