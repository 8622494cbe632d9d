//! Triage: left what was asked and what the record says, right the services that could help, in order of fit. One press accepts the
//! first; another needs a reason. What stands on this page is what is recorded with the decision.

use super::decision::Field;
use crate::components::{
    ActionLink, BackLink, Button, ErrorSummary, Html, Label, Problem, Select, SelectOption, SummaryList, SummaryRow,
    Tag,
};
use crate::layout::Shell;
use askama::Template;
use askama::filters::HtmlSafe;

/// One service that could help.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "triage/offer.html")]
pub struct Offer {
    /// Its place in the order, from 1.
    pub rank: usize,
    /// The word that is sent.
    pub service: String,
    /// Its name.
    pub name: String,
    /// The level of need it meets.
    pub level: String,
    /// `7 of 9 beds free, seen 12 minutes ago`.
    pub free: String,
    /// Its figure is older than it is good for, or there is none.
    pub stale: bool,
    /// There is a figure, and it is old.
    pub old: bool,
    /// `About 9 minutes away`.
    pub travel: String,
    /// `1 hour 12 minutes of the two hours left`.
    pub clock: String,
    /// What speaks for it, or first what stands against it.
    pub why: Vec<String>,
    /// It cannot take this person now.
    pub closed: bool,
    /// Where the choice is sent.
    pub action: String,
    /// The session's token.
    pub token: String,
    /// A number of what stands on the page: where it has changed meanwhile, nothing is decided.
    pub seen: String,
    /// The level that the page is opened at.
    pub at_level: String,
    /// Reasons for choosing another than the first: word, text. Empty for the first.
    pub reasons: Vec<(String, String)>,
    /// What is wrong with the choice of it.
    pub error: Option<String>,
    /// The reason that was chosen.
    pub reason: String,
}

impl HtmlSafe for Offer {}

impl Offer {
    fn reason_id(&self) -> String {
        format!("reason-{}", self.service)
    }

    fn reason_field(&self) -> Select {
        let none = SelectOption { text: "Choose a reason".to_owned(), ..SelectOption::default() };
        let each = |(value, text): &(String, String)| SelectOption {
            value: value.clone(),
            text: text.clone(),
            selected: *value == self.reason,
            disabled: false,
        };
        let options = std::iter::once(none).chain(self.reasons.iter().map(each)).collect();
        Select {
            id: self.reason_id(),
            error: self.error.as_deref().map(Html::from).unwrap_or_default(),
            ..Select::new("reason", Label::new("Why this one and not the first"), options)
        }
    }

    fn accept(&self) -> Button {
        let text = format!("Choose {}", self.name);
        let button = if self.rank == 1 { Button::submit(&text) } else { Button::secondary(&text) };
        Button { small: true, prevent_double_click: Some(true), ..button }
    }
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "triage/page.html")]
pub struct View {
    /// Shell, with the banner of the person.
    pub shell: Shell,
    /// Back to the ask.
    pub back_href: String,
    /// Why nothing was decided, as a sentence.
    pub notice: Option<String>,
    /// What was asked: question, answer.
    pub said: Vec<(String, String)>,
    /// What the record says that matters here: key, value.
    pub known: Vec<(String, String)>,
    /// How it stands, and by when.
    pub clock: Option<(Tag, String)>,
    /// The level that was chosen; the offers follow it.
    pub level: Field,
    /// Where a change of level is sent.
    pub level_action: String,
    /// The services, in order of fit.
    pub offers: Vec<Offer>,
    /// Other ways: advice alone, ask for more, hand on, decline with an alternative. Words, address.
    pub other: Vec<(String, String)>,
    /// How the order was found, in a sentence.
    pub method: String,
}

impl View {
    fn back(&self) -> BackLink {
        BackLink::to("Back to the ask", &self.back_href)
    }

    fn problems(&self) -> Option<ErrorSummary> {
        let at_offers = self
            .offers
            .iter()
            .filter_map(|offer| offer.error.as_ref().map(|text| Problem::at(&offer.reason_id(), text)));
        let alone = self.notice.as_ref().map(|text| Problem { text: Html::from(text.as_str()), href: None });
        let problems: Vec<Problem> = alone.into_iter().chain(at_offers).collect();
        (!problems.is_empty()).then(|| ErrorSummary::new(problems))
    }

    fn said_list(&self) -> SummaryList {
        SummaryList::new(self.said.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }

    fn known_list(&self) -> SummaryList {
        SummaryList::new(self.known.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }

    fn change(&self) -> Button {
        Button { small: true, ..Button::secondary("Show services of this level") }
    }

    fn others(&self) -> Vec<ActionLink> {
        self.other.iter().map(|(text, href)| ActionLink::new(text, href)).collect()
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
