//! What is judged.

/// A comment as its writer sent it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sample<'a> {
    pub text: &'a str,
    pub name: &'a str,
    pub website: Option<&'a str>,
    /// The part of the address after `@`, in lower case; never the whole address.
    pub mail_domain: Option<&'a str>,
}

impl<'a> Sample<'a> {
    /// A text alone.
    pub const fn text(text: &'a str) -> Self {
        Self { text, name: "", website: None, mail_domain: None }
    }
}
