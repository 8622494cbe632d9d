//! Measures: the list, and one indicator with its chart, its groups, its claims and what was restated. What is shown has been
//! made small-count safe before it comes here.

use crate::components::{
    BackLink, Cell, Chart, Colour, Column, Html, InsetText, Link, NotificationBanner, SummaryList, SummaryRow, Table,
    Tag,
};
use crate::layout::Shell;
use crate::pages::deed::{Came, Deeds, invented};
use askama::Template;

/// One indicator in the list.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Address of its page.
    pub href: String,
    /// Title.
    pub title: String,
    /// Who answers for it.
    pub owner: String,
    /// The latest value with its unit, and its month beneath; "no figures yet".
    pub latest: (String, String),
    /// What its last point says, and whether the target will be met: letter and words.
    pub icons: Vec<(String, String)>,
    /// The target: "95%, national"; empty where there is none.
    pub target: String,
    /// Set by the nation.
    pub national: bool,
    /// How far it has come.
    pub stage: String,
}

/// The list.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "measure/list.html")]
pub struct List {
    /// Shell.
    pub shell: Shell,
    /// Without sign-in.
    pub public: bool,
    /// The figures are invented.
    pub invented: bool,
    /// The local ones.
    pub local: Vec<Row>,
    /// The nation's.
    pub national: Vec<Row>,
    /// Claims made in public.
    pub claims: Vec<Claim>,
}

/// A claim and whether it holds.
#[derive(Debug, Clone, Default)]
pub struct Claim {
    /// As it was said.
    pub words: String,
    /// Where.
    pub said_in: String,
    /// The indicator that settles it: title and address.
    pub indicator: (String, String),
    /// `Holds`, `Does not hold`, `Cannot be told yet`.
    pub verdict: Tag,
    /// Why.
    pub why: String,
}

fn claims(claims: &[Claim]) -> Table {
    let row = |claim: &Claim| {
        vec![
            Cell::holding(Html::with_small(&format!("\u{201c}{}\u{201d}", claim.words), &claim.said_in)),
            Cell::holding(Html::of(&Link::new(&claim.indicator.0, &claim.indicator.1))),
            Cell::holding(Html::join(&[Html::of(&claim.verdict), Html::paragraph(&claim.why)])),
        ]
    };
    let columns = vec![Column::new("What was said"), Column::new("Settled by"), Column::new("By the figures")];
    Table::new("Claims made in public", columns, claims.iter().map(row).collect())
}

/// An icon of a control chart: a letter in a ring, and what it says.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<span><span class="weft-chart__letter" aria-hidden="true">{{ letter }}</span>{{ words }}</span><br>"#,
    ext = "html"
)]
struct Icon<'a> {
    letter: &'a str,
    words: &'a str,
}

impl askama::filters::HtmlSafe for Icon<'_> {}

impl List {
    fn table(&self, caption: &str, rows: &[Row]) -> Table {
        let row = |row: &Row| {
            let icons: Vec<Html> = row.icons.iter().map(|(letter, words)| Html::of(&Icon { letter, words })).collect();
            vec![
                Cell::holding(Html::of(&Link::new(&row.title, &row.href))),
                Cell::holding(Html::with_small(&row.latest.0, &row.latest.1)),
                Cell::holding(Html::join(&icons)),
                Cell::holding(Html::with_small(
                    &row.target,
                    if row.national { "locked: set by the nation" } else { "" },
                )),
                Cell::holding(Html::with_small(&row.owner, &row.stage)),
            ]
        };
        let columns = vec![
            Column::new("Measure"),
            Column::new("Latest"),
            Column::new("What the chart says"),
            Column::new("Target"),
            Column::new("Who answers for it"),
        ];
        Table::new(caption, columns, rows.iter().map(row).collect())
    }

    fn claim_table(&self) -> Table {
        claims(&self.claims)
    }

    fn note(&self) -> Option<InsetText> {
        invented(self.invented)
    }
}

/// A split of an indicator.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// "By age".
    pub heading: String,
    /// The drawing, where it has one.
    pub chart: Option<Chart>,
    /// Group, count, value with its interval.
    pub rows: Vec<(String, String, String)>,
    /// The same as a file; empty where there is none.
    pub file: String,
    /// From when to when, and what is withheld.
    pub note: String,
}

