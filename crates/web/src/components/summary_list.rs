//! Summary list: names and values, with something to do about each.

use super::{Html, classes};
use askama::Template;
use askama::filters::HtmlSafe;

/// Something to do about a row.
#[derive(Debug, Clone, Default)]
pub struct SummaryAction {
    /// The word: "Change".
    pub text: String,
    /// What it is about, for screen readers: "date of birth".
    pub about: Option<String>,
    /// The address.
    pub href: String,
}

/// A name and its value.
#[derive(Debug, Clone, Default)]
pub struct SummaryRow {
    /// The name.
    pub key: Html,
    /// The value.
    pub value: Html,
    /// What can be done about it.
    pub actions: Vec<SummaryAction>,
}

impl SummaryRow {
    /// A row of plain text.
    #[must_use]
    pub fn new(key: &str, value: &str) -> Self {
        Self { key: key.into(), value: value.into(), actions: Vec::new() }
    }
}

/// Rows of names and values.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/summary_list.html")]
pub struct SummaryList {
    /// The rows.
    pub rows: Vec<SummaryRow>,
    /// No lines between the rows.
    pub borderless: bool,
    /// No line under the last row.
    pub last_borderless: bool,
}

impl HtmlSafe for SummaryList {}

impl SummaryList {
    /// Rows with lines between them.
    #[must_use]
    pub fn new(rows: Vec<SummaryRow>) -> Self {
        Self { rows, ..Self::default() }
    }

    fn classes(&self) -> String {
        let applied = [
            (self.borderless, "nhsuk-summary-list--no-border"),
            (self.last_borderless, "nhsuk-summary-list--no-last-row-border"),
        ];
        classes("nhsuk-summary-list", &applied, "")
    }

    /// A row without actions says so if others have some, so that columns line up.
    fn row_classes(&self, row: &SummaryRow) -> String {
        let bare = row.actions.is_empty() && self.rows.iter().any(|other| !other.actions.is_empty());
        classes("nhsuk-summary-list__row", &[(bare, "nhsuk-summary-list__row--no-actions")], "")
    }
}
