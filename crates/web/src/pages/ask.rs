//! One ask for help, door to door: who it is for, what was said, who has it now, its clocks, every step it has gone, and what can
//! be done next. Lists of asks, and the form that begins one, are in the modules beneath.
//!
//! Every wording is decided before it comes here; nothing is left out here that the reader may not see, since it never arrives.

pub mod board;
pub mod clock;
pub mod decision;
pub mod intake;
pub mod list;
pub mod triage;

use crate::components::{
    ActionLink, BackLink, Html, InsetText, Link, NotificationBanner, SummaryList, SummaryRow, Tag,
};
use crate::layout::Shell;
use askama::Template;
use clock::ClockLine;

/// One step that an ask has gone.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// `Friday 20 November 2026 at 10:14`.
    pub when: String,
    /// What happened, as a sentence: `The crisis response team accepted it`.
    pub what: String,
    /// Who did it, with role and organisation.
    pub who: String,
    /// Words that were said with it, as they were said.
    pub words: Option<String>,
    /// Facts that stood on the screen when it was decided.
    pub seen: Vec<String>,
}

/// Something that can be done next, on a page of its own.
#[derive(Debug, Clone, Default)]
pub struct Way {
    /// What it is: `Accept it`.
    pub text: String,
    /// Where.
    pub href: String,
}

/// The page of one ask.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "ask/page.html")]
pub struct View {
    /// Shell, with the banner of the person, where one is known.
    pub shell: Shell,
    /// Where the reader came from: words, address.
    pub back: (String, String),
    /// Pictures and letters that came with it: words, where each is had.
    pub files: Vec<(String, String)>,
    /// What it is an ask for: `Crisis response`.
    pub heading: String,
    /// The number to say on the telephone: `7F3A 22B1`.
    pub number: String,
    /// Who it is for, where nobody in the record is known to be them.
    pub described: Option<String>,
    /// How it stands.
    pub state: Option<Tag>,
    /// Who has it now, as a sentence. Never empty: an ask without an owner does not exist.
    pub owner: String,
    /// What happens next, as a sentence, and by when.
    pub next: String,
    /// Something done just now.
    pub done: Option<String>,
    /// Something that must be read first: an offer that nobody has taken for too long.
    pub alarm: Option<String>,
    /// The clocks that run or ran for it.
    pub clocks: Vec<ClockLine>,
    /// What was said: question, answer, in the words of whoever asked.
    pub said: Vec<(String, String)>,
    /// What stands above what is known of it; empty for an ask itself.
    pub about: String,
    /// What is known of it: key, value.
    pub facts: Vec<(String, String)>,
    /// What the reader can do next.
    pub ways: Vec<Way>,
    /// Everything that happened to it, the latest first.
    pub steps: Vec<Step>,
}

impl View {
    fn file_links(&self) -> Vec<Link> {
        self.files.iter().map(|(words, href)| Link::new(words, href)).collect()
    }

    fn back_link(&self) -> BackLink {
        BackLink::to(&self.back.0, &self.back.1)
    }

    fn done_banner(&self) -> Option<NotificationBanner> {
        self.done.as_deref().map(NotificationBanner::success)
    }

    fn alarm_banner(&self) -> Option<NotificationBanner> {
        self.alarm.as_deref().map(|words| NotificationBanner::important(words).beside("alarm-title"))
    }

    fn said_list(&self) -> SummaryList {
        list_of(&self.said)
    }

    fn facts_list(&self) -> SummaryList {
        list_of(&self.facts)
    }

    fn ways_links(&self) -> Vec<ActionLink> {
        self.ways.iter().map(|way| ActionLink::new(&way.text, &way.href)).collect()
    }

    fn who_it_is_for(&self) -> Option<InsetText> {
        self.described.as_ref().map(|words| InsetText { content: Html::from(words.as_str()) })
    }
}

/// Pairs as a summary list.
fn list_of(pairs: &[(String, String)]) -> SummaryList {
    SummaryList::new(pairs.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
