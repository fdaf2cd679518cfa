//! Every file of the fixtures, against what was worked out about it apart from
//! this code (`FACTS.json` beside the files).
//!
//! With `JIWAR_SHARED_DATA` naming a folder with `import` and `hostile` in it,
//! those files are read as well; they may not be kept here for their licences.

use super::*;
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io::{self, Read},
    path::{Path, PathBuf},
    time::Instant,
};

const NOW: Time = Time(1_760_000_000_000);

/// Folders with the files of a kind: ours, and the shared one when there is one.
fn folders(kind: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(kind)];
    match std::env::var_os("JIWAR_SHARED_DATA") {
        Some(shared) => folders.push(Path::new(&shared).join(kind)),
        None => eprintln!("JIWAR_SHARED_DATA names no folder: only the project's own fixtures are read"),
    }
    folders
}

fn facts(folder: &Path) -> Vec<(String, Value)> {
    let text = std::fs::read_to_string(folder.join("FACTS.json")).unwrap();
    let facts: serde_json::Map<String, Value> = serde_json::from_str(&text).unwrap();
    facts.into_iter().filter(|(name, _)| !name.starts_with('_')).collect()
}

fn options() -> Options<'static> {
    Options { site: "blog", now: NOW }
}

fn planned(input: &Input) -> Result<Plan, Unreadable> {
    plan(input, detect(input)?, options())
}

fn all(plan: &Plan, input: &Input) -> Vec<Placed> {
    plan.comments(input).unwrap().map(Result::unwrap).collect()
}

fn fixture(name: &str) -> Input {
    Input::file(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(name)).unwrap()
}

/// Reads a file twice and checks what must hold of any file.
fn sound(input: &Input) -> Result<(Plan, Vec<Placed>), Unreadable> {
    let plan = planned(input)?;
    let comments = all(&plan, input);
    let report = &plan.report;
    let skipped: u64 = report.skipped.values().map(|t| t.count).sum();
    assert_eq!(report.found, report.imported + skipped, "nothing is lost in silence");
    assert_eq!(report.imported, comments.len() as u64);
    assert_eq!(report.imported, plan.pages.iter().map(|p| u64::from(p.comments)).sum::<u64>());

    let places: HashMap<_, _> = comments.iter().map(|c| (c.id, c)).collect();
    assert_eq!(places.len(), comments.len(), "every id once");
    for c in &comments {
        let parent = c.parent.map(|p| places[&p]);
        assert_eq!(c.depth, parent.map_or(0, |p| p.depth + 1));
        assert!(parent.is_none_or(|p| p.page == c.page), "a branch is on one page");
        assert!(c.comment.created_at <= NOW && c.path.len() % 10 == 0 && c.path.len() <= 640);
        if let Some(p) = parent.filter(|p| p.depth < 63) {
            assert!(c.path.starts_with(&p.path));
        }
        assert_eq!(c.comment.body, jiwar_wire::input::clean_text(&c.comment.body));
    }
    let keys: Vec<_> = plan.pages.iter().flat_map(|p| std::iter::once(&p.key).chain(&p.aliases)).collect();
    assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len(), "every key and alias belongs to one page");
    assert_eq!(all(&planned(input)?, input), comments, "a second run gives the same");
    Ok((plan, comments))
}

fn number(facts: &Value, name: &str) -> u64 {
    facts[name].as_u64().unwrap_or_else(|| panic!("{name} in {facts}"))
}

