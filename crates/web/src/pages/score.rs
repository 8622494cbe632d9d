//! Scores of one person: which rules say something of them, and one of them taken apart: the number small, what it rests on large,
//! each deficit with the entry that put it there and the way to say that it is wrong. A number never stands alone.

use crate::components::{
    BackLink, Cell, Colour, Column, Details, Html, InsetText, Link, NotificationBanner, SummaryList, SummaryRow, Table,
    Tag,
};
use crate::layout::Shell;
use crate::pages::deed::{Came, Deeds};
use askama::Template;
use askama::filters::HtmlSafe;

/// One rule that says something of the person.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// What it is called.
    pub title: String,
    /// The deficits in a few words.
    pub rests: String,
    /// The number and its band, small; or why there is none.
    pub number: String,
}

/// Which rules say something of the person.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "score/list.html")]
pub struct List {
    /// Shell, with the person's banner.
    pub shell: Shell,
    /// The record.
    pub record_href: String,
    /// Nothing can be said yet: the population is being built.
    pub building: bool,
    /// There are entries that the reader may not see.
    pub withheld: bool,
    /// The rules.
    pub rows: Vec<Row>,
}

impl List {
    fn way_back(&self) -> BackLink {
        BackLink::to("Back to the record", &self.record_href)
    }

    fn table(&self) -> Table {
        let row = |row: &Row| {
            vec![
                Cell::holding(Html::of(&Link::new(&row.title, &row.href))),
                row.rests.as_str().into(),
                row.number.as_str().into(),
            ]
        };
        let columns = vec![Column::new("Rule"), Column::new("It rests on"), Column::new("What it comes to")];
        Table {
            caption_size: None,
            ..Table::new("Rules that find something", columns, self.rows.iter().map(row).collect())
        }
    }
}

/// One entry behind a deficit.
#[derive(Debug, Clone, Default)]
pub struct Behind {
    /// In the source's words; empty where there are none.
    pub words: String,
    /// System and code.
    pub code: String,
    /// When it was.
    pub when: String,
    /// What was measured.
    pub value: Option<String>,
    /// Who said so.
    pub source: String,
    /// The entry in the record, by its id.
    pub entry: Option<String>,
}

/// One deficit.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "score/deficit.html")]
pub struct Deficit {
    /// What it is.
    pub label: String,
    /// `adds 3.2`; empty for a register.
    pub adds: String,
    /// It counts.
    pub counts: bool,
    /// Why it does not, where somebody has said that it is wrong.
    pub disputed: Option<String>,
    /// What put it there.
    pub behind: Vec<Behind>,
}

impl HtmlSafe for Deficit {}

impl Deficit {
    fn tag(&self) -> Option<Tag> {
        match (&self.disputed, self.counts) {
            (Some(_), _) => Some(Tag::new("Disputed: not counted").coloured(Colour::Orange)),
            (None, false) => Some(Tag::new("Not counted beside another").coloured(Colour::Grey)),
            (None, true) => None,
        }
    }
}

/// One score taken apart.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "score/page.html")]
pub struct View {
    /// Shell, with the person's banner.
    pub shell: Shell,
    /// What was done, or refused.
    pub came: Came,
    /// All rules.
    pub back: String,
    /// What it is called.
    pub title: String,
    /// The number and its band in a sentence.
    pub comes_to: String,
    /// The deficits.
    pub deficits: Vec<Deficit>,
    /// What was not known.
    pub missing: Vec<String>,
    /// What it must not be used for.
    pub not_for: Vec<String>,
    /// How it was made: name, value.
    pub made: Vec<(String, String)>,
    /// There are entries that the reader may not see.
    pub withheld: bool,
    /// What the reader may do.
    pub deeds: Deeds,
}

impl View {
    fn way_back(&self) -> BackLink {
        BackLink::to("All rules for this person", &self.back)
    }

    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }

    fn not_for_note(&self) -> Option<InsetText> {
        (!self.not_for.is_empty()).then(|| InsetText::new(&format!("Not for: {}.", self.not_for.join("; "))))
    }

    fn missing_list(&self) -> Html {
        let sentences: Vec<&str> = self.missing.iter().map(String::as_str).collect();
        Html::bullets(&sentences)
    }

    fn made_list(&self) -> Details {
        let rows = self.made.iter().map(|(key, value)| SummaryRow::new(key, value)).collect();
        Details::new("How this was made", Html::of(&SummaryList::new(rows)))
    }
}
