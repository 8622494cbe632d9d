//! Table: rows and columns. `responsive` turns each row into a small list on a phone, so that nothing runs off its edge.

use super::{Html, Size, classes};
use askama::Template;
use askama::filters::HtmlSafe;

/// A column's heading.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// The heading.
    pub text: Html,
    /// Its numbers stand right.
    pub numeric: bool,
    /// Further classes.
    pub classes: String,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A column of numbers.
    #[must_use]
    pub fn numeric(text: &str) -> Self {
        Self { numeric: true, ..Self::new(text) }
    }
}

/// One cell.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// What stands in it.
    pub content: Html,
    /// Further classes.
    pub classes: String,
}

impl Cell {
    /// A cell with markup in it, from a component.
    #[must_use]
    pub fn holding(content: Html) -> Self {
        Self { content, classes: String::new() }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::holding(text.into())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::holding(text.into())
    }
}

/// A table.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/table.html")]
pub struct Table {
    /// What the table says, in words.
    pub caption: Html,
    /// Size of the caption.
    pub caption_size: Option<Size>,
    /// A heading above it says the same: the caption is there to be heard and not seen.
    pub caption_hidden: bool,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each with as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// The first cell names its row.
    pub first_cell_is_header: bool,
    /// On a phone each row becomes a list of heading and value.
    pub responsive: bool,
    /// Less space.
    pub compact: bool,
    /// Every other row shaded.
    pub striped: bool,
    /// On a dark background.
    pub reverse: bool,
    /// No lines between the rows.
    pub borderless: bool,
    /// No line under the last row.
    pub last_borderless: bool,
}

impl HtmlSafe for Table {}

impl Table {
    /// A table that becomes lists on a phone; the first cell of each row names it.
    #[must_use]
    pub fn new(caption: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Self {
        Self {
            caption: caption.into(),
            caption_size: Some(Size::M),
            columns,
            rows,
            first_cell_is_header: true,
            responsive: true,
            ..Self::default()
        }
    }

    /// The same under a heading that says what it is.
    #[must_use]
    pub fn under_heading(self) -> Self {
        Self { caption_size: None, caption_hidden: true, ..self }
    }

    fn classes(&self) -> String {
        let applied = [
            (self.responsive, "nhsuk-table--responsive"),
            (self.compact, "nhsuk-table--compact"),
            (self.striped, "nhsuk-table--striped"),
            (self.reverse, "nhsuk-table--reverse"),
            (self.borderless, "nhsuk-table--no-border"),
            (self.last_borderless, "nhsuk-table--no-last-row-border"),
        ];
        classes("nhsuk-table", &applied, "")
    }

    fn column_classes(&self, column: &Column) -> String {
        classes("nhsuk-table__header", &[(column.numeric, "nhsuk-table__header--numeric")], &column.classes)
    }

    /// Every cell with its column, its classes and whether it names the row.
    fn placed<'a>(&'a self, row: &'a [Cell]) -> Vec<Placed<'a>> {
        row.iter()
            .enumerate()
            .map(|(index, cell)| {
                let column = self.columns.get(index);
                let numeric = column.is_some_and(|column| column.numeric);
                let is_header = index == 0 && self.first_cell_is_header;
                let (base, number) = if is_header {
                    ("nhsuk-table__header", "nhsuk-table__header--numeric")
                } else {
                    ("nhsuk-table__cell", "nhsuk-table__cell--numeric")
                };
                Placed {
                    heading: column.map(|column| &column.text).filter(|_| self.responsive),
                    classes: classes(base, &[(numeric, number)], &cell.classes),
                    is_header,
                    content: &cell.content,
                }
            })
            .collect()
    }
}

struct Placed<'a> {
    heading: Option<&'a Html>,
    classes: String,
    is_header: bool,
    content: &'a Html,
}
