//! The stylesheet's own rules.

const CSS: &str = concat!(include_str!("../../style/style.css"), include_str!("../../style/page.css"), include_str!("../../style/watch.css"));

/// CSS without its comments.
fn rules() -> String {
    let mut out = String::new();
    let mut rest = CSS;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").expect("a comment ends").1;
    }
    out + rest
}

#[test]
fn both_directions_are_served_by_the_same_rules() {
    let css = rules();
    for word in ["left", "right", "margin-top", "margin-bottom", "padding-top", "padding-bottom"] {
        let physical = css.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).filter(|w| w.split('-').any(|part| part == word) || *w == word).count();
        assert_eq!(physical, 0, "{word}: use the logical property");
    }
}

#[test]
fn arabic_letters_are_never_spaced_or_slanted() {
    let css = rules();
    assert!(css.contains("letter-spacing: 0;") && css.matches("letter-spacing").count() == 1);
    assert!(!css.contains("word-break: break-all") && !css.contains("text-align: justify") && !css.contains("font-style: italic"));
    assert!(css.contains(":lang(ar) { font-style: normal;"));
}

#[test]
fn every_documented_variable_is_used_and_no_other() {
    let css = rules();
    let mut used: Vec<&str> = css.split("var(--jiwar-").skip(1).map(|rest| rest.split([',', ')']).next().unwrap()).collect();
    used.sort_unstable();
    used.dedup();
    let documented = ["accent", "accent-text", "danger", "font", "gap", "leading", "line", "muted", "radius", "size", "surface", "text"];
    assert_eq!(used, documented);
}

#[test]
fn nothing_is_fetched_from_anywhere() {
    let css = rules();
    assert!(!css.contains("url(") && !css.contains("@import") && !css.contains("@font-face"));
}

#[test]
fn every_rule_stays_inside_ours() {
    // Rules for a bare element would restyle the blog if somebody linked the file there.
    let css = rules();
    let selectors = css.split(['{', '}']).map(str::trim).filter(|s| !s.is_empty() && !s.contains(';') && !s.starts_with('@'));
    for selector in selectors.filter(|s| !s.contains(": ")) {
        let ours = selector.starts_with(".jw") || selector.starts_with(":host") || selector.starts_with("from");
        assert!(ours, "{selector}");
    }
}
