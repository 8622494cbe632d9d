//! Textarea: several lines of text.

use super::field::Notes;
use super::{Html, Label, classes};
use askama::Template;
use askama::filters::HtmlSafe;

/// A text field of several lines.
#[derive(Debug, Clone, Template)]
#[template(path = "components/textarea.html")]
pub struct Textarea {
    /// Its id.
    pub id: String,
    /// Its name in the form.
    pub name: String,
    /// What to type.
    pub label: Label,
    /// Help; empty for none.
    pub hint: Html,
    /// What is wrong; empty for nothing.
    pub error: Html,
    /// What stands in it.
    pub value: String,
    /// Lines shown; 5 unless said.
    pub rows: u16,
    /// Whether the browser checks the spelling.
    pub spellcheck: Option<bool>,
    /// What the browser may fill in.
    pub autocomplete: Option<String>,
    /// Shown, but cannot be changed.
    pub disabled: bool,
    /// Further classes.
    pub classes: String,
}

impl HtmlSafe for Textarea {}

impl Textarea {
    /// A field of five lines with this name, which is also its id.
    #[must_use]
    pub fn new(name: &str, label: Label) -> Self {
        Self {
            id: name.to_owned(),
            name: name.to_owned(),
            label,
            hint: Html::default(),
            error: Html::default(),
            value: String::new(),
            rows: 5,
            spellcheck: None,
            autocomplete: None,
            disabled: false,
            classes: String::new(),
        }
    }

    fn notes(&self) -> Notes {
        Notes::of(&self.id, &self.hint, &self.error)
    }

    fn pointing_label(&self) -> Label {
        self.label.pointing_at(&self.id)
    }

    fn class_list(&self) -> String {
        classes("nhsuk-textarea", &[(!self.error.is_empty(), "nhsuk-textarea--error")], &self.classes)
    }
}
