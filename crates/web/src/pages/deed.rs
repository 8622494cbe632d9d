//! A deed on a page of measures, beds or challenges: what it does, the fields it takes, one button. Closed until it is pressed, so
//! that whoever only reads is not in the way of it.

use crate::components::{Button, Details, Html, InsetText, NotificationBanner};
use crate::pages::ask::decision::Field;
use askama::Template;
use askama::filters::HtmlSafe;

/// One deed.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "deed/form.html")]
pub struct Deed {
    /// Where it is sent.
    pub action: String,
    /// The session's token.
    pub token: String,
    /// Its word.
    pub word: String,
    /// What is sent with it and not shown.
    pub hidden: Vec<(String, String)>,
    /// What it is: "Sign for the commissioners".
    pub heading: String,
    /// What follows from it.
    pub lead: String,
    /// The fields.
    pub fields: Vec<Field>,
    /// What the button says.
    pub button: String,
    /// It was sent and came back.
    pub open: bool,
}

impl HtmlSafe for Deed {}

impl Deed {
    /// A deed without fields.
    #[must_use]
    pub fn new(word: &str, heading: &str, lead: &str, button: &str) -> Self {
        let owned = str::to_owned;
        Self { word: owned(word), heading: owned(heading), lead: owned(lead), button: owned(button), ..Self::default() }
    }

    /// With fields.
    #[must_use]
    pub fn asking(self, fields: Vec<Field>) -> Self {
        Self { fields, ..self }
    }

    fn submit(&self) -> Button {
        Button { prevent_double_click: Some(true), ..Button::submit(&self.button) }
    }
}

/// What can be done on a page, and what came of what was done.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "deed/all.html")]
pub struct Deeds {
    /// Each.
    pub deeds: Vec<Deed>,
}

impl HtmlSafe for Deeds {}

impl Deeds {
    fn folded(&self) -> Vec<Html> {
        let fold = |deed: &Deed| Html::of(&Details { open: deed.open, ..Details::new(&deed.heading, Html::of(deed)) });
        self.deeds.iter().map(fold).collect()
    }
}

/// What came of a deed: done, or refused in words.
#[derive(Debug, Clone, Default)]
pub struct Came {
    /// It was done.
    pub done: Option<String>,
    /// It was refused.
    pub refused: Option<String>,
}

impl Came {
    /// As it stands at the top of the page.
    #[must_use]
    pub fn banner(&self) -> Option<NotificationBanner> {
        match (&self.refused, &self.done) {
            (Some(words), _) => Some(NotificationBanner::important(words)),
            (None, Some(words)) => Some(NotificationBanner::success(words)),
            (None, None) => None,
        }
    }
}

/// What stands on every page whose figures are invented.
#[must_use]
pub fn invented(is: bool) -> Option<InsetText> {
    is.then(|| {
        InsetText::new("Every figure on this page is invented for the demonstration and says nothing about Stockport.")
    })
}
