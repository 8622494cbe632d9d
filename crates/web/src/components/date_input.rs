//! Date input: day, month and year as three numbers, so that nobody has to guess a format.

use super::field::Notes;
use super::{Fieldset, Html, Input, Label, Legend};
use askama::Template;
use askama::filters::HtmlSafe;

/// One of the three numbers.
#[derive(Debug, Clone, Default)]
pub struct DatePart {
    /// What was typed before.
    pub value: Option<String>,
    /// This part is wrong. If none is marked and there is an error, all three are.
    pub wrong: bool,
}

impl DatePart {
    /// A part as it was typed.
    #[must_use]
    pub fn typed(value: &str) -> Self {
        Self { value: Some(value.to_owned()), wrong: false }
    }
}

/// A date as day, month and year. Field names are `day`, `month`, `year`, or `<prefix>[day]` and so on.
#[derive(Debug, Clone, Template)]
#[template(path = "components/date_input.html")]
pub struct DateInput {
    /// Ids begin with this.
    pub id: String,
    /// The question.
    pub legend: Legend,
    /// Help; empty for none.
    pub hint: Html,
    /// What is wrong; empty for nothing.
    pub error: Html,
    /// Day of the month.
    pub day: DatePart,
    /// Month as a number.
    pub month: DatePart,
    /// Year of four digits.
    pub year: DatePart,
    /// Put before the field names in the form, with square brackets round the part.
    pub name_prefix: Option<String>,
    /// Shown, but cannot be changed.
    pub disabled: bool,
}

impl HtmlSafe for DateInput {}

impl DateInput {
    /// An empty date.
    #[must_use]
    pub fn new(id: &str, legend: Legend) -> Self {
        Self {
            id: id.to_owned(),
            legend,
            hint: Html::default(),
            error: Html::default(),
            day: DatePart::default(),
            month: DatePart::default(),
            year: DatePart::default(),
            name_prefix: None,
            disabled: false,
        }
    }

    fn wrong(&self) -> bool {
        !self.error.is_empty() || self.day.wrong || self.month.wrong || self.year.wrong
    }

    fn fieldset(&self) -> Fieldset {
        let notes = Notes::of(&self.id, &self.hint, &self.error);
        let some_marked = self.day.wrong || self.month.wrong || self.year.wrong;
        let parts = Parts {
            id: &self.id,
            inputs: [("day", &self.day, 2), ("month", &self.month, 2), ("year", &self.year, 4)].map(
                |(part, value, width)| Input {
                    id: format!("{}-{part}", self.id),
                    name: self
                        .name_prefix
                        .as_ref()
                        .map_or_else(|| part.to_owned(), |prefix| format!("{prefix}[{part}]")),
                    marked_wrong: value.wrong || (!some_marked && !self.error.is_empty()),
                    value: value.value.clone(),
                    width: Some(width),
                    inputmode: Some("numeric".to_owned()),
                    classes: "nhsuk-date-input__input".to_owned(),
                    disabled: self.disabled,
                    ..Input::new(part, part_label(part))
                },
            ),
        };
        let mut pieces: Vec<Html> = notes.hint.iter().map(Html::of).collect();
        pieces.extend(notes.error.iter().map(Html::of));
        pieces.push(Html::of(&parts));
        Fieldset {
            legend: Some(self.legend.clone()),
            content: Html::join(&pieces),
            described_by: notes.described_by,
            role: Some("group".to_owned()),
        }
    }
}

fn part_label(part: &str) -> Label {
    let word = match part {
        "day" => "Day",
        "month" => "Month",
        _ => "Year",
    };
    Label { classes: "nhsuk-date-input__label".to_owned(), ..Label::new(word) }
}

/// The three fields in their row.
#[derive(Template)]
#[template(path = "components/date_parts.html")]
struct Parts<'a> {
    id: &'a str,
    inputs: [Input; 3],
}

impl HtmlSafe for Parts<'_> {}
