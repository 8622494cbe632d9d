//! Case finding: a neighbourhood team's lists, one list with the reason for each person in a sentence, and one person's decision.
//! The reason comes first and no number stands before a name.

use crate::components::{
    BackLink, Cell, Column, Details, Html, InsetText, Link, NotificationBanner, SummaryList, SummaryRow, Table,
    WarningCallout,
};
use crate::layout::Shell;
use crate::pages::cascade::Cascade;
use crate::pages::deed::{Came, Deeds};
use askama::Template;

/// A list among the team's.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// What it is called.
    pub title: String,
    /// Of which neighbourhood.
    pub neighbourhood: String,
    /// When it last looked.
    pub looked: String,
}

/// The team's lists.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "finding/home.html")]
pub struct Home {
    /// Shell.
    pub shell: Shell,
    /// What was done, or refused.
    pub came: Came,
    /// Nobody can be looked for yet: the population is being built.
    pub building: bool,
    /// The reader works for a practice of these neighbourhoods and is of no team: by name.
    pub practice_of: Vec<String>,
    /// They are of a team, and may begin a list.
    pub begins: bool,
    /// The lists.
    pub rows: Vec<Row>,
    /// Rules that cannot be used here: what each is called, and what is missing.
    pub missing: Vec<(String, String)>,
    /// What could not be used of the record: why, and how often.
    pub left: Vec<(String, String)>,
    /// What the reader may do.
    pub deeds: Deeds,
}

impl Home {
    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }

    fn table(&self) -> Table {
        let row = |row: &Row| {
            vec![
                Cell::holding(Html::of(&Link::new(&row.title, &row.href))),
                row.neighbourhood.as_str().into(),
                row.looked.as_str().into(),
            ]
        };
        let columns = vec![Column::new("List"), Column::new("Neighbourhood"), Column::new("Last looked")];
        Table::new("Lists", columns, self.rows.iter().map(row).collect()).under_heading()
    }

    fn missing_table(&self) -> Details {
        let row = |(title, what): &(String, String)| vec![title.as_str().into(), what.as_str().into()];
        let columns = vec![Column::new("Rule"), Column::new("What is missing")];
        let rows = self.missing.iter().map(row).collect();
        let table = Table { compact: true, ..Table::new("Rules that nobody can be found by here", columns, rows) };
        Details::new("Rules that nobody can be found by here, and what is missing", Html::of(&table.under_heading()))
    }

    fn left_table(&self) -> Details {
        let row = |(why, count): &(String, String)| vec![why.as_str().into(), count.as_str().into()];
        let columns = vec![Column::new("Why"), Column::numeric("Entries")];
        let rows = self.left.iter().map(row).collect();
        let table = Table { compact: true, ..Table::new("What of the record could not be used", columns, rows) };
        Details::new("What of the record no list can use, and why", Html::of(&table.under_heading()))
    }
}

/// Somebody on a list.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// The page to decide on.
    pub href: String,
    /// Their name.
    pub name: String,
    /// `born 14 March 1938 (88 years)`.
    pub born: String,
    /// Why they are on it, in a sentence.
    pub why: String,
    /// What is in place already, and what was decided.
    pub place: String,
}

/// What came after, beside where no such list looks.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// Where, people, before, after; none where there is no comparison.
    pub rows: Vec<[String; 4]>,
    /// How to read it, or why there is none.
    pub words: String,
}

/// One list.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "finding/list.html")]
pub struct List {
    /// Shell.
    pub shell: Shell,
    /// What was done, or refused.
    pub came: Came,
    /// What it is called.
    pub title: String,
    /// It is the reader's own team's; else they see those of their practice.
    pub own: bool,
    /// What it is: name, value.
    pub facts: Vec<(String, String)>,
    /// What the rule must not be used for.
    pub not_for: Vec<String>,
    /// Something to know before relying on it: the rule has changed.
    pub warning: Option<String>,
    /// How many more there would be, and who was left out.
    pub notes: Vec<String>,
    /// The people: a heading, what would stand there, and who does.
    pub groups: Vec<(String, String, Vec<Person>)>,
    /// What came after decisions: who, people, before, after.
    pub effect: Vec<[String; 4]>,
    /// What is said beside that.
    pub caveat: String,
    /// The same beside neighbourhoods where no such list looks, where that was asked for.
    pub beside: Option<Beside>,
    /// Where it is asked for.
    pub compare: String,
    /// Whether a group is missed; none where nobody has been looked for, and for whoever sees a part of the list.
    pub cascade: Option<Cascade>,
    /// What the reader may do.
    pub deeds: Deeds,
}

