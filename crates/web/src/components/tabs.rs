//! Tabs: parts of one page, one at a time; without scripts they are a list of links and the parts one after another.

use super::Html;
use askama::Template;
use askama::filters::HtmlSafe;

/// One part.
#[derive(Debug, Clone, Default)]
pub struct Tab {
    /// Its name.
    pub label: String,
    /// What is in it.
    pub content: Html,
}

/// Parts of a page.
#[derive(Debug, Clone, Template)]
#[template(path = "components/tabs.html")]
pub struct Tabs {
    /// Ids are this, a hyphen and a number from 1.
    pub id_prefix: String,
    /// Read out before the list.
    pub title: String,
    /// The parts.
    pub tabs: Vec<Tab>,
}

impl HtmlSafe for Tabs {}

impl Tabs {
    /// Parts under the usual hidden title.
    #[must_use]
    pub fn new(id_prefix: &str, tabs: Vec<Tab>) -> Self {
        Self { id_prefix: id_prefix.to_owned(), title: "Contents".to_owned(), tabs }
    }
}