#[test]
fn every_export_comes_out_as_its_facts_say() {
    for folder in folders("import") {
        for (name, facts) in facts(&folder) {
            let format = facts["format"].as_str().unwrap();
            let input = Input::file(&folder.join(&name)).unwrap();
            match format {
                "wxr" | "disqus" | "leancloud-jsonl" => {}
                "zip" => {
                    assert_eq!(planned(&input).unwrap_err(), Unreadable::ZipCount(2), "{name}");
                    continue;
                }
                _ => {
                    let refused = planned(&input).unwrap_err();
                    assert!(matches!(refused, Unreadable::Unknown(_)), "{name}: {refused}");
                    continue;
                }
            }
            if name.contains("malformed-simple") {
                let refused = planned(&input).unwrap_err();
                assert_eq!(refused.to_string(), "the file is cut short: it ends at line 14, and <item> is still open there");
                continue;
            }
            let (plan, comments) = sound(&input).unwrap_or_else(|e| panic!("{name}: {e}"));
            let report = &plan.report;
            assert_eq!(report.found, number(&facts, "comments"), "{name}");
            let kinds = facts["type"].as_object().cloned().unwrap_or_default();
            for (kind, skip) in [("pingback", Skip::Pingback), ("trackback", Skip::Trackback)] {
                assert_eq!(report.skipped_count(skip), kinds.get(kind).map_or(0, |n| n.as_u64().unwrap()), "{name}: {kind}");
            }
            let deleted = facts.get("deleted").map_or(0, |n| n.as_u64().unwrap());
            assert_eq!(report.skipped_count(Skip::Deleted) + report.note_count(Note::Placeholder), deleted, "{name}: deleted");
            assert_eq!(
                report.statuses.get("spam").copied().unwrap_or(0),
                facts.get("spam").or(facts["status"].get("spam")).map_or(0, |n| n.as_u64().unwrap()),
                "{name}: spam"
            );
            // A value without quotes hides a thread from a strict parser, not from us.
            let unknown = if facts["xml_error"].is_string() { 0 } else { facts.get("posts_of_unknown_thread").map_or(0, |n| n.as_u64().unwrap()) };
            assert_eq!(report.skipped_count(Skip::NoThread), unknown, "{name}");
            assert_eq!(report.note_count(Note::MissingParent), number(&facts, "orphans"), "{name}: orphans");
            assert_eq!(u64::from(report.deepest), number(&facts, "max_depth"), "{name}: depth");
            let left_out = [Skip::Pingback, Skip::Trackback, Skip::Deleted, Skip::NoThread, Skip::Twin].map(|s| report.skipped_count(s)).iter().sum::<u64>();
            assert_eq!(report.imported, number(&facts, "comments") - left_out, "{name}: nothing else is left out");
            if report.skipped.is_empty() && !facts["xml_error"].is_string() {
                let mut depths: BTreeMap<String, u64> = BTreeMap::new();
                comments.iter().for_each(|c| *depths.entry((c.depth + 1).to_string()).or_default() += 1);
                let wanted = facts["depth_histogram"].as_object().unwrap();
                // A doubled id counts once there.
                if report.note_count(Note::SameId) == 0 {
                    assert_eq!(depths, wanted.iter().map(|(d, n)| (d.clone(), n.as_u64().unwrap())).collect(), "{name}");
                }
                assert_eq!(report.pages, number(&facts, "pages_with_comments"), "{name}");
            }
        }
    }
}

#[test]
fn every_hostile_file_is_read_or_refused_in_words() {
    for folder in folders("hostile") {
        for (name, facts) in facts(&folder) {
            let must = facts["must"].as_str().unwrap();
            let started = Instant::now();
            let read = Input::file(&folder.join(&name)).and_then(|input| planned(&input).map(|_| input));
            assert!(started.elapsed().as_secs() < 60, "{name}: {:?}", started.elapsed());
            match read.and_then(|input| sound(&input)) {
                Err(why) => {
                    let allowed = must.contains("refuse") || name.ends_with(".csv");
                    assert!(allowed, "{name}: must {must}, but {why}");
                }
                Ok((plan, _)) => {
                    let wanted = must.split("import ").nth(1).and_then(|n| n.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok());
                    assert_eq!(Some(plan.report.imported), wanted, "{name}: must {must}");
                }
            }
        }
    }
}

#[test]
fn refusals_say_what_is_wrong() {
    let why = |name: &str| planned(&fixture(&format!("hostile/{name}"))).unwrap_err();
    assert_eq!(why("xml-billion-laughs.xml"), Unreadable::Entities(2));
    assert_eq!(why("xml-external-entity.xml"), Unreadable::Entities(2));
    assert!(matches!(why("xml-deep-nesting.xml.gz"), Unreadable::TooDeep(..)));
    assert!(matches!(why("bomb-256MiB.xml.gz"), Unreadable::TooLong(..) | Unreadable::Bomb(..)));
    assert!(why("gzip-truncated.xml.gz").to_string().starts_with("the file is cut short"));
    assert_eq!(why("empty.xml"), Unreadable::Empty);
    assert_eq!(why("sqlite-cut.sqlite"), Unreadable::Unknown("an SQLite database"));
    assert_eq!(why("json-deep.json.gz"), Unreadable::Unknown("JSON of another system"));
    let asked = plan(&fixture("import/disqus-isso.xml"), SourceFormat::Wordpress, options()).unwrap_err();
    assert_eq!(asked, Unreadable::Other { asked: SourceFormat::Wordpress, found: SourceFormat::Disqus });
}

