//! About: what this is, that its data is made up, whose work it stands on.

use crate::layout::Shell;
use askama::Template;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "about/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// `Weft 0.1.0`.
    pub version: String,
    /// Open data used: name, licence.
    pub data: Vec<(String, String)>,
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
