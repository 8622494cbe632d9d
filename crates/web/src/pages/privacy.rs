//! A privacy officer's pages: who looks at records, searched in any way, and what among it is worth a look. No sentence here
//! accuses anybody; every number leads to the looks it was counted from.

use askama::Template;

use crate::components::{
    BackLink, Button, Cell, Column, DateInput, DatePart, ErrorSummary, Html, Input, Label, Legend, Link, Problem,
    Select, SelectOption, Table, Textarea, WarningCallout,
};
use crate::layout::Shell;

/// A choice of a form: what is sent, what is read, whether it is chosen.
pub type Choice = (String, String, bool);

/// The form that asks for looks.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// The reader's name or id, as typed.
    pub reader: String,
    /// What is wrong with it.
    pub reader_error: Option<String>,
    /// Whose record: an opaque id with the name to show, where it is one person's.
    pub person: Option<(String, String)>,
    /// Organisations.
    pub organisations: Vec<Choice>,
    /// Roles.
    pub roles: Vec<Choice>,
    /// Actions.
    pub actions: Vec<Choice>,
    /// Purposes.
    pub purposes: Vec<Choice>,
    /// Allowed or refused.
    pub outcomes: Vec<Choice>,
    /// From: day, month, year as typed.
    pub from: [String; 3],
    /// What is wrong with it.
    pub from_error: Option<String>,
    /// Until: day, month, year as typed.
    pub until: [String; 3],
    /// What is wrong with it.
    pub until_error: Option<String>,
}

fn error(text: Option<&String>) -> Html {
    text.map(|text| Html::from(text.as_str())).unwrap_or_default()
}

fn select(name: &str, label: &str, choices: &[Choice]) -> Select {
    let any = SelectOption { text: "Any".to_owned(), ..SelectOption::default() };
    let options = choices.iter().map(|(value, text, selected)| SelectOption {
        value: value.clone(),
        text: text.clone(),
        selected: *selected,
        disabled: false,
    });
    Select::new(name, Label::new(label), std::iter::once(any).chain(options).collect())
}

fn date(id: &str, legend: &str, hint: &str, typed: &[String; 3], wrong: Option<&String>) -> DateInput {
    let part = |text: &String| DatePart { value: (!text.is_empty()).then(|| text.clone()), wrong: false };
    let [day, month, year] = typed;
    DateInput {
        hint: hint.into(),
        error: error(wrong),
        day: part(day),
        month: part(month),
        year: part(year),
        name_prefix: Some(id.to_owned()),
        ..DateInput::new(id, Legend::new(legend))
    }
}

impl Form {
    /// Whether something typed cannot be used.
    #[must_use]
    pub fn wrong(&self) -> bool {
        self.reader_error.is_some() || self.from_error.is_some() || self.until_error.is_some()
    }

    fn summary(&self) -> ErrorSummary {
        let fields = [("reader", &self.reader_error), ("from-day", &self.from_error), ("until-day", &self.until_error)];
        let problems = fields.into_iter().filter_map(|(id, text)| text.as_ref().map(|text| Problem::at(id, text)));
        ErrorSummary::new(problems.collect())
    }

    fn reader_field(&self) -> Input {
        Input {
            hint: "Name, part of one, or the id they sign in with".into(),
            error: error(self.reader_error.as_ref()),
            value: (!self.reader.is_empty()).then(|| self.reader.clone()),
            width: Some(20),
            autocomplete: Some("off".to_owned()),
            spellcheck: Some(false),
            ..Input::new("reader", Label::new("Who looked"))
        }
    }

    fn selects(&self) -> Vec<Select> {
        vec![
            select("role", "Role", &self.roles),
            select("organisation", "Organisation", &self.organisations),
            select("action", "What they did", &self.actions),
            select("purpose", "Why", &self.purposes),
            select("outcome", "Allowed or refused", &self.outcomes),
        ]
    }

    fn first_day(&self) -> DateInput {
        date("from", "From", "Empty: the last 30 days", &self.from, self.from_error.as_ref())
    }

    fn last_day(&self) -> DateInput {
        date("until", "To", "This day is included", &self.until, self.until_error.as_ref())
    }

    fn button(&self) -> Button {
        Button::submit("Find looks")
    }
}

/// One pattern in the list.
#[derive(Debug, Clone, Default)]
pub struct Worth {
    /// What it is, in a sentence.
    pub sentence: String,
    /// Why that is worth a look, in a sentence.
    pub why: String,
    /// Where the looks behind it stand.
    pub href: String,
}

