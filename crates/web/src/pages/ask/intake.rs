//! The one door: four sentences about somebody who needs help. What the record knows stands beside them and is not asked again. A
//! draft keeps what was typed.

use super::decision::{Field, summary};
use crate::components::{
    ActionLink, BackLink, Button, ErrorSummary, InsetText, NotificationBanner, SummaryList, SummaryRow,
};
use crate::layout::Shell;
use askama::Template;

/// The form.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "ask/intake.html")]
pub struct View {
    /// Shell, with the banner of the person where one was found.
    pub shell: Shell,
    /// Where the form is sent.
    pub action: String,
    /// The id that the ask will have, decided when the form opens: sending it twice is one ask.
    pub id: String,
    /// The person's id; empty for somebody who was not found.
    pub person: String,
    /// When the form was opened, for the time it took: `10:14`.
    pub begun: String,
    /// When the draft was kept last, as a sentence.
    pub kept: Option<String>,
    /// What the record knows and is not asked again: key, value.
    pub known: Vec<(String, String)>,
    /// A sentence where the record could not be asked or may not be shown.
    pub note: Option<String>,
    /// Fields about somebody who was not found.
    pub who: Vec<Field>,
    /// Fields about what is asked for.
    pub what: Vec<Field>,
    /// Fields about whoever asks.
    pub asker: Vec<Field>,
    /// What is wrong, where no single field is.
    pub error: Option<String>,
}

impl View {
    fn back(&self) -> BackLink {
        BackLink::to("Find another person", "/asks/new")
    }

    fn problems(&self) -> Option<ErrorSummary> {
        let fields: Vec<Field> = [&self.who, &self.what, &self.asker].into_iter().flatten().cloned().collect();
        summary(&fields, self.error.as_ref())
    }

    fn kept_banner(&self) -> Option<NotificationBanner> {
        self.kept.as_deref().map(NotificationBanner::important)
    }

    fn known_list(&self) -> SummaryList {
        SummaryList::new(self.known.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }

    fn note_text(&self) -> Option<InsetText> {
        self.note.as_deref().map(InsetText::new)
    }

    fn send(&self) -> Button {
        Button {
            prevent_double_click: Some(true),
            name_value: Some(("do".to_owned(), "send".to_owned())),
            ..Button::submit("Send it")
        }
    }

    fn keep(&self) -> Button {
        Button { name_value: Some(("do".to_owned(), "keep".to_owned())), ..Button::secondary("Keep as a draft") }
    }
}

/// The form as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}

/// One draft of the reader's own.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// What it is about, in a few words: the person is not named before the draft is opened.
    pub text: String,
    /// Where it goes on.
    pub href: String,
}

/// Beneath the search of the one door: the ways that need nobody found, and what was not finished.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "ask/door.html")]
pub struct Door {
    /// Where an ask for somebody who was not found begins.
    pub unknown_href: String,
    /// Drafts of the reader's own.
    pub drafts: Vec<Draft>,
}

impl askama::filters::HtmlSafe for Door {}

impl Door {
    fn unknown(&self) -> ActionLink {
        ActionLink::new("They are not here, or nobody knows their name", &self.unknown_href)
    }
}
