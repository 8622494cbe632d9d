//! Glass: opening a record that is closed to the reader, and the register in which a privacy officer reviews that it was right.
//! The register's list names no person; one entry does, and opening it is a look.

use crate::components::{
    BackLink, Button, Cell, Choice, Choices, Colour, Column, ErrorSummary, Html, InsetText, Label, Legend, Link,
    NotificationBanner, Problem, SummaryList, SummaryRow, Table, Tag, Textarea, WarningCallout,
};
use crate::layout::Shell;
use askama::Template;

/// A choice of a form: its word, its text, a hint, whether it is chosen.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    /// The word that is sent.
    pub value: String,
    /// What it says.
    pub text: String,
    /// Whether it is chosen.
    pub on: bool,
}

fn choices(chosen: &[Chosen]) -> Vec<Choice> {
    chosen.iter().map(|one| Choice::new(&one.value, &one.text, one.on)).collect()
}

/// The field, with what is wrong with it.
pub(super) fn wrong(mut field: Choices, error: Html) -> Choices {
    field.error = error;
    field
}

fn html(text: Option<&String>) -> Html {
    text.map(|text| Html::from(text.as_str())).unwrap_or_default()
}

/// The form that opens a closed record.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "glass/break.html")]
pub struct Break {
    /// Shell, with the banner of the person and the token of the form.
    pub shell: Shell,
    /// Address that the form is sent to.
    pub action: String,
    /// Why, in one word.
    pub why: Vec<Chosen>,
    /// Why, as typed.
    pub reason: String,
    /// Whether the person must not be told.
    pub secret: bool,
    /// Why not.
    pub secret_because: String,
    /// What is wrong: the field, the sentence.
    pub errors: Vec<(String, String)>,
}

fn error_at<'e>(errors: &'e [(String, String)], field: &str) -> Option<&'e String> {
    errors.iter().find(|(id, _)| id == field).map(|(_, text)| text)
}

fn summary(errors: &[(String, String)]) -> ErrorSummary {
    ErrorSummary::new(errors.iter().map(|(id, text)| Problem::at(id, text)).collect())
}

impl Break {
    fn errors_summary(&self) -> ErrorSummary {
        summary(&self.errors)
    }

    fn back(&self) -> BackLink {
        BackLink::to("Back to find a person", "/people")
    }

    fn what_happens(&self) -> WarningCallout {
        WarningCallout {
            level: 2,
            content: Html::bullets(&[
                "The record opens for you alone, for one hour at most. You can close it sooner.",
                "A privacy officer is told at once, reads your reason, and decides within five working days whether it was right.",
                "The person sees that you opened it, when, and what sort of reason you gave.",
                "What the law restricts stays closed, and so does everybody else's record.",
            ]),
            text: None,
            ..WarningCallout::new("What happens if you open it", "")
        }
    }

    fn why_field(&self) -> Choices {
        wrong(
            Choices::radios("why", Legend::new("Why do you need this record now?"), choices(&self.why)),
            html(error_at(&self.errors, "why")),
        )
    }

    fn reason_field(&self) -> Textarea {
        Textarea {
            hint: "At least 20 characters. What is happening, and what you need to know. The privacy officer reads this; the person does not"
                .into(),
            error: html(error_at(&self.errors, "reason")),
            value: self.reason.clone(),
            rows: 4,
            ..Textarea::new("reason", Label::new("In your own words"))
        }
    }

    fn secret_field(&self) -> Choices {
        Choices::checkboxes(
            "secret",
            Legend::new("Only if it would put somebody at risk"),
            vec![Choice::new("yes", "The person must not be told for now", self.secret)],
        )
    }

    fn secret_reason_field(&self) -> Textarea {
        Textarea {
            hint: "Leave this empty unless you ticked the box. The privacy officer decides whether it stays so".into(),
            error: html(error_at(&self.errors, "secret_because")),
            value: self.secret_because.clone(),
            rows: 2,
            ..Textarea::new("secret_because", Label::new("Why telling the person would put somebody at risk"))
        }
    }

    fn button(&self) -> Button {
        Button::submit("Open this record for an hour")
    }
}

/// The form as HTML.
#[must_use]
pub fn render_break(view: &Break) -> String {
    view.to_string()
}

/// One line of the register.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Its page.
    pub href: String,
    /// Who opened a closed record.
    pub who: String,
    /// Their role and organisation.
    pub role: String,
    /// What sort of reason.
    pub why: String,
    /// When.
    pub when: String,
    /// `Open`, `Due`, `Overdue`, `Appropriate`…
    pub state: String,
    /// Its colour.
    pub colour: Option<Colour>,
    /// `Review by Friday 27 November 2026`, or when it was reviewed.
    pub clock: String,
}

