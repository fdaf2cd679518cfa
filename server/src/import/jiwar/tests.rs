use super::*;
use crate::import::Note;
use proptest::prelude::*;
use uuid::Uuid;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn header() -> Header {
    let site = SiteLine {
        key: "blog".into(),
        name: "مدوّنة الجيران".into(),
        locale: Lang::Ar,
        origins: vec!["https://blog.example".into()],
        settings: Settings { rules: Some("كن جارًا".into()), ..Settings::default() },
        created_at: Time(1_700_000_000_123),
    };
    Header::new(site, Time(1_750_000_000_000))
}

fn thread(n: u128, key: &str) -> ThreadLine {
    ThreadLine {
        id: ThreadId::new(id(n)),
        key: key.into(),
        aliases: vec![format!("{key}-old")],
        url: Some(format!("https://blog.example{key}")),
        title: Some("عنوان".into()),
        state: State::Closed,
        revision: 7,
        created_at: Time(1_700_000_000_000),
    }
}

fn comment(n: u128, thread: u128, parent: Option<u128>, body: &str) -> CommentLine {
    CommentLine {
        id: CommentId::new(id(n)),
        thread_id: ThreadId::new(id(thread)),
        parent_id: parent.map(|p| CommentId::new(id(p))),
        person_id: Some(PersonId::new(id(50))),
        author_name: "سلمى".into(),
        author_website: Some("https://salma.example".into()),
        author_role: Role::Author,
        body: body.into(),
        format: Format::Markdown,
        dir: Dir::Rtl,
        status: Status::Removed,
        status_before: Some(Status::Approved),
        held: None,
        helpful: 3,
        pinned: true,
        source: Some("disqus".into()),
        source_id: Some("42".into()),
        created_at: Time(1_700_000_000_000 + n as i64),
        edited_at: Some(Time(1_700_000_009_001)),
        approved_at: None,
    }
}

fn lines() -> Vec<ExportLine> {
    let person = PersonLine {
        id: PersonId::new(id(50)),
        name: "سلمى".into(),
        email: Some("salma@example.org".into()),
        website: None,
        role: Role::Author,
        approved: 12,
        created_at: Time(1_700_000_000_000),
    };
    let log = LogLine {
        id: LogId::new(id(90)),
        at: Time(1_700_000_000_500),
        by: "admin@example.org".into(),
        comment_id: Some(CommentId::new(id(101))),
        subject: None,
        action: "remove".into(),
        before: Some(Status::Approved),
        after: Some(Status::Removed),
        reason: Some("سبب\nفي سطرين".into()),
    };
    let report = ReportLine {
        id: id(70),
        comment_id: CommentId::new(id(102)),
        reason: ReportReason::OffTopic,
        note: Some("ليس هنا مكانه\nحقاً".into()),
        weight: Decimal(150),
        at: Time(1_700_000_000_300),
        settled_by: Some(LogId::new(id(90))),
        settled_at: Some(Time(1_700_000_000_500)),
        upheld: Some(true),
    };
    let appeal = AppealLine {
        id: id(80),
        comment_id: CommentId::new(id(102)),
        decision: LogId::new(id(90)),
        text: "لم أقصد أحداً".into(),
        at: Time(1_700_000_000_900),
        answered_by: None,
        answered_at: None,
        answer: None,
    };
    vec![
        ExportLine::Thread(thread(1, "/مرحبا")),
        ExportLine::Thread(thread(2, "/?p=7")),
        ExportLine::Person(person),
        // A reply before its parent: ids of old systems are not in order.
        ExportLine::Comment(Box::new(comment(101, 1, Some(102), "  a reply, with blanks \u{2764}\n\n\t* x "))),
        ExportLine::Comment(Box::new(comment(102, 1, None, "{\"a\": 1}\r".trim_end()))),
        ExportLine::Report(report),
        ExportLine::Appeal(appeal),
        ExportLine::Log(log),
    ]
}

fn written(lines: &[ExportLine]) -> Vec<u8> {
    let mut writer = Writer::start(Vec::new(), &header()).unwrap();
    lines.iter().for_each(|l| writer.write(l).unwrap());
    writer.finish().unwrap()
}

fn read(bytes: &[u8]) -> Result<Vec<ExportLine>, Unreadable> {
    Reader::open(&Input::bytes(bytes.to_vec()))?.collect()
}

#[test]
fn what_is_written_is_read_back() {
    let lines = lines();
    let bytes = written(&lines);
    let input = Input::bytes(bytes.clone());
    assert_eq!(Reader::open(&input).unwrap().header, header());
    assert_eq!(read(&bytes).unwrap(), lines);
    let survey = survey(&input).unwrap();
    assert_eq!((survey.tree.parent(0), survey.tree.depth(0), survey.tree.depth(1)), (Some(1), 1, 0));
    assert_eq!((survey.report.found, survey.report.pages, survey.report.pages_closed), (2, 1, 2));
    assert!(survey.report.notes.is_empty());
    assert_eq!(super::super::detect(&input), Ok(super::super::SourceFormat::Jiwar));
    assert_eq!(written(&read(&bytes).unwrap()), bytes, "and written again the same");
}

