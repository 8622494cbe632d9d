//! Quarantine: messages that could not be applied, why, and how to mend them. There is no button to discard one: what
//! came is kept, and leaves this list only by being applied or by being found to be known already.

use crate::components::{
    BackLink, Button, Column, Details, ErrorSummary, Html, Input, InsetText, Label, NotificationBanner, Pagination,
    Problem, Select, SelectOption, SummaryList, SummaryRow, Table, Textarea, WarningCallout,
};
use crate::components::{Cell, Link};
use crate::layout::Shell;
use askama::Template;

/// One message in the list.
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    /// Address of its page, for whoever may read it.
    pub href: Option<String>,
    /// `Tuesday 3 March 2026 at 10:14`.
    pub when: String,
    /// The feed.
    pub feed: String,
    /// What it is: `ADT A08`, `Patient bundle`; empty if that could not be told.
    pub kind: String,
    /// Why it waits, in a sentence.
    pub reason: String,
    /// Where: `PID-7, line 3`.
    pub location: String,
}

/// The list.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "quarantine/list.html")]
pub struct List {
    /// Shell.
    pub shell: Shell,
    /// Feeds to choose from: id, name with count, chosen.
    pub feeds: Vec<(String, String, bool)>,
    /// `30 messages wait, the oldest for 3 days`.
    pub count: String,
    /// This page's messages, oldest first.
    pub rows: Vec<Waiting>,
    /// Other pages.
    pub pagination: Option<Pagination>,
}

impl List {
    fn filtered(&self) -> bool {
        self.feeds.iter().any(|(_, _, chosen)| *chosen)
    }

    fn choice(&self) -> Select {
        let everything =
            SelectOption { text: "Every feed".to_owned(), selected: !self.filtered(), ..SelectOption::default() };
        let feeds = self.feeds.iter().map(|(id, name, chosen)| SelectOption {
            value: id.clone(),
            text: name.clone(),
            selected: *chosen,
            disabled: false,
        });
        Select::new("feed", Label::new("Feed"), std::iter::once(everything).chain(feeds).collect())
    }

    fn button(&self) -> Button {
        Button { prevent_double_click: None, ..Button::secondary("Show") }
    }

    fn table(&self) -> Table {
        let rows = self.rows.iter().map(|row| {
            let reason = row
                .href
                .as_ref()
                .map_or_else(|| row.reason.as_str().into(), |href| Html::of(&Link::new(&row.reason, href)));
            let feed =
                if row.kind.is_empty() { row.feed.as_str().into() } else { Html::with_small(&row.feed, &row.kind) };
            vec![Cell::holding(reason), row.location.as_str().into(), Cell::holding(feed), row.when.as_str().into()]
        });
        let columns = ["Why it waits", "Where", "Feed", "Received"].map(Column::new).to_vec();
        Table::new("Messages that wait", columns, rows.collect())
    }
}

/// The list as HTML.
#[must_use]
pub fn render_list(view: &List) -> String {
    view.to_string()
}

/// One line of the message.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// From 1.
    pub number: usize,
    /// The line.
    pub text: String,
    /// What is wrong is here.
    pub at_fault: bool,
}

/// What became of "fix and replay".
#[derive(Debug, Clone)]
pub enum Replayed {
    /// It was applied; what that changed, in a sentence.
    Applied(String),
    /// It still cannot be applied; the new reason.
    StillWaiting(String),
    /// It turned out to be known already.
    Duplicate,
}

/// One message.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "quarantine/message.html")]
pub struct Message {
    /// Shell, with the token of the form.
    pub shell: Shell,
    /// Address that the form is sent to.
    pub action: String,
    /// Address of the list to go back to.
    pub list_href: String,
    /// The feed.
    pub feed: String,
    /// What it is.
    pub kind: String,
    /// When it came.
    pub when: String,
    /// Why it waits.
    pub reason: String,
    /// Where.
    pub location: String,
    /// What can be done about it, in a sentence, if the program knows.
    pub advice: Option<String>,
    /// The row by its columns, if it is one: name, value, whether it is what is wrong.
    pub columns: Vec<(String, String, bool)>,
    /// True where its words are shown to nobody here: then there are no lines, no columns and no text to change.
    pub sealed: bool,
    /// The message as it came.
    pub lines: Vec<Line>,
    /// What stands in the form: the message, or the text somebody sent that still failed.
    pub text: String,
    /// What was typed: what was changed and why.
    pub note: String,
    /// What is wrong with the text.
    pub text_error: Option<String>,
    /// What is wrong with the note.
    pub note_error: Option<String>,
    /// What became of the last replay.
    pub replayed: Option<Replayed>,
}

