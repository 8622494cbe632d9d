//! Status: is it well, in words anybody can read; no person's data and no secrets.

use crate::components::{Cell, Column, Html, Table, Tag};
use crate::layout::Shell;
use askama::Template;

/// One thing that was looked at.
#[derive(Debug, Clone, Default)]
pub struct Check {
    /// `Database`, `Space on the disk`, `Feeds`.
    pub name: String,
    /// `Well`, `Look at it`, `Not well`.
    pub state: Tag,
    /// What was found, in a sentence.
    pub sentence: String,
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "status/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// The answer in one sentence: `All is well.`
    pub answer: String,
    /// When it was looked at.
    pub as_at: String,
    /// What was looked at.
    pub checks: Vec<Check>,
}

impl View {
    fn table(&self) -> Table {
        let rows = self.checks.iter().map(|check| {
            let state = Cell::holding(Html::of(&check.state));
            vec![check.name.as_str().into(), state, check.sentence.as_str().into()]
        });
        let columns = vec![Column::new("What"), Column::new("State"), Column::new("Found")];
        Table::new("What was looked at", columns, rows.collect())
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
