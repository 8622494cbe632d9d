//! Rows under pseudonyms, for those who plan services: what they are, how many people are in them, the first of a part, and
//! the way to take it away as a file. Nothing here can say who somebody is.

use crate::components::{Button, Cell, Column, Pagination, Table};
use crate::layout::Shell;
use askama::Template;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "pseudonym/page.html")]
pub struct View {
    /// Shell.
    pub shell: Shell,
    /// People by age band: the band, and the count or what stands for it.
    pub ages: Vec<(String, String)>,
    /// `Part 1 of 40`.
    pub part: String,
    /// The file of this part.
    pub file: String,
    /// The first rows of this part, cell by cell.
    pub rows: Vec<[String; 7]>,
    /// Other parts.
    pub pagination: Option<Pagination>,
}

impl View {
    fn ages_table(&self) -> Table {
        let rows = self.ages.iter().map(|(band, count)| vec![Cell::from(band.as_str()), count.as_str().into()]);
        let columns = vec![Column::new("Age"), Column::numeric("People")];
        Table {
            compact: true,
            caption_size: None,
            ..Table::new("People in these rows, by age", columns, rows.collect())
        }
    }

    fn rows_table(&self) -> Table {
        let columns = ["Pseudonym", "Age", "Sex", "Neighbourhood", "Class", "Code", "Month"].map(Column::new).to_vec();
        let rows = self.rows.iter().map(|row| row.iter().map(|cell| Cell::from(cell.as_str())).collect());
        Table {
            compact: true,
            caption_size: None,
            ..Table::new("The first rows of this part", columns, rows.collect())
        }
    }

    fn download(&self) -> Button {
        Button { href: Some(self.file.clone()), ..Button::secondary("Take this part as a file (CSV)") }
    }
}

/// The page as HTML.
#[must_use]
pub fn render(view: &View) -> String {
    view.to_string()
}