#[test]
fn encodings_give_the_same_arabic() {
    for name in ["enc-utf8-bom.xml", "enc-utf16le-bom.xml", "enc-windows-1256.xml"] {
        let (_, comments) = sound(&fixture(&format!("hostile/{name}"))).unwrap();
        assert_eq!(comments[0].comment.body, "مرحبا بالجيران", "{name}");
    }
    assert!(sound(&fixture("hostile/enc-invalid-utf8.xml")).unwrap().1[0].comment.body.contains('\u{fffd}'));
    assert_eq!(sound(&fixture("hostile/ctrl-chars.xml")).unwrap().1[0].comment.body, "abcd");
}

#[test]
fn rings_and_strange_ids() {
    let (plan, comments) = sound(&fixture("hostile/tree-self-and-cycle.xml")).unwrap();
    let count = |note| plan.report.note_count(note);
    assert_eq!((count(Note::SelfParent), count(Note::Ring), count(Note::MissingParent)), (1, 2, 1));
    assert_eq!(comments.iter().filter(|c| c.parent.is_none()).count(), 4);
    let (plan, _) = sound(&fixture("hostile/ids-strange.xml")).unwrap();
    assert_eq!(plan.report.note_count(Note::NoId), 1);
    let (plan, comments) = sound(&fixture("hostile/fields-huge.xml.gz")).unwrap();
    assert_eq!((plan.report.note_count(Note::BodyCut), plan.report.note_count(Note::NameCut)), (1, 1));
    assert!(comments[0].comment.body.len() > 60_000);
    let (plan, _) = sound(&fixture("hostile/tree-chain-10000.xml.gz")).unwrap();
    assert_eq!(plan.report.deepest, 10_000);
}

#[test]
fn wordpress_keeps_what_a_blogger_looks_for() {
    let (plan, comments) = sound(&fixture("import/wxr-isso.xml")).unwrap();
    assert_eq!((plan.report.note_count(Note::SameId), plan.report.imported), (1, 8));
    let first = &comments[0];
    assert_eq!(first.comment.author_name, "Ohai");
    assert_eq!(first.comment.author_email.as_ref().unwrap().as_str(), "test@example.org", "a line break in an address");
    assert_eq!(first.comment.author_website.as_ref().unwrap().as_str(), "http://example.tld/");
    assert_eq!(first.comment.body, "Erster!1");
    assert_eq!(first.comment.created_at.to_string(), "2014-01-14T17:32:12Z");
    assert_eq!(plan.pages[0].key.as_str(), "/2014/test");
    assert_eq!(plan.pages[0].title.as_deref(), Some("Hello, World…"));
    assert!(plan.pages[0].aliases.iter().any(|a| a.as_str() == "/?p=18"), "{:?}", plan.pages[0].aliases);
    assert_eq!(plan.pages[1].key.as_str(), "/?p=4");

    let (plan, comments) = sound(&fixture("import/wxr-arabic-a.xml")).unwrap();
    assert_eq!(plan.report.statuses, BTreeMap::from([("approved", 21), ("pending", 1), ("removed", 1), ("spam", 1)]));
    assert_eq!(plan.pages[0].key.as_str(), "/كيف-نبني-جيرة-لا-جمهورًا");
    assert_eq!((comments[1].comment.author_role, comments[1].parent), (jiwar_wire::comment::Role::Author, Some(comments[0].id)));
    let words = plan.report.to_string();
    assert!(words.contains("comments found: 25") && words.contains("words): 1 ["), "{words}");
}

