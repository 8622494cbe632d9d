//! The population in counts: cohorts put together by question, and equity. Everything that stands here has been made fit to be shown;
//! nothing here can say who anybody is.

use crate::components::{
    Button, Cell, Chart, Column, Details, Html, InsetText, Label, Link, Select, SelectOption, Size, SummaryList,
    SummaryRow, Table, WarningCallout,
};
use crate::layout::Shell;
use crate::pages::cascade::Cascade;
use askama::Template;

/// The rule by which counts are shown, in words.
pub const RULE: &str = "A count of nobody is shown as 0. One to seven people are not told apart. Every other count is rounded to the nearest \
     five, and every share and ratio is worked out from rounded counts: that is NHS England\u{2019}s rule for hospital statistics. \
     People who refuse planning or object to sharing are not counted.";

/// Something that can be asked for.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// As it stands in the address.
    pub term: String,
    /// In words.
    pub title: String,
    /// Its instrument and version, from which age it says something, what is not verified.
    pub note: String,
    /// `all`, `any`, `not`, or nothing.
    pub how: String,
}

/// Items under one heading.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// Heading.
    pub heading: String,
    /// Open from the start: something in it is asked for, or it is the first.
    pub open: bool,
    /// What there is.
    pub items: Vec<Item>,
}

/// A cell of a slice, ready to show.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// `70 to 79`.
    pub name: String,
    /// `120`, `1 to 7`, `0`.
    pub count: String,
    /// Of how many.
    pub of: String,
    /// In a hundred.
    pub crude: String,
    /// In a hundred with the ages of the whole.
    pub standardised: String,
    /// `1.20 (1.05 to 1.37)`.
    pub ratio: String,
}

/// A slice.
#[derive(Debug, Clone, Default)]
pub struct Slice {
    /// `By deprivation`.
    pub heading: String,
    /// Whether it is of ages, which are not standardised.
    pub of_ages: bool,
    /// The drawing.
    pub chart: Option<Chart>,
    /// Its cells; none where nothing may be shown.
    pub parts: Vec<Part>,
    /// Why nothing is shown, or what to know.
    pub note: String,
}

impl Slice {
    fn table(&self) -> Table {
        let row = |part: &Part| -> Vec<Cell> {
            let mut cells: Vec<&str> = vec![&part.name, &part.count, &part.of, &part.crude];
            if !self.of_ages {
                cells.extend([part.standardised.as_str(), part.ratio.as_str()]);
            }
            cells.into_iter().map(Cell::from).collect()
        };
        let mut columns =
            vec![Column::new("Group"), Column::numeric("People"), Column::numeric("Of"), Column::numeric("In 100")];
        if !self.of_ages {
            columns.extend([Column::numeric("In 100, ages alike"), Column::numeric("To expected")]);
        }
        let rows = self.parts.iter().map(row).collect();
        Table { compact: true, ..Table::new(&self.heading, columns, rows).under_heading() }
    }
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// `About 1,205 of about 290,000 people: 0.4 in 100.`
    pub sentence: String,
    /// What was asked: `All of`, and what.
    pub asked: Vec<(String, String)>,
    /// What of the instruments nobody has held against their sources.
    pub unverified: Vec<String>,
    /// By age, sex, deprivation, ethnicity, neighbourhood, record system.
    pub slices: Vec<Slice>,
}

impl Answer {
    fn asked_list(&self) -> SummaryList {
        SummaryList::new(self.asked.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }

    fn warning(&self) -> Option<WarningCallout> {
        (!self.unverified.is_empty()).then(|| WarningCallout {
            content: Html::bullets(&self.unverified.iter().map(String::as_str).collect::<Vec<_>>()),
            ..WarningCallout::new(
                "Not checked against its source",
                "Do not decide anything by this until somebody has.",
            )
        })
    }
}

/// The cohort explorer.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "population/explorer.html")]
pub struct Explorer {
    /// Shell.
    pub shell: Shell,
    /// As of which day.
    pub as_of: String,
    /// `registered` or `resident`.
    pub among: String,
    /// What can be asked for.
    pub groups: Vec<Group>,
    /// What is wrong with the question.
    pub wrong: Option<String>,
    /// The answer.
    pub answer: Option<Answer>,
    /// How many people are left out because they refuse planning or object.
    pub left_out: String,
    /// By what people are told to live here and how deprived that is, or why nobody knows.
    pub lived: String,
    /// Rule sets whose lists are not here.
    pub without_lists: String,
}

impl Explorer {
    fn warning(&self) -> Option<WarningCallout> {
        let heading = "This question cannot be answered";
        self.wrong.as_ref().map(|wrong| WarningCallout { level: 2, ..WarningCallout::new(heading, wrong) })
    }

    fn among_select(&self) -> Select {
        let option = |value: &str, text: &str| SelectOption {
            value: value.to_owned(),
            text: text.to_owned(),
            selected: self.among == value,
            disabled: false,
        };
        let options =
            vec![option("registered", "Registered with a practice here"), option("resident", "Living in the borough")];
        Select::new("among", Label::new("Among whom"), options)
    }

