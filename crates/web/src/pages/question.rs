//! Questions about looks, as the privacy officer reads and answers them: the list with its clock, and one question with the
//! look it is about.

use crate::components::{
    BackLink, Button, Cell, Colour, Column, ErrorSummary, Html, Label, Link, NotificationBanner, Problem, SummaryList,
    SummaryRow, Table, Tag, Textarea,
};
use crate::layout::Shell;
use askama::Template;
use askama::filters::HtmlSafe;

/// How a question stands: a tag with the day.
#[must_use]
pub fn clock_tag(state: &Clock) -> Tag {
    match state {
        Clock::Due(day) => Tag::new(&format!("Answer due by {day}")).coloured(Colour::Blue),
        Clock::Overdue(day) => Tag::new(&format!("Overdue since {day}")).coloured(Colour::Red),
        Clock::Unknown => Tag::new("Waits for an answer").coloured(Colour::Yellow),
        Clock::Answered(day) => Tag::new(&format!("Answered on {day}")).coloured(Colour::Green),
    }
}

/// How a question stands, with the day in words.
#[derive(Debug, Clone)]
pub enum Clock {
    /// By this day.
    Due(String),
    /// Should have been by this day.
    Overdue(String),
    /// Nobody can say by when.
    Unknown,
    /// Was, on this day.
    Answered(String),
}

/// A question that somebody asked about one look at them, on their own list.
#[derive(Debug, Clone, Template)]
#[template(path = "question/told.html")]
pub struct Told {
    /// In their words.
    pub words: String,
    /// When.
    pub asked: String,
    /// How it stands.
    pub clock: Clock,
    /// The answer and by whom.
    pub answer: Option<(String, String)>,
}

impl HtmlSafe for Told {}

impl Told {
    fn tag(&self) -> Tag {
        clock_tag(&self.clock)
    }
}

/// The form behind "ask why".
#[derive(Debug, Clone, Template)]
#[template(path = "question/ask.html")]
pub struct Ask {
    /// The session's token.
    pub token: String,
    /// The number of the look.
    pub look: String,
    /// What was typed.
    pub words: String,
    /// What is wrong with it.
    pub error: Option<String>,
}

impl HtmlSafe for Ask {}

impl Ask {
    pub(crate) fn field_id(&self) -> String {
        format!("why-{}", self.look)
    }

    fn field(&self) -> Textarea {
        Textarea {
            id: self.field_id(),
            error: self.error.as_deref().map(Html::from).unwrap_or_default(),
            value: self.words.clone(),
            rows: 3,
            ..Textarea::new("words", Label::new("What do you want to know? You do not have to say why you ask"))
        }
    }

    fn button(&self) -> Button {
        Button { small: true, ..Button::submit("Ask") }
    }
}

/// One line of the officer's list.
#[derive(Debug, Clone)]
pub struct Line {
    /// Where it is answered.
    pub href: String,
    /// When it was asked.
    pub asked: String,
    /// How it stands.
    pub clock: Clock,
}

/// Lines as a table, for this page and the officer's home.
#[must_use]
pub fn table(caption: &str, lines: &[Line]) -> Table {
    let rows = lines.iter().map(|line| {
        let link = Link::new(&format!("Asked on {}", line.asked), &line.href);
        vec![Cell::holding(Html::of(&link)), Cell::holding(Html::of(&clock_tag(&line.clock)))]
    });
    let columns = vec![Column::new("Question"), Column::new("Answer")];
    Table { compact: true, caption_size: None, ..Table::new(caption, columns, rows.collect()) }
}

/// The officer's list.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "question/list.html")]
pub struct List {
    /// Shell.
    pub shell: Shell,
    /// `3 questions wait.`
    pub count: String,
    /// Those that wait, the oldest first.
    pub waiting: Vec<Line>,
    /// Those that were answered, the latest first.
    pub answered: Vec<Line>,
}

impl List {
    fn waiting_table(&self) -> Table {
        table("Questions that wait, the oldest first", &self.waiting)
    }

    fn answered_table(&self) -> Table {
        table("Questions that were answered, the latest first", &self.answered)
    }
}

/// The list as HTML.
#[must_use]
pub fn render_list(view: &List) -> String {
    view.to_string()
}

/// One question, to answer.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "question/page.html")]
pub struct View {
    /// Shell, with the person who asked.
    pub shell: Shell,
    /// Where the answer is sent.
    pub action: String,
    /// The look, as the person reads it.
    pub look: String,
    /// When it was.
    pub when: String,
    /// Its number.
    pub number: String,
    /// Who has looked at the record, all of it.
    pub access_href: String,
    /// What was asked about it, and what was answered before; the latest last.
    pub told: Vec<Told>,
    /// The latest one waits.
    pub open: bool,
    /// What was typed.
    pub words: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// It was answered just now.
    pub done: bool,
}

impl View {
    fn back(&self) -> BackLink {
        BackLink::to("Questions", "/privacy/questions")
    }

    fn banner(&self) -> Option<NotificationBanner> {
        self.done
            .then(|| NotificationBanner::success("Your answer is written down. The person sees it beside the look."))
    }

    fn summary(&self) -> Option<ErrorSummary> {
        self.error.as_ref().map(|text| ErrorSummary::new(vec![Problem::at("words", text)]))
    }

    fn facts(&self) -> SummaryList {
        SummaryList::new(vec![
            SummaryRow::new("The look", &self.look),
            SummaryRow::new("When", &self.when),
            SummaryRow::new("Its number", &self.number),
        ])
    }

    fn field(&self) -> Textarea {
        Textarea {
            hint: "Plain words, to the person who asked. They read exactly this, with your name".into(),
            error: self.error.as_deref().map(Html::from).unwrap_or_default(),
            value: self.words.clone(),
            rows: 6,
            ..Textarea::new("words", Label::new("Your answer"))
        }
    }

    fn button(&self) -> Button {
        Button::submit("Answer")
    }
}

/// One question as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
