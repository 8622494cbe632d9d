//! Services of the intermediate tier: what there is today, what each came from, how much room it has and how old that figure is; and
//! the form by which somebody of the service says how much room there is now. Must not show who is in a service.

use crate::components::{
    BackLink, Button, Cell, Colour, Column, ErrorSummary, Html, Link, NotificationBanner, SummaryList, SummaryRow,
    Table, Tag,
};
use crate::layout::Shell;
use crate::pages::ask::decision::{Field, summary};
use askama::Template;

/// One present service on the list.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Address of its page.
    pub href: String,
    /// Name.
    pub name: String,
    /// What it does, in a sentence.
    pub summary: String,
    /// The level of need that it meets.
    pub level: String,
    /// `7 of 12 beds, seen 12 minutes ago`; a sentence where nobody has said.
    pub free: String,
    /// The figure is older than it is good for, or there is none.
    pub stale: bool,
    /// The reader acts for it.
    pub mine: bool,
}

/// The list.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "service/list.html")]
pub struct List {
    /// Shell.
    pub shell: Shell,
    /// Those of now.
    pub rows: Vec<Row>,
    /// Those of before: what each was called, and what it became.
    pub former: Vec<(String, Link)>,
    /// How sure the entries are and where they are edited.
    pub sources: String,
}

fn old() -> Tag {
    Tag::new("Old").coloured(Colour::Grey)
}

impl List {
    fn table(&self) -> Table {
        let rows = self.rows.iter().map(|row| {
            let mark = row.mine.then(|| Html::of(&Tag::new("Yours").coloured(Colour::Blue)));
            let stale = row.stale.then(|| Html::of(&old()));
            let name = std::iter::once(Html::of(&Link::new(&row.name, &row.href))).chain(mark);
            let free = std::iter::once(Html::from(row.free.as_str())).chain(stale);
            vec![
                Cell::holding(Html::join(&name.collect::<Vec<_>>())),
                row.summary.as_str().into(),
                row.level.as_str().into(),
                Cell::holding(Html::join(&free.collect::<Vec<_>>())),
            ]
        });
        let columns = ["Service", "What it does", "Level of need", "Free now"].map(Column::new).to_vec();
        Table::new(&format!("{} services today", self.rows.len()), columns, rows.collect())
    }

    fn lineage(&self) -> Table {
        let rows = self.former.iter().map(|(was, is)| vec![was.as_str().into(), Cell::holding(Html::of(is))]);
        let columns = ["It was", "It is part of"].map(Column::new).to_vec();
        Table::new(&format!("What the {} services of before became", self.former.len()), columns, rows.collect())
    }
}

/// A figure as it was told.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// When it was so.
    pub when: String,
    /// `7 of 12`.
    pub free: String,
    /// Who said so.
    pub who: String,
    /// When it was told, where that is later; else empty.
    pub told: String,
}

/// One service.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "service/page.html")]
pub struct One {
    /// Shell.
    pub shell: Shell,
    /// Name.
    pub name: String,
    /// What it does.
    pub summary: String,
    /// What became of it, where it is of before.
    pub became: Option<Link>,
    /// How much room there is, as a sentence with its age.
    pub free: String,
    /// The figure is older than it is good for.
    pub stale: bool,
    /// What is known of it: key, value.
    pub facts: Vec<(String, String)>,
    /// Something done just now.
    pub done: Option<String>,
    /// Where the form is sent.
    pub action: String,
    /// The form; empty for whoever is not of the service.
    pub fields: Vec<Field>,
    /// Who says how much room there is, for whoever is not of the service.
    pub note: String,
    /// What is wrong, where no single field is.
    pub error: Option<String>,
    /// Figures before, the latest told first.
    pub history: Vec<Told>,
}

impl One {
    fn back(&self) -> BackLink {
        BackLink::to("Services", "/services")
    }

    fn old(&self) -> Tag {
        old()
    }

    fn done_banner(&self) -> Option<NotificationBanner> {
        self.done.as_deref().map(NotificationBanner::success)
    }

    fn problems(&self) -> Option<ErrorSummary> {
        summary(&self.fields, self.error.as_ref())
    }

    fn facts_list(&self) -> SummaryList {
        SummaryList::new(self.facts.iter().map(|(key, value)| SummaryRow::new(key, value)).collect())
    }

    fn submit(&self) -> Button {
        Button { prevent_double_click: Some(true), ..Button::submit("Write it down") }
    }

    fn table(&self) -> Table {
        let rows = self.history.iter().map(|told| {
            let when =
                if told.told.is_empty() { told.when.clone() } else { format!("{} (told {})", told.when, told.told) };
            vec![when.into(), told.free.as_str().into(), told.who.as_str().into()]
        });
        let columns = ["When it was so", "Free", "Who said so"].map(Column::new).to_vec();
        Table::new("What was said before, the latest first", columns, rows.collect())
    }
}
