//! Do and don't list: what to do and what not, each line with a tick or a cross.

use super::{Html, Icon};
use askama::Template;
use askama::filters::HtmlSafe;

/// A list of things to do, or not to do.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/do_list.html")]
pub struct DoList {
    /// "Do" or "Don't".
    pub heading: String,
    /// Ticks, or crosses.
    pub dos: bool,
    /// A word before each line; "do not" is usual with crosses.
    pub prefix: Option<String>,
    /// The lines.
    pub items: Vec<Html>,
}

impl HtmlSafe for DoList {}

impl DoList {
    fn icon(&self) -> Icon {
        if self.dos { Icon::TICK } else { Icon::CROSS }
    }
}
