//! Rotas of the advice lines, for whoever keeps them: who is on today and in which order, the weeks ahead with every gap, and a week
//! to fill in. Must not show any telephone number, nor how often anybody was rung.

use crate::components::{
    BackLink, Button, ButtonKind, Cell, Column, Details, ErrorSummary, Html, Input, Label, Link, NotificationBanner,
    Problem, Select, SelectOption, Table,
};
use crate::layout::Shell;
use askama::Template;

/// One line's rota on the first page.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// The specialty.
    pub name: String,
    /// Where its rota is kept.
    pub href: String,
    /// Who is on today, in order: `1. Dr Ewan Tarrant, 09:00 to 17:00`.
    pub today: Vec<String>,
    /// How its rota stands, as a sentence.
    pub stands: String,
}

/// Every rota that the reader keeps.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "rota/home.html")]
pub struct Home {
    /// Shell.
    pub shell: Shell,
    /// The lines.
    pub lines: Vec<Line>,
}

impl Home {
    fn back(&self) -> BackLink {
        BackLink::to("Advice", "/advice")
    }
}

/// One day of a rota.
#[derive(Debug, Clone, Default)]
pub struct Day {
    /// `Monday 7 December 2026`.
    pub day: String,
    /// The hours that are promised; empty where none are.
    pub promised: String,
    /// Who is on, in order.
    pub on: Vec<String>,
    /// Hours that are promised and in which nobody is on.
    pub gaps: Vec<String>,
}

/// One week of a rota.
#[derive(Debug, Clone, Default)]
pub struct Week {
    /// `Week of 7 December 2026`.
    pub title: String,
    /// Its days.
    pub days: Vec<Day>,
}

impl Week {
    fn table(&self) -> Table {
        let row = |day: &Day| {
            let gap = if day.gaps.is_empty() { "None".to_owned() } else { format!("Nobody {}", day.gaps.join("; ")) };
            let promised = if day.promised.is_empty() { "None".to_owned() } else { day.promised.clone() };
            let on = if day.on.is_empty() { "Nobody".to_owned() } else { day.on.join("; ") };
            let gap = if day.promised.is_empty() { "–".to_owned() } else { gap };
            [&day.day, &promised, &on, &gap].map(|words| Cell::from(words.as_str())).to_vec()
        };
        let columns = ["Day", "Hours promised", "Who, in order", "Gap"].map(Column::new).to_vec();
        let rows = self.days.iter().map(row).collect();
        Table { compact: true, caption_size: None, ..Table::new(&self.title, columns, rows) }
    }
}

/// One day of the week to fill in.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// `Monday`.
    pub day: String,
    /// Its word in the form.
    pub word: String,
    /// Who is chosen, by their ids, in order; empty where nobody is.
    pub chosen: Vec<String>,
}

/// One rota.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "rota/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// The specialty.
    pub name: String,
    /// Where presses go.
    pub action: String,
    /// Who is on today, in order.
    pub today: Vec<String>,
    /// The hours that are promised to callers, a sentence each.
    pub covered: Vec<String>,
    /// Whether what is shown waits to be published.
    pub waits: bool,
    /// What is shown: `What was published last` or `The draft, not published yet`.
    pub shown: String,
    /// Every gap of it.
    pub gaps: Vec<String>,
    /// Its weeks.
    pub weeks: Vec<Week>,
    /// The week to fill in.
    pub choices: Vec<Choice>,
    /// Who can be chosen: id, name.
    pub people: Vec<(String, String)>,
    /// The first and last day that were typed.
    pub days: (String, String),
    /// What was done.
    pub done: Option<String>,
    /// What is wrong, a sentence each.
    pub errors: Vec<String>,
}

/// How many weeks stand open: this one and the next, and one more where today is the end of a week.
const NEAR: usize = 3;

impl View {
    fn back(&self) -> BackLink {
        BackLink::to("Rotas", "/advice/rota")
    }

    fn near(&self) -> &[Week] {
        self.weeks.get(..NEAR).unwrap_or(&self.weeks)
    }

    fn later(&self) -> Option<Details> {
        let later = self.weeks.get(NEAR..).filter(|weeks| !weeks.is_empty())?;
        let tables: Vec<Html> = later.iter().map(|week| Html::of(&week.table())).collect();
        Some(Details::new("Later weeks", Html::join(&tables)))
    }

    fn summary(&self) -> Option<ErrorSummary> {
        let problem = |text: &String| Problem::at("from", text);
        (!self.errors.is_empty()).then(|| ErrorSummary::new(self.errors.iter().map(problem).collect()))
    }

    fn done_banner(&self) -> Option<NotificationBanner> {
        self.done.as_deref().map(NotificationBanner::important)
    }

    fn date(&self, name: &str, label: &str, value: &str) -> Input {
        Input {
            width: Some(10),
            hint: "For example 7 12 2026".into(),
            value: (!value.is_empty()).then(|| value.to_owned()),
            ..Input::new(name, Label::new(label))
        }
    }

    fn first_day(&self) -> Input {
        self.date("from", "First day", &self.days.0)
    }

    fn last_day(&self) -> Input {
        self.date("until", "Last day", &self.days.1)
    }

    fn selects(&self, choice: &Choice) -> Vec<Select> {
        let select = |place: usize| {
            let chosen = choice.chosen.get(place).map_or("", String::as_str);
            let option = |value: &str, text: &str| SelectOption {
                value: value.to_owned(),
                text: text.to_owned(),
                selected: value == chosen,
                disabled: false,
            };
            let people = self.people.iter().map(|(id, name)| option(id, name));
            let options = std::iter::once(option("", "Nobody")).chain(people).collect();
            let which = ["first", "second", "third"].get(place).copied().unwrap_or("next");
            Select::new(
                &format!("{}-{}", choice.word, place + 1),
                Label::new(&format!("{}, {which}", choice.day)),
                options,
            )
        };
        (0..3).map(select).collect()
    }

    fn other_id(&self) -> Input {
        Input {
            hint: "The id of their sign-in, as your provider knows it. Never a telephone number".into(),
            ..Input::new("other", Label::new("Somebody who is not in the lists: their sign-in"))
        }
    }

    fn other_name(&self) -> Input {
        Input {
            hint: "They come after the others on each day that has room; from then on they are in the lists".into(),
            ..Input::new("other_name", Label::new("Their name"))
        }
    }

    fn press(&self, word: &str, text: &str, kind: ButtonKind) -> Button {
        Button { kind, name_value: Some(("do".to_owned(), word.to_owned())), ..Button::submit(text) }
    }

    fn draft(&self) -> Button {
        self.press("draft", "Save as a draft", ButtonKind::Secondary)
    }

    fn publish(&self) -> Button {
        self.press("publish", "Publish this rota", ButtonKind::Primary)
    }
}

impl Line {
    fn link(&self) -> Link {
        Link::new(&format!("Keep the rota of {}", self.name), &self.href)
    }
}
