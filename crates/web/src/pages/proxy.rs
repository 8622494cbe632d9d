//! Others' records: what somebody sees of the people who have let them see. Always says whose record it is and why it opens.

use crate::components::{BackLink, InsetText};
use crate::layout::Shell;
use crate::pages::record::Group;
use askama::Template;

/// Somebody who let the reader in.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// Their record.
    pub href: String,
    /// Their name, as they gave it.
    pub name: String,
    /// `You may see this until the end of 3 September 2026.`
    pub until: String,
    /// What of it, line by line.
    pub sees: Vec<String>,
}

/// People who have let the reader see.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "proxy/list.html")]
pub struct List {
    /// Shell.
    pub shell: Shell,
    /// Them.
    pub people: Vec<Person>,
    /// The reader's own code, to give to somebody who wants to let them in; `None` where people are chosen by name.
    pub code: Option<String>,
}

/// The list as HTML.
#[must_use]
pub fn render_list(view: &List) -> String {
    view.to_string()
}

/// What one person lets the reader see.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "proxy/page.html")]
pub struct View {
    /// Shell, with the person.
    pub shell: Shell,
    /// `This is the record of Margaret Ashworth. She has …`
    pub why: String,
    /// The sections that they let be seen.
    pub groups: Vec<Group>,
}

impl View {
    fn back(&self) -> BackLink {
        BackLink::to("Others’ records", "/me/proxy")
    }

    fn inset(&self) -> InsetText {
        InsetText::new(&self.why)
    }
}

/// The record as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