/// One review in the list.
#[derive(Debug, Clone, Default)]
pub struct Reviewed {
    /// Who looked into what and when.
    pub sentence: String,
    /// What they found.
    pub words: String,
}

/// The officer's home of this area.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "privacy/home.html")]
pub struct Home {
    /// Shell.
    pub shell: Shell,
    /// What is wrong with the second place of the log, if anything is.
    pub alarm: Option<String>,
    /// Other lists of the officer: words, address.
    pub ways: Vec<(String, String)>,
    /// What is worth a look.
    pub patterns: Vec<Worth>,
    /// What was looked into lately.
    pub reviews: Vec<Reviewed>,
    /// The form.
    pub form: Form,
}

impl Home {
    fn alarm_box(&self) -> Option<WarningCallout> {
        self.alarm.as_ref().map(|alarm| WarningCallout {
            level: 2,
            ..WarningCallout::new("The end of the log is not kept safe", alarm)
        })
    }
}

/// One look.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// `22 November 2026 at 09:30`.
    pub when: String,
    /// The reader's name.
    pub name: String,
    /// Their role and organisation.
    pub role: String,
    /// What they did, and whether they might.
    pub did: String,
    /// Why, or why not.
    pub because: String,
    /// Whose record: name and address of the looks at it.
    pub people: Vec<(String, String)>,
    /// How many more there are.
    pub more: i64,
}

/// What a search of the looks found.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "privacy/looks.html")]
pub struct Looks {
    /// Shell.
    pub shell: Shell,
    /// The form, as it was filled in.
    pub form: Form,
    /// What was asked, in a sentence.
    pub asked: String,
    /// The looks, the newest first.
    pub looks: Vec<Look>,
    /// Where the older ones stand.
    pub older: Option<String>,
    /// Where the file of these looks is.
    pub export: String,
}

/// The looks as a table.
fn table(caption: &str, looks: &[Look]) -> Table {
    let rows = looks.iter().map(|look| {
        let people: Vec<Html> = look
            .people
            .iter()
            .map(|(name, href)| Html::of(&Link::new(name, href)))
            .chain((look.more > 0).then(|| Html::from(format!("and {} more", look.more))))
            .collect();
        vec![
            look.when.as_str().into(),
            Cell::holding(Html::with_small(&look.name, &look.role)),
            Cell::holding(Html::with_small(&look.did, &look.because)),
            Cell::holding(Html::join(&people)),
        ]
    });
    let columns = ["When", "Who", "What and why", "Whose record"].map(Column::new).to_vec();
    Table { compact: true, caption_size: None, ..Table::new(caption, columns, rows.collect()) }
}

impl Looks {
    fn back(&self) -> BackLink {
        BackLink::to("Back to privacy", "/privacy")
    }

    fn table(&self) -> Table {
        table("Looks, the newest first", &self.looks)
    }
}

/// One pattern with the looks behind it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "privacy/pattern.html")]
pub struct Pattern {
    /// Shell.
    pub shell: Shell,
    /// The pattern; none where it was looked into and nothing newer has come.
    pub worth: Option<Worth>,
    /// The looks behind it.
    pub looks: Vec<Look>,
    /// How many there are, in a sentence.
    pub count: String,
    /// Where the review is sent.
    pub action: String,
    /// What was typed.
    pub words: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// Whether whoever reads this may review it.
    pub reviews_it: bool,
    /// The reviews so far.
    pub reviews: Vec<Reviewed>,
}

impl Pattern {
    fn back(&self) -> BackLink {
        BackLink::to("Back to privacy", "/privacy")
    }

    fn table(&self) -> Table {
        table("The looks behind it, the newest first", &self.looks)
    }

    fn summary(&self) -> ErrorSummary {
        ErrorSummary::new(self.error.iter().map(|text| Problem::at("words", text)).collect())
    }

    fn words_field(&self) -> Textarea {
        Textarea {
            hint: "Whom you asked, and what the reason was. Do not write anything clinical here".into(),
            error: error(self.error.as_ref()),
            value: self.words.clone(),
            rows: 4,
            ..Textarea::new("words", Label::new("What you found"))
        }
    }

    fn button(&self) -> Button {
        Button::submit("Mark as looked into")
    }
}

/// The page as HTML.
#[must_use]
pub fn render_home(view: &Home) -> String {
    view.to_string()
}

/// The page as HTML.
#[must_use]
pub fn render_looks(view: &Looks) -> String {
    view.to_string()
}

/// The page as HTML.
#[must_use]
pub fn render_pattern(view: &Pattern) -> String {
    view.to_string()
}
