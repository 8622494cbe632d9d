//! Going back from pseudonyms to people: what an analyst asks for and what became of it, the officer's desk where it is answered, the
//! team's desk where it is opened, and the way from one pseudonym to one's own patient. Nobody stands on the first two pages.

use crate::components::{
    BackLink, Cell, Colour, Column, Html, InsetText, Link, NotificationBanner, SummaryList, SummaryRow, Table, Tag,
};
use crate::layout::Shell;
use crate::pages::deed::{Came, Deed, Deeds};
use askama::Template;

/// One request in a list.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Its page; empty where there is none for this reader.
    pub href: String,
    /// `Asked on 22 November 2026`.
    pub asked: String,
    /// Whose team, who asked, or how many.
    pub about: String,
    /// What is to be offered.
    pub offer: String,
    /// Where it stands, in a word.
    pub mark: String,
    /// The colour of that word.
    pub colour: Option<Colour>,
    /// By when, by whom, in which words.
    pub words: String,
}

/// Requests as a table.
#[must_use]
pub fn table(caption: &str, about: &str, lines: &[Line]) -> Table {
    let row = |line: &Line| {
        let asked = match line.href.as_str() {
            "" => Cell::from(line.asked.as_str()),
            href => Cell::holding(Html::of(&Link::new(&line.asked, href))),
        };
        let tag = Tag::new(&line.mark).coloured(line.colour.unwrap_or(Colour::Grey));
        vec![
            asked,
            line.about.as_str().into(),
            line.offer.as_str().into(),
            Cell::holding(Html::of(&tag)),
            line.words.as_str().into(),
        ]
    };
    let columns = vec![
        Column::new("Asked"),
        Column::new(about),
        Column::new("To be offered"),
        Column::new("Where it stands"),
        Column::new("More"),
    ];
    Table { caption_size: None, ..Table::new(caption, columns, lines.iter().map(row).collect()) }
}

/// An analyst's own requests.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "back/asked.html")]
pub struct Asked {
    /// Shell.
    pub shell: Shell,
    /// What was done, or refused.
    pub came: Came,
    /// The requests, the latest first.
    pub lines: Vec<Line>,
    /// What can be done.
    pub deeds: Deeds,
}

impl Asked {
    fn way_back(&self) -> BackLink {
        BackLink::to("Rows under pseudonyms", "/pseudonyms")
    }

    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }

    fn table(&self) -> Table {
        table("Your requests, the latest first", "Team", &self.lines)
    }
}

/// The officer's desk.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "back/waiting.html")]
pub struct Waiting {
    /// Shell.
    pub shell: Shell,
    /// What was done.
    pub came: Came,
    /// Those that wait, the oldest first.
    pub waiting: Vec<Line>,
    /// The others, the latest first.
    pub others: Vec<Line>,
}

impl Waiting {
    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }

    fn waiting_table(&self) -> Table {
        table("The oldest first", "Who asks", &self.waiting)
    }

    fn others_table(&self) -> Table {
        table("The latest first", "Who asked", &self.others)
    }
}

/// One request, to be answered.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "back/request.html")]
pub struct Request {
    /// Shell.
    pub shell: Shell,
    /// What was refused.
    pub came: Came,
    /// What it is: name, value.
    pub facts: Vec<(String, String)>,
    /// What can be done.
    pub deeds: Deeds,
}

impl Request {
    fn way_back(&self) -> BackLink {
        BackLink::to("All requests", "/privacy/requests")
    }

    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }

    fn facts_list(&self) -> SummaryList {
        SummaryList::new(self.facts.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }
}

/// The team's desk.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "back/desk.html")]
pub struct Desk {
    /// Shell.
    pub shell: Shell,
    /// What may be opened, and what has been.
    pub lines: Vec<Line>,
}

impl Desk {
    fn table(&self) -> Table {
        table("What your team is told of", "Who asked", &self.lines)
    }
}

/// Somebody of whom a team was told.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// Their record.
    pub href: String,
    /// Their name.
    pub name: String,
    /// `born 14 March 1938 (88 years)`.
    pub born: String,
    /// What the team decided.
    pub decided: String,
}

/// One request on the team's desk.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "back/handed.html")]
pub struct Handed {
    /// Shell.
    pub shell: Shell,
    /// What was done, or refused.
    pub came: Came,
    /// What it is: name, value.
    pub facts: Vec<(String, String)>,
    /// It has been opened.
    pub is_open: bool,
    /// The people.
    pub people: Vec<Person>,
    /// How many could not be given, as far as that may be told.
    pub left: String,
    /// What can be done.
    pub deeds: Deeds,
}

impl Handed {
    fn way_back(&self) -> BackLink {
        BackLink::to("Everything your team is told of", "/handed")
    }

    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }

    fn facts_list(&self) -> SummaryList {
        SummaryList::new(self.facts.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }

    fn table(&self) -> Table {
        let row = |one: &Person| {
            vec![
                Cell::holding(Html::of(&Link::new(&one.name, &one.href))),
                one.born.as_str().into(),
                one.decided.as_str().into(),
            ]
        };
        let columns = ["Name", "Born", "What your team decided"].map(Column::new).to_vec();
        Table {
            caption_size: None,
            ..Table::new("Whom your team was told of", columns, self.people.iter().map(row).collect())
        }
    }

    fn note(&self) -> InsetText {
        InsetText::new(&self.left)
    }
}

/// From one pseudonym to one's own patient.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "back/lead.html")]
pub struct Lead {
    /// Shell.
    pub shell: Shell,
    /// What came of it.
    pub came: Came,
    /// The form.
    pub form: Deed,
}

impl Lead {
    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }
}
