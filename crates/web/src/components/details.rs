//! Details: more, behind a press; works without scripts.

use super::{Html, classes};
use askama::Template;
use askama::filters::HtmlSafe;

/// A summary and what is behind it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/details.html")]
pub struct Details {
    /// What is behind it, in words.
    pub summary: String,
    /// What is behind it.
    pub content: Html,
    /// Open from the start.
    pub open: bool,
    /// Drawn as a box of its own.
    pub expander: bool,
}

impl HtmlSafe for Details {}

impl Details {
    /// Closed, with this behind it.
    #[must_use]
    pub fn new(summary: &str, content: Html) -> Self {
        Self { summary: summary.to_owned(), content, ..Self::default() }
    }

    fn classes(&self) -> String {
        classes("nhsuk-details", &[(self.expander, "nhsuk-expander")], "")
    }
}
