//! What Weft counts of itself: the clocks, one with its months and rules, one month with what is behind it. What is shown has been
//! made small-count safe before it comes here.

use crate::components::{BackLink, Cell, Chart, Column, Details, Html, Link, SummaryList, SummaryRow, Table};
use crate::layout::Shell;
use askama::Template;

/// A clock in the list.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// As people call it.
    pub name: String,
    /// From what to what.
    pub about: String,
    /// The latest share, and of which month by which rule.
    pub latest: (String, String),
    /// What is aimed at.
    pub aim: String,
}

/// The list.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "clock/list.html")]
pub struct List {
    /// Shell.
    pub shell: Shell,
    /// Without sign-in.
    pub public: bool,
    /// The clocks.
    pub rows: Vec<Row>,
}

impl List {
    fn table(&self) -> Table {
        let row = |row: &Row| {
            vec![
                Cell::holding(Html::join(&[Html::of(&Link::new(&row.name, &row.href)), Html::paragraph(&row.about)])),
                Cell::holding(Html::with_small(&row.latest.0, &row.latest.1)),
                row.aim.as_str().into(),
            ]
        };
        let columns = vec![Column::new("Clock"), Column::new("In time, latest month"), Column::new("Aim")];
        Table::new("The clocks", columns, self.rows.iter().map(row).collect())
    }
}

/// A month by one rule.
#[derive(Debug, Clone, Default)]
pub struct Month {
    /// Which.
    pub month: String,
    /// What it is taken apart into; nothing where it is not.
    pub href: Option<String>,
    /// By which rule.
    pub rule: String,
    /// In time, late, still open, not counted.
    pub counts: [String; 4],
    /// The share with its interval, or why there is none.
    pub said: String,
}

/// An ask behind a figure.
#[derive(Debug, Clone, Default)]
pub struct Behind {
    /// Its page.
    pub href: String,
    /// Whose.
    pub name: String,
    /// Who has it.
    pub team: String,
    /// When the clock began.
    pub began: String,
    /// What the clock says.
    pub said: String,
    /// By which rule.
    pub rule: String,
}

/// One clock, or one month of it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "clock/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// Where it came from.
    pub back: String,
    /// As people call it; with the month, where it is one.
    pub name: String,
    /// From what to what.
    pub about: String,
    /// The share month by month.
    pub chart: Option<Chart>,
    /// The months, the latest first.
    pub months: Vec<Month>,
    /// The months as a file; empty where there is none.
    pub file: String,
    /// The rules, each with everything that it says.
    pub policies: Vec<(String, Vec<(String, String)>)>,
    /// The asks behind the figures that the reader may open; nothing for whoever opens no ask.
    pub behind: Option<Vec<Behind>>,
    /// It is one month, taken apart.
    pub is_month: bool,
}

impl View {
    fn way_back(&self) -> BackLink {
        BackLink::to(if self.is_month { "All months" } else { "All clocks" }, &self.back)
    }

    fn month_table(&self) -> Table {
        let row = |row: &Month| {
            let name = match &row.href {
                Some(href) => Cell::holding(Html::of(&Link::new(&row.month, href))),
                None => row.month.as_str().into(),
            };
            let mut cells = vec![name, row.said.as_str().into()];
            cells.extend(row.counts.iter().map(|count| Cell::from(count.as_str())));
            cells.push(row.rule.as_str().into());
            cells
        };
        let columns = vec![
            Column::new("Began in"),
            Column::new("In time, 95% interval"),
            Column::numeric("In time"),
            Column::numeric("Late"),
            Column::numeric("Still open"),
            Column::numeric("Not counted"),
            Column::new("Rule"),
        ];
        Table { compact: true, ..Table::new("Month by month", columns, self.months.iter().map(row).collect()) }
    }

    fn behind_table(&self, rows: &[Behind]) -> Table {
        let row = |row: &Behind| {
            vec![
                Cell::holding(Html::of(&Link::new(&row.name, &row.href))),
                row.team.as_str().into(),
                row.began.as_str().into(),
                Cell::holding(Html::with_small(&row.said, &row.rule)),
            ]
        };
        let columns = vec![
            Column::new("Ask for"),
            Column::new("Who has it"),
            Column::new("The clock began"),
            Column::new("What the clock says"),
        ];
        Table {
            compact: true,
            ..Table::new("Asks of your teams behind this figure", columns, rows.iter().map(row).collect())
        }
    }

    fn rule(&self, policy: &(String, Vec<(String, String)>)) -> Details {
        let rows = policy.1.iter().map(|(key, value)| SummaryRow::new(key, value)).collect();
        Details::new(&format!("The rule {}", policy.0), Html::of(&SummaryList::new(rows)))
    }
}
