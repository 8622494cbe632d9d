//! Select: one of a list, where radios would be too long.

use super::field::Notes;
use super::{Html, Label};
use askama::Template;
use askama::filters::HtmlSafe;

/// One entry of the list.
#[derive(Debug, Clone, Default)]
pub struct SelectOption {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// Chosen now.
    pub selected: bool,
    /// Cannot be chosen.
    pub disabled: bool,
}

/// A list to choose one from.
#[derive(Debug, Clone, Template)]
#[template(path = "components/select.html")]
pub struct Select {
    /// Its id.
    pub id: String,
    /// Its name in the form.
    pub name: String,
    /// What to choose.
    pub label: Label,
    /// Help; empty for none.
    pub hint: Html,
    /// What is wrong; empty for nothing.
    pub error: Html,
    /// The entries.
    pub options: Vec<SelectOption>,
    /// Shown, but cannot be changed.
    pub disabled: bool,
}

impl HtmlSafe for Select {}

impl Select {
    /// A list with this name, which is also its id.
    #[must_use]
    pub fn new(name: &str, label: Label, options: Vec<SelectOption>) -> Self {
        Self {
            id: name.to_owned(),
            name: name.to_owned(),
            label,
            hint: Html::default(),
            error: Html::default(),
            options,
            disabled: false,
        }
    }

    fn notes(&self) -> Notes {
        Notes::of(&self.id, &self.hint, &self.error)
    }

    fn pointing_label(&self) -> Label {
        self.label.pointing_at(&self.id)
    }
}
