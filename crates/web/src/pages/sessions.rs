//! Sessions: where somebody is signed in now, and the way to end what they do not know. Nothing of any person's record.

use crate::components::{Button, ButtonKind, NotificationBanner};
use crate::layout::Shell;
use askama::Template;

/// One session.
#[derive(Debug, Clone, Default)]
pub struct Session {
    /// Its id, for the form; opaque.
    pub id: String,
    /// `A program, as GP`.
    pub title: String,
    /// `Since 22 November 2026 at 09:30; last used …`.
    pub since: String,
    /// The one with which this page is read.
    pub this: bool,
}

impl Session {
    fn button(&self) -> Option<Button> {
        let name_value = Some(("session".to_owned(), self.id.clone()));
        (!self.this).then(|| Button { name_value, ..Button::secondary("End it") })
    }
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "sessions/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// What was done, in a sentence.
    pub done: Option<String>,
    /// The sessions, the newest first.
    pub sessions: Vec<Session>,
    /// How long one lives unused: `30 minutes`.
    pub idle: String,
}

impl View {
    fn done_banner(&self) -> Option<NotificationBanner> {
        self.done.as_ref().map(|done| NotificationBanner::success(done))
    }

    fn all_others(&self) -> Button {
        let name_value = Some(("others".to_owned(), "yes".to_owned()));
        Button { kind: ButtonKind::Warning, name_value, ..Button::submit("End all but this one") }
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
