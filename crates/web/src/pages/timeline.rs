//! Timeline: everything in time, newest first, filtered by source and kind with a plain form.

use crate::components::{Button, Choice, Choices, Legend, Pagination};
use crate::layout::Shell;
use crate::pages::entry::Entry;
use askama::Template;

/// One day.
#[derive(Debug, Clone, Default)]
pub struct Day {
    /// `Tuesday 3 March 2026`; `Day not given`.
    pub title: String,
    /// What happened.
    pub entries: Vec<Entry>,
}

/// One month.
#[derive(Debug, Clone, Default)]
pub struct Month {
    /// `March 2026`; `Date not given` for what has none.
    pub title: String,
    /// Its days, newest first.
    pub days: Vec<Day>,
}

/// One box of a filter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Sent with the form.
    pub value: String,
    /// What is read; with the count: `Results (41)`.
    pub text: String,
    /// Ticked.
    pub on: bool,
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "timeline/page.html")]
pub struct View {
    /// Shell, with the person.
    pub shell: Shell,
    /// Address of this page without filters.
    pub href: String,
    /// Address of the record.
    pub record_href: String,
    /// Boxes by source; field name `source`.
    pub sources: Vec<Filter>,
    /// Boxes by kind; field name `kind`.
    pub kinds: Vec<Filter>,
    /// `Showing 1 to 50 of 312 entries, newest first`.
    pub count: String,
    /// The months, newest first.
    pub months: Vec<Month>,
    /// Other pages.
    pub pagination: Option<Pagination>,
    /// "You are not able to see …", one sentence for each kind withheld.
    pub withheld: Vec<String>,
}

fn boxes(name: &str, question: &str, filters: &[Filter]) -> Choices {
    let choices = filters.iter().map(|filter| Choice::new(&filter.value, &filter.text, filter.on)).collect();
    let mut boxes = Choices::checkboxes(name, Legend::new(question), choices);
    boxes.small = true;
    boxes
}

impl View {
    fn filtered(&self) -> bool {
        self.sources.iter().chain(&self.kinds).any(|filter| filter.on)
    }

    fn source_boxes(&self) -> Choices {
        boxes("source", "Source", &self.sources)
    }

    fn kind_boxes(&self) -> Choices {
        boxes("kind", "Kind", &self.kinds)
    }

    fn button(&self) -> Button {
        Button { prevent_double_click: None, ..Button::secondary("Show these") }
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
