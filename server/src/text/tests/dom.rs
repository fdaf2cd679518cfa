//! HTML read the way a browser reads it, by the parser that the wall uses too.

use html5ever::{
    Attribute, ExpandedName, QualName,
    driver::{ParseOpts, parse_fragment},
    local_name, ns,
    serialize::{Serialize, SerializeOpts, Serializer, TraversalScope, serialize},
    tendril::{StrTendril, TendrilSink},
    tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilderOpts, TreeSink},
};
use std::{
    borrow::Cow,
    cell::RefCell,
    io,
    rc::{Rc, Weak},
};

#[derive(Debug)]
pub(super) enum Kind {
    Document,
    Element(QualName, RefCell<Vec<Attribute>>),
    Text(RefCell<String>),
    Other,
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) children: RefCell<Vec<Rc<Node>>>,
    parent: RefCell<Weak<Node>>,
}

type Handle = Rc<Node>;

fn node(kind: Kind) -> Handle {
    Rc::new(Node { kind, children: RefCell::default(), parent: RefCell::default() })
}

/// The children of a `div` with this inner HTML.
pub(super) fn parse(html: &str, scripting: bool) -> Vec<Handle> {
    let opts = ParseOpts { tree_builder: TreeBuilderOpts { scripting_enabled: scripting, ..Default::default() }, ..Default::default() };
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let document = parse_fragment(Sink(node(Kind::Document)), opts, context, Vec::new(), scripting).one(html);
    let root = document.children.borrow().first().cloned().expect("a fragment has a root");
    root.children.take()
}

/// As a browser's `innerHTML` gives it back.
pub(super) fn print(nodes: &[Handle]) -> String {
    let mut out = Vec::new();
    let opts = SerializeOpts { traversal_scope: TraversalScope::IncludeNode, ..Default::default() };
    for node in nodes {
        serialize(&mut out, &Printed(node), opts.clone()).expect("a Vec takes everything");
    }
    String::from_utf8(out).expect("the serialiser writes UTF-8")
}

struct Printed<'n>(&'n Handle);

impl Serialize for Printed<'_> {
    fn serialize<S: Serializer>(&self, out: &mut S, scope: TraversalScope) -> io::Result<()> {
        match &self.0.kind {
            Kind::Element(name, attributes) => {
                out.start_elem(name.clone(), attributes.borrow().iter().map(|a| (&a.name, &a.value[..])))?;
                for child in self.0.children.borrow().iter() {
                    Printed(child).serialize(out, scope.clone())?;
                }
                out.end_elem(name.clone())
            }
            Kind::Text(text) => out.write_text(&text.borrow()),
            Kind::Document | Kind::Other => out.write_comment("not expected"),
        }
    }
}

struct Sink(Handle);

impl Sink {
    fn detach(child: &Handle) -> Option<(Handle, usize)> {
        let parent = child.parent.take().upgrade()?;
        let at = parent.children.borrow().iter().position(|c| Rc::ptr_eq(c, child))?;
        parent.children.borrow_mut().remove(at);
        Some((parent, at))
    }

    fn insert(parent: &Handle, at: usize, child: NodeOrText<Handle>) {
        let child = match child {
            NodeOrText::AppendNode(child) => child,
            NodeOrText::AppendText(text) => {
                if let Some(Kind::Text(before)) = at.checked_sub(1).and_then(|i| parent.children.borrow().get(i).cloned()).as_ref().map(|n| &n.kind) {
                    before.borrow_mut().push_str(&text);
                    return;
                }
                node(Kind::Text(RefCell::new(text.to_string())))
            }
        };
        Self::detach(&child);
        child.parent.replace(Rc::downgrade(parent));
        let at = at.min(parent.children.borrow().len());
        parent.children.borrow_mut().insert(at, child);
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Handle;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Handle {
        self.0
    }
    fn parse_error(&self, _: Cow<'static, str>) {}
    fn get_document(&self) -> Handle {
        self.0.clone()
    }
    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        match &target.kind {
            Kind::Element(name, _) => name.expanded(),
            other => panic!("the parser asks for the name of {other:?}"),
        }
    }
    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Handle {
        node(Kind::Element(name, RefCell::new(attributes)))
    }
    fn create_comment(&self, _: StrTendril) -> Handle {
        node(Kind::Other)
    }
    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        node(Kind::Other)
    }
    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        let end = parent.children.borrow().len();
        Self::insert(parent, end, child);
    }
    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        if element.parent.borrow().upgrade().is_some() { self.append_before_sibling(element, child) } else { self.append(previous, child) }
    }
    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}
    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }
    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        Rc::ptr_eq(x, y)
    }
    fn set_quirks_mode(&self, _: QuirksMode) {}
    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let Some(parent) = sibling.parent.borrow().upgrade() else { return };
        let at = parent.children.borrow().iter().position(|c| Rc::ptr_eq(c, sibling)).unwrap_or_default();
        Self::insert(&parent, at, child);
    }
    fn add_attrs_if_missing(&self, target: &Handle, new: Vec<Attribute>) {
        if let Kind::Element(_, attributes) = &target.kind {
            let mut attributes = attributes.borrow_mut();
            for attribute in new {
                if attributes.iter().all(|a| a.name != attribute.name) {
                    attributes.push(attribute);
                }
            }
        }
    }
    fn remove_from_parent(&self, target: &Handle) {
        Self::detach(target);
    }
    fn reparent_children(&self, from: &Handle, to: &Handle) {
        for child in from.children.take() {
            child.parent.replace(Weak::new());
            self.append(to, NodeOrText::AppendNode(child));
        }
    }
}

#[test]
fn it_reads_as_browsers_do() {
    assert_eq!(print(&parse("<p>a<b>b<p>c", true)), "<p>a<b>b</b></p><p><b>c</b></p>");
    assert_eq!(print(&parse("<table><td>x<i>y</table>z", true)), "<table><tbody><tr><td>x<i>y</i></td></tr></tbody></table>z");
    assert_eq!(print(&parse("1 &lt; 2 <img src=x onerror=alert(1)>", true)), r#"1 &lt; 2 <img src="x" onerror="alert(1)">"#);
    let svg = parse("<svg><title>x", true);
    assert!(matches!(&svg[0].kind, Kind::Element(name, _) if &*name.ns == "http://www.w3.org/2000/svg" && &*name.local == "svg"));
}
