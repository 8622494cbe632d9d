//! One decision a page: a question about an ask with the facts it needs and the fields it takes. Accepting, handing on, declining,
//! asking for more, an outcome, an answer: each is this page with other words. Whatever was typed comes back when something is wrong.

use crate::components::{
    BackLink, Button, Choice, Choices, Details, ErrorSummary, Fieldset, Html, Input, InsetText, Label, Legend, Problem,
    Select, SelectOption, SummaryList, SummaryRow, Textarea,
};
use crate::layout::Shell;
use askama::Template;

/// One choice of a field.
#[derive(Debug, Clone, Default)]
pub struct Offered {
    /// The word that is sent.
    pub value: String,
    /// What it says.
    pub text: String,
    /// More about it.
    pub hint: Option<String>,
}

/// Choices under a heading.
#[derive(Debug, Clone, Default)]
pub struct Heap {
    /// What they have in common.
    pub heading: String,
    /// Open from the start.
    pub open: bool,
    /// Each.
    pub offered: Vec<Offered>,
}

/// How a field is filled in.
#[derive(Debug, Clone, Default)]
pub enum Kind {
    /// One of a few.
    Radios(Vec<Offered>),
    /// One of many that want words to choose by, under headings that open without a script.
    Heaps(Vec<Heap>),
    /// One of many.
    Select(Vec<Offered>),
    /// Some, or none.
    Checks(Vec<Offered>),
    /// A line.
    #[default]
    Line,
    /// A line for a telephone number.
    Telephone,
    /// A few lines; how many are shown.
    Lines(u16),
}

/// One field.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// Its name, and its id.
    pub name: String,
    /// The question.
    pub label: String,
    /// Help.
    pub hint: Option<String>,
    /// How it is filled in.
    pub kind: Kind,
    /// What was typed or chosen; several values only of [`Kind::Checks`].
    pub values: Vec<String>,
    /// What is wrong.
    pub error: Option<String>,
}

impl Field {
    /// A question with nothing typed yet.
    #[must_use]
    pub fn new(name: &str, label: &str, kind: Kind) -> Self {
        Self { name: name.to_owned(), label: label.to_owned(), kind, ..Self::default() }
    }

    /// With help.
    #[must_use]
    pub fn helped(self, hint: &str) -> Self {
        Self { hint: Some(hint.to_owned()), ..self }
    }

    fn value(&self) -> Option<String> {
        self.values.first().filter(|value| !value.is_empty()).cloned()
    }

    fn choices(&self, options: &[Offered]) -> Vec<Choice> {
        let each = |one: &Offered| Choice {
            hint: html(one.hint.as_ref()),
            ..Choice::new(&one.value, &one.text, self.values.contains(&one.value))
        };
        options.iter().map(each).collect()
    }

    fn ask(&self, mut choices: Choices) -> Html {
        choices.hint = html(self.hint.as_ref());
        choices.error = html(self.error.as_ref());
        Html::of(&choices)
    }

    /// The field as HTML.
    #[must_use]
    pub fn html(&self) -> Html {
        let (hint, error) = (html(self.hint.as_ref()), html(self.error.as_ref()));
        match &self.kind {
            Kind::Radios(options) => {
                self.ask(Choices::radios(&self.name, Legend::new(&self.label), self.choices(options)))
            }
            Kind::Heaps(heaps) => {
                let fold = |(number, heap): (usize, &Heap)| {
                    let legend = Legend { text: Html::hidden(&heap.heading), ..Legend::default() };
                    let mut choices = Choices::radios(&self.name, legend, self.choices(&heap.offered));
                    (choices.id_prefix, choices.small) = (format!("{}-{}", self.name, number + 1), true);
                    let is_chosen = heap.offered.iter().any(|one| self.values.contains(&one.value));
                    let summary = format!("{} ({})", heap.heading, heap.offered.len());
                    Html::of(&Details { open: heap.open || is_chosen, ..Details::new(&summary, Html::of(&choices)) })
                };
                let mut pieces: Vec<Html> = self.hint.iter().map(|hint| Html::paragraph(hint)).collect();
                pieces.extend(heaps.iter().enumerate().map(fold));
                let legend = Some(Legend::new(&self.label));
                Html::of(&Fieldset { legend, content: Html::join(&pieces), ..Fieldset::default() })
            }
            Kind::Checks(options) => {
                self.ask(Choices::checkboxes(&self.name, Legend::new(&self.label), self.choices(options)))
            }
            Kind::Select(options) => {
                let chosen = self.value();
                let options = options.iter().map(|one| SelectOption {
                    value: one.value.clone(),
                    text: one.text.clone(),
                    selected: chosen.as_ref() == Some(&one.value),
                    disabled: false,
                });
                Html::of(&Select { hint, error, ..Select::new(&self.name, Label::new(&self.label), options.collect()) })
            }
            Kind::Line | Kind::Telephone => Html::of(&Input {
                hint,
                error,
                value: self.value(),
                kind: if matches!(self.kind, Kind::Telephone) { "tel".to_owned() } else { "text".to_owned() },
                autocomplete: Some("off".to_owned()),
                ..Input::new(&self.name, Label::new(&self.label))
            }),
            Kind::Lines(rows) => Html::of(&Textarea {
                hint,
                error,
                value: self.value().unwrap_or_default(),
                rows: *rows,
                autocomplete: Some("off".to_owned()),
                ..Textarea::new(&self.name, Label::new(&self.label))
            }),
        }
    }
}

fn html(text: Option<&String>) -> Html {
    text.map(|text| Html::from(text.as_str())).unwrap_or_default()
}

/// The problems of some fields, for the top of the page.
pub(in crate::pages) fn summary(fields: &[Field], also: Option<&String>) -> Option<ErrorSummary> {
    let at_fields = fields.iter().filter_map(|one| one.error.as_ref().map(|text| Problem::at(&one.name, text)));
    let alone = also.map(|text| Problem { text: Html::from(text.as_str()), href: None });
    let problems: Vec<Problem> = alone.into_iter().chain(at_fields).collect();
    (!problems.is_empty()).then(|| ErrorSummary::new(problems))
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "ask/decision.html")]
pub struct View {
    /// Shell, with the banner of the person and the token of the form.
    pub shell: Shell,
    /// Back to the ask: its address.
    pub back_href: String,
    /// Where that is, where it is no ask: `Back to the stay`.
    pub back_text: Option<String>,
    /// The question: `Hand it on`.
    pub heading: String,
    /// What follows from it, in a sentence or two.
    pub lead: String,
    /// What must be known to decide: key, value.
    pub facts: Vec<(String, String)>,
    /// A sentence that must not be passed over.
    pub note: Option<String>,
    /// Where it is sent.
    pub action: String,
    /// What is sent with it and not shown: name, value.
    pub hidden: Vec<(String, String)>,
    /// The fields.
    pub fields: Vec<Field>,
    /// What the button says.
    pub button: String,
    /// What is wrong, where no single field is.
    pub error: Option<String>,
}

impl View {
    fn back(&self) -> BackLink {
        BackLink::to(self.back_text.as_deref().unwrap_or("Back to the ask"), &self.back_href)
    }

    fn problems(&self) -> Option<ErrorSummary> {
        summary(&self.fields, self.error.as_ref())
    }

    fn facts_list(&self) -> SummaryList {
        SummaryList::new(self.facts.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }

    fn note_text(&self) -> Option<InsetText> {
        self.note.as_deref().map(InsetText::new)
    }

    fn submit(&self) -> Button {
        Button { prevent_double_click: Some(true), ..Button::submit(&self.button) }
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
