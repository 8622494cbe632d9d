//! The boards: who is waiting for somebody to come, least time left first; who lies on the floor, the longest first. To be read
//! from three metres.

use super::clock::Standing;
use crate::components::{ActionLink, Column, Tag};
use crate::layout::Shell;
use askama::Template;

/// One person who waits.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Page of the response, or of the fall; empty where there is none.
    pub href: String,
    /// How long, large: `12 min`; `8 min late`.
    pub left: String,
    /// How the clock stands.
    pub standing: Standing,
    /// How much of the time is gone, of 100.
    pub gone: u8,
    /// Who it is for.
    pub name: String,
    /// `84, Heatons`.
    pub where_: String,
    /// Which of the nine conditions; where they fell.
    pub condition: String,
    /// `On the floor since 09:20, 36 minutes`.
    pub floor: Option<String>,
    /// How it stands: `On the way`.
    pub state: Option<Tag>,
    /// Who goes: `Ruth Sample, nurse`; `Nobody yet`.
    pub responder: String,
}

impl Row {
    fn bar(&self) -> &'static str {
        self.standing.class()
    }

    fn rest(&self) -> u8 {
        100 - self.gone.min(100)
    }
}

/// The rule by which minutes are counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    /// `crisis-response@2026-1`.
    pub name: String,
    /// It was not checked against its source.
    pub unverified: bool,
}

/// One table of a board.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// `Waiting for somebody to come`.
    pub title: String,
    /// `least time left first`.
    pub order: String,
    /// Those who wait.
    pub rows: Vec<Row>,
    /// What would stand here.
    pub empty: String,
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "crisis/board.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// `Crisis board`.
    pub heading: String,
    /// `Friday 20 November 2026, 10:14`.
    pub now: String,
    /// What the first column tells: `Time left`.
    pub first: String,
    /// The rules by which the minutes are counted.
    pub rules: Vec<Rule>,
    /// The tables.
    pub sheets: Vec<Sheet>,
    /// The other board: words, address.
    pub other: (String, String),
}

impl View {
    fn columns(&self) -> Vec<Column> {
        [self.first.as_str(), "Who", "What", "State and who goes"].into_iter().map(Column::new).collect()
    }

    fn other_link(&self) -> ActionLink {
        ActionLink::new(&self.other.0, &self.other.1)
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
