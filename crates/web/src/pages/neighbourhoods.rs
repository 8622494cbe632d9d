//! Neighbourhoods: the eight places that teams work in, with their practices, care homes and deprivation.

use crate::components::{BackLink, Cell, Column, Html, Link, Table};
use crate::layout::Shell;
use askama::Template;

/// One neighbourhood in the list. Numbers are ready to show.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Address of its page.
    pub href: String,
    /// Name.
    pub name: String,
    /// How many practices.
    pub practices: String,
    /// People on their lists.
    pub people: String,
    /// How many care homes.
    pub homes: String,
    /// Deprivation in a sentence: `3 of 21 areas are among the most deprived tenth of England`.
    pub deprivation: String,
}

/// The list.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "neighbourhoods/list.html")]
pub struct List {
    /// Shell.
    pub shell: Shell,
    /// The borough's name.
    pub borough: String,
    /// The neighbourhoods.
    pub rows: Vec<Row>,
    /// Where the figures come from and of when they are.
    pub sources: String,
}

impl List {
    fn table(&self) -> Table {
        let rows = self.rows.iter().map(|row| {
            vec![
                Cell::holding(Html::of(&Link::new(&row.name, &row.href))),
                row.practices.as_str().into(),
                row.people.as_str().into(),
                row.homes.as_str().into(),
                row.deprivation.as_str().into(),
            ]
        });
        let columns = vec![
            Column::new("Neighbourhood"),
            Column::numeric("Practices"),
            Column::numeric("People on their lists"),
            Column::numeric("Care homes"),
            Column::new("Deprivation"),
        ];
        Table::new(&format!("The neighbourhoods of {}", self.borough), columns, rows.collect())
    }
}

/// The list as HTML.
#[must_use]
pub fn render_list(view: &List) -> String {
    view.to_string()
}

/// One neighbourhood.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "neighbourhoods/one.html")]
pub struct One {
    /// Shell.
    pub shell: Shell,
    /// Name.
    pub name: String,
    /// `6 practices with 48,210 people on their lists, and 9 care homes`.
    pub sentence: String,
    /// Practices: name, code, people.
    pub practices: Vec<(String, String, String)>,
    /// Care homes: name, practice that looks after it.
    pub homes: Vec<(String, String)>,
    /// Areas in each tenth of deprivation, 1 the most deprived: (tenth, areas as text, 0 to 100 for the bar's length).
    pub deciles: Vec<(String, String, u8)>,
    /// Where the figures come from and of when they are.
    pub sources: String,
}

/// A bar of a tenth, drawn without a style attribute: its length is one of 21 classes.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<span class="weft-bar weft-bar--{{ step }}" aria-hidden="true"></span> {{ text }}"#,
    ext = "html"
)]
struct Bar<'a> {
    step: u8,
    text: &'a str,
}

impl askama::filters::HtmlSafe for Bar<'_> {}

impl One {
    fn back(&self) -> BackLink {
        BackLink::to("All neighbourhoods", "/neighbourhoods")
    }

    fn practice_table(&self) -> Table {
        let rows = self.practices.iter();
        let rows =
            rows.map(|(name, code, people)| vec![name.as_str().into(), code.as_str().into(), people.as_str().into()]);
        let columns = vec![Column::new("Practice"), Column::new("Code"), Column::numeric("People on its list")];
        Table::new("Practices", columns, rows.collect())
    }

    fn home_table(&self) -> Table {
        let rows = self.homes.iter();
        let rows = rows.map(|(name, practice)| vec![name.as_str().into(), practice.as_str().into()]);
        let columns = vec![Column::new("Care home"), Column::new("Practice that looks after it")];
        Table::new("Care homes", columns, rows.collect())
    }

    fn deprivation_table(&self) -> Table {
        let rows = self.deciles.iter().map(|(tenth, areas, length)| {
            let bar = Bar { step: (*length).min(100) / 5, text: areas };
            vec![tenth.as_str().into(), Cell::holding(Html::of(&bar))]
        });
        let columns = vec![Column::new("Tenth of England, 1 the most deprived"), Column::new("Areas here")];
        Table { compact: true, responsive: false, ..Table::new("Deprivation", columns, rows.collect()) }
    }
}

/// One neighbourhood as HTML.
#[must_use]
pub fn render_one(view: &One) -> String {
    view.to_string()
}
