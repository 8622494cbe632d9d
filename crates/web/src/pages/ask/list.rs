//! Lists of asks: what needs somebody now, by minutes left and not by arrival; and a person's own asks. An empty list says what
//! would stand there.

use super::clock::Standing;
use crate::components::{ActionLink, BackLink, Tag};
use crate::layout::Shell;
use askama::Template;
use askama::filters::HtmlSafe;

/// One ask on a list.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// Who it is for; empty on a person's own list.
    pub name: String,
    /// `Born 14 March 1938 (88 years)`.
    pub born: String,
    /// `Crisis response, within two hours`.
    pub what: String,
    /// What happened, in one line, where the reader may see it.
    pub detail: Option<String>,
    /// How it stands.
    pub state: Option<Tag>,
    /// Who has it.
    pub owner: String,
    /// The clock that is due first, in words: `12 minutes left`; empty where none runs.
    pub clock: String,
    /// How that clock stands.
    pub standing: Standing,
    /// How much of its time is gone, of 100.
    pub gone: u8,
}

impl Row {
    fn left(&self) -> u8 {
        100 - self.gone.min(100)
    }

    fn bar(&self) -> &'static str {
        self.standing.class()
    }
}

/// One list.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "ask/sheet.html")]
pub struct Sheet {
    /// Its id on the page.
    pub id: String,
    /// `Offered to us`.
    pub title: String,
    /// How many in all.
    pub count: String,
    /// The asks, least time left first.
    pub rows: Vec<Row>,
    /// What would stand here.
    pub empty: String,
}

impl HtmlSafe for Sheet {}

/// How many of a list stand open on the page. The others are folded under them: they have more time left, and a page of eight
/// lists that are all open hides the ones that need somebody now.
const OPEN: usize = 12;

impl Sheet {
    fn first(&self) -> &[Row] {
        self.rows.get(..OPEN).unwrap_or(&self.rows)
    }

    fn rest(&self) -> &[Row] {
        self.rows.get(OPEN..).unwrap_or_default()
    }
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "ask/list.html")]
pub struct View {
    /// Shell; with the banner on a person's own list.
    pub shell: Shell,
    /// Back: words, address.
    pub back: Option<(String, String)>,
    /// `Asks`.
    pub heading: String,
    /// Whose desk it is, or a sentence about the page.
    pub lead: String,
    /// Where an ask begins, for whom may begin one: words, address.
    pub begin: Option<(String, String)>,
    /// Other lists that go with these: words, address.
    pub also: Vec<(String, String)>,
    /// The lists.
    pub sheets: Vec<Sheet>,
}

impl View {
    fn back_link(&self) -> Option<BackLink> {
        self.back.as_ref().map(|(text, href)| BackLink::to(text, href))
    }

    fn begin_link(&self) -> Option<ActionLink> {
        self.begin.as_ref().map(|(text, href)| ActionLink::new(text, href))
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