/// The table of some lines of the register.
#[must_use]
pub fn table(caption: &str, lines: &[Line]) -> Table {
    let rows = lines.iter().map(|line| {
        let tag = Tag::new(&line.state);
        let tag = line.colour.map_or_else(|| tag.clone(), |colour| tag.clone().coloured(colour));
        vec![
            Cell::holding(Html::of(&Link::new(&line.when, &line.href))),
            Cell::holding(Html::with_small(&line.who, &line.role)),
            line.why.as_str().into(),
            Cell::holding(Html::join(&[Html::of(&tag), Html::from(line.clock.as_str())])),
        ]
    });
    let columns = ["Opened", "By", "Reason given", "Review"].map(Column::new).to_vec();
    Table { caption_size: None, ..Table::new(caption, columns, rows.collect()) }
}

/// The register.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "glass/register.html")]
pub struct Register {
    /// Shell.
    pub shell: Shell,
    /// What happened a moment ago.
    pub alerts: Vec<String>,
    /// Overdue and due, the oldest first, then open ones.
    pub waiting: Vec<Line>,
    /// Reviewed, the latest first.
    pub reviewed: Vec<Line>,
    /// How many seals stand, by whom and of which kind.
    pub seals: Option<Table>,
}

impl Register {
    fn waiting_table(&self) -> Table {
        table("Closed records that were opened and wait for a review", &self.waiting)
    }

    fn reviewed_table(&self) -> Table {
        table("Reviewed", &self.reviewed)
    }
}

/// The register as HTML.
#[must_use]
pub fn render_register(view: &Register) -> String {
    view.to_string()
}

/// One entry of the register, with the form of its review.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "glass/entry.html")]
pub struct Entry {
    /// Shell, with the banner of the person and the token of the form.
    pub shell: Shell,
    /// Address that the form is sent to.
    pub action: String,
    /// Name and text of each line of what happened.
    pub facts: Vec<(String, String)>,
    /// Why there is no form; `None` where there is.
    pub no_form: Option<String>,
    /// It was saved a moment ago.
    pub saved: bool,
    /// Who looked at the record, and when.
    pub looks_href: String,
    /// What the review finds.
    pub outcome: Vec<Chosen>,
    /// In words.
    pub words: String,
    /// Whether the person is told.
    pub told: Vec<Chosen>,
    /// Why not.
    pub secret_because: String,
    /// What is wrong: the field, the sentence.
    pub errors: Vec<(String, String)>,
}

impl Entry {
    fn errors_summary(&self) -> ErrorSummary {
        summary(&self.errors)
    }

    fn back(&self) -> BackLink {
        BackLink::to("Back to the register", "/privacy/glass")
    }

    fn saved_banner(&self) -> NotificationBanner {
        NotificationBanner::success("Your review has been written down.")
    }

    fn list(&self) -> SummaryList {
        SummaryList::new(self.facts.iter().map(|(name, text)| SummaryRow::new(name, text)).collect())
    }

    fn no_form_text(&self) -> Option<InsetText> {
        self.no_form.as_deref().map(InsetText::new)
    }

    fn outcome_field(&self) -> Choices {
        wrong(
            Choices::radios("outcome", Legend::new("Was it right to open this record?"), choices(&self.outcome)),
            html(error_at(&self.errors, "outcome")),
        )
    }

    fn words_field(&self) -> Textarea {
        Textarea {
            hint: "At least 20 characters. Whom you asked, what they said, what follows".into(),
            error: html(error_at(&self.errors, "words")),
            value: self.words.clone(),
            rows: 4,
            ..Textarea::new("words", Label::new("What you found, and how you know"))
        }
    }

    fn told_field(&self) -> Choices {
        wrong(
            Choices::radios(
                "told",
                Legend::new("Is the person told that their record was opened?"),
                choices(&self.told),
            ),
            html(error_at(&self.errors, "told")),
        )
    }

    fn secret_reason_field(&self) -> Textarea {
        Textarea {
            hint: "Leave this empty if the person is told".into(),
            error: html(error_at(&self.errors, "secret_because")),
            value: self.secret_because.clone(),
            rows: 2,
            ..Textarea::new("secret_because", Label::new("Why telling the person would put somebody at risk"))
        }
    }

    fn button(&self) -> Button {
        Button::submit("Save the review")
    }
}

/// One entry as HTML.
#[must_use]
pub fn render_entry(view: &Entry) -> String {
    view.to_string()
}
