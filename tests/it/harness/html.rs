//! HTML as a browser would read it (html5ever), and a judge of what may not be in it.

use html5ever::{
    Attribute, ExpandedName, QualName,
    interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink},
    local_name, ns, parse_document,
    tendril::{StrTendril, TendrilSink},
};
use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    rc::Rc,
};

/// An element, in the order in which the parser came upon it.
#[derive(Clone, Debug)]
pub struct Element {
    pub name: String,
    pub namespace: String,
    pub attributes: Vec<(String, String)>,
    /// The text right inside it.
    pub text: String,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub fn is(&self, name: &str, attribute: &str, value: &str) -> bool {
        self.name == name && self.attribute(attribute) == Some(value)
    }
}

/// A parsed page.
#[derive(Debug)]
pub struct Html(pub Vec<Element>);

impl Html {
    pub fn parse(markup: &str) -> Self {
        Self(parse_document(Sink::default(), Default::default()).one(markup))
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.0.iter().filter(move |e| e.name == name)
    }

    /// The one element with this name and attribute.
    #[track_caller]
    pub fn one(&self, name: &str, attribute: &str, value: &str) -> &Element {
        let found: Vec<&Element> = self.0.iter().filter(|e| e.is(name, attribute, value)).collect();
        assert_eq!(found.len(), 1, "<{name} {attribute}={value}>");
        found[0]
    }

