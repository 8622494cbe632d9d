//! Whether a group is missed by lists that find people: found, decided about and taken on, by every slice, beside everybody
//! registered. Part of a page; every figure of it has been made fit to be shown.

use crate::components::{Cell, Column, Html, Table};
use askama::Template;
use askama::filters::HtmlSafe;

/// A group of a slice.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// `70 to 79`.
    pub name: String,
    /// Of how many.
    pub registered: String,
    /// How many were found.
    pub found: String,
    /// Found in a hundred registered: with the ages of the whole, but for slices of age.
    pub share: String,
    /// Found, to expected: `0.80 (0.62 to 1.02)`.
    pub found_ratio: String,
    /// About how many was decided.
    pub decided: String,
    /// How many were taken on.
    pub taken: String,
    /// Taken on of those found, to expected.
    pub taken_ratio: String,
}

/// A slice.
#[derive(Debug, Clone, Default)]
pub struct Slice {
    /// `By deprivation`.
    pub heading: String,
    /// Whether it is of ages, which are not standardised.
    pub of_ages: bool,
    /// Its groups; none where nothing may be shown.
    pub rows: Vec<Row>,
    /// Why nothing is shown, or what to know.
    pub note: String,
}

impl Slice {
    fn table(&self) -> Table {
        let row = |row: &Row| -> Vec<Cell> {
            let mut cells: Vec<&str> = vec![&row.name, &row.registered, &row.found, &row.share];
            if !self.of_ages {
                cells.push(&row.found_ratio);
            }
            cells.extend([row.decided.as_str(), row.taken.as_str()]);
            if !self.of_ages {
                cells.push(&row.taken_ratio);
            }
            cells.into_iter().map(Cell::from).collect()
        };
        let mut columns = vec![Column::new("Group"), Column::numeric("Registered"), Column::numeric("Found")];
        if self.of_ages {
            columns.push(Column::numeric("Found, in 100"));
        } else {
            columns.extend([Column::numeric("Found in 100, ages alike"), Column::numeric("Found, to expected")]);
        }
        columns.extend([Column::numeric("Decided"), Column::numeric("Taken on")]);
        if !self.of_ages {
            columns.push(Column::numeric("Taken on of those found, to expected"));
        }
        let rows = self.rows.iter().map(row).collect();
        Table { compact: true, ..Table::new(&self.heading, columns, rows).under_heading() }
    }
}

/// The steps, and every slice.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "cascade/all.html")]
pub struct Cascade {
    /// How many were found, decided about and taken on, in a sentence.
    pub sentence: String,
    /// Groups that are found or taken on less, each in a sentence.
    pub fewer: Vec<String>,
    /// The slices; none where too few were found.
    pub slices: Vec<Slice>,
    /// Words where there is nothing to compare, or how to read it.
    pub note: String,
}

impl HtmlSafe for Cascade {}

impl Cascade {
    /// What must be seen at once, and the slices for behind a press; none where there are none.
    #[must_use]
    pub fn apart(&self) -> (Self, Option<Self>) {
        let (sentence, fewer) = (self.sentence.clone(), self.fewer.clone());
        if self.slices.is_empty() {
            return (self.clone(), None);
        }
        let slices = Self { sentence: String::new(), fewer: Vec::new(), ..self.clone() };
        (Self { sentence, fewer, ..Self::default() }, Some(slices))
    }

    fn fewer_list(&self) -> Html {
        Html::bullets(&self.fewer.iter().map(String::as_str).collect::<Vec<_>>())
    }
}
