//! The record: what is known of one person, on one page, each line with its source. Where sources disagree they stand
//! side by side; where the reader may not see, the page says so.

mod ribbon;

pub use ribbon::{Mark, MarkKind, Ribbon, RibbonRow};

use crate::components::{Column, Details, Html, SummaryList, SummaryRow, Table, Tag};
use crate::layout::Shell;
use crate::pages::entry::Entry;
use askama::Template;

/// A line of the strip at the top: alerts, what is open, the next visit.
#[derive(Debug, Clone, Default)]
pub struct TodayLine {
    /// `Alerts`, `Open requests`, `Next visit`.
    pub label: String,
    /// What it is; an honest sentence where there is nothing.
    pub text: String,
    /// There is nothing to do about it.
    pub quiet: bool,
}

/// What one source says of something that another sees differently.
#[derive(Debug, Clone, Default)]
pub struct Side {
    /// The source.
    pub source: String,
    /// What it says.
    pub says: String,
    /// When it was written, in words.
    pub when: String,
}

/// Something on which sources differ.
#[derive(Debug, Clone, Default)]
pub struct Disagreement {
    /// What about: `Allergy to penicillin`.
    pub about: String,
    /// Each source's word.
    pub sides: Vec<Side>,
}

impl Disagreement {
    fn table(&self) -> Table {
        let rows = self.sides.iter();
        let rows =
            rows.map(|side| vec![side.source.as_str().into(), side.says.as_str().into(), side.when.as_str().into()]);
        let columns = vec![Column::new("Source"), Column::new("Says"), Column::new("Written")];
        Table { compact: true, caption_size: None, ..Table::new(&self.about, columns, rows.collect()) }
    }
}

/// One section of the record.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// `Problems`; the heading.
    pub title: String,
    /// Its id on the page: `problems`.
    pub id: String,
    /// Its first entries.
    pub entries: Vec<Entry>,
    /// What would stand here, if nothing does: "No allergy is recorded. That is not the same as no allergy."
    pub empty: String,
    /// `Show all 12` and where, if there are more.
    pub more: Option<(String, String)>,
    /// "You are not able to see …", if the reader's role may not.
    pub withheld: Option<String>,
}

/// How fresh one source is.
#[derive(Debug, Clone, Default)]
pub struct AsAt {
    /// The source.
    pub source: String,
    /// Its newest word on this person: `3 March 2026, arrived 12 minutes ago`.
    pub ago: String,
    /// Its last message about anybody: `12 minutes ago`; empty if never.
    pub at: String,
    /// `Up to date`, `Late`, `Down`, `Nothing yet`.
    pub state: Tag,
}

/// The page. The person's banner is in the shell.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "record/page.html")]
pub struct View {
    /// What is said first where the person does not share their record.
    pub objected: Option<String>,
    /// Shell, with the person.
    pub shell: Shell,
    /// Address of the timeline, for whoever sees anything on it.
    pub timeline_href: Option<String>,
    /// Address of "who looked", for whoever may see that.
    pub access_href: Option<String>,
    /// The asks for help for this person, where the reader asks or works with asks.
    pub asks_href: Option<String>,
    /// What the rules find, for whoever is shown that.
    pub scores_href: Option<String>,
    /// Address of "ask a consultant", for whoever may ask one.
    pub advice_href: Option<String>,
    /// How to reach the person: instead of all the rest, for a role that sees nothing else. Name and value.
    pub reach: Vec<(String, String)>,
    /// The strip at the top; empty for such a role.
    pub today: Vec<TodayLine>,
    /// What sources differ on.
    pub disagreements: Vec<Disagreement>,
    /// Left column.
    pub left: Vec<Group>,
    /// Right column.
    pub right: Vec<Group>,
    /// The last twelve months.
    pub ribbon: Option<Ribbon>,
    /// How fresh each source is.
    pub as_at: Vec<AsAt>,
}

impl View {
    fn as_at_table(&self) -> Table {
        let rows = self.as_at.iter().map(|row| {
            vec![
                row.source.as_str().into(),
                row.ago.as_str().into(),
                if row.at.is_empty() { "Never".into() } else { row.at.as_str().into() },
                crate::components::Cell::holding(Html::of(&row.state)),
            ]
        });
        let columns =
            ["Source", "Newest word on this person", "Last message about anybody", "State"].map(Column::new).to_vec();
        Table { compact: true, ..Table::new("How fresh each source is", columns, rows.collect()) }
    }

    fn reach_list(&self) -> SummaryList {
        SummaryList::new(self.reach.iter().map(|(name, text)| SummaryRow::new(name, text)).collect())
    }

    fn ribbon_table(&self, ribbon: &Ribbon) -> Details {
        Details::new("The same as a table", Html::of(&ribbon.table()))
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
