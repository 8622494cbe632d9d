//! About: what this is, that its data is made up, whose work it stands on.

use crate::components::WarningCallout;
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

impl View {
    fn warning(&self) -> WarningCallout {
        let sentence = "Every person, message and record here is made up. Do not use anything on these pages for the care of anybody.";
        WarningCallout { level: 2, ..WarningCallout::new("Demonstration data, not for live care", sentence) }
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
