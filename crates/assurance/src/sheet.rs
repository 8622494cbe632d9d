//! Tables as people keep them: a CSV file read with every complaint naming file, line and column, and a CSV file written. What
//! each command reads from its columns and writes into others is in the files below. Must not guess: a number that is none is
//! refused, a column that is missing is named together with those that are there.

mod estimate;
pub mod funnel;
pub mod inequality;
pub mod its;
pub mod life;
pub mod rate;

pub mod spc;
pub mod standard;

use crate::measure::MeasureError;
use place::Lines;

/// A column of a sheet, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Column(usize);

/// One row and the line it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line in the file, from 1.
    pub line: u64,
    cells: Vec<String>,
}

impl Row {
    /// The text of a cell.
    #[must_use]
    pub fn text(&self, column: Column) -> &str {
        self.cells.get(column.0).map_or("", String::as_str)
    }
}

/// A table that was read, or is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    file: String,
    header: Vec<String>,
    rows: Vec<Row>,
}

/// What is wrong with a sheet, where, and what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SheetError {
    /// No CSV.
    #[error("{file}, line {line}: {why}")]
    Unreadable {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// What the reader says.
        why: String,
    },
    /// Nothing in it.
    #[error("{file} has no rows under its header")]
    Empty {
        /// The file.
        file: String,
    },
    /// The same name twice.
    #[error("{file}, line 1: the column {column} is there twice; give each its own name")]
    Twice {
        /// The file.
        file: String,
        /// The column.
        column: String,
    },
    /// A column that is needed.
    #[error("{file}, line 1: no column {wanted}; the columns are {there}")]
    NoColumn {
        /// The file.
        file: String,
        /// The names that would do.
        wanted: String,
        /// The names that are there.
        there: String,
    },
    /// A cell that cannot be what its column is.
    #[error("{file}, line {line}, column {column}: {why}")]
    Cell {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The column.
        column: String,
        /// What is wrong, and what to write instead.
        why: String,
    },
    /// Rows that do not belong together or cannot be worked out.
    #[error("{file}, line {line}: {why}")]
    Rows {
        /// The file.
        file: String,
        /// The first line of them, from 1.
        line: u64,
        /// What is wrong.
        why: String,
    },
}

