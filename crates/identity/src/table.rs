//! A CSV file as a roll. A row that cannot be read is set aside with its line, its column and why; a value that cannot be used is
//! counted and its row kept. Nothing is dropped without being counted, and no value is repeated in an error.

use std::io::Read;

use csv::{ByteRecord, Position, ReaderBuilder};

use crate::roll::{Claim, Roll};
use crate::schema::{MOST_OTHERS, Schema};
use crate::text::{Words, hash_bytes};

/// A value longer than this is no value of these columns: its row is set aside.
pub const LONGEST_VALUE: usize = 1_000;

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// There is no first line.
    #[error("the file is empty; its first line should name the columns")]
    Empty,
    /// A column that must be there is not.
    #[error("line 1: there is no column `{0}`; the columns are {1}. Name the right one in a file given with --columns")]
    Missing(String, String),
    /// Two columns have one name.
    #[error("line 1: there are two columns named `{0}`; which of them is meant cannot be known")]
    Twice(String),
    /// None of the columns that say who somebody is are there.
    #[error("line 1: of the columns that say who somebody is at least two must be there ({0}); the columns are {1}")]
    TooFew(String, String),
    /// A quotation mark is opened and never closed.
    #[error(
        "line {0}, column {1}: a quotation mark is opened here and not closed by the end of the file, so everything after it reads as one value"
    )]
    Quoting(u64, String),
    /// The file could not be read.
    #[error("reading failed after line {0}: {1}")]
    Reading(u64, String),
    /// More than fits.
    #[error(
        "line {0}: the file has more rows or more distinct text than fit in one run (four thousand million); split it"
    )]
    Full(u64),
}

/// Why a row was set aside.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Aside {
    /// Not as many values as the header has names.
    #[error("{found} values where the header names {expected}")]
    Width {
        /// Values found.
        found: usize,
        /// Columns named.
        expected: usize,
    },
    /// Bytes that are not UTF-8.
    #[error("bytes that are not UTF-8")]
    NotUtf8,
    /// A line break where none belongs, or a whole row in an address.
    #[error(
        "a line break in the value; a quotation mark that is not closed in its own row may have swallowed the next"
    )]
    Break,
    /// A value of more than [`LONGEST_VALUE`] bytes.
    #[error("a value of {0} bytes; the most is {LONGEST_VALUE}")]
    TooLong(usize),
    /// No id.
    #[error("the row has no id")]
    NoId,
    /// An id that another row has.
    #[error("the id stands on line {0} already")]
    IdTwice(u64),
}

/// A row that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The column, where one is at fault.
    pub column: Option<String>,
    /// Why.
    pub why: Aside,
}

/// How many values could not be used, and where the first of them stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// The line of the first; 0 where there is none.
    pub first_line: u64,
}

impl Tally {
    fn add(&mut self, is: bool, line: u64) {
        if is && self.count == 0 {
            self.first_line = line;
        }
        self.count += u64::from(is);
    }
}

/// What became of the values that could not be used, by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unused {
    /// NHS numbers that fail their check digit: taken as not given.
    pub nhs_numbers: Tally,
    /// Dates that no calendar has: compared by their digits.
    pub impossible_dates: Tally,
    /// Dates that are no dates: taken as not given.
    pub unreadable_dates: Tally,
}

/// The rows of one or more files.
pub struct Table {
    /// What the rows say.
    pub roll: Roll,
    /// What the rows are called, in their order.
    pub ids: Words,
    /// The line each row began on.
    lines: Vec<u32>,
    /// Rows that were set aside, in order.
    pub aside: Vec<SetAside>,
    /// Values that were not used.
    pub unused: Unused,
}

struct Places {
    id: usize,
    usual: [Option<usize>; 8],
    others: [Option<usize>; MOST_OTHERS],
}

impl Table {
    /// An empty table.
    #[must_use]
    pub fn new(schema: Schema, uses_nhs_number: bool) -> Self {
        Self {
            roll: Roll::new(schema, uses_nhs_number),
            ids: Words::default(),
            lines: Vec::new(),
            aside: Vec::new(),
            unused: Unused::default(),
        }
    }

    /// What a row is called.
    #[must_use]
    pub fn id(&self, row: u32) -> &str {
        self.ids.text(row + 1)
    }

