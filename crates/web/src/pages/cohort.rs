//! Kept cohorts: which there are, and one with what it asks, what became of it and its rules. A definition and a count that was made
//! fit to be shown, never anybody.

use crate::components::{
    BackLink, Cell, Column, Html, Link, NotificationBanner, SummaryList, SummaryRow, Table, WarningCallout,
};
use crate::layout::Shell;
use crate::pages::deed::{Came, Deeds};
use askama::Template;

/// A kept cohort among the others.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// What it is called.
    pub name: String,
    /// Why it is kept.
    pub why: String,
    /// What it asks, in words.
    pub asked: String,
    /// `Anna Rees, 3 November 2026`.
    pub kept: String,
    /// `Version 2 of 5 November 2026`; empty of a first.
    pub version: String,
    /// How many there are now, for whoever may count.
    pub count: String,
    /// That a rule has changed; empty where none has.
    pub warning: String,
}

/// The kept cohorts.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "cohort/list.html")]
pub struct List {
    /// Shell.
    pub shell: Shell,
    /// Whether the reader counts.
    pub counts: bool,
    /// What was done.
    pub came: Came,
    /// As of which day they are counted.
    pub as_of: String,
    /// The cohorts.
    pub rows: Vec<Row>,
}

impl List {
    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }

    fn table(&self) -> Table {
        let small = |first: &str, second: &str| {
            Cell::holding(if second.is_empty() { first.into() } else { Html::with_small(first, second) })
        };
        let row = |row: &Row| {
            let mut cells: Vec<Cell> = vec![
                Cell::holding(Html::of(&Link::new(&row.name, &row.href))),
                row.why.as_str().into(),
                small(&row.asked, &row.warning),
                small(&row.kept, &row.version),
            ];
            if self.counts {
                cells.push(row.count.as_str().into());
            }
            cells
        };
        let mut columns = ["Cohort", "Why it is kept", "What it asks", "Kept by"].map(Column::new).to_vec();
        if self.counts {
            columns.push(Column::numeric("People now"));
        }
        Table { caption_size: None, ..Table::new("In use", columns, self.rows.iter().map(row).collect()) }
    }
}

/// One kept cohort.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "cohort/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// What was done, or refused.
    pub came: Came,
    /// What it is called.
    pub name: String,
    /// Why, what it asks, who kept it, how many: name, value.
    pub facts: Vec<(String, String)>,
    /// What of its rules has changed since, or is not here.
    pub drifted: Vec<String>,
    /// That it was withdrawn, and why.
    pub withdrawn: Option<String>,
    /// Its question in the explorer; none of one that was withdrawn.
    pub explorer: Option<String>,
    /// Where a list is begun from it, for whoever finds people.
    pub begins: Option<String>,
    /// What happened to it: when, who, what.
    pub history: Vec<[String; 3]>,
    /// What the reader may do.
    pub deeds: Deeds,
}

impl View {
    fn way_back(&self) -> BackLink {
        BackLink::to("All kept cohorts", "/population/cohorts")
    }

    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }

    fn facts_list(&self) -> SummaryList {
        SummaryList::new(self.facts.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }

    fn warning(&self) -> Option<WarningCallout> {
        drift(&self.drifted)
    }

    fn history_table(&self) -> Table {
        let row = |row: &[String; 3]| row.iter().map(|cell| Cell::from(cell.as_str())).collect();
        let columns = ["When", "Who", "What"].map(Column::new).to_vec();
        Table { caption_size: None, ..Table::new("What became of it", columns, self.history.iter().map(row).collect()) }
    }
}

/// That rules are not what they were when a cohort was kept.
pub(super) fn drift(drifted: &[String]) -> Option<WarningCallout> {
    (!drifted.is_empty()).then(|| WarningCallout {
        content: Html::bullets(&drifted.iter().map(String::as_str).collect::<Vec<_>>()),
        ..WarningCallout::new(
            "Its rules have changed",
            "They are not what they were when it was kept, and it may find others now.",
        )
    })
}