/// A month that was restated.
#[derive(Debug, Clone, Default)]
pub struct Restated {
    /// Which month, of whom.
    pub month: String,
    /// As it was; empty where it is not shown.
    pub was: String,
    /// As it is; empty where it is not shown.
    pub is: String,
    /// Why, by whom and when.
    pub why: String,
    /// The page as it was known before.
    pub before: String,
}

/// One indicator.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "measure/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// Without sign-in.
    pub public: bool,
    /// The figures are invented.
    pub invented: bool,
    /// What was done, or refused.
    pub came: Came,
    /// Back to the list.
    pub back: String,
    /// Title.
    pub title: String,
    /// What the chart says, in one sentence.
    pub sentence: String,
    /// The latest value with its interval and month, how complete it is.
    pub latest: String,
    /// The chart is as it was known on this day; nothing where it is as known now.
    pub known: Option<String>,
    /// The page as known now.
    pub now: String,
    /// The chart.
    pub chart: Option<Chart>,
    /// What is left out of the chart.
    pub withheld: String,
    /// Target, owner, definition.
    pub facts: Vec<(String, String)>,
    /// Its groups.
    pub parts: Vec<Part>,
    /// Claims that it settles.
    pub claims: Vec<Claim>,
    /// Months that were restated.
    pub restated: Vec<Restated>,
    /// Its life: when, what, who.
    pub life: Vec<(String, String, String)>,
    /// What the reader may do.
    pub deeds: Deeds,
}

impl View {
    fn way_back(&self) -> BackLink {
        BackLink::to("All measures", &self.back)
    }

    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }

    fn note(&self) -> Option<InsetText> {
        invented(self.invented)
    }

    fn fact_list(&self) -> SummaryList {
        SummaryList::new(self.facts.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }

    fn part_table(&self, part: &Part) -> Table {
        let row = |(group, count, value): &(String, String, String)| {
            vec![group.as_str().into(), count.as_str().into(), value.as_str().into()]
        };
        let columns = vec![Column::new("Group"), Column::numeric("Count"), Column::numeric("Value, 95% interval")];
        Table {
            caption_size: None,
            compact: true,
            ..Table::new("The latest twelve months", columns, part.rows.iter().map(row).collect())
        }
    }

    fn claim_table(&self) -> Table {
        claims(&self.claims)
    }

    fn restated_table(&self) -> Table {
        let row = |row: &Restated| {
            let mut cells: Vec<Cell> = vec![row.month.as_str().into()];
            if !self.public {
                cells.extend([row.was.as_str().into(), row.is.as_str().into()]);
            }
            cells.push(row.why.as_str().into());
            cells.push(Cell::holding(Html::of(&Link::new("As known before", &row.before))));
            cells
        };
        let mut columns = vec![Column::new("Month")];
        if !self.public {
            columns.extend([Column::new("As it was"), Column::new("As it is")]);
        }
        columns.extend([Column::new("Why"), Column::new("The chart then")]);
        Table {
            compact: true,
            ..Table::new("Months that were reported otherwise before", columns, self.restated.iter().map(row).collect())
        }
    }

    fn life_table(&self) -> Table {
        let row = |(when, what, who): &(String, String, String)| {
            vec![when.as_str().into(), what.as_str().into(), who.as_str().into()]
        };
        let columns = vec![Column::new("When"), Column::new("What"), Column::new("Who")];
        Table { compact: true, ..Table::new("Its life so far", columns, self.life.iter().map(row).collect()) }
    }
}

/// A verdict as a tag.
#[must_use]
pub fn verdict(verdict: Option<assurance::indicator::Verdict>) -> Tag {
    use assurance::indicator::Verdict::{CannotTell, DoesNotHold, Holds};
    match verdict {
        Some(Holds) => Tag::new("Holds").coloured(Colour::Green),
        Some(DoesNotHold) => Tag::new("Does not hold").coloured(Colour::Red),
        Some(CannotTell) | None => Tag::new("Cannot be told yet").coloured(Colour::Grey),
    }
}
