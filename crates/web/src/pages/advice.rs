//! Asking a consultant: the desk's own page, the lines to ring, a call while it rings and after, and written questions. Must not
//! say of anybody that they did not answer.

use crate::components::{
    BackLink, Button, ButtonKind, Cell, Choice, Choices, Column, ErrorSummary, Html, Input, Label, Legend, Link,
    NotificationBanner, Problem, Select, SelectOption, SummaryList, SummaryRow, Table, Tag, Textarea,
};
use crate::layout::Shell;
use crate::pages::ask::clock::ClockLine;
use askama::Template;

/// One line of a list: whom it is about, what it is, where it is opened.
#[derive(Debug, Clone)]
pub struct Line {
    /// Whom or what it is about.
    pub who: String,
    /// What it is.
    pub what: String,
    /// When.
    pub when: String,
    /// How it stands.
    pub tag: Tag,
    /// Where it is opened.
    pub href: String,
}

fn table(caption: &str, lines: &[Line]) -> Table {
    let row = |line: &Line| {
        vec![
            Cell::holding(Html::of(&Link::new(&line.who, &line.href))),
            Cell::from(line.what.as_str()),
            Cell::from(line.when.as_str()),
            Cell::holding(Html::of(&line.tag)),
        ]
    };
    let columns = ["Who", "What", "When", "How it stands"].map(Column::new).to_vec();
    Table { compact: true, caption_size: None, ..Table::new(caption, columns, lines.iter().map(row).collect()) }
}

/// One specialty's month, in counts.
#[derive(Debug, Clone)]
pub struct Month {
    /// The specialty.
    pub name: String,
    /// Calls, share answered, seconds, advised, referred, one end or none, questions: ready to show.
    pub cells: Vec<String>,
}

/// The desk's page of advice.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "advice/home.html")]
pub struct Home {
    /// Shell.
    pub shell: Shell,
    /// A call that rings for the reader now: where it is.
    pub rung: Option<String>,
    /// Calls whose outcome is theirs to key.
    pub calls: Vec<Line>,
    /// Questions that their teams have asked.
    pub asked: Vec<Line>,
    /// Questions that their teams are to answer.
    pub to_answer: Vec<Line>,
    /// Whether they answer for a specialty at all.
    pub answers: bool,
    /// Whether they keep a rota.
    pub keeps: bool,
    /// When they are on a line: a sentence each.
    pub shifts: Vec<String>,
    /// Each line: its name, who is on now, its number.
    pub lines: Vec<(String, String, String)>,
    /// The month so far.
    pub months: Vec<Month>,
    /// Which month.
    pub month: String,
}

impl Home {
    fn calls_table(&self) -> Table {
        table("Calls whose outcome is yours to say", &self.calls)
    }

    fn asked_table(&self) -> Table {
        table("What your team has asked in writing", &self.asked)
    }

    fn to_answer_table(&self) -> Table {
        table("What your team is to answer, the longest asked first", &self.to_answer)
    }

    fn lines_table(&self) -> Table {
        let row = |(name, on, number): &(String, String, String)| {
            vec![Cell::from(name.as_str()), Cell::from(on.as_str()), Cell::from(number.as_str())]
        };
        let columns = ["Specialty", "Who is on now, in order", "The line’s number"].map(Column::new).to_vec();
        Table {
            compact: true,
            caption_size: None,
            ..Table::new("The lines", columns, self.lines.iter().map(row).collect())
        }
    }

    fn months_table(&self) -> Table {
        let row = |month: &Month| {
            let first = Cell::from(month.name.as_str());
            std::iter::once(first).chain(month.cells.iter().map(|cell| Cell::from(cell.as_str()))).collect()
        };
        let columns = [
            "Specialty",
            "Calls",
            "Answered",
            "Middle time to an answer",
            "Advised",
            "Referred",
            "Ends differ",
            "One end or neither",
            "Questions",
        ];
        let columns = columns.map(Column::new).to_vec();
        let caption = format!("{}, so far", self.month);
        Table {
            compact: true,
            caption_size: None,
            ..Table::new(&caption, columns, self.months.iter().map(row).collect())
        }
    }
}

/// One specialty that can be asked about somebody.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Its short name.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `Usually answers in 25 seconds.`, or when it is next staffed.
    pub usually: String,
    /// Whether somebody is on now.
    pub open: bool,
    /// Where a question is written.
    pub write: String,
}

impl Offer {
    fn button(&self) -> Button {
        Button {
            name_value: Some(("specialty".to_owned(), self.id.clone())),
            ..Button::submit(&format!("Ask {} now", self.name))
        }
    }

    fn write_link(&self) -> Link {
        Link::new(&format!("Ask {} in writing", self.name), &self.write)
    }
}

