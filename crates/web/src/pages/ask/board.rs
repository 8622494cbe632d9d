//! The crisis board: who is waiting for somebody to come, least time left first, to be read from three metres.

use super::clock::Standing;
use crate::components::{Column, Tag};
use crate::layout::Shell;
use askama::Template;

/// One person who waits.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Page of the response.
    pub href: String,
    /// Minutes left, large: `12 min`; `8 min late`.
    pub left: String,
    /// How the clock stands.
    pub standing: Standing,
    /// How much of the time is gone, of 100.
    pub gone: u8,
    /// Who it is for.
    pub name: String,
    /// `84, Heatons`.
    pub where_: String,
    /// Which of the nine conditions.
    pub condition: String,
    /// `On the floor since 09:20, 36 minutes`.
    pub floor: Option<String>,
    /// How it stands: `En route`.
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

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "crisis/board.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// `Friday 20 November 2026, 10:14`.
    pub now: String,
    /// Those who wait, least time left first.
    pub waiting: Vec<Row>,
    /// Those who are being looked after, up to 72 hours.
    pub with_us: Vec<Row>,
    /// The rule by which the minutes are counted.
    pub policy: String,
}

impl View {
    fn columns() -> Vec<Column> {
        ["Time left", "Who", "What", "State and who goes"].into_iter().map(Column::new).collect()
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
