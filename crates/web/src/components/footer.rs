//! Footer: links and sentences at the foot of every page.

use super::{Html, Link};
use askama::Template;
use askama::filters::HtmlSafe;

/// The foot of the page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/footer.html")]
pub struct Footer {
    /// Links to what explains the service.
    pub links: Vec<Link>,
    /// Further markup under the links.
    pub meta: Html,
    /// Sentences; licence and ownership.
    pub sentences: Vec<String>,
}

impl HtmlSafe for Footer {}