impl Message {
    fn wrong(&self) -> bool {
        self.text_error.is_some() || self.note_error.is_some()
    }

    fn summary(&self) -> ErrorSummary {
        let fields = [("text", &self.text_error), ("note", &self.note_error)];
        let problems = fields.into_iter().filter_map(|(id, text)| text.as_ref().map(|text| Problem::at(id, text)));
        ErrorSummary::new(problems.collect())
    }

    fn back(&self) -> BackLink {
        BackLink::to("Back to the quarantine", &self.list_href)
    }

    /// The form is shown while there is something to mend.
    fn open(&self) -> bool {
        !matches!(self.replayed, Some(Replayed::Applied(_) | Replayed::Duplicate))
    }

    fn outcome(&self) -> Option<Html> {
        Some(match self.replayed.as_ref()? {
            Replayed::Applied(sentence) => {
                Html::of(&NotificationBanner::success(&format!("The message was replayed and applied. {sentence}")))
            }
            Replayed::Duplicate => Html::of(&NotificationBanner::success(
                "The message was replayed and turned out to be known already. It is counted as a duplicate and leaves the quarantine.",
            )),
            Replayed::StillWaiting(reason) => Html::of(&WarningCallout {
                level: 2,
                ..WarningCallout::new("The message still cannot be applied", reason)
            }),
        })
    }

    fn facts(&self) -> SummaryList {
        let rows = [
            ("Why it waits", &self.reason),
            ("Where", &self.location),
            ("Feed", &self.feed),
            ("Message", &self.kind),
            ("Received", &self.when),
        ];
        let told = rows.into_iter().filter(|(_, text)| !text.is_empty());
        SummaryList::new(told.map(|(name, text)| SummaryRow::new(name, text)).collect())
    }

    fn column_table(&self) -> Details {
        let rows = self.columns.iter().map(|(name, value, wrong)| {
            let value = if value.is_empty() { "(nothing)" } else { value };
            let cell = if *wrong { Html::with_small(value, "This is what is wrong") } else { value.into() };
            vec![name.as_str().into(), Cell::holding(cell)]
        });
        let columns = vec![Column::new("Column"), Column::new("Value")];
        let table = Table {
            compact: true,
            responsive: false,
            caption_size: None,
            ..Table::new("The row by its columns", columns, rows.collect())
        };
        Details::new("Read the row by its columns", Html::of(&table))
    }

    fn advice_text(&self) -> Option<InsetText> {
        self.advice.as_deref().map(InsetText::new)
    }

    fn text_field(&self) -> Textarea {
        Textarea {
            hint: "Change only what is wrong. The message as it came is kept beside yours".into(),
            error: self.text_error.as_deref().map(Html::from).unwrap_or_default(),
            value: self.text.clone(),
            rows: u16::try_from(self.lines.len().clamp(4, 16)).unwrap_or(12),
            spellcheck: Some(false),
            autocomplete: Some("off".to_owned()),
            classes: "weft-code".to_owned(),
            ..Textarea::new("text", Label::new("The message to replay"))
        }
    }

    fn note_field(&self) -> Input {
        Input {
            hint: if self.sealed {
                "Whom you asked, and what they said. Do not write down what the message says".into()
            } else {
                "For example, “birth date had day and month the wrong way round; the practice confirmed it”".into()
            },
            error: self.note_error.as_deref().map(Html::from).unwrap_or_default(),
            value: (!self.note.is_empty()).then(|| self.note.clone()),
            autocomplete: Some("off".to_owned()),
            ..Input::new(
                "note",
                Label::new(if self.sealed {
                    "Why do you try it again?"
                } else {
                    "What did you change, and how do you know?"
                }),
            )
        }
    }

    fn button(&self) -> Button {
        Button::submit(if self.sealed { "Try again as it came" } else { "Fix and replay" })
    }

    fn no_discard(&self) -> Details {
        Details::new(
            "Why there is no button to discard it",
            Html::paragraph(
                "Somebody sent this about a person, and it may matter. Whatever a source sends is kept and counted, so that received is always applied plus duplicates plus quarantined. If the message is wrong, ask its source to send a correction.",
            ),
        )
    }
}

/// One message as HTML.
#[must_use]
pub fn render_message(view: &Message) -> String {
    view.to_string()
}
