//! Search over the folded texts of public comments: FTS5 on SQLite, full text on PostgreSQL.
//!
//! Nothing here keeps the index right: triggers do on SQLite, and on PostgreSQL
//! it is an index of the table itself. So no way of writing can forget it. (Where
//! comments come in by many, the triggers stand back for `words`.)

use super::{
    Db, Result, Tx,
    comments::{Comment, columns},
    db::{sql, statements},
    listing::listings,
    words,
};
use crate::text::search::{Form, Query};
use jiwar_wire::ids::{CommentId, SiteId};
use std::collections::HashMap;
use uuid::Uuid;

/// A word that is found in so many comments is frequent.
const OFTEN: i64 = 2_000;
/// Windows that are looked through for one page.
const WINDOWS: usize = 4;
/// The newest comments among which PostgreSQL looks first.
const LOOKED_AT: i64 = 5_000;
/// Words that a beginning may stand for: as many of each of a word's beginnings, and at least a few.
const ENDINGS: usize = 96;
const ENDINGS_LEAST: usize = 8;

/// The number before which a page begins. Where the last comment of the page before has gone
/// out of sight meanwhile, its second (`$5`) stands for it.
macro_rules! before {
    () => {
        "coalesce((select n from comment_search where comment = $3), min($5, 8589934591) * 1073741824)"
    };
}
pub(super) use before;

/// The expression of PostgreSQL's index.
macro_rules! words {
    () => {
        "to_tsvector('simple', translate(left(c.folded, 100000), E'.,;:!?/\\\\-_+=<>&%#*^~$|`@()[]{}\"''،؛؟«»…–—“”‘’•٫٬', repeat(' ', 47)))"
    };
}

