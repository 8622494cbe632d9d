//! Methods: a table pasted in, a measure worked out of it. Nothing of it is kept.

use crate::components::{BackLink, Cell, Chart, Column, NotificationBanner, Table};
use crate::layout::Shell;
use crate::pages::deed::{Came, Deed};
use askama::Template;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "method/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// What was refused.
    pub came: Came,
    /// What came out: the names of the columns, and the rows.
    pub result: Option<(Vec<String>, Vec<Vec<String>>)>,
    /// How many rows there are besides those that are shown.
    pub more: usize,
    /// What came out, drawn.
    pub chart: Option<Chart>,
    /// The same as CSV, to take along.
    pub text: String,
    /// The form.
    pub form: Deed,
}

impl View {
    fn way_back(&self) -> BackLink {
        BackLink::to("All measures", "/measures")
    }

    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }

    fn table(&self, result: &(Vec<String>, Vec<Vec<String>>)) -> Table {
        let rows = result.1.iter().map(|row| row.iter().map(|text| Cell::from(text.as_str())).collect());
        let columns = result.0.iter().map(|name| Column::new(name)).collect();
        Table { compact: true, ..Table::new("What came out", columns, rows.collect()) }
    }
}
