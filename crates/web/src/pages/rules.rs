//! The rules: every policy by its name and its reason, the files they are written in, and the fingerprint by which two
//! installations can be told to decide alike. Nothing of any person.

use crate::components::{BackLink, Column, SummaryList, SummaryRow, Table};
use crate::layout::Shell;
use askama::Template;

/// One policy.
#[derive(Debug, Clone, Default)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// Its reason, as readers are told it.
    pub because: String,
    /// `clinicians.cedar, line 6`.
    pub at: String,
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "rules/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// What can be said of all of them: name, text.
    pub facts: Vec<(String, String)>,
    /// Those that open.
    pub opens: Vec<Rule>,
    /// Those that close.
    pub closes: Vec<Rule>,
    /// The files: name, text.
    pub files: Vec<(String, String)>,
}

fn table(caption: &str, rules: &[Rule]) -> Table {
    let rows = rules.iter().map(|rule| [&rule.name, &rule.because, &rule.at].map(|text| text.as_str().into()).to_vec());
    let columns = ["Policy", "Because", "Where"].map(Column::new).to_vec();
    Table { compact: true, ..Table::new(caption, columns, rows.collect()) }
}

impl View {
    fn back(&self) -> BackLink {
        BackLink::to("Back to privacy", "/privacy")
    }

    fn facts_list(&self) -> SummaryList {
        SummaryList::new(self.facts.iter().map(|(name, text)| SummaryRow::new(name, text)).collect())
    }

    fn opening(&self) -> Table {
        table("What opens something to somebody", &self.opens)
    }

    fn closing(&self) -> Table {
        table("What closes it again", &self.closes)
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