#[test]
fn a_file_of_the_first_version_is_read() {
    let older = |line: &&ExportLine| !matches!(line, ExportLine::Report(_) | ExportLine::Appeal(_));
    let lines: Vec<ExportLine> = lines().iter().filter(older).cloned().collect();
    let text = String::from_utf8(written(&lines)).unwrap();
    let text = text.replacen("\"version\":2", "\"version\":1", 1).replacen("\"reports\":0,\"appeals\":0,", "", 1);
    assert!(text.ends_with("\"reactions\":0,\"log\":1}\n"), "{text}");
    assert_eq!(read(text.as_bytes()).unwrap(), lines);
}

#[test]
fn marks_line_ends_and_empty_lines_do_no_harm() {
    let text = String::from_utf8(written(&lines())).unwrap();
    let odd = format!("\u{feff}{}", text.replace('\n', "\r\n\r\n"));
    assert_eq!(read(odd.as_bytes()).unwrap(), lines());
}

#[test]
fn what_is_not_whole_is_refused() {
    let bytes = written(&lines());
    let text = String::from_utf8(bytes).unwrap();
    let last = text.trim_end().rfind('\n').unwrap();
    assert!(matches!(read(&text.as_bytes()[..last]), Err(Unreadable::CutShort(_))), "no end line");
    assert!(matches!(read(&text.as_bytes()[..last + 9]), Err(Unreadable::CutShort(_))), "half an end line");
    let fewer: String = text.lines().filter(|l| !l.contains("\"kind\":\"log\"")).map(|l| format!("{l}\n")).collect();
    assert!(matches!(read(fewer.as_bytes()), Err(Unreadable::CutShort(_))), "a line was taken out");
    let broken = |from: &str, to: &str| read(text.replacen(from, to, 1).as_bytes()).unwrap_err();
    assert_eq!(broken("\"version\":2", "\"version\":3").to_string(), "line 1: this export is of version 3, and versions up to 2 are understood");
    assert!(matches!(broken("\"kind\":\"person\"", "\"kind\":\"poll\""), Unreadable::Line(4, _)), "an unknown kind");
    assert!(matches!(broken("\"helpful\":3", "\"harmful\":3"), Unreadable::Line(5, _)), "an unknown field");
    assert!(matches!(broken("\"helpful\":3", "\"helpful\":1e400"), Unreadable::Line(5, _)));
    assert!(matches!(broken("\"helpful\":3", "\"helpful\":3,\"helpful\":3"), Unreadable::Line(5, _)), "a field twice");
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(matches!(broken("\"helpful\":3", &format!("\"helpful\":{deep}")), Unreadable::Line(5, _)));
}

#[test]
fn what_does_not_fit_together_is_refused_or_mended() {
    let with = |change: &dyn Fn(&mut Vec<ExportLine>)| {
        let mut lines = lines();
        change(&mut lines);
        survey(&Input::bytes(written(&lines)))
    };
    assert!(with(&|l| l.push(l[3].clone())).is_err(), "a comment twice");
    assert!(with(&|l| l.push(l[0].clone())).is_err(), "a thread twice");
    assert!(with(&|l| drop(l.remove(0))).is_err(), "a comment without its thread");
    assert!(with(&|l| drop(l.remove(2))).is_err(), "a comment without its person");
    assert!(with(&|l| l.swap(4, 5)).is_err(), "a report without its comment right above it");
    assert!(with(&|l| l.push(l[6].clone())).is_ok() && with(&|l| l.insert(4, l[6].clone())).is_err(), "an appeal likewise");
    let orphan = with(&|l| l[3] = ExportLine::Comment(Box::new(comment(101, 1, Some(7), "x")))).unwrap();
    assert_eq!((orphan.report.note_count(Note::MissingParent), orphan.tree.parent(0)), (1, None));
    let other = with(&|l| l[3] = ExportLine::Comment(Box::new(comment(101, 2, Some(102), "x")))).unwrap();
    assert_eq!(other.report.note_count(Note::OtherPage), 1);
    let ring = with(&|l| l[4] = ExportLine::Comment(Box::new(comment(102, 1, Some(101), "x")))).unwrap();
    assert_eq!((ring.report.note_count(Note::Ring), ring.tree.depth(0) + ring.tree.depth(1)), (1, 1));
}

#[test]
fn a_line_made_by_hand_brings_no_tricks() {
    let mut line = comment(1, 1, None, "a\u{202e}b\u{0}");
    line.author_name = "\u{202e}x\n".into();
    line.author_website = Some("javascript:alert(1)".into());
    let mut lines = lines();
    lines[4] = ExportLine::Comment(Box::new(line));
    let read = read(&written(&lines)).unwrap();
    let ExportLine::Comment(read) = &read[4] else { panic!("a comment") };
    assert_eq!((read.body.as_str(), read.author_name.as_str(), &read.author_website), ("ab", "x", &None));
}

proptest! {
    /// Any text that a form lets in comes back byte for byte.
    #[test]
    fn texts_come_back_as_they_were(text in "\\PC{0,80}", newline in any::<bool>()) {
        let body = clean_text(&if newline { format!("{text}\n\"\\{text}") } else { text });
        let mut lines = lines();
        lines[4] = ExportLine::Comment(Box::new(comment(102, 1, None, &body)));
        prop_assert_eq!(read(&written(&lines)).unwrap(), lines);
    }
}
