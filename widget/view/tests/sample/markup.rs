//! Reads our own HTML strictly and lays it out for people: a snapshot in one
//! line could not be reviewed. Panics where the HTML is not well formed.

const VOID: [&str; 7] = ["input", "meta", "link", "br", "hr", "img", "wbr"];
const INLINE: [&str; 12] = ["a", "bdi", "b", "code", "em", "i", "span", "strong", "time", "label", "button", "title"];

/// Checks that tags are balanced, attributes quoted and single, ids unique; then
/// gives one line for each block, indented.
pub fn lay_out(html: &str) -> String {
    let (mut out, mut open, mut ids) = (String::new(), Vec::<&str>::new(), Vec::<&str>::new());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let end = at + rest[at..].find('>').expect("a tag ends");
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "unbalanced before: {rest}");
            if !INLINE.contains(&name) && out.ends_with('\n') {
                out.truncate(out.trim_end().len());
                line(&mut out, open.len());
            }
            out.push_str("</");
            out.push_str(name);
            out.push('>');
            if !INLINE.contains(&name) {
                line(&mut out, open.len());
            }
            continue;
        }
        let name = tag.split_whitespace().next().unwrap();
        attributes(tag, &mut ids);
        if !INLINE.contains(&name) {
            line(&mut out, open.len());
        }
        out.push('<');
        out.push_str(tag);
        out.push('>');
        if !VOID.contains(&name) && !tag.starts_with('!') {
            open.push(name);
        }
        if name == "script" {
            let (data, after) = rest.split_at(rest.find("</script>").expect("a script ends"));
            out.push_str(data);
            rest = after;
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    out.push_str(rest);
    out.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
}

/// Attributes are quoted and named once; nothing that a strict policy would refuse.
fn attributes<'a>(tag: &'a str, ids: &mut Vec<&'a str>) {
    let mut names = Vec::new();
    let mut rest = tag.split_once(' ').map_or("", |(_, rest)| rest);
    while !rest.trim().is_empty() {
        rest = rest.trim_start();
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        assert!(!names.contains(&name), "{name} twice in <{tag}>");
        assert!(name != "style" && !name.starts_with("on"), "inline {name} in <{tag}>");
        names.push(name);
        rest = match after.strip_prefix("=\"") {
            Some(quoted) => {
                let (value, after) = quoted.split_once('"').expect("a quote ends");
                if name == "id" {
                    assert!(!ids.contains(&value), "id {value} twice");
                    ids.push(value);
                }
                after
            }
            None => {
                assert!(!after.starts_with('='), "unquoted {name} in <{tag}>");
                after
            }
        };
    }
}
