//! Ribbon: the last twelve months by source, one row a source, marks by kind. A drawing with classes only (no style
//! attributes, which the content security policy forbids), with the same numbers as a table beneath it.

use crate::components::{Cell, Column, Table};
use askama::Template;
use askama::filters::HtmlSafe;

/// The sort of a mark; a shape and a word go with each, so that colour is never alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// A stay, attendance or appointment.
    Encounter,
    /// A result or measurement.
    Result,
    /// A letter or document.
    Document,
    /// A medicine.
    Medicine,
    /// Anything else.
    Other,
}

impl MarkKind {
    const ALL: [Self; 5] = [Self::Encounter, Self::Result, Self::Document, Self::Medicine, Self::Other];

    fn word(self) -> &'static str {
        match self {
            Self::Encounter => "encounter",
            Self::Result => "result",
            Self::Document => "document",
            Self::Medicine => "medicine",
            Self::Other => "other",
        }
    }

    /// The outline round the point 0 0, ten units wide.
    fn outline(self) -> &'static str {
        match self {
            Self::Encounter => "M-5-5H5V5H-5z",
            Self::Result => "M0-5A5 5 0 1 1 0 5 5 5 0 0 1 0-5z",
            Self::Document => "M0-6 6 5H-6z",
            Self::Medicine => "M0-6 6 0 0 6-6 0z",
            Self::Other => "M-2-6H2v4H6v4H2v4H-2V2H-6v-4h4z",
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone)]
pub struct Mark {
    /// Its sort.
    pub kind: MarkKind,
    /// Which of the twelve months, 0 the oldest.
    pub month: usize,
    /// Where in the month, 0 to 30 days.
    pub day: u16,
}

/// One source.
#[derive(Debug, Clone)]
pub struct RibbonRow {
    /// Its name.
    pub source: String,
    /// What it told of, in any order. Marks outside the twelve months are left out of the drawing.
    pub marks: Vec<Mark>,
}

/// The drawing.
#[derive(Debug, Clone, Template)]
#[template(path = "record/ribbon.html")]
pub struct Ribbon {
    /// Twelve short month names, oldest first: `Apr`.
    pub months: Vec<String>,
    /// The sources.
    pub rows: Vec<RibbonRow>,
    /// The drawing in one sentence: "Most of the last 12 months came from the hospital."
    pub sentence: String,
}

impl HtmlSafe for Ribbon {}

/// Width of the source names, of one month, and height of a row, in the drawing's units.
const LABEL: usize = 226;
const MONTH: usize = 42;
const ROW: usize = 26;

/// A text or a shape at its place.
struct Placed {
    x: usize,
    y: usize,
    text: String,
    kind: &'static str,
    outline: &'static str,
}

impl Ribbon {
    fn width(&self) -> usize {
        LABEL + MONTH * self.months.len()
    }

    fn height(&self) -> usize {
        ROW * (self.rows.len() + 1)
    }

    fn month_labels(&self) -> Vec<Placed> {
        let place = |(index, month): (usize, &String)| placed(LABEL + MONTH * index + 4, 17, month);
        self.months.iter().enumerate().map(place).collect()
    }

    fn source_labels(&self) -> Vec<Placed> {
        let place = |(index, row): (usize, &RibbonRow)| placed(0, ROW * (index + 1) + 17, &shortened(&row.source));
        self.rows.iter().enumerate().map(place).collect()
    }

    /// The line under each row.
    fn lines(&self) -> Vec<usize> {
        (1..=self.rows.len()).map(|row| ROW * row).collect()
    }

    fn marks(&self) -> Vec<Placed> {
        let mut all = Vec::new();
        for (index, row) in self.rows.iter().enumerate() {
            for mark in row.marks.iter().filter(|mark| mark.month < self.months.len()) {
                let x = LABEL + MONTH * mark.month + usize::from(mark.day.min(30)) * (MONTH - 8) / 30 + 4;
                let text = mark.kind.word().to_owned();
                all.push(Placed {
                    x,
                    y: ROW * (index + 1) + ROW / 2,
                    text,
                    kind: mark.kind.word(),
                    outline: mark.kind.outline(),
                });
            }
        }
        all
    }

    /// One of each kind that is there, for the key.
    fn key(&self) -> Vec<Placed> {
        let there = |kind: &MarkKind| self.rows.iter().any(|row| row.marks.iter().any(|mark| mark.kind == *kind));
        let kinds = MarkKind::ALL.into_iter().filter(there);
        kinds.map(|kind| Placed { kind: kind.word(), outline: kind.outline(), ..placed(0, 0, kind.word()) }).collect()
    }

    /// How many of each source in each month.
    pub(crate) fn table(&self) -> Table {
        let mut columns = vec![Column::new("Source")];
        columns.extend(self.months.iter().map(|month| Column::numeric(month)));
        let rows = self.rows.iter().map(|row| {
            let mut cells = vec![Cell::from(row.source.as_str())];
            cells.extend((0..self.months.len()).map(|month| {
                let count = row.marks.iter().filter(|mark| mark.month == month).count();
                Cell::from(count.to_string())
            }));
            cells
        });
        Table { compact: true, ..Table::new("Entries by source and month", columns, rows.collect()) }
    }
}

fn placed(x: usize, y: usize, text: &str) -> Placed {
    Placed { x, y, text: text.to_owned(), kind: "", outline: "" }
}

/// Names that would run into the first month are cut; the table beneath has them whole.
fn shortened(name: &str) -> String {
    if name.chars().count() <= 32 { name.to_owned() } else { name.chars().take(31).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_mark_of_the_twelve_months_is_drawn_inside(marks in prop::collection::vec((0usize..15, 0u16..40), 0..50)) {
            let marks: Vec<Mark> =
                marks.into_iter().map(|(month, day)| Mark { kind: MarkKind::Result, month, day }).collect();
            let inside = marks.iter().filter(|mark| mark.month < 12).count();
            let row = RibbonRow { source: "A source with a name that is rather long".to_owned(), marks };
            let ribbon = Ribbon { months: vec!["Jan".to_owned(); 12], rows: vec![row], sentence: String::new() };
            let drawn = ribbon.marks();
            prop_assert_eq!(drawn.len(), inside);
            prop_assert!(drawn.iter().all(|mark| mark.x >= LABEL && mark.x < ribbon.width() && mark.y < ribbon.height()));
            let counted: usize = ribbon.table().rows[0][1..].iter().map(|cell| cell.content.to_string().parse::<usize>().unwrap()).sum();
            prop_assert_eq!(counted, inside, "the table has the same numbers");
        }
    }
}
