//! Find a person: by name and date of birth, or by NHS number. The form is sent by POST, so that no name and no number
//! ever stands in an address.

use crate::components::{Button, DateInput, DatePart, Details, ErrorSummary, Html, Input, Label, Legend, Problem};
use crate::layout::Shell;
use crate::pages::ask::intake::Door;
use askama::Template;

/// One person found.
#[derive(Debug, Clone, Default)]
pub struct Hit {
    /// Address of the record; carries an opaque id.
    pub href: String,
    /// Name.
    pub name: String,
    /// `14 March 1938 (88 years)`.
    pub born: String,
    /// Spaced 3-3-4, or "No NHS number".
    pub nhs_number: String,
    /// On one line.
    pub address: String,
    /// The practice's name.
    pub practice: String,
    /// The neighbourhood's name.
    pub neighbourhood: String,
    /// `Died on …`, if they have died.
    pub died: Option<String>,
}

/// What the search gave.
#[derive(Debug, Clone, Default)]
pub enum Outcome {
    /// Nothing was asked yet, or the form had mistakes.
    #[default]
    NotAsked,
    /// Nobody fits.
    NoOne,
    /// More people fit than are shown; how many, in a sentence.
    TooMany(String),
    /// These people.
    Found(Vec<Hit>),
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "find/page.html")]
pub struct View {
    /// Shell, with the token of the form.
    pub shell: Shell,
    /// What was typed: name.
    pub name: String,
    /// What was typed: day of birth.
    pub day: String,
    /// What was typed: month of birth.
    pub month: String,
    /// What was typed: year of birth.
    pub year: String,
    /// What was typed: NHS number.
    pub nhs_number: String,
    /// What is wrong with the name.
    pub name_error: Option<String>,
    /// What is wrong with the date.
    pub birth_error: Option<String>,
    /// What is wrong with the number.
    pub number_error: Option<String>,
    /// What was found.
    pub outcome: Outcome,
    /// Where somebody is sought to ask for help for them: the ways that need nobody found.
    pub door: Option<Door>,
}

fn error(text: Option<&String>) -> Html {
    text.map(|text| Html::from(text.as_str())).unwrap_or_default()
}

fn typed(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

impl View {
    fn heading(&self) -> &'static str {
        if self.door.is_some() { "Ask for help: who is it for?" } else { "Find a person" }
    }

    fn action(&self) -> &'static str {
        if self.door.is_some() { "/asks/new#found" } else { "/people#found" }
    }

    fn wrong(&self) -> bool {
        self.name_error.is_some() || self.birth_error.is_some() || self.number_error.is_some()
    }

    fn summary(&self) -> ErrorSummary {
        let fields = [("name", &self.name_error), ("birth-day", &self.birth_error), ("nhs-number", &self.number_error)];
        let problems = fields.into_iter().filter_map(|(id, text)| text.as_ref().map(|text| Problem::at(id, text)));
        ErrorSummary::new(problems.collect())
    }

    fn name_field(&self) -> Input {
        Input {
            hint: "First name, family name or both, in any order".into(),
            error: error(self.name_error.as_ref()),
            value: typed(&self.name),
            width: Some(20),
            autocomplete: Some("off".to_owned()),
            spellcheck: Some(false),
            ..Input::new("name", Label::new("Name"))
        }
    }

    fn birth_field(&self) -> DateInput {
        let part = |text: &str| DatePart { value: typed(text), wrong: false };
        DateInput {
            hint: "For example, 31 3 1980".into(),
            error: error(self.birth_error.as_ref()),
            day: part(&self.day),
            month: part(&self.month),
            year: part(&self.year),
            ..DateInput::new("birth", Legend::new("Date of birth"))
        }
    }

    fn number_field(&self) -> Input {
        Input {
            id: "nhs-number".to_owned(),
            hint: "10 digits, spaces allowed. With a number you need nothing else".into(),
            error: error(self.number_error.as_ref()),
            value: typed(&self.nhs_number),
            width: Some(10),
            code: true,
            inputmode: Some("numeric".to_owned()),
            autocomplete: Some("off".to_owned()),
            spellcheck: Some(false),
            ..Input::new("nhs_number", Label::new("NHS number"))
        }
    }

    fn button(&self) -> Button {
        Button::submit("Find")
    }

    fn no_one_help(&self) -> Details {
        let lines = [
            "Try less: the family name alone, or the date of birth alone.",
            "Try the name they had before, or the one they are called by.",
            "Day and month may be the other way round in an old record.",
            "They may live here and have no record yet: a new person appears when the first feed speaks of them.",
        ];
        Details { open: true, ..Details::new("What you can try", Html::bullets(&lines)) }
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