#[test]
fn disqus_keeps_branches_and_reports_the_rest() {
    let (plan, comments) = sound(&fixture("import/disqus-isso.xml")).unwrap();
    assert_eq!((plan.report.imported, plan.report.skipped_count(Skip::NoThread), plan.report.note_count(Note::Placeholder)), (5, 1, 1));
    let ghost = comments.iter().find(|c| c.comment.external_id == "9").unwrap();
    assert_eq!((ghost.comment.status, ghost.comment.author_name.as_str(), ghost.comment.body.as_str()), (Status::Deleted, "", ""));
    assert!(ghost.comment.author_email.is_none());
    let reply = comments.iter().find(|c| c.comment.external_id == "11").unwrap();
    assert_eq!(reply.parent, Some(ghost.id));
    assert_eq!(plan.pages[0].aliases.iter().map(|a| a.as_str()).collect::<Vec<_>>(), ["some-id"]);
    assert_eq!(plan.pages[1].key.as_str(), "/blog/2013/02/12/redacted");

    let (plan, comments) = sound(&fixture("import/disqus-remark42-malformed.xml")).unwrap();
    assert_eq!(comments.len(), 6, "a stray letter first, values without quotes");
    let odd = comments.iter().find(|c| c.comment.external_id == "x299986073").unwrap();
    assert_eq!((plan.report.note_count(Note::DateGuessed), odd.comment.created_at.to_string()), (1, "2011-03-07T21:17:17Z".into()));
    assert!(plan.pages.iter().any(|p| p.closed));
    assert_eq!(comments.iter().filter(|c| c.comment.external_id == "id:12345678890").count(), 1);
}

fn disqus(threads: &[(u32, &str, &str, &str)], posts: &[(u32, u32, &str, &str, &str, &str)]) -> Input {
    let mut xml = String::from("<disqus xmlns:dsq='x'>");
    for (id, link, title, at) in threads {
        xml += &format!("<thread dsq:id='{id}'><link>{link}</link><title>{title}</title><createdAt>{at}</createdAt></thread>");
    }
    for (id, thread, at, name, text, parent) in posts {
        xml += &format!("<post dsq:id='{id}'><id/><message><![CDATA[{text}]]></message><createdAt>{at}</createdAt><isDeleted>false</isDeleted>");
        xml += &format!("<isSpam>false</isSpam><author><name>{name}</name></author><thread dsq:id='{thread}'/>");
        if !parent.is_empty() {
            xml += &format!("<parent dsq:id='{parent}'/>");
        }
        xml += "</post>";
    }
    Input::bytes((xml + "</disqus>").into_bytes())
}

#[test]
fn twins_under_two_addresses_are_taken_once() {
    let (t1, t2) = ("2012-01-01T00:00:00Z", "2012-01-02T00:00:00Z");
    let input = disqus(
        &[
            (1, "http://b.example/my-post/", "My post", t1),
            (2, "https://www.b.example/blog/my-post.html", "My post", t2),
            (3, "http://b.example/else/", "Else", t1),
        ],
        &[
            (10, 1, t1, "Ann", "<p>Same words</p>", ""),
            (11, 1, t2, "Bob", "An answer", "10"),
            (20, 2, t1, "Ann", "<p>Same  words</p>", ""),
            (21, 2, t2, "Bob", "An answer", "20"),
            (22, 2, "2016-01-01T00:00:00Z", "Cid", "Only here", "21"),
            (23, 2, t1, "Dan", "twice", ""),
            (24, 2, t1, "Dan", "twice", ""),
            (30, 3, t1, "Ann", "<p>Same words</p>", ""),
        ],
    );
    let (plan, comments) = sound(&input).unwrap();
    assert_eq!(plan.report.skipped_count(Skip::Twin), 2);
    assert_eq!(comments.len(), 6, "the same words under another page, or twice in one thread, are no twins");
    assert_eq!(plan.report.pages_joined, 1);
    let page = &plan.pages[0];
    assert_eq!((page.key.as_str(), page.aliases[0].as_str()), ("/blog/my-post.html", "/my-post"), "the address where people talked last");
    let ids: Vec<_> = comments.iter().map(|c| c.comment.external_id.as_str()).collect();
    let cid = comments.iter().find(|c| c.comment.author_name == "Cid").unwrap();
    assert_eq!(cid.depth, 2, "a reply to a twin hangs on the one that is kept: {ids:?}");
}

