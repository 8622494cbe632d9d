//! Who looked at this record and why, in sentences that the person can read too.

use crate::components::{BackLink, Pagination};
use crate::layout::Shell;
use askama::Template;

/// One look.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// "A district nurse of the Marple team opened the summary because she has this person on her caseload."
    pub sentence: String,
    /// `Tuesday 3 March 2026 at 10:14`.
    pub when: String,
    /// It was the reader's own.
    pub own: bool,
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "who_looked/page.html")]
pub struct View {
    /// Shell, with the person.
    pub shell: Shell,
    /// The words of the way back.
    pub back: String,
    /// Where it leads: the record, or the search for those who may not open it.
    pub record_href: String,
    /// `41 looks by 6 people since 1 January 2026`.
    pub count: String,
    /// Newest first.
    pub looks: Vec<Look>,
    /// Where these looks can be searched, for those who may.
    pub search_href: Option<String>,
    /// Other pages.
    pub pagination: Option<Pagination>,
}

impl View {
    fn back(&self) -> BackLink {
        BackLink::to(&self.back, &self.record_href)
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
