//! 100-day challenges: the list, and one with its charter, its tests of change, its weekly chart and its verdict. The public page
//! is the learning pack: the same without forms, to share and to print.

use crate::components::{
    BackLink, Cell, Chart, Colour, Column, Html, InsetText, Link, NotificationBanner, SummaryList, SummaryRow, Table,
    Tag,
};
use crate::layout::Shell;
use crate::pages::deed::{Came, Deeds, invented};
use askama::Template;
use askama::filters::HtmlSafe;

/// A challenge in the list.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Address.
    pub href: String,
    /// In a few words.
    pub title: String,
    /// By how much, by when.
    pub aim: String,
    /// Where it stands.
    pub stands: String,
    /// `2 tests, 8 weeks`.
    pub counts: String,
}

/// The list.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "challenge/list.html")]
pub struct List {
    /// Shell.
    pub shell: Shell,
    /// The figures are invented.
    pub invented: bool,
    /// The challenges.
    pub rows: Vec<Row>,
    /// What was refused.
    pub came: Came,
    /// What the reader may do.
    pub deeds: Deeds,
}

impl List {
    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }

    fn table(&self) -> Table {
        let row = |row: &Row| {
            vec![
                Cell::holding(Html::of(&Link::new(&row.title, &row.href))),
                row.aim.as_str().into(),
                Cell::holding(Html::with_small(&row.stands, &row.counts)),
            ]
        };
        let columns = vec![Column::new("Challenge"), Column::new("Aim"), Column::new("Where it stands")];
        Table::new("Challenges", columns, self.rows.iter().map(row).collect())
    }

    fn note(&self) -> Option<InsetText> {
        invented(self.invented)
    }
}

/// A test of change.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "challenge/test.html")]
pub struct Test {
    /// `Test 1`.
    pub heading: String,
    /// What is changed.
    pub change: String,
    /// What was expected, by whom, when.
    pub prediction: (String, String),
    /// What happened, and when; nothing while it goes on.
    pub result: Option<(String, String)>,
    /// Whether as predicted.
    pub as_predicted: bool,
    /// What was learnt.
    pub learnt: String,
    /// What is done with it.
    pub next: String,
}

impl HtmlSafe for Test {}

impl Test {
    fn tag(&self) -> Tag {
        match (&self.result, self.as_predicted) {
            (None, _) => Tag::new("Goes on").coloured(Colour::Blue),
            (Some(_), true) => Tag::new("As predicted").coloured(Colour::Green),
            (Some(_), false) => Tag::new("Not as predicted").coloured(Colour::Yellow),
        }
    }
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "challenge/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// Without sign-in: the learning pack.
    pub public: bool,
    /// The figures are invented.
    pub invented: bool,
    /// What was done, or refused.
    pub came: Came,
    /// Back to the list.
    pub back: String,
    /// The learning pack.
    pub pack: String,
    /// The same as a file.
    pub pack_file: String,
    /// In a few words.
    pub title: String,
    /// Where it stands.
    pub stands: String,
    /// The verdict and its words, once there is one.
    pub verdict: Option<(String, String)>,
    /// The charter.
    pub charter: Vec<(String, String)>,
    /// The weekly chart.
    pub chart: Option<Chart>,
    /// Why there is none.
    pub no_chart: String,
    /// The tests.
    pub tests: Vec<Test>,
    /// What was said half-way, and by whom.
    pub middle: Option<(String, String)>,
    /// Weeks that were restated: which, what, why.
    pub restated: Vec<(String, String, String)>,
    /// What the reader may do.
    pub deeds: Deeds,
}

impl View {
    fn way_back(&self) -> BackLink {
        BackLink::to("All challenges", &self.back)
    }

    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }

    fn note(&self) -> Option<InsetText> {
        invented(self.invented)
    }

    fn charter_list(&self) -> SummaryList {
        SummaryList::new(self.charter.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }

    fn restated_table(&self) -> Table {
        let row = |(week, what, why): &(String, String, String)| {
            vec![week.as_str().into(), what.as_str().into(), why.as_str().into()]
        };
        let columns = vec![Column::new("Week of"), Column::new("What"), Column::new("Why")];
        Table {
            compact: true,
            ..Table::new("Weeks that were reported otherwise before", columns, self.restated.iter().map(row).collect())
        }
    }
}