#[test]
fn the_same_comment_keeps_its_id_when_the_blog_moves() {
    let at = "2012-01-01T00:00:00Z";
    let old = sound(&disqus(&[(1, "http://old.example/a/", "A", at)], &[(10, 1, at, "Ann", "x", "")])).unwrap().1;
    let new = sound(&disqus(&[(1, "https://new.example/b/", "B", at)], &[(10, 1, at, "Ann", "x", ""), (11, 1, at, "Bob", "y", "10")])).unwrap().1;
    assert_eq!(old[0].id, new[0].id);
    assert_eq!(old[0].id.uuid().get_version_num(), 7);
    let elsewhere =
        plan(&disqus(&[(1, "http://old.example/a/", "A", at)], &[(10, 1, at, "Ann", "x", "")]), SourceFormat::Disqus, Options { site: "two", now: NOW });
    assert_ne!(elsewhere.unwrap().taken().next().unwrap().0, old[0].id, "two sites can take in one file");
}

fn wxr(comments: &str) -> Input {
    let item = "<item><title>p</title><link>https://b.example/p/</link><wp:post_id>1</wp:post_id><wp:post_date_gmt>2020-01-01 00:00:00</wp:post_date_gmt>";
    Input::bytes(format!("<rss><channel>{item}{comments}</item></channel></rss>").into_bytes())
}

fn wp(id: &str, date: &str, text: &str, more: &str) -> String {
    format!(
        "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author>R</wp:comment_author><wp:comment_date_gmt>{date}</wp:comment_date_gmt>\
         <wp:comment_content>{text}</wp:comment_content>{more}</wp:comment>"
    )
}

#[test]
fn dates_that_are_none_and_dates_ahead() {
    let local = "<wp:comment_date>2019-05-05 05:05:05</wp:comment_date>";
    let input = wxr(&[wp("1", "0000-00-00 00:00:00", "a", local), wp("2", "0000-00-00 00:00:00", "b", ""), wp("3", "2999-01-01 00:00:00", "c", "")].concat());
    let (plan, comments) = sound(&input).unwrap();
    assert_eq!((plan.report.note_count(Note::DateGuessed), plan.report.note_count(Note::DateAhead)), (2, 1));
    let dates: Vec<_> = comments.iter().map(|c| c.comment.created_at.to_string()).collect();
    assert_eq!(dates, ["2019-05-05T05:05:05Z", "2020-01-01T00:00:00Z", &NOW.to_string()]);
    let later = super::plan(&input, SourceFormat::Wordpress, Options { site: "blog", now: Time(NOW.0 + 1) }).unwrap();
    assert!(later.taken().eq(plan.taken()), "ids do not hang on the day of the import");
}

#[test]
fn what_is_left_out_takes_nothing_with_it() {
    let ping = "<wp:comment_type>pingback</wp:comment_type>";
    let input = wxr(&[
        wp("1", "2020-01-01 00:00:00", "root", ""),
        wp("2", "2020-01-01 00:00:01", "ping", &format!("{ping}<wp:comment_parent>1</wp:comment_parent>")),
        wp("3", "2020-01-01 00:00:02", "under a ping", "<wp:comment_parent>2</wp:comment_parent>"),
        wp("4", "2020-01-01 00:00:03", " ", ""),
        wp("5", "2020-01-01 00:00:04", "", "<wp:comment_parent>1</wp:comment_parent>"),
        wp("6", "2020-01-01 00:00:05", "under an empty one", "<wp:comment_parent>5</wp:comment_parent>"),
        wp("3", "2020-01-01 00:00:02", "under a ping", "<wp:comment_parent>2</wp:comment_parent>"),
        wp("7", "2020-01-01 00:00:06", "order", "<wp:comment_type>order_note</wp:comment_type>"),
    ]
    .concat());
    let (plan, comments) = sound(&input).unwrap();
    let skipped: BTreeMap<_, _> = plan.report.skipped.iter().map(|(s, t)| (*s, t.count)).collect();
    assert_eq!(skipped, BTreeMap::from([(Skip::Pingback, 1), (Skip::OtherType, 1), (Skip::Empty, 1), (Skip::Duplicate, 1)]));
    let of = |id: &str| comments.iter().find(|c| c.comment.external_id == id).unwrap();
    assert_eq!(of("3").parent, Some(of("1").id));
    assert_eq!((of("5").comment.status, of("6").parent), (Status::Deleted, Some(of("5").id)));
    assert_eq!(plan.report.skipped[&Skip::OtherType].examples, ["7"]);
    assert_eq!(plan.report.note_count(Note::OddStatus), 3, "a comment without a status waits; a placeholder does not");
    let json = serde_json::to_value(&plan.report).unwrap();
    assert_eq!((&json["skipped"]["pingback"]["count"], &json["format"]), (&Value::from(1), &Value::from("wordpress")));
}

