//! Reads a CSV file with a header line into a list. Must not stop at a bad row: the rows after it have mistakes too.

use super::cell::{columns_of, read_row};
use super::{Row, Table};
use crate::{Files, Problems};
use csv::{ReaderBuilder, StringRecord, Trim};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// Reads `file`, whose rows are told apart by the column `key`.
pub(crate) fn read_csv<T: DeserializeOwned>(
    files: &dyn Files,
    file: &'static str,
    key: &str,
    problems: &mut Problems,
) -> Table<T> {
    let Some(text) = files.text(file) else {
        problems.add(file, None, "the file is missing; add it to the folder");
        return Table::unread(file);
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if text.trim().is_empty() {
        problems.add(file, None, "the file is empty; it begins with a line of column names");
        return Table::unread(file);
    }
    let mut reader =
        ReaderBuilder::new().trim(Trim::All).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = reader.records();
    let header = match records.next() {
        Some(Ok(header)) => header,
        Some(Err(error)) => {
            problems.add(file, Some(1), format!("the line of column names cannot be read ({error})"));
            return Table::unread(file);
        }
        None => return Table::unread(file),
    };
    if !header_fits::<T>(&header, file, problems) {
        return Table::unread(file);
    }
    let columns: Vec<&str> = header.iter().collect();
    let mut table = Table::new(file);
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map(csv::Position::line);
                problems.add(file, line, format!("the row cannot be read ({error})"));
                table.whole = false;
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let key_text = columns.iter().position(|column| *column == key).and_then(|at| record.get(at));
        if let Some(key_text) = key_text {
            table.note(key, key_text, line, problems);
        }
        let rows = table.rows.len();
        if record.len() != columns.len() {
            let message = format!(
                "the row has {} values and the first line names {} columns; add or remove commas, or quote a value that has one",
                record.len(),
                columns.len()
            );
            problems.add(file, Some(line), message);
        } else {
            match read_row(&columns, &record) {
                Ok(value) => table.rows.push(Row { value, line, fields: BTreeMap::new() }),
                Err(error) => problems.add(file, Some(line), error.to_string()),
            }
        }
        // A row that cannot be read and has no key leaves nothing of itself: the list is not all that the file says.
        table.whole &= key_text.is_some() || table.rows.len() > rows;
    }
    table.complain_if_empty(problems);
    table
}

/// Whether the header names each column of `T` once and no other; says so where it does not.
fn header_fits<T: DeserializeOwned>(header: &StringRecord, file: &str, problems: &mut Problems) -> bool {
    let wanted = columns_of::<T>();
    let mut fits = true;
    let mut complain = |message: String| {
        problems.add(file, Some(1), message);
        fits = false;
    };
    for (at, column) in header.iter().enumerate() {
        if !wanted.contains(&column) {
            complain(format!("the column \"{column}\" is not known; remove it (known: {})", wanted.join(", ")));
        } else if header.iter().take(at).any(|earlier| earlier == column) {
            complain(format!("the column \"{column}\" stands twice; remove one"));
        }
    }
    for column in wanted.iter().filter(|column| !header.iter().any(|named| named == **column)) {
        complain(format!("the column \"{column}\" is missing; add it"));
    }
    fits
}
