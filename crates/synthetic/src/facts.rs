//! The published facts that the borough is calibrated to, as the place's `population` folder has them. Must not hold a
//! number of its own: what is assumed is said where it is used.

use place::Place;
use std::collections::BTreeMap;

use crate::person::Condition;

/// Why a place cannot be given people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A file of the population folder is not there.
    #[error("the place has no file {file}; a synthetic borough needs it (see places/stockport/population)")]
    Missing {
        /// The file, from the folder of the place.
        file: &'static str,
    },
    /// A line does not read.
    #[error("{file} line {line}: {what}")]
    Line {
        /// The file, from the folder of the place.
        file: &'static str,
        /// The line, the heading being 1.
        line: u64,
        /// What is wrong and what to do.
        what: String,
    },
    /// A fact is not in the list.
    #[error("population/facts.csv has no row \"{measure}\"; add it with its source")]
    NoFact {
        /// Its short name.
        measure: &'static str,
    },
    /// More people than NHS numbers for tests.
    #[error("{asked} people are more than the {most} that the NHS numbers kept for tests can name; ask for fewer")]
    TooMany {
        /// How many were asked for.
        asked: u32,
        /// How many there can be.
        most: u32,
    },
    /// There is nobody, or nowhere to put them.
    #[error("{0}")]
    Empty(&'static str),
}

/// A register of general practice with its published size.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Register {
    pub(crate) condition: Condition,
    pub(crate) from_age: u8,
    pub(crate) prevalence: f64,
    pub(crate) gradient: f64,
}

/// The ward's town and the postcode sectors used for invented addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ward {
    pub(crate) town: String,
    pub(crate) sectors: Vec<String>,
}

/// All published facts that are used.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Facts {
    /// People by single year of age: females and males.
    pub(crate) ages: Vec<[f64; 2]>,
    /// Ethnic categories as the census writes them, with people.
    pub(crate) ethnicity: Vec<(String, f64)>,
    pub(crate) registers: Vec<Register>,
    pub(crate) wards: BTreeMap<String, Ward>,
    values: BTreeMap<String, (f64, String)>,
}

const AGES: &str = "population/ages.csv";
const ETHNICITY: &str = "population/ethnicity.csv";
const FACTS: &str = "population/facts.csv";
const REGISTERS: &str = "population/registers.csv";
const WARDS: &str = "population/wards.csv";

/// The rows of the facts that a borough cannot do without.
const NEEDED: [&str; 46] = [
    "aged-65-plus-2016",
    "aged-85-plus-2016",
    "registered-with-any-ltc",
    "two-or-more-of-8-key-ltc",
    "pct-any-ltc-age-0-4",
    "pct-any-ltc-age-85-plus",
    "pct-2plus-key-ltc-age-65",
    "pct-2plus-key-ltc-age-85",
    "pct-65plus-living-alone",
    "history-of-fall",
    "dementia-diagnosed",
    "hypertension",
    "diabetes",
    "chd",
    "obesity",
    "emergency-admissions-per-year",
    "inpatient-admissions-per-year",
    "planned-admissions-per-year",
    "ae-attendances-per-year",
    "pct-ae-admitted",
    "outpatient-attended-per-year",
    "community-contacts-per-year",
    "district-nursing-contacts-per-year",
    "adult-social-care-clients",
    "mental-health-service-users",
    "emergency-admission-rate-65plus-per-100k",
    "falls-admission-rate-65plus-per-100k",
    "registered-list-apr2020",
    "registered-65-plus-apr2020",
    "unpaid-carers-census2021",
    "unpaid-carers-50h-plus",
    "care-home-residents-2021",
    "unpaid-care-1-to-9-hours",
    "unpaid-care-10-to-19-hours",
    "unpaid-care-20-to-34-hours",
    "unpaid-care-35-to-49-hours",
    "households-alone-66-plus",
    "households-alone-under-66",
    "home-female-50-to-64",
    "home-female-65-to-74",
    "home-female-75-to-84",
    "home-female-85-plus",
    "home-male-50-to-64",
    "home-male-65-to-74",
    "home-male-75-to-84",
    "home-male-85-plus",
];