/// Whom to ask about somebody: one big button a specialty.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "advice/ask.html")]
pub struct Ask {
    /// Shell, with the person.
    pub shell: Shell,
    /// Where the press goes.
    pub action: String,
    /// The record; empty of a question about nobody.
    pub record: String,
    /// The ask that it belongs to, by its id; empty where it begins one of its own.
    pub journey: String,
    /// The id under which the call begins: a double press begins one.
    pub id: String,
    /// The specialties.
    pub offers: Vec<Offer>,
    /// What is wrong.
    pub error: Option<String>,
}

impl Ask {
    fn back(&self) -> BackLink {
        if self.record.is_empty() { BackLink::to("Advice", "/advice") } else { BackLink::to("Record", &self.record) }
    }

    fn summary(&self) -> Option<ErrorSummary> {
        self.error.as_ref().map(|text| ErrorSummary::new(vec![Problem::at("present", text)]))
    }

    fn about(&self) -> Textarea {
        Textarea {
            rows: 2,
            hint: "In a line, without anybody’s name or number. Leave it empty if you will say it".into(),
            ..Textarea::new("question", Label::new("What is it about?"))
        }
    }

    fn present(&self) -> Choices {
        let choices = vec![Choice::new("yes", "Yes, they are here with me", true), Choice::new("no", "No", false)];
        let legend = Legend::new("Is the person with you now?");
        let mut present = Choices::radios("present", legend, choices);
        (present.small, present.inline) = (true, true);
        present
    }
}

/// How a call stands, for its page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Stage {
    /// It rings: whom, and the loop in words.
    Ringing(String, String),
    /// They speak or have spoken.
    #[default]
    Spoken,
    /// Nobody answered.
    Unanswered,
    /// The caller gave up.
    GivenUp,
}

/// A call.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "advice/call.html")]
pub struct Call {
    /// Shell; with the person once somebody has answered.
    pub shell: Shell,
    /// The specialty's name.
    pub specialty: String,
    /// Where presses go.
    pub action: String,
    /// How it stands.
    pub stage: Stage,
    /// What is known of it, in rows.
    pub facts: Vec<(String, String)>,
    /// Whether the reader may stop it while it rings.
    pub may_stop: bool,
    /// Whether the reader is to say what came of it.
    pub to_key: bool,
    /// The outcomes: value and words.
    pub outcomes: Vec<(String, String)>,
    /// Who may own what was promised: value and words.
    pub owners: Vec<(String, String)>,
    /// What was typed of promises.
    pub promised: String,
    /// What is wrong with what was sent.
    pub error: Option<String>,
    /// Its clocks.
    pub clocks: Vec<ClockLine>,
    /// Where the question is put in writing.
    pub write: Option<String>,
    /// The person's record.
    pub record: Option<String>,
}

impl Call {
    fn back(&self) -> BackLink {
        BackLink::to("Advice", "/advice")
    }

    fn stop(&self) -> Button {
        Button {
            kind: ButtonKind::Secondary,
            name_value: Some(("do".to_owned(), "stop".to_owned())),
            ..Button::submit("Stop ringing")
        }
    }

    fn summary(&self) -> Option<ErrorSummary> {
        self.error.as_ref().map(|text| ErrorSummary::new(vec![Problem::at("outcome", text)]))
    }

    fn fact_list(&self) -> SummaryList {
        SummaryList::new(self.facts.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }

    fn outcome(&self) -> Choices {
        let choices = self.outcomes.iter().map(|(value, text)| Choice::new(value, text, false)).collect();
        let error = self.error.as_deref().map(Html::from).unwrap_or_default();
        let legend = Legend::new("What came of it?");
        let mut outcome = Choices::radios("outcome", legend, choices);
        outcome.error = error;
        outcome
    }

    fn promises(&self) -> Textarea {
        Textarea {
            hint: "One thing a line, such as “Bloods on Friday”. Leave it empty if nothing was".into(),
            value: self.promised.clone(),
            rows: 3,
            ..Textarea::new("promised", Label::new("What was promised"))
        }
    }

    fn owner(&self) -> Select {
        let option = |(value, text): &(String, String)| SelectOption {
            value: value.clone(),
            text: text.clone(),
            ..SelectOption::default()
        };
        Select::new("owner", Label::new("Who does it"), self.owners.iter().map(option).collect())
    }

    fn key(&self) -> Button {
        Button { name_value: Some(("do".to_owned(), "key".to_owned())), ..Button::submit("Save") }
    }
}

/// The form of a written question.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "advice/write.html")]
pub struct Write {
    /// Shell, with the person.
    pub shell: Shell,
    /// The specialty's name.
    pub specialty: String,
    /// Where it is sent.
    pub action: String,
    /// Back to the choice of specialties.
    pub back: String,
    /// The id under which it is asked: a double press asks once.
    pub id: String,
    /// The ask that it belongs to, by its id; empty where it begins one of its own.
    pub journey: String,
    /// The kinds of question: value, words, chosen.
    pub kinds: Vec<(String, String, bool)>,
    /// What was typed.
    pub question: String,
    /// What was typed.
    pub tried: String,
    /// Whether leave to refer was ticked.
    pub agreed: bool,
    /// What is wrong.
    pub error: Option<String>,
}

impl Write {
    fn back_link(&self) -> BackLink {
        BackLink::to("Ask a consultant", &self.back)
    }