impl Sheet {
    /// Reads CSV. Rows of nothing but commas are left out; a row with another number of cells than the header is refused.
    ///
    /// # Errors
    /// [`SheetError::Unreadable`], [`SheetError::Twice`], [`SheetError::Empty`].
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, SheetError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let lines = Lines::of(bytes);
        let unreadable = |error: &csv::Error| SheetError::Unreadable {
            file: file.to_owned(),
            line: error.position().map_or(1, |position| line_of(&lines, bytes, position)),
            why: match error.kind() {
                csv::ErrorKind::Utf8 { .. } => "the text is not UTF-8".to_owned(),
                csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                    format!("{len} cells, where the header has {expected_len}")
                }
                _ => error.to_string(),
            },
        };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let header: Vec<String> =
            reader.headers().map_err(|error| unreadable(&error))?.iter().map(str::to_owned).collect();
        for (place, name) in header.iter().enumerate() {
            if !name.is_empty() && header[..place].contains(name) {
                return Err(SheetError::Twice { file: file.to_owned(), column: name.clone() });
            }
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| unreadable(&error))?;
            if record.iter().all(str::is_empty) {
                continue;
            }
            let line = record.position().map_or(0, |position| line_of(&lines, bytes, position));
            rows.push(Row { line, cells: record.iter().map(str::to_owned).collect() });
        }
        if rows.is_empty() {
            return Err(SheetError::Empty { file: file.to_owned() });
        }
        Ok(Self { file: file.to_owned(), header, rows })
    }

    /// An empty sheet to write into.
    #[must_use]
    pub fn with_header<S: Into<String>>(header: impl IntoIterator<Item = S>) -> Self {
        Self { file: String::new(), header: header.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, cells: Vec<String>) {
        self.rows.push(Row { line: self.rows.len() as u64 + 2, cells });
    }

    /// Adds a column, a cell for each row in their order; rows without one get an empty cell.
    pub fn widen(&mut self, name: &str, cells: Vec<String>) {
        self.header.push(name.to_owned());
        let mut cells = cells.into_iter();
        for row in &mut self.rows {
            row.cells.push(cells.next().unwrap_or_default());
        }
    }

    /// The names of the columns.
    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The column of one of these names, in any case of letters; the first name that is there.
    #[must_use]
    pub fn column(&self, names: &[&str]) -> Option<Column> {
        names.iter().find_map(|name| self.header.iter().position(|there| there.eq_ignore_ascii_case(name)).map(Column))
    }

    /// The same, where there must be one.
    ///
    /// # Errors
    /// [`SheetError::NoColumn`].
    pub fn need(&self, names: &[&str]) -> Result<Column, SheetError> {
        self.column(names).ok_or_else(|| SheetError::NoColumn {
            file: self.file.clone(),
            wanted: names.join(" or "),
            there: self.header.iter().filter(|name| !name.is_empty()).cloned().collect::<Vec<_>>().join(", "),
        })
    }

    /// The name of a column.
    #[must_use]
    pub fn name(&self, column: Column) -> &str {
        self.header.get(column.0).map_or("", String::as_str)
    }

    /// The columns that have a name and are none of these.
    #[must_use]
    pub fn others(&self, but: &[Option<Column>]) -> Vec<Column> {
        (0..self.header.len())
            .map(Column)
            .filter(|column| !self.name(*column).is_empty() && !but.contains(&Some(*column)))
            .collect()
    }

    /// A number, or nothing where the cell is empty or `NA`.
    ///
    /// # Errors
    /// [`SheetError::Cell`].
    pub fn number(&self, row: &Row, column: Column) -> Result<Option<f64>, SheetError> {
        let text = row.text(column);
        if text.is_empty() || text == "NA" {
            return Ok(None);
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err(self.refuse(row, column, format!("{text:?} is no number; write digits, with a point if need be"))),
        }
    }

    /// A number that must be there.
    ///
    /// # Errors
    /// [`SheetError::Cell`].
    pub fn needed(&self, row: &Row, column: Column) -> Result<f64, SheetError> {
        self.number(row, column)?.ok_or_else(|| self.refuse(row, column, "the number is missing"))
    }

    /// A date.
    ///
    /// # Errors
    /// [`SheetError::Cell`].
    pub fn date(&self, row: &Row, column: Column) -> Result<jiff::civil::Date, SheetError> {
        let text = row.text(column);
        text.parse().map_err(|_| self.refuse(row, column, format!("{text:?} is no date; write it as 2016-04-01")))
    }

    /// A complaint about a cell.
    #[must_use]
    pub fn refuse(&self, row: &Row, column: Column, why: impl Into<String>) -> SheetError {
        SheetError::Cell {
            file: self.file.clone(),
            line: row.line,
            column: self.name(column).to_owned(),
            why: why.into(),
        }
    }

    /// A complaint about a row, or the first of several.
    #[must_use]
    pub fn refuse_row(&self, row: &Row, why: impl ToString) -> SheetError {
        SheetError::Rows { file: self.file.clone(), line: row.line, why: why.to_string() }
    }

    /// A complaint of a measure about the one of these columns that it is about.
    #[must_use]
    pub fn refuse_measure(&self, row: &Row, error: &MeasureError, columns: &[(&str, Option<Column>)]) -> SheetError {
        let about = match error {
            MeasureError::Negative { what, .. }
            | MeasureError::NotPositive { what, .. }
            | MeasureError::Range { what, .. } => {
                columns.iter().find(|(name, _)| name == what).and_then(|(_, column)| *column)
            }
            _ => None,
        };
        match about {
            Some(column) => self.refuse(row, column, error.to_string()),
            None => self.refuse_row(row, error),
        }
    }

    /// The rows put together by the texts of these columns, in the order in which each group first comes.
    #[must_use]
    pub fn groups(&self, by: &[Column]) -> Vec<(Vec<&str>, Vec<&Row>)> {
        let mut groups: Vec<(Vec<&str>, Vec<&Row>)> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for row in &self.rows {
            let key: Vec<&str> = by.iter().map(|column| row.text(*column)).collect();
            let place = *places.entry(key.clone()).or_insert(groups.len());
            match groups.get_mut(place) {
                Some((_, rows)) => rows.push(row),
                None => groups.push((key, vec![row])),
            }
        }
        groups
    }

    /// As CSV, cells quoted where they must be.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut out = String::new();
        let lines = std::iter::once(&self.header).chain(self.rows.iter().map(|row| &row.cells));
        for cells in lines {
            for (place, cell) in cells.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                if cell.contains([',', '"', '\n', '\r']) {
                    out.extend(["\"", &cell.replace('"', "\"\""), "\""]);
                } else {
                    out.push_str(cell);
                }
            }
            out.push('\n');
        }
        out
    }
}

/// The line of a record, from 1: the reader's own count is one behind where lines end in a carriage return and a line feed. What
/// ends the line before may still stand before the record.
fn line_of(lines: &Lines, bytes: &[u8], position: &csv::Position) -> u64 {
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX).min(bytes.len());
    let ends = bytes[from..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    lines.at(from + ends) as u64
}

/// A number as it is written: the shortest digits that are the same number, `NA` for none.
#[must_use]
pub fn written(number: Option<f64>) -> String {
    match number.filter(|number| number.is_finite()) {
        None => "NA".to_owned(),
        Some(number) if number != 0.0 && !(1e-5..1e15).contains(&number.abs()) => format!("{number:e}"),
        Some(number) => number.to_string(),
    }
}

/// Yes or no as the tables of R have it.
pub(crate) fn yes_no(answer: Option<bool>) -> String {
    answer.map_or("NA", |yes| if yes { "TRUE" } else { "FALSE" }).to_owned()
}

#[cfg(test)]
mod tests;