/// An export that is made while it is read.
struct Endless {
    head: &'static [u8],
    turn: u64,
    turns: u64,
    left: io::Cursor<Vec<u8>>,
}

impl Read for Endless {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.left.read(buf)?;
        if n > 0 || self.turn > self.turns {
            return Ok(n);
        }
        let next = match self.turn {
            0 => self.head.to_vec(),
            t if t == self.turns => b"</item></channel></rss>".to_vec(),
            t => wp(&t.to_string(), "2020-01-01 00:00:00", &"word ".repeat(12_000), "<wp:comment_approved>1</wp:comment_approved>").into_bytes(),
        };
        self.turn += 1;
        self.left = io::Cursor::new(next);
        self.read(buf)
    }
}

#[test]
fn three_hundred_megabytes_go_through_a_small_window() {
    let turns = 5_000;
    let open = move || -> io::Result<Box<dyn Read + Send>> {
        let head = b"<rss><channel><item><link>https://b.example/p</link>";
        Ok(Box::new(Endless { head, turn: 0, turns, left: io::Cursor::default() }))
    };
    let xml = xml::Xml::new(text::TextReader::new(open().unwrap(), 32 << 20).unwrap()).unwrap();
    let mut bytes = 0;
    for record in wordpress::Wordpress::new(xml) {
        if let raw::Raw::Comment(comment) = record.unwrap() {
            assert!(comment.body.capacity() < 512 * 1024);
            bytes += comment.body.len();
        }
    }
    assert_eq!(bytes, (turns as usize - 1) * 60_000);
    assert!(std::mem::size_of::<index::Entry>() <= 104, "{}", std::mem::size_of::<index::Entry>());
}

#[test]
fn a_file_that_changes_between_the_readings_is_refused() {
    let plan = planned(&wxr(&wp("1", "2020-01-01 00:00:00", "a", ""))).unwrap();
    let other = wxr(&wp("1", "2020-01-01 00:00:00", "b", ""));
    assert_eq!(plan.comments(&other).unwrap().next(), Some(Err(Unreadable::Changed)));
    let longer = wxr(&[wp("1", "2020-01-01 00:00:00", "a", ""), wp("2", "2020-01-01 00:00:00", "a", "")].concat());
    assert_eq!(plan.comments(&longer).unwrap().last(), Some(Err(Unreadable::Changed)));
    assert_eq!(plan.comments(&wxr("")).unwrap().last(), Some(Err(Unreadable::Changed)));
}

mod any_tree {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Ids that repeat, parents that are missing, rings: every comment once, and a sound tree.
        #[test]
        fn comes_out_whole(rows in proptest::collection::vec((0u8..20, 0u8..24, 0u8..3, 0u8..6), 0..40)) {
            let comments: String = rows.iter().map(|(id, parent, text, kind)| {
                let kind = if *kind == 0 { "<wp:comment_type>pingback</wp:comment_type>" } else { "" };
                let words = if *text == 0 { String::new() } else { format!("text {text}") };
                wp(&id.to_string(), &format!("2020-01-01 00:00:{text:02}"), &words, &format!("<wp:comment_parent>{parent}</wp:comment_parent>{kind}"))
            }).collect();
            let (plan, _) = sound(&wxr(&comments)).unwrap();
            prop_assert_eq!(plan.report.found, rows.len() as u64);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = planned(&Input::bytes(bytes.clone()));
            let mut xml = b"<rss><channel><item><wp:comment>".to_vec();
            xml.extend(&bytes);
            let _ = planned(&Input::bytes(xml));
            let mut line = br#"{"jiwar":"export","version":1,"#.to_vec();
            line.extend(&bytes);
            let _ = jiwar::survey(&Input::bytes(line));
        }

        /// Cutting or bending a good file anywhere never panics and never gives half a file.
        #[test]
        fn a_cut_file_is_refused(cut in 1usize..900) {
            let whole = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/import/wxr-isso.xml")).unwrap();
            let at = whole.len() * cut / 1000;
            prop_assert!(planned(&Input::bytes(whole[..at].to_vec())).is_err(), "cut at {}", at);
        }
    }
}