listings! {
    // The number of a row grows with the time of its comment.
    FOUND = concat!("select ", columns!(), " from comment_words w cross join comment_search s on s.n = w.rowid cross join comment c on c.id = s.comment
        where w.comment_words match $1 and w.rowid < ", before!(), " and c.site = $2 and c.status = 'approved' order by w.rowid desc limit $4"),
        postgres concat!("select ", columns!(), " from comment c where c.site = $2 and c.status = 'approved' and ", words!(), " @@ to_tsquery('simple', $1)
        and c.id < $3 order by c.id desc limit $4");
    // PostgreSQL alone: among the newest. What must stand in a text is looked for first, since it costs less than its words.
    NEWEST = concat!("select ", columns!(), " from comment c where c.id = $3"),
        postgres concat!("select ", columns!(), " from (select * from comment n where n.site = $2 and n.status = 'approved' and n.id < $3 order by n.id desc limit $6) c
        where position($5 in c.folded) > 0 and ", words!(), " @@ to_tsquery('simple', $1) order by c.id desc limit $4");
    // Each of the words by itself, within a window in which none of them is often; and of these, what is in all.
    COMMON = concat!("select ", columns!(), " from (
            select w.rowid as n from json_each($1) word cross join comment_words w on w.comment_words match word.value and w.rowid >= $6 and w.rowid < ", before!(), "
            group by w.rowid having count(*) = json_array_length($1) order by w.rowid desc limit $4
        ) f cross join comment_search s on s.n = f.n cross join comment c on c.id = s.comment where c.site = $2 and c.status = 'approved' order by f.n desc"),
        postgres concat!("select ", columns!(), " from comment c limit 0");
}

/// What was found.
#[derive(Debug)]
pub struct Found {
    pub rows: Vec<Comment>,
    /// Where to go on looking: no comment before this one was looked at.
    pub beyond: Option<CommentId>,
}

/// The newest public comments with all the words, before `before`.
///
/// What this costs does not grow with the number of comments. A word by itself is read from its
/// newest comment backwards. Of several, the rarest leads, if it is rare; if all of them are
/// frequent, they may meet nowhere: so only a window of the newest comments is looked through,
/// and another, and then it is for the reader to go on.
pub async fn found(db: &Db, site: SiteId, query: &Query, before: CommentId, limit: i64) -> Result<Found> {
    if let Db::Postgres(pool) = db {
        let mut tx = Tx::Postgres(pool.begin().await?);
        return Ok(Found { rows: in_postgres(&mut tx, site, query, before, limit).await?, beyond: None });
    }
    in_windows(db, site, query, before, limit, OFTEN).await
}

/// PostgreSQL cannot read its index from the newest comment backwards, and chooses badly between
/// the index and the comments. So it looks among the newest, where a frequent word is found at
/// once; and for what is not frequent it has to take the index.
async fn in_postgres(tx: &mut Tx, site: SiteId, query: &Query, before: CommentId, limit: i64) -> Result<Vec<Comment>> {
    words::be_brief(tx).await?;
    let text = as_tsquery(query);
    let newest = sql(&NEWEST).bind(&*text).bind(site).bind(before).bind(limit).bind(needle(query)).bind(LOOKED_AT);
    let rows: Vec<Comment> = newest.packed(&mut *tx).await?;
    if rows.len() as i64 >= limit {
        return Ok(rows);
    }
    words::by_index(tx).await?;
    sql(&FOUND).bind(text).bind(site).bind(before).bind(limit).packed(tx).await
}

/// A piece that stands in every text that is found, as long as there is one.
fn needle(query: &Query) -> &str {
    let common = |forms: &'_ [Form]| -> Option<usize> {
        let texts: Vec<&str> = forms.iter().map(text_of).collect::<Option<_>>()?;
        let (at, shortest) = texts.iter().enumerate().min_by_key(|(_, text)| text.len())?;
        texts.iter().all(|text| text.contains(shortest)).then_some(at)
    };
    let pieces = query.words().iter().filter_map(|forms| text_of(forms.get(common(forms)?)?));
    pieces.max_by_key(|text| text.len()).unwrap_or_default()
}

fn text_of(form: &Form) -> Option<&str> {
    match form {
        Form::Exact(text) | Form::Prefix(text) => Some(text),
        Form::Phrase(_) => None,
    }
}

async fn in_windows(db: &Db, site: SiteId, query: &Query, before: CommentId, limit: i64, often: i64) -> Result<Found> {
    let forms = in_sqlite(db, query).await?;
    let of_site = format!("site : \"{}\"", site.uuid().simple());
    let each: Vec<String> = forms.iter().map(|forms| format!("{of_site} AND words : ({forms})")).collect();
    let all = format!("{of_site}{}", forms.iter().map(|forms| format!(" AND words : ({forms})")).collect::<String>());
    let (mut rows, mut before): (Vec<Comment>, _) = (Vec::new(), before);
    for _ in 0..WINDOWS {
        let edges = if each.len() > 1 { words::edges(db, &each, often, before, second(before.uuid())).await? } else { Vec::new() };
        let left = limit - rows.len() as i64;
        // The nearest: up to there every word has been met no more than `often` times.
        let Some(edge) = edges.iter().max_by_key(|edge| edge.n).filter(|_| edges.len() == each.len()) else {
            rows.extend(sql(&FOUND).bind(all).bind(site).bind(before).bind(left).bind(second(before.uuid())).packed::<Comment>(db).await?);
            return Ok(Found { rows, beyond: None });
        };
        let query = sql(&COMMON).bind(words::list(&each)).bind(site).bind(before).bind(left).bind(second(before.uuid())).bind(edge.n);
        rows.extend(query.packed::<Comment>(db).await?);
        if rows.len() as i64 >= limit {
            return Ok(Found { rows, beyond: None });
        }
        before = edge.comment();
    }
    Ok(Found { rows, beyond: Some(before) })
}

/// The second in an id (UUIDv7, RFC 9562, 5.7).
fn second(id: Uuid) -> i64 {
    id.as_bytes().iter().take(6).fold(0, |ms, byte| ms << 8 | i64::from(*byte)) / 1000
}

/// The words of a query in the language of FTS5. They are letters and digits alone, so that nothing in them is part of the language.
async fn in_sqlite(db: &Db, query: &Query) -> Result<Vec<String>> {
    let starts: Vec<&str> =
        query.words().iter().flatten().filter_map(|form| if let Form::Prefix(start) = form { Some(start.as_str()) } else { None }).collect();
    let mut endings: HashMap<String, Vec<String>> = HashMap::new();
    if !starts.is_empty() {
        for (start, word) in words::beginning(db, &starts, (ENDINGS / starts.len()).max(ENDINGS_LEAST)).await? {
            endings.entry(start).or_default().push(word);
        }
    }
    let form = |form: &Form| match form {
        Form::Exact(word) => vec![format!("\"{word}\"")],
        Form::Prefix(start) => endings.get(start).into_iter().flatten().map(|word| format!("\"{word}\"")).collect(),
        Form::Phrase(words) => vec![format!("\"{}\"", words.join(" "))],
    };
    Ok(query.words().iter().map(|word| word.iter().flat_map(form).collect::<Vec<_>>().join(" OR ")).collect())
}

/// A query in the language of `to_tsquery`.
fn as_tsquery(query: &Query) -> String {
    let form = |form: &Form| match form {
        Form::Exact(word) => format!("'{word}'"),
        Form::Prefix(start) => format!("'{start}':*"),
        Form::Phrase(words) => format!("({})", words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" <-> ")),
    };
    query.words().iter().map(|word| format!("({})", word.iter().map(form).collect::<Vec<_>>().join(" | "))).collect::<Vec<_>>().join(" & ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Address, Error, Pool, comments, sites, threads};
    use jiwar_wire::{Lang, Time, ids::ThreadId, page_key::PageKey, site::Settings, thread::State};

    /// A public comment with these words, `n` seconds after the first.
    fn comment(n: u128, words: &str) -> (Comment, comments::Unseen) {
        let at = 1_700_000_000_000 + n as i64 * 1000;
        let id = CommentId::new(Uuid::from_u128((at as u128) << 80 | 7 << 76 | n));
        let row = Comment {
            id: id.uuid(),
            thread: Uuid::from_u128(2),
            parent: None,
            depth: 0,
            path: comments::path(None, Time(at), id),
            person: None,
            author_name: "Omar".into(),
            author_website: None,
            author_role: "reader".into(),
            body: words.into(),
            format: "markdown".into(),
            html: words.into(),
            dir: "ltr".into(),
            status: "approved".into(),
            status_before: None,
            held: None,
            shown: true,
            replies: 0,
            helpful: 0,
            pinned: false,
            source: None,
            source_id: None,
            created_at: at,
            edited_at: None,
            approved_at: Some(at),
        };
        (row, comments::Unseen { folded: words.into(), network: None })
    }

    #[tokio::test]
    async fn frequent_words_are_looked_for_window_by_window() {
        let folder = std::env::temp_dir().join(format!("jiwar-search-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let pool = Pool { connections: 1, wait: std::time::Duration::from_secs(5), wait_for_disk: false };
        let db = Db::open(&Address(format!("sqlite:{}", folder.join("db").display())), pool).await.unwrap();
        let site = SiteId::new(Uuid::from_u128(1));
        // The words meet in the oldest, in the middle, and in the newest.
        let written: Vec<_> = (0..80)
            .map(|n| match n {
                0 | 41 | 79 => comment(n, "alpha beta"),
                n if n % 2 == 0 => comment(n, "alpha"),
                n => comment(n, "beta"),
            })
            .collect();
        let rows = written.clone();
        let put = async move |tx: &mut Tx| {
            let new = sites::Site {
                id: site,
                key: "blog".into(),
                name: "b".into(),
                locale: Lang::En,
                origins: vec![],
                settings: Settings::default(),
                judges: Default::default(),
            };
            sites::add(tx, &new, Time(0)).await?;
            let (id, key) = (ThreadId::new(Uuid::from_u128(2)), PageKey::parse("/a", None).unwrap());
            threads::add(tx, site, &threads::NewThread { id, key: &key, url: None, title: None, state: State::Open, created_at: Time(0) }).await?;
            for (row, unseen) in &rows {
                comments::add(tx, site, row, unseen).await?;
            }
            Ok::<(), Error>(())
        };
        db.write::<(), Error, _>(move |tx| Box::pin(async move { put(tx).await })).await.unwrap();
        let query = Query::parse("alpha beta").unwrap();
        for (often, limit) in [(2, 1), (2, 10), (3, 2), (5, 10), (1000, 10)] {
            let (mut met, mut before, mut short) = (Vec::new(), CommentId::new(Uuid::max()), 0);
            loop {
                let page = in_windows(&db, site, &query, before, limit, often).await.unwrap();
                met.extend(page.rows.iter().map(|row| row.id));
                let last = page.rows.last().map(Comment::id).filter(|_| page.rows.len() as i64 == limit);
                short += usize::from(last.is_none() && page.beyond.is_some());
                let Some(next) = last.or(page.beyond) else { break };
                before = next;
            }
            assert_eq!(met, [79, 41, 0].map(|n: usize| written[n].0.id), "{often} {limit}");
            assert_eq!(short > 0, often < 1000, "pages that end before they are full: {often} {limit}");
        }
        db.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