    /// Adds the rows of a file. Of several files each has its own header; an id may stand in one of them only.
    ///
    /// # Errors
    /// [`TableError`] where the file as a whole cannot be understood. A row that cannot is set aside instead.
    pub fn read(&mut self, from: impl Read) -> Result<(), TableError> {
        let from = Quotes { from, odd: false };
        let mut reader =
            ReaderBuilder::new().flexible(true).has_headers(false).buffer_capacity(1 << 18).from_reader(from);
        let mut record = ByteRecord::new();
        let more = reader.read_byte_record(&mut record).map_err(|error| reading(0, &error))?;
        if !more {
            return Err(TableError::Empty);
        }
        let header: Vec<String> = record
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim_start_matches('\u{feff}').trim().to_owned())
            .collect();
        let places = self.places(&header)?;
        let mut last = (0, 0);
        let mut width = 0_usize;
        loop {
            let position = reader.position().clone();
            match reader.read_byte_record(&mut record) {
                // An open quotation mark swallows every line to the end of the file.
                Ok(false) if last.1 > last.0 + 1 && reader.get_ref().odd => {
                    let column =
                        header.get(width.wrapping_sub(1)).map_or_else(|| format!("number {width}"), String::clone);
                    return Err(TableError::Quoting(last.0, column));
                }
                Ok(false) => return Ok(()),
                Ok(true) => {}
                Err(error) => return Err(reading(position.line(), &error)),
            }
            let line = record.position().map_or_else(|| position.line(), Position::line);
            last = (line, reader.position().line());
            width = record.len();
            // Only a quotation mark makes a row longer than its line.
            let is_broken = last.1 > last.0 + 1;
            if let Err((column, why)) = self.row(&record, &header, &places, line, is_broken) {
                let column = column.and_then(|at| header.get(at).cloned());
                self.aside.push(SetAside { line, column, why });
            }
            if self.roll.len() >= (u32::MAX - 2) as usize || self.ids.is_full() || self.roll.addresses.is_full() {
                return Err(TableError::Full(line));
            }
        }
    }

    fn row(
        &mut self,
        record: &ByteRecord,
        header: &[String],
        places: &Places,
        line: u64,
        is_broken: bool,
    ) -> Result<(), (Option<usize>, Aside)> {
        if record.len() != header.len() {
            return Err((None, Aside::Width { found: record.len(), expected: header.len() }));
        }
        let value = |at: usize| {
            let bytes = &record[at];
            if bytes.len() > LONGEST_VALUE {
                return Err((Some(at), Aside::TooLong(bytes.len())));
            }
            if is_broken && bytes.contains(&b'\n') {
                let may_break = places.usual[5] == Some(at) || places.others.contains(&Some(at));
                if !may_break || bytes.iter().filter(|byte| **byte == b',').count() + 1 >= header.len() {
                    return Err((Some(at), Aside::Break));
                }
            }
            std::str::from_utf8(bytes).map_err(|_| (Some(at), Aside::NotUtf8))
        };
        let some = |place: Option<usize>| place.map_or(Ok(""), value);
        let id = value(places.id)?.trim();
        if id.is_empty() {
            return Err((Some(places.id), Aside::NoId));
        }
        let [nhs_number, given_name, surname, sex, dob, address, postcode, withheld] = places.usual;
        let mut claim = Claim {
            nhs_number: some(nhs_number)?,
            given_name: some(given_name)?,
            surname: some(surname)?,
            sex: some(sex)?,
            dob: some(dob)?,
            address: some(address)?,
            postcode: some(postcode)?,
            withheld: matches!(some(withheld)?.trim().to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "y" | "s"),
            others: [""; MOST_OTHERS],
        };
        for (slot, place) in claim.others.iter_mut().zip(places.others) {
            *slot = some(place)?;
        }
        let before = self.ids.len();
        let number = self.ids.number(id);
        if (number as usize) < before {
            let first = self.lines.get(number as usize - 1).copied().unwrap_or_default();
            return Err((Some(places.id), Aside::IdTwice(first.into())));
        }
        let rank = hash_bytes(id.as_bytes());
        let (row, unusable) = self.roll.read(&claim);
        self.unused.nhs_numbers.add(unusable.nhs_number, line);
        self.unused.impossible_dates.add(unusable.impossible_date, line);
        self.unused.unreadable_dates.add(unusable.unreadable_date, line);
        self.roll.push(row, rank);
        self.lines.push(u32::try_from(line).unwrap_or(u32::MAX));
        Ok(())
    }

    fn places(&self, header: &[String]) -> Result<Places, TableError> {
        let schema = &self.roll.schema;
        let find = |name: &str| {
            let mut at = header.iter().enumerate().filter(|(_, column)| *column == name).map(|(at, _)| at);
            match (at.next(), at.next()) {
                (_, Some(_)) => Err(TableError::Twice(name.to_owned())),
                (at, None) => Ok(at),
            }
        };
        let columns = || header.join(", ");
        let need = |name: &str| find(name)?.ok_or_else(|| TableError::Missing(name.to_owned(), columns()));
        let id = need(&schema.unique_id)?;
        let names = [
            &schema.nhs_number,
            &schema.given_name,
            &schema.surname,
            &schema.sex,
            &schema.dob,
            &schema.address_1,
            &schema.postcode,
            &schema.withheld,
        ];
        let mut usual = [None; 8];
        for (slot, name) in usual.iter_mut().zip(names) {
            *slot = find(name)?;
        }
        // What was described by hand must be there; what only has its usual name may be missing.
        let defaults = Schema::default();
        let usual_names = [
            &defaults.nhs_number,
            &defaults.given_name,
            &defaults.surname,
            &defaults.sex,
            &defaults.dob,
            &defaults.address_1,
            &defaults.postcode,
            &defaults.withheld,
        ];
        for ((place, name), usual_name) in usual.iter().zip(names).zip(usual_names) {
            if place.is_none() && name != usual_name {
                return Err(TableError::Missing(name.clone(), columns()));
            }
        }
        let [_, given, surname, _, dob, ..] = usual;
        if [given, surname, dob].iter().flatten().count() < 2 {
            let wanted = format!("{}, {}, {}", schema.given_name, schema.surname, schema.dob);
            return Err(TableError::TooFew(wanted, columns()));
        }
        let mut others = [None; MOST_OTHERS];
        for (slot, other) in others.iter_mut().zip(&schema.other) {
            *slot = Some(need(&other.column)?);
        }
        Ok(Places { id, usual, others })
    }
}

/// Passes a file on and notices whether its quotation marks so far are odd in number.
struct Quotes<R> {
    from: R,
    odd: bool,
}

impl<R: Read> Read for Quotes<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.from.read(into)?;
        let marks = into[..count].iter().filter(|byte| **byte == b'"').count();
        self.odd ^= marks % 2 == 1;
        Ok(count)
    }
}

fn reading(line: u64, error: &csv::Error) -> TableError {
    TableError::Reading(line, error.to_string())
}
