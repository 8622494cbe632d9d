//! Reads what a division is measured against: a file of links beside one or more files that have the true person in a column.

use std::collections::HashMap;
use std::io::Read;

use crate::evaluation::Known;

/// The names of the columns.
#[derive(Debug, Clone)]
pub struct Columns {
    /// What a row is called, in the file with the truth.
    pub id: String,
    /// The true person.
    pub person: String,
    /// Their household; need not be there.
    pub household: String,
    /// Their group of twins; need not be there.
    pub twins: String,
    /// Their given name; need not be there.
    pub given_name: String,
}

/// What a file of links calls a row, and the person it puts it with.
pub type Links = HashMap<String, String>;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TruthError {
    /// A column is missing.
    #[error("line 1: there is no column `{0}`; the columns are {1}")]
    Missing(String, String),
    /// A row cannot be read.
    #[error("a row cannot be read: {0}")]
    Row(#[from] csv::Error),
    /// An id twice.
    #[error("line {0}: the id stands in the file twice; which row is meant cannot be known")]
    Twice(u64),
}

fn place(headers: &csv::StringRecord, name: &str) -> Result<usize, TruthError> {
    let found = headers.iter().position(|column| column.trim_start_matches('\u{feff}').trim() == name);
    found.ok_or_else(|| TruthError::Missing(name.to_owned(), headers.iter().collect::<Vec<_>>().join(", ")))
}

/// Reads a file of links: `unique_id,person_id`.
///
/// # Errors
/// [`TruthError`] where a column is missing, a row is broken or an id stands there twice.
pub fn links(from: impl Read) -> Result<Links, TruthError> {
    let mut reader = csv::Reader::from_reader(from);
    let headers = reader.headers()?.clone();
    let (id, person) = (place(&headers, "unique_id")?, place(&headers, "person_id")?);
    let mut links = Links::new();
    for row in reader.records() {
        let row = row?;
        if links.insert(row[id].trim().to_owned(), row[person].trim().to_owned()).is_some() {
            return Err(TruthError::Twice(row.position().map_or(0, csv::Position::line)));
        }
    }
    Ok(links)
}

/// Adds the rows of a file with the truth. A row that no link names is a person by itself; how many there are is given back.
///
/// # Errors
/// [`TruthError`] where a column is missing or a row is broken.
pub fn known(from: impl Read, columns: &Columns, links: &Links, into: &mut Vec<Known>) -> Result<u64, TruthError> {
    let mut reader = csv::Reader::from_reader(from);
    let headers = reader.headers()?.clone();
    let (id, person) = (place(&headers, &columns.id)?, place(&headers, &columns.person)?);
    let [household, twins, given] =
        [&columns.household, &columns.twins, &columns.given_name].map(|name| place(&headers, name).ok());
    let mut unlinked = 0;
    for row in reader.records() {
        let row = row?;
        let some = |at: Option<usize>| at.map_or_else(String::new, |at| row[at].to_owned());
        let found = links.get(row[id].trim()).cloned().unwrap_or_else(|| {
            unlinked += 1;
            // No person of a file of links is called this: a line cannot be broken within an id that was trimmed.
            format!("\n{}", into.len())
        });
        into.push(Known {
            found,
            person: row[person].to_owned(),
            household: some(household),
            twins: some(twins),
            given_name: some(given),
        });
    }
    Ok(unlinked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::{Score, evaluate};

    fn columns() -> Columns {
        let [id, person, household, twins, given_name] =
            ["unique_id", "true_person", "true_household", "twin_group", "given_name"].map(str::to_owned);
        Columns { id, person, household, twins, given_name }
    }

    #[test]
    fn links_and_truth_are_joined_by_id() {
        let links = links("person_id,unique_id\na,1\na,2\nb,3\n".as_bytes()).expect("reads");
        let mut rows = Vec::new();
        let truth = "unique_id,true_person\n1,x\n2,x\n3,y\n4,y\n5,z\n";
        assert_eq!(known(truth.as_bytes(), &columns(), &links, &mut rows).expect("reads"), 2);
        assert_eq!(evaluate(&rows).pairs, Score { right: 1, wrong: 0, missed: 1 });
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        let missing = links("id,person_id\n1,a\n".as_bytes()).expect_err("refused").to_string();
        assert!(missing.contains("`unique_id`"), "{missing}");
        assert!(matches!(links("unique_id,person_id\n1,a\n1,b\n".as_bytes()), Err(TruthError::Twice(3))));
        assert!(matches!(links(&b"unique_id,person_id\n1\n"[..]), Err(TruthError::Row(_))));
        let mut rows = Vec::new();
        let truth = known("unique_id,who\n".as_bytes(), &columns(), &Links::new(), &mut rows);
        assert!(truth.expect_err("refused").to_string().contains("`true_person`"));
    }
}
