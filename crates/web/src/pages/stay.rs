//! One stay in intermediate care: who, on which day of it, what for, until when, what has been done, and what can be done next. Must
//! not show a goal to whom the policies show no ask.

use super::ask::clock::ClockLine;
use super::ask::{Step, Way};
use crate::components::{ActionLink, BackLink, Cell, Column, NotificationBanner, SummaryList, SummaryRow, Table, Tag};
use crate::layout::Shell;
use askama::Template;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "stay/page.html")]
pub struct View {
    /// Shell, with the banner of the person.
    pub shell: Shell,
    /// The service: `Active recovery beds`.
    pub heading: String,
    /// How it stands.
    pub state: Option<Tag>,
    /// Which day it is, and what comes next, as a sentence.
    pub lead: String,
    /// Something done just now.
    pub done: Option<String>,
    /// Something that must be read first: its length is over.
    pub alarm: Option<String>,
    /// The clock of its length.
    pub clock: Option<ClockLine>,
    /// Goals: which, and how far.
    pub goals: Vec<(String, String)>,
    /// What is known of it: key, value.
    pub facts: Vec<(String, String)>,
    /// What the reader can do next.
    pub ways: Vec<Way>,
    /// Everything that happened to it, the latest first.
    pub steps: Vec<Step>,
}

impl View {
    fn back(&self) -> BackLink {
        BackLink::to("Stays", "/stays")
    }

    fn done_banner(&self) -> Option<NotificationBanner> {
        self.done.as_deref().map(NotificationBanner::success)
    }

    fn alarm_banner(&self) -> Option<NotificationBanner> {
        self.alarm.as_deref().map(|words| NotificationBanner::important(words).beside("alarm-title"))
    }

    fn goals_table(&self) -> Table {
        let rows =
            self.goals.iter().map(|(goal, reached)| vec![Cell::from(goal.as_str()), Cell::from(reached.as_str())]);
        Table::new(
            "Goals",
            vec![Column::new("What they want to be able to do"), Column::new("How far")],
            rows.collect(),
        )
    }

    fn facts_list(&self) -> SummaryList {
        SummaryList::new(self.facts.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }

    fn links(&self) -> Vec<ActionLink> {
        self.ways.iter().map(|way| ActionLink::new(&way.text, &way.href)).collect()
    }
}
