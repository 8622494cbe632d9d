//! Input: one line of text.

use super::field::Notes;
use super::{Html, Label, classes};
use askama::Template;
use askama::filters::HtmlSafe;

/// A text field with its label, hint and error.
#[derive(Debug, Clone, Template)]
#[template(path = "components/input.html")]
pub struct Input {
    /// Its id; the name, unless said.
    pub id: String,
    /// Its name in the form.
    pub name: String,
    /// What to type.
    pub label: Label,
    /// Help; empty for none.
    pub hint: Html,
    /// What is wrong; empty for nothing.
    pub error: Html,
    /// Shown as wrong without a message of its own (a part of a date).
    pub marked_wrong: bool,
    /// What was typed before.
    pub value: Option<String>,
    /// `text`, `search`, `email` …
    pub kind: String,
    /// Width in characters: 2, 3, 4, 5, 10, 20 or 30.
    pub width: Option<u8>,
    /// Digits and letters are spaced as a code, for numbers read out one by one.
    pub code: bool,
    /// `numeric` brings up the digits on a phone.
    pub inputmode: Option<String>,
    /// Whether the browser checks the spelling; off for names and numbers.
    pub spellcheck: Option<bool>,
    /// What the browser may fill in; `off` on another person's data.
    pub autocomplete: Option<String>,
    /// Of a field for files: several may be chosen, of these media types.
    pub files: Option<String>,
    /// Shown, but cannot be changed.
    pub disabled: bool,
    /// Text joined before the field.
    pub prefix: Option<String>,
    /// Text joined after the field.
    pub suffix: Option<String>,
    /// Further classes.
    pub classes: String,
}

impl HtmlSafe for Input {}

impl Input {
    /// A field with this name, which is also its id.
    #[must_use]
    pub fn new(name: &str, label: Label) -> Self {
        Self {
            id: name.to_owned(),
            name: name.to_owned(),
            label,
            hint: Html::default(),
            error: Html::default(),
            marked_wrong: false,
            value: None,
            kind: "text".to_owned(),
            width: None,
            code: false,
            inputmode: None,
            spellcheck: None,
            autocomplete: None,
            files: None,
            disabled: false,
            prefix: None,
            suffix: None,
            classes: String::new(),
        }
    }

    fn wrong(&self) -> bool {
        self.marked_wrong || !self.error.is_empty()
    }

    fn notes(&self) -> Notes {
        Notes::of(&self.id, &self.hint, &self.error)
    }

    fn pointing_label(&self) -> Label {
        self.label.pointing_at(&self.id)
    }

    fn wrapped(&self) -> bool {
        self.prefix.is_some() || self.suffix.is_some()
    }

    fn class_list(&self) -> String {
        let width = self.width.map(|width| format!("nhsuk-input--width-{width}")).unwrap_or_default();
        let applied = [
            (self.code, "nhsuk-input--code"),
            (self.wrong(), "nhsuk-input--error"),
            (self.width.is_some(), width.as_str()),
        ];
        classes("nhsuk-input", &applied, &self.classes)
    }
}