impl Facts {
    pub(crate) fn read(place: &Place) -> Result<Self, Error> {
        let mut ages = Vec::new();
        for row in rows(place, AGES, 3)? {
            if row.number::<usize>(0)? != ages.len() {
                return Err(row.wrong("ages go up by one from 0, without gaps"));
            }
            ages.push([row.number(1)?, row.number(2)?]);
        }
        let mut ethnicity = Vec::new();
        for row in rows(place, ETHNICITY, 2)? {
            ethnicity.push((row.text(0).to_owned(), row.number(1)?));
        }
        let mut values = BTreeMap::new();
        for row in rows(place, FACTS, 3)? {
            values.insert(row.text(0).to_owned(), (row.number(1)?, row.text(2).to_owned()));
        }
        let mut registers = Vec::new();
        for row in rows(place, REGISTERS, 5)? {
            let condition = Condition::ALL
                .into_iter()
                .find(|condition| condition.slug() == row.text(0))
                .ok_or_else(|| row.wrong("this condition is not known; use one of the names in person.rs"))?;
            let (from_age, prevalence, gradient) = (row.number(2)?, row.number(3)?, row.number(4)?);
            registers.push(Register { condition, from_age, prevalence, gradient });
        }
        let mut wards = BTreeMap::new();
        for row in rows(place, WARDS, 3)? {
            let sectors = row.text(2).split('|').map(str::to_owned).collect();
            wards.insert(row.text(0).to_owned(), Ward { town: row.text(1).to_owned(), sectors });
        }
        match NEEDED.into_iter().find(|measure| !values.contains_key(*measure)) {
            Some(measure) => Err(Error::NoFact { measure }),
            None => Ok(Self { ages, ethnicity, registers, wards, values }),
        }
    }

    /// A fact by its short name.
    pub(crate) fn value(&self, measure: &'static str) -> Result<f64, Error> {
        self.values.get(measure).map(|(value, _)| *value).ok_or(Error::NoFact { measure })
    }

    /// Where a fact comes from.
    pub(crate) fn source(&self, measure: &str) -> &str {
        self.values.get(measure).map_or("", |(_, source)| source.as_str())
    }

    pub(crate) fn register(&self, condition: Condition) -> Option<&Register> {
        self.registers.iter().find(|register| register.condition == condition)
    }
}

/// One row of a file of facts.
struct Row {
    file: &'static str,
    line: u64,
    cells: csv::StringRecord,
}

impl Row {
    fn text(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default().trim()
    }

    fn number<T: std::str::FromStr>(&self, column: usize) -> Result<T, Error> {
        let text = self.text(column);
        text.parse().map_err(|_| self.wrong(&format!("\"{text}\" in column {} is not a number that fits", column + 1)))
    }

    fn wrong(&self, what: &str) -> Error {
        Error::Line { file: self.file, line: self.line, what: what.to_owned() }
    }
}

fn rows(place: &Place, file: &'static str, columns: usize) -> Result<Vec<Row>, Error> {
    let text = place.file(file).ok_or(Error::Missing { file })?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for (index, cells) in reader.records().enumerate() {
        let line = index as u64 + 2;
        let cells = cells.map_err(|error| Error::Line { file, line, what: error.to_string() })?;
        let line = cells.position().map_or(line, csv::Position::line);
        if cells.len() != columns {
            return Err(Error::Line {
                file,
                line,
                what: format!("{columns} columns are needed, here are {}", cells.len()),
            });
        }
        rows.push(Row { file, line, cells });
    }
    if rows.is_empty() { Err(Error::Line { file, line: 1, what: "there is no row".to_owned() }) } else { Ok(rows) }
}
