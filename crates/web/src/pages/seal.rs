//! Seal: sealing one entry of a record, lifting the seal, keeping the entry from the person. Says what each level means in plain
//! words before anybody chooses one.

use crate::components::{
    BackLink, Button, ButtonKind, Choice, Choices, DateInput, DatePart, ErrorSummary, Html, InsetText, Label, Legend,
    Problem, SummaryList, SummaryRow, Textarea,
};
use crate::layout::Shell;
use crate::pages::glass::{Chosen, wrong};
use askama::Template;

/// A seal that stands on the entry and that the reader may lift.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// What is sent to say which.
    pub id: String,
    /// `Sealed out of sight by Marple Bridge Surgery since 20 November 2026, at the person's wish.`
    pub sentence: String,
    /// What the button says.
    pub lift: String,
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "seal/page.html")]
pub struct View {
    /// Shell, with the banner of the person and the token of the forms.
    pub shell: Shell,
    /// Address that the forms are sent to.
    pub action: String,
    /// The record.
    pub record_href: String,
    /// The entry: what, when, from whom.
    pub facts: Vec<(String, String)>,
    /// Seals that stand.
    pub standing: Vec<Standing>,
    /// Whether the reader may seal it further; a person at their own record may only lift.
    pub may_set: bool,
    /// How, with what each means.
    pub levels: Vec<Chosen>,
    /// Whose wish.
    pub whose: Vec<Chosen>,
    /// The person's words, or why.
    pub reason: String,
    /// When to look again at what is kept from the person: day, month, year.
    pub review: [String; 3],
    /// Why a seal is lifted.
    pub lift_reason: String,
    /// What is wrong: the field, the sentence.
    pub errors: Vec<(String, String)>,
}

impl View {
    fn error(&self, field: &str) -> Html {
        let found = self.errors.iter().find(|(id, _)| id == field);
        found.map(|(_, text)| Html::from(text.as_str())).unwrap_or_default()
    }

    fn errors_summary(&self) -> ErrorSummary {
        ErrorSummary::new(self.errors.iter().map(|(id, text)| Problem::at(id, text)).collect())
    }

    fn back(&self) -> BackLink {
        BackLink::to("Back to the record", &self.record_href)
    }

    fn list(&self) -> SummaryList {
        SummaryList::new(self.facts.iter().map(|(name, text)| SummaryRow::new(name, text)).collect())
    }

    fn level_field(&self) -> Choices {
        let choices = self.levels.iter().map(|one| Choice::new(&one.value, &one.text, one.on)).collect();
        wrong(Choices::radios("level", Legend::new("How should it be sealed?"), choices), self.error("level"))
    }

    fn whose_field(&self) -> Choices {
        let choices = self.whose.iter().map(|one| Choice::new(&one.value, &one.text, one.on)).collect();
        wrong(Choices::radios("whose", Legend::new("Whose wish is it?"), choices), self.error("whose"))
    }

    fn reason_field(&self) -> Textarea {
        Textarea {
            hint: "At least 20 characters. If it is the person's wish, what they said".into(),
            error: self.error("reason"),
            value: self.reason.clone(),
            rows: 3,
            ..Textarea::new("reason", Label::new("Why"))
        }
    }

    fn review_field(&self) -> DateInput {
        let mut input = DateInput::new("review", Legend::new("When does somebody look again?"));
        [input.day, input.month, input.year] = self.review.clone().map(|part| DatePart::typed(&part));
        input.hint = "Only if you keep it from the person: a day within the next year, for example 20 5 2027".into();
        input.error = self.error("review");
        input
    }

    fn warning(&self) -> InsetText {
        InsetText::new(
            "A sealed entry may be one that keeps the person safe, such as an allergy. Whoever cares for them elsewhere will not read it. Where others may know that something is sealed, their pages say so.",
        )
    }

    fn button(&self) -> Button {
        Button::submit("Seal this entry")
    }

    fn lift_field(&self) -> Textarea {
        Textarea {
            hint: "At least 20 characters".into(),
            error: self.error("lift_reason"),
            value: self.lift_reason.clone(),
            rows: 3,
            ..Textarea::new("lift_reason", Label::new("Why is it lifted?"))
        }
    }

    fn lift_button(&self, standing: &Standing) -> Button {
        Button {
            kind: ButtonKind::Secondary,
            name_value: Some(("lift".to_owned(), standing.id.clone())),
            ..Button::submit(&standing.lift)
        }
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
