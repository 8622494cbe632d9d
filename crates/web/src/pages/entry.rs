//! Entry: one line of the record, with its source, author and dates; the same on the summary and on the timeline.

use crate::components::{Colour, Tag};
use askama::Template;
use askama::filters::HtmlSafe;

/// One fact as a reader sees it. Every text is ready to show.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "record/entry.html")]
pub struct Entry {
    /// What it is: `Type 2 diabetes mellitus`.
    pub title: String,
    /// A value with its unit: `7.2 mmol/L`.
    pub value: Option<String>,
    /// A second line: dose, reason, severity, place.
    pub detail: Option<String>,
    /// When it happened, in words: `May 2011`; empty if the source gave no date or the heading above says it.
    pub when: String,
    /// Its state: `Active`.
    pub status: Option<Tag>,
    /// What sort of fact, where entries of several sorts stand together.
    pub kind: Option<String>,
    /// Whose system sent it.
    pub source: String,
    /// Who wrote it, if the source says.
    pub author: Option<String>,
    /// When it came to us: `12 minutes ago`.
    pub arrived: String,
    /// That it is sealed, where the reader holds the seal.
    pub sealed: Option<Tag>,
    /// The way to seal it or to lift the seal: text and address.
    pub seal: Option<(String, String)>,
    /// Where a link leads that looks for this entry.
    pub anchor: Option<String>,
}

impl HtmlSafe for Entry {}

/// The tag of a status word: green where it stands, grey where it is over, red where it was entered in error.
#[must_use]
pub fn status_tag(word: &str, active: bool) -> Tag {
    let colour = match word.to_lowercase().as_str() {
        "entered in error" | "entered-in-error" => Colour::Red,
        _ if active => Colour::Green,
        _ => Colour::Grey,
    };
    let mut letters = word.chars();
    let capital: String = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    Tag::new(&capital).coloured(colour)
}
