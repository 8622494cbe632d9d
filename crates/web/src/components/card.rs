//! Card: a box with a heading and content, for a person in a list, a section of the record, a warning.

use super::{Html, Size, classes};
use askama::Template;
use askama::filters::HtmlSafe;

/// What a card is for; decides its look and the hidden words before its heading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CardKind {
    /// An ordinary box.
    #[default]
    Plain,
    /// The heading stands in a coloured tab.
    Feature,
    /// Lower in the hierarchy.
    Secondary,
    /// A yellow warning.
    Warning,
    /// Blue: advice that can wait.
    NonUrgent,
    /// Red: soon.
    Urgent,
    /// Red and black: now.
    Emergency,
}

/// A card.
#[derive(Debug, Clone, Template)]
#[template(path = "components/card.html")]
pub struct Card {
    /// Its heading, in words.
    pub heading: Option<String>,
    /// Hidden words before the heading, for screen readers: "Important".
    pub prefix: Option<String>,
    /// Heading level; 2 unless said.
    pub level: u8,
    /// Heading size, if not the default.
    pub size: Option<Size>,
    /// Where the heading leads.
    pub href: Option<String>,
    /// The whole card can be pressed.
    pub clickable: bool,
    /// What it is for.
    pub kind: CardKind,
    /// A sentence under the heading.
    pub description: Option<String>,
    /// Anything else under the heading.
    pub content: Html,
}

impl Default for Card {
    fn default() -> Self {
        Self {
            heading: None,
            prefix: None,
            level: 2,
            size: None,
            href: None,
            clickable: false,
            kind: CardKind::default(),
            description: None,
            content: Html::default(),
        }
    }
}

impl HtmlSafe for Card {}

impl Card {
    fn classes(&self) -> String {
        let kind = match self.kind {
            CardKind::Plain => "",
            CardKind::Feature => "nhsuk-card--feature",
            CardKind::Secondary => "nhsuk-card--secondary",
            CardKind::Warning => "nhsuk-card--warning",
            CardKind::NonUrgent => "nhsuk-card--care nhsuk-card--care--non-urgent",
            CardKind::Urgent => "nhsuk-card--care nhsuk-card--care--urgent",
            CardKind::Emergency => "nhsuk-card--care nhsuk-card--care--emergency",
        };
        classes("nhsuk-card", &[(self.clickable, "nhsuk-card--clickable")], kind)
    }

    /// Care cards stand their heading in a bar of its own.
    fn is_care(&self) -> bool {
        matches!(self.kind, CardKind::NonUrgent | CardKind::Urgent | CardKind::Emergency)
    }

    fn hidden_words(&self) -> Option<&str> {
        match (self.prefix.as_deref(), self.kind) {
            (Some(words), _) => Some(words),
            (None, CardKind::NonUrgent) => Some("Non-urgent advice"),
            (None, CardKind::Urgent) => Some("Urgent advice"),
            (None, CardKind::Emergency) => Some("Immediate action required"),
            (None, _) => None,
        }
    }

    fn linked(&self) -> Option<&str> {
        self.href.as_deref().filter(|_| self.kind != CardKind::Feature)
    }
}
