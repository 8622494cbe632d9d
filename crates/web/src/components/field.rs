//! The parts that form fields share: label, legend, hint, error message, fieldset.

use super::{Html, Size};
use askama::Template;
use askama::filters::HtmlSafe;

/// The label of one field.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/label.html")]
pub struct Label {
    /// What to type here.
    pub text: Html,
    /// Size, if it stands alone on the page.
    pub size: Option<Size>,
    /// The level of the heading it is, if it is one.
    pub heading: Option<u8>,
    /// A quieter line above it.
    pub caption: Option<String>,
    /// The id of its field.
    pub of: Option<String>,
    /// Further classes.
    pub classes: String,
}

impl HtmlSafe for Label {}

impl Label {
    fn caption_class(&self) -> String {
        caption_class(self.size)
    }

    /// A label of plain text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// The same label, pointing at its field.
    #[must_use]
    pub(crate) fn pointing_at(&self, id: &str) -> Self {
        Self { of: Some(id.to_owned()), ..self.clone() }
    }
}

/// The question that a group of fields answers.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/legend.html")]
pub struct Legend {
    /// The question.
    pub text: Html,
    /// Size.
    pub size: Option<Size>,
    /// The level of the heading it is, if it is one.
    pub heading: Option<u8>,
    /// A quieter line above it.
    pub caption: Option<String>,
}

impl HtmlSafe for Legend {}

impl Legend {
    fn caption_class(&self) -> String {
        caption_class(self.size)
    }

    /// A legend of plain text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// Captions come in three sizes; the plain class is the small one.
fn caption_class(size: Option<Size>) -> String {
    match size {
        Some(Size::S) | None => "nhsuk-caption".to_owned(),
        Some(size) => format!("nhsuk-caption-{size}"),
    }
}

/// A line of help before a field.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/hint.html")]
pub struct Hint {
    /// The help.
    pub text: Html,
    /// Its id, that the field points at.
    pub id: Option<String>,
    /// Further classes.
    pub classes: String,
}

impl HtmlSafe for Hint {}

/// What is wrong with a field and what to do.
#[derive(Debug, Clone, Template)]
#[template(path = "components/error_message.html")]
pub struct ErrorMessage {
    /// The message.
    pub text: Html,
    /// Its id, that the field points at.
    pub id: Option<String>,
    /// Hidden word before it: "Error".
    pub prefix: String,
}

impl HtmlSafe for ErrorMessage {}

impl ErrorMessage {
    /// A message with its id.
    #[must_use]
    pub fn new(text: Html, id: Option<String>) -> Self {
        Self { text, id, prefix: "Error".to_owned() }
    }
}

/// Several fields that answer one question.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/fieldset.html")]
pub struct Fieldset {
    /// The question.
    pub legend: Option<Legend>,
    /// The fields.
    pub content: Html,
    /// Ids of hint and error, with spaces between them.
    pub described_by: String,
    /// `group` where the fields are text, so that screen readers read the hint.
    pub role: Option<String>,
}

impl HtmlSafe for Fieldset {}

/// Hint, error and the ids that a field points at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Notes {
    pub(crate) hint: Option<Hint>,
    pub(crate) error: Option<ErrorMessage>,
    pub(crate) described_by: String,
}

impl Notes {
    /// The notes of the field with this id; empty texts give none.
    pub(crate) fn of(id: &str, hint: &Html, error: &Html) -> Self {
        let mut notes = Self::default();
        let mut ids = Vec::new();
        if !hint.is_empty() {
            let hint_id = format!("{id}-hint");
            notes.hint = Some(Hint { text: hint.clone(), id: Some(hint_id.clone()), classes: String::new() });
            ids.push(hint_id);
        }
        if !error.is_empty() {
            let error_id = format!("{id}-error");
            notes.error = Some(ErrorMessage::new(error.clone(), Some(error_id.clone())));
            ids.push(error_id);
        }
        notes.described_by = ids.join(" ");
        notes
    }
}