impl List {
    fn way_back(&self) -> BackLink {
        BackLink::to("All lists", "/finding")
    }

    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }

    fn facts_list(&self) -> SummaryList {
        SummaryList::new(self.facts.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }

    fn not_for_note(&self) -> WarningCallout {
        let mut not: Vec<String> = self.not_for.clone();
        not.push("judging anybody, or telling anybody that a list has found them".to_owned());
        WarningCallout { level: 2, ..WarningCallout::new("What this list is not for", &format!("{}.", not.join("; "))) }
    }

    fn warning_note(&self) -> Option<InsetText> {
        self.warning.as_deref().map(InsetText::new)
    }

    fn table(&self, title: &str, people: &[Person]) -> Table {
        let row = |one: &Person| {
            vec![
                Cell::holding(Html::of(&Link::new(&one.name, &one.href))),
                one.born.as_str().into(),
                one.why.as_str().into(),
                one.place.as_str().into(),
            ]
        };
        let columns = ["Name", "Born", "Why", "In place, or decided"].map(Column::new).to_vec();
        Table::new(title, columns, people.iter().map(row).collect()).under_heading()
    }

    fn effect_table(&self) -> Table {
        followed("Before and after a decision", "Who", &self.effect)
    }

    fn inequity(&self) -> Option<Html> {
        let (seen, slices) = self.cascade.as_ref()?.apart();
        let fold = |slices: &Cascade| {
            Html::of(&Details::new("By age, sex, deprivation, ethnicity and record system", Html::of(slices)))
        };
        let pieces: Vec<Html> = std::iter::once(Html::of(&seen)).chain(slices.as_ref().map(fold)).collect();
        Some(Html::join(&pieces))
    }
}

impl Beside {
    fn table(&self) -> Table {
        followed("Here, and where no such list looks", "Where", &self.rows)
    }
}

/// Groups before and after a day.
fn followed(caption: &str, who: &str, rows: &[[String; 4]]) -> Table {
    let row = |row: &[String; 4]| row.iter().map(|cell| Cell::from(cell.as_str())).collect();
    let columns = vec![
        Column::new(who),
        Column::numeric("People"),
        Column::numeric("Days with an urgent contact, 90 days before"),
        Column::numeric("90 days after"),
    ];
    Table::new(caption, columns, rows.iter().map(row).collect()).under_heading()
}

/// One person on a list.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "finding/case.html")]
pub struct Case {
    /// Shell, with the person's banner.
    pub shell: Shell,
    /// What was refused.
    pub came: Came,
    /// The list.
    pub back: String,
    /// What it is called.
    pub list: String,
    /// Why they are on it: the words, and the entry in the record where there is one.
    pub reasons: Vec<(String, Option<String>)>,
    /// The rule taken apart for them.
    pub score_href: String,
    /// What was decided before, in a sentence.
    pub decided: Option<String>,
    /// What is offered to whoever is taken on.
    pub offer: String,
    /// Where help for them is asked for, by whoever cannot take them on.
    pub ask_href: Option<String>,
    /// What the reader may do.
    pub deeds: Deeds,
}

impl Case {
    fn way_back(&self) -> BackLink {
        BackLink::to("Back to the list", &self.back)
    }

    fn banner(&self) -> Option<NotificationBanner> {
        self.came.banner()
    }
}

/// What stands where the population is being built.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "finding/building.html")]
pub struct Building {
    /// Shell.
    pub shell: Shell,
}

/// A page that says that the population is being built.
#[must_use]
pub fn being_built(shell: Shell) -> String {
    Building { shell }.to_string()
}