    /// What a field of the form holds.
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        let field = self.0.iter().find(|e| ["input", "textarea"].contains(&&*e.name) && e.attribute("name") == Some(name));
        let field = field.unwrap_or_else(|| panic!("no field {name}"));
        // A browser takes away the first line break of a textarea, and so does the parser.
        if field.name == "textarea" { field.text.clone() } else { field.attribute("value").unwrap_or_default().into() }
    }

    pub fn has_field(&self, name: &str) -> bool {
        self.0.iter().any(|e| ["input", "textarea"].contains(&&*e.name) && e.attribute("name") == Some(name))
    }

    /// The ids of the comments, in order.
    pub fn comments(&self) -> Vec<String> {
        self.all("li").filter_map(|e| e.attribute("data-id").map(str::to_owned)).collect()
    }

    /// All the text there is.
    pub fn text(&self) -> String {
        self.0.iter().map(|e| e.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Everything that could act, load from elsewhere, or draw over the page. JSON-LD is data.
    pub fn active(&self) -> Vec<String> {
        self.0.iter().flat_map(faults).collect()
    }
}

const ACTIVE: &[&str] = &[
    "script",
    "style",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "base",
    "img",
    "image",
    "picture",
    "source",
    "video",
    "audio",
    "track",
    "canvas",
    "dialog",
    "marquee",
    "isindex",
    "noscript",
    "template",
    "portal",
    "fencedframe",
    "plaintext",
    "xmp",
    "select",
    "option",
];
const ADDRESSES: &[&str] = &["href", "src", "action", "formaction", "cite", "data", "poster", "background", "srcset", "ping", "xlink:href"];

fn faults(e: &Element) -> Vec<String> {
    let mut out = Vec::new();
    let is_data = e.is("script", "type", "application/ld+json");
    if e.namespace != "http://www.w3.org/1999/xhtml" || (ACTIVE.contains(&&*e.name) && !is_data) {
        out.push(format!("<{}> of {}", e.name, e.namespace));
    }
    for (name, value) in &e.attributes {
        let address = ADDRESSES.contains(&&**name);
        let safe =
            ["https://", "http://", "#", "/", "mailto:"].iter().any(|start| value.to_ascii_lowercase().starts_with(start)) && !value.contains(char::is_control);
        if name.starts_with("on") || name == "style" || name == "srcdoc" || (address && !safe) {
            out.push(format!("<{} {name}={value:?}>", e.name));
        }
    }
    out
}

/// What a fragment may not hold beside: forms and what belongs to them come from us alone.
pub fn active_in_body(markup: &str) -> Vec<String> {
    let html = Html::parse(markup);
    let mut out = html.active();
    let foreign = ["form", "input", "button", "textarea", "label", "link", "meta"];
    out.extend(html.0.iter().filter(|e| foreign.contains(&&*e.name) && !e.attributes.is_empty()).map(|e| format!("<{}>", e.name)));
    let named = |e: &&Element| e.attributes.iter().any(|(n, _)| n == "id" || n == "name" || n.starts_with("data-"));
    out.extend(html.0.iter().filter(named).map(|e| format!("<{}> with a name: {:?}", e.name, e.attributes)));
    out
}

#[derive(Debug)]
struct Node {
    name: QualName,
    /// Where the element stands in the list; none for the document and for comments.
    at: Option<usize>,
}

struct Sink {
    document: Rc<Node>,
    found: RefCell<Vec<Element>>,
    quirks: Cell<QuirksMode>,
}

impl Default for Sink {
    fn default() -> Self {
        Self { document: nameless(), found: RefCell::default(), quirks: Cell::new(QuirksMode::NoQuirks) }
    }
}

fn nameless() -> Rc<Node> {
    Rc::new(Node { name: QualName::new(None, ns!(), local_name!("")), at: None })
}

impl Sink {
    fn keep_text(&self, parent: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        if let (Some(at), NodeOrText::AppendText(text)) = (parent.at, child) {
            self.found.borrow_mut()[at].text.push_str(&text);
        }
    }
}

fn pairs(attributes: Vec<Attribute>) -> Vec<(String, String)> {
    let name = |a: &Attribute| a.name.prefix.as_ref().map_or_else(|| a.name.local.to_string(), |p| format!("{p}:{}", a.name.local));
    attributes.into_iter().map(|a| (name(&a), a.value.to_string())).collect()
}

impl TreeSink for Sink {
    type Handle = Rc<Node>;
    type Output = Vec<Element>;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Vec<Element> {
        self.found.into_inner()
    }
    fn parse_error(&self, _: Cow<'static, str>) {}
    fn get_document(&self) -> Rc<Node> {
        self.document.clone()
    }
    fn elem_name<'a>(&'a self, target: &'a Rc<Node>) -> ExpandedName<'a> {
        target.name.expanded()
    }
    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Rc<Node> {
        let mut found = self.found.borrow_mut();
        let element = Element { name: name.local.to_string(), namespace: name.ns.to_string(), attributes: pairs(attributes), text: String::new() };
        found.push(element);
        Rc::new(Node { name, at: Some(found.len() - 1) })
    }
    fn create_comment(&self, _: StrTendril) -> Rc<Node> {
        nameless()
    }
    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Rc<Node> {
        nameless()
    }
    fn append(&self, parent: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        self.keep_text(parent, child);
    }
    fn append_based_on_parent_node(&self, element: &Rc<Node>, _: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        self.keep_text(element, child);
    }
    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}
    fn get_template_contents(&self, target: &Rc<Node>) -> Rc<Node> {
        target.clone()
    }
    fn same_node(&self, x: &Rc<Node>, y: &Rc<Node>) -> bool {
        Rc::ptr_eq(x, y)
    }
    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.quirks.set(mode);
    }
    fn append_before_sibling(&self, _: &Rc<Node>, _: NodeOrText<Rc<Node>>) {}
    fn add_attrs_if_missing(&self, target: &Rc<Node>, attributes: Vec<Attribute>) {
        if let Some(at) = target.at {
            self.found.borrow_mut()[at].attributes.extend(pairs(attributes));
        }
    }
    fn remove_from_parent(&self, _: &Rc<Node>) {}
    fn reparent_children(&self, _: &Rc<Node>, _: &Rc<Node>) {}
}

#[test]
fn the_judge_sees_what_acts() {
    for bad in [
        "<p><script>x</script>",
        "<p onclick=x>",
        "<a href=' javascript:x'>",
        "<a href='JaVa&#x53;cript:x'>",
        "<svg><a xlink:href=x>",
        "<math>",
        "<p style=x>",
        "<iframe>",
        "<img src=x>",
        "<a href='data:text/html,x'>",
        "<a href='ht\ntp://a'>",
    ] {
        assert_ne!(Html::parse(bad).active(), Vec::<String>::new(), "{bad}");
    }
    let good = r#"<p dir="rtl">a <a href="https://a.b/?x=javascript:1" rel="ugc">b</a><script type="application/ld+json">{}</script>"#;
    assert_eq!(Html::parse(good).active(), Vec::<String>::new());
    assert_ne!(active_in_body("<p id=x>"), Vec::<String>::new());
    assert_eq!(active_in_body("<p dir=ltr>x"), Vec::<String>::new());
}