    fn group(&self, group: &Group) -> Details {
        let selects: Vec<Html> = group.items.iter().map(|item| Html::of(&select(item))).collect();
        Details { open: group.open, ..Details::new(&group.heading, Html::join(&selects)) }
    }

    fn button(&self) -> Button {
        Button::submit("Count")
    }

    fn rule(&self) -> InsetText {
        InsetText::new(RULE)
    }
}

fn select(item: &Item) -> Select {
    let option = |value: &str, text: &str| SelectOption {
        value: value.to_owned(),
        text: text.to_owned(),
        selected: item.how == value,
        disabled: false,
    };
    let options = vec![
        option("", "Does not matter"),
        option("all", "All of them have this"),
        option("any", "They have this or another chosen so"),
        option("not", "None of them has this"),
    ];
    Select { hint: item.note.as_str().into(), ..Select::new(&item.term, Label::new(&item.title), options) }
}

/// A register in the overview.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// In words.
    pub title: String,
    /// The page with its slices.
    pub href: String,
    /// Counted.
    pub count: String,
    /// In a hundred.
    pub percent: String,
    /// `About 26,000 by Census 2021…`; empty where nothing is known.
    pub expected: String,
    /// Who says so.
    pub source: String,
    /// `42 in 100 of them`.
    pub found: String,
    /// Most and least deprived fifth, in a hundred with the ages of the whole.
    pub fifths: String,
}

/// Lines of one kind.
#[derive(Debug, Clone, Default)]
pub struct Compared {
    /// Heading.
    pub heading: String,
    /// Something can be known from elsewhere of what stands here.
    pub expects: bool,
    /// Each.
    pub lines: Vec<Line>,
}

impl Compared {
    fn table(&self) -> Table {
        let row = |line: &Line| {
            let mut cells = vec![
                Cell::holding(Html::of(&Link::new(&line.title, &line.href))),
                line.count.as_str().into(),
                line.percent.as_str().into(),
            ];
            if self.expects {
                cells.push(Cell::holding(Html::with_small(&line.expected, &line.source)));
                cells.push(line.found.as_str().into());
            }
            cells.push(line.fifths.as_str().into());
            cells
        };
        let mut columns = vec![Column::new("Which"), Column::numeric("Coded"), Column::numeric("In 100")];
        if self.expects {
            columns.extend([Column::new("Expected"), Column::numeric("Coded, of 100 expected")]);
        }
        columns.push(Column::numeric("Most and least deprived fifth, ages alike"));
        let rows = self.lines.iter().map(row).collect();
        Table { compact: true, caption_size: Some(Size::S), ..Table::new(&self.heading, columns, rows) }
    }
}

/// Lists that find people by one rule, or all of them.
#[derive(Debug, Clone, Default)]
pub struct ByRule {
    /// The rule, in words.
    pub title: String,
    /// The page with its slices.
    pub href: String,
    /// How many lists.
    pub lists: String,
    /// How many people they have found.
    pub found: String,
    /// About how many was decided.
    pub decided: String,
    /// How many were taken on.
    pub taken: String,
}

/// Equity.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "population/equity.html")]
pub struct Equity {
    /// Shell.
    pub shell: Shell,
    /// As of which day.
    pub as_of: String,
    /// What is looked at more closely.
    pub title: String,
    /// Its answer.
    pub answer: Option<Answer>,
    /// Mental health first, then the others.
    pub groups: Vec<Compared>,
    /// Case finding by its rules, all of it first; none where no list has looked.
    pub finding: Vec<ByRule>,
    /// The lists that are looked at more closely: the rule, and their steps.
    pub cascade: Option<(String, Cascade)>,
    /// How many people are left out because they refuse planning or object.
    pub left_out: String,
    /// By what people are told to live here and how deprived that is, or why nobody knows.
    pub lived: String,
}

impl Equity {
    fn finding_table(&self) -> Table {
        let row = |line: &ByRule| {
            let mut cells = vec![Cell::holding(Html::of(&Link::new(&line.title, &line.href)))];
            let counts = [&line.lists, &line.found, &line.decided, &line.taken];
            cells.extend(counts.map(|count| Cell::from(count.as_str())));
            cells
        };
        let numbers = ["Lists", "Found", "Decided", "Taken on"].map(Column::numeric);
        let columns = std::iter::once(Column::new("By which rule")).chain(numbers).collect();
        let rows = self.finding.iter().map(row).collect();
        Table { compact: true, ..Table::new("Case finding", columns, rows).under_heading() }
    }

    fn rule(&self) -> InsetText {
        InsetText::new(RULE)
    }
}

/// That the population is not there yet, or that nobody is in it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "population/none.html")]
pub struct Absent {
    /// Shell.
    pub shell: Shell,
    /// Why, in a sentence.
    pub why: String,
}
