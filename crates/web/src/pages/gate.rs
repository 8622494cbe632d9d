//! The bed gate, for a councillor to read: the answer first, then ten questions with yes, not yet or no, what would change each, and
//! the evidence one press away. Every look stays as it was made.

use crate::components::{
    BackLink, Cell, Chart, Colour, Column, Details, Html, InsetText, Link, NotificationBanner, SummaryList, SummaryRow,
    Table, Tag,
};
use crate::layout::Shell;
use crate::pages::deed::{Came, Deeds, invented};
use askama::Template;
use assurance::gate::refusal::Standing;

/// A decision in the list.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Address.
    pub href: String,
    /// In words.
    pub title: String,
    /// The answer.
    pub answer: String,
    /// How far it has come.
    pub stage: String,
}

/// The list.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "gate/list.html")]
pub struct List {
    /// Shell.
    pub shell: Shell,
    /// The figures are invented.
    pub invented: bool,
    /// The decisions.
    pub rows: Vec<Row>,
    /// What was refused.
    pub came: Came,
    /// What the reader may do.
    pub deeds: Deeds,
}

impl List {
    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }

    fn table(&self) -> Table {
        let row = |row: &Row| {
            vec![
                Cell::holding(Html::of(&Link::new(&row.title, &row.href))),
                row.answer.as_str().into(),
                row.stage.as_str().into(),
            ]
        };
        let columns =
            vec![Column::new("Decision"), Column::new("May the beds go?"), Column::new("How far it has come")];
        Table::new("Decisions about beds", columns, self.rows.iter().map(row).collect())
    }

    fn note(&self) -> Option<InsetText> {
        invented(self.invented)
    }
}

/// One condition.
#[derive(Debug, Clone)]
pub struct Condition {
    /// `G3`.
    pub name: String,
    /// Its question.
    pub question: String,
    /// Where it stands.
    pub standing: Standing,
    /// In a sentence.
    pub sentence: String,
    /// What would change it.
    pub change: Option<String>,
    /// What it rests on.
    pub evidence: Vec<(String, String)>,
    /// What was handed in for it, as it is known now.
    pub tables: Vec<Table>,
}

impl Condition {
    fn tag(&self) -> Tag {
        match self.standing {
            Standing::Met => Tag::new("Yes").coloured(Colour::Green),
            Standing::NotYet => Tag::new("Not yet").coloured(Colour::Yellow),
            Standing::Unmet => Tag::new("No").coloured(Colour::Red),
        }
    }

    fn rests_on(&self) -> Details {
        let rows = self.evidence.iter().map(|(key, value)| SummaryRow::new(key, value)).collect();
        let list = Html::of(&SummaryList::new(rows));
        let all: Vec<Html> = std::iter::once(list).chain(self.tables.iter().map(Html::of)).collect();
        Details::new(&format!("What {} rests on", self.name), Html::join(&all))
    }
}

/// A look, as it was made.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// Its month.
    pub month: String,
    /// What it said.
    pub answer: String,
    /// When it was made.
    pub made: String,
    /// Since when it is public.
    pub published: String,
    /// Its hash.
    pub hash: String,
    /// The page as it was then.
    pub href: String,
    /// It was made again, of restated figures, instead of an earlier one; or another stands instead of it.
    pub note: String,
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "gate/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// The figures are invented.
    pub invented: bool,
    /// What was done, or refused.
    pub came: Came,
    /// Back to the list.
    pub back: String,
    /// The page as it stands now.
    pub now: String,
    /// In words.
    pub title: String,
    /// This is a look of the past: which.
    pub past: Option<String>,
    /// `No`, `Yes`, and what else it may be.
    pub word: String,
    /// The rest of the answer.
    pub answer: String,
    /// How far it has come, in a sentence.
    pub stage: String,
    /// What was agreed beforehand.
    pub facts: Vec<(String, String)>,
    /// The evidence look by look.
    pub chart: Option<Chart>,
    /// The conditions.
    pub conditions: Vec<Condition>,
    /// Who has signed: side, who has, who could.
    pub sides: Vec<(String, String, String)>,
    /// The looks, the latest first.
    pub looks: Vec<Look>,
    /// What was restated: when and why, what.
    pub restated: Vec<(String, String, String)>,
    /// What was found of harm: month, evidence.
    pub harm: Vec<(String, String)>,
    /// What the reader may do.
    pub deeds: Deeds,
}

impl View {
    fn way_back(&self) -> BackLink {
        BackLink::to("All decisions about beds", &self.back)
    }

    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }

    fn note(&self) -> Option<InsetText> {
        invented(self.invented)
    }

    fn fact_list(&self) -> Details {
        let rows = self.facts.iter().map(|(key, value)| SummaryRow::new(key, value)).collect();
        Details::new("What was agreed before the first month", Html::of(&SummaryList::new(rows)))
    }

    fn side_table(&self) -> Table {
        let row = |(side, signed, may): &(String, String, String)| {
            vec![side.as_str().into(), signed.as_str().into(), may.as_str().into()]
        };
        let columns = vec![Column::new("Side"), Column::new("Has signed"), Column::new("Has a vote")];
        Table {
            compact: true,
            ..Table::new("Signatures under the latest look", columns, self.sides.iter().map(row).collect())
        }
    }

    fn look_table(&self) -> Table {
        let row = |look: &Look| {
            vec![
                Cell::holding(Html::of(&Link::new(&look.month, &look.href))),
                Cell::holding(Html::with_small(&look.answer, &look.note)),
                Cell::holding(Html::with_small(&look.made, &look.published)),
                Cell { classes: "weft-hash".to_owned(), ..Cell::from(look.hash.as_str()) },
            ]
        };
        let columns = vec![
            Column::new("Month"),
            Column::new("What the look said"),
            Column::new("Made"),
            Column::new("Kept under this hash, and never changed"),
        ];
        Table {
            compact: true,
            ..Table::new("Every look, as it was made", columns, self.looks.iter().map(row).collect())
        }
    }

    fn restated_table(&self) -> Table {
        let row = |(when, what, why): &(String, String, String)| {
            vec![when.as_str().into(), what.as_str().into(), why.as_str().into()]
        };
        let columns = vec![Column::new("When"), Column::new("What"), Column::new("Why")];
        Table {
            compact: true,
            ..Table::new(
                "Figures that were reported otherwise before",
                columns,
                self.restated.iter().map(row).collect(),
            )
        }
    }

    fn harm_table(&self) -> Table {
        let row = |(month, found): &(String, String)| vec![month.as_str().into(), found.as_str().into()];
        let columns = vec![Column::new("Up to"), Column::new("What was found")];
        Table { compact: true, ..Table::new("The watch over harm", columns, self.harm.iter().map(row).collect()) }
    }
}
