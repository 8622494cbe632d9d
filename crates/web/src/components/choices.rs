//! Radios (one of a few) and checkboxes (any of a few): the same markup with another word in it.

use super::field::Notes;
use super::{Fieldset, Hint, Html, Label, Legend, classes};
use askama::Template;
use askama::filters::HtmlSafe;

/// One choice.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: Html,
    /// Help under it; empty for none.
    pub hint: Html,
    /// Chosen now.
    pub checked: bool,
    /// Cannot be chosen.
    pub disabled: bool,
    /// A word between this choice and the one before ("or"); the rest is then ignored.
    pub divider: Option<String>,
}

impl Choice {
    /// A choice with its value and text.
    #[must_use]
    pub fn new(value: &str, text: &str, checked: bool) -> Self {
        Self { value: value.to_owned(), text: text.into(), checked, ..Self::default() }
    }
}

/// Radios or checkboxes with their question.
#[derive(Debug, Clone, Template)]
#[template(path = "components/choices.html")]
pub struct Choices {
    /// `radios` or `checkboxes`.
    block: &'static str,
    /// `radio` or `checkbox`.
    kind: &'static str,
    /// Ids begin with this; the first has it alone, so that an error summary can point at it.
    pub id_prefix: String,
    /// Name in the form.
    pub name: String,
    /// The question.
    pub legend: Option<Legend>,
    /// Help; empty for none.
    pub hint: Html,
    /// What is wrong; empty for nothing.
    pub error: Html,
    /// The choices.
    pub choices: Vec<Choice>,
    /// Smaller boxes, for filters.
    pub small: bool,
    /// Side by side.
    pub inline: bool,
}

impl HtmlSafe for Choices {}

impl Choices {
    /// One of these.
    #[must_use]
    pub fn radios(name: &str, legend: Legend, choices: Vec<Choice>) -> Self {
        Self::new("radios", "radio", name, legend, choices)
    }

    /// Any of these.
    #[must_use]
    pub fn checkboxes(name: &str, legend: Legend, choices: Vec<Choice>) -> Self {
        Self::new("checkboxes", "checkbox", name, legend, choices)
    }

    fn new(block: &'static str, kind: &'static str, name: &str, legend: Legend, choices: Vec<Choice>) -> Self {
        Self {
            block,
            kind,
            id_prefix: name.to_owned(),
            name: name.to_owned(),
            legend: Some(legend),
            hint: Html::default(),
            error: Html::default(),
            choices,
            small: false,
            inline: false,
        }
    }

    /// The fieldset around the group, with hint and error in it.
    fn fieldset(&self) -> Fieldset {
        let notes = Notes::of(&self.id_prefix, &self.hint, &self.error);
        let small = format!("nhsuk-{}--small", self.block);
        let inline = format!("nhsuk-{}--inline", self.block);
        let block = format!("nhsuk-{}", self.block);
        let group = Group {
            block: self.block,
            kind: self.kind,
            name: &self.name,
            classes: classes(&block, &[(self.small, &small), (self.inline, &inline)], ""),
            items: self.choices.iter().enumerate().map(|(index, choice)| self.item(index, choice)).collect(),
        };
        let mut pieces: Vec<Html> = notes.hint.iter().map(Html::of).collect();
        pieces.extend(notes.error.iter().map(Html::of));
        pieces.push(Html::of(&group));
        Fieldset {
            legend: self.legend.clone(),
            content: Html::join(&pieces),
            described_by: notes.described_by,
            role: None,
        }
    }

    fn item(&self, index: usize, choice: &Choice) -> Item {
        let id = if index == 0 { self.id_prefix.clone() } else { format!("{}-{}", self.id_prefix, index + 1) };
        let hint = (!choice.hint.is_empty()).then(|| Hint {
            text: choice.hint.clone(),
            id: Some(format!("{id}-item-hint")),
            classes: format!("nhsuk-{}__hint", self.block),
        });
        let label = Label {
            text: choice.text.clone(),
            of: Some(id.clone()),
            classes: format!("nhsuk-{}__label", self.block),
            ..Label::default()
        };
        Item { choice: choice.clone(), label, hint, id }
    }
}

/// The choices without their question.
#[derive(Template)]
#[template(path = "components/choice_group.html")]
struct Group<'a> {
    block: &'static str,
    kind: &'static str,
    name: &'a str,
    classes: String,
    items: Vec<Item>,
}

impl HtmlSafe for Group<'_> {}

struct Item {
    id: String,
    choice: Choice,
    label: Label,
    hint: Option<Hint>,
}