    fn summary(&self) -> Option<ErrorSummary> {
        self.error.as_ref().map(|text| ErrorSummary::new(vec![Problem::at("question", text)]))
    }

    fn kind(&self) -> Choices {
        let choices = self.kinds.iter().map(|(value, text, chosen)| Choice::new(value, text, *chosen)).collect();
        let mut kind = Choices::radios("kind", Legend::new("What kind of question is it?"), choices);
        kind.small = true;
        kind
    }

    fn question_field(&self) -> Textarea {
        Textarea {
            error: self.error.as_deref().map(Html::from).unwrap_or_default(),
            value: self.question.clone(),
            rows: 6,
            ..Textarea::new("question", Label::new("Your question"))
        }
    }

    fn tried_field(&self) -> Textarea {
        Textarea { value: self.tried.clone(), rows: 3, ..Textarea::new("tried", Label::new("What has been tried")) }
    }

    fn chosen_files(&self) -> Input {
        files()
    }

    fn agreed_field(&self) -> Choices {
        let text = "They know that the specialist may turn this into a referral, and agree";
        let choices = vec![Choice::new("yes", text, self.agreed)];
        let legend = Legend::new("Have you told the person?");
        let mut agreed = Choices::checkboxes("agreed", legend, choices);
        agreed.hint = "Without this, the specialist answers, and a referral is yours to make".into();
        agreed
    }

    fn button(&self) -> Button {
        Button::submit("Send the question")
    }
}

/// Where files are chosen.
fn files() -> Input {
    Input {
        kind: "file".to_owned(),
        files: Some("image/jpeg,image/png,application/pdf,text/plain".to_owned()),
        hint: "JPEG or PNG pictures, PDF or plain text; at most 8 files, each at most 5 MB".into(),
        ..Input::new("files", Label::new("Pictures and letters"))
    }
}

/// One message of a question.
#[derive(Debug, Clone)]
pub struct Message {
    /// Who and when.
    pub by: String,
    /// What.
    pub words: String,
}

/// What the reader may do with a question.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct May {
    /// Write more.
    pub reply: bool,
    /// Ask back.
    pub ask_back: bool,
    /// Answer.
    pub answer: bool,
    /// Turn it into a referral.
    pub refer: bool,
    /// Say what came of it.
    pub close: bool,
}

/// A written question.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "advice/question.html")]
pub struct Question {
    /// Shell, with the person.
    pub shell: Shell,
    /// The specialty's name.
    pub specialty: String,
    /// Where presses go.
    pub action: String,
    /// How it stands.
    pub tag: String,
    /// What is known of it, in rows.
    pub facts: Vec<(String, String)>,
    /// Question and messages, in order.
    pub messages: Vec<Message>,
    /// The answer's rows: plan, what to watch for, what was promised.
    pub answer: Vec<(String, String)>,
    /// Pictures and letters: words, where each is had.
    pub files: Vec<(String, String)>,
    /// Its clocks.
    pub clocks: Vec<ClockLine>,
    /// What may be done.
    pub may: May,
    /// What came of it: value and words.
    pub outcomes: Vec<(String, String)>,
    /// What was typed.
    pub words: String,
    /// What is wrong.
    pub error: Option<String>,
}

impl Question {
    fn file_links(&self) -> Vec<Link> {
        self.files.iter().map(|(words, href)| Link::new(words, href)).collect()
    }

    fn chosen_files(&self) -> Input {
        files()
    }

    fn back(&self) -> BackLink {
        BackLink::to("Advice", "/advice")
    }

    fn state(&self) -> Tag {
        Tag::new(&self.tag)
    }

    fn banner(&self) -> Option<NotificationBanner> {
        self.error.as_ref().map(|text| NotificationBanner::important(text))
    }

    fn fact_list(&self) -> SummaryList {
        SummaryList::new(self.facts.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }

    fn answer_list(&self) -> SummaryList {
        SummaryList::new(self.answer.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }

    fn words_field(&self, name: &str, label: &str) -> Textarea {
        Textarea { value: self.words.clone(), rows: 4, ..Textarea::new(name, Label::new(label)) }
    }

    fn area(&self, name: &str, label: &str) -> Textarea {
        Textarea { rows: 3, ..Textarea::new(name, Label::new(label)) }
    }

    fn press(&self, word: &str, text: &str, main: bool) -> Button {
        let kind = if main { ButtonKind::Primary } else { ButtonKind::Secondary };
        Button { kind, name_value: Some(("do".to_owned(), word.to_owned())), ..Button::submit(text) }
    }

    fn outcome(&self) -> Choices {
        let choices = self.outcomes.iter().map(|(value, text)| Choice::new(value, text, false)).collect();
        let legend = Legend::new("What came of it?");
        let mut outcome = Choices::radios("outcome", legend, choices);
        outcome.small = true;
        outcome
    }
}
