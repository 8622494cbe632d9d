//! Pseudonyms: rows of what happened, from which nobody can be told, for those who plan services. A row has a keyed pseudonym
//! instead of a person, an age band instead of a birth date, a neighbourhood only where enough people share it, a code instead
//! of words, a month instead of a day. What this module gives out it has proved harmless one value at a time; everything else
//! of a record has no field here to be in.

pub mod back;

use std::collections::BTreeMap;

use hmac::{Hmac, Mac};
use jiff::civil::Date;
use place::{NhsNumber, OdsCode, Place};
use sha2::Sha256;
use store::{Result, Tx};
use uuid::Uuid;

use access::{Class, Item, PseudonymPermit};

use crate::views::pseudonym::{self as view, Stated};
use place::suppression::{Shown, suppress};

/// The key of one project. Two projects with two keys cannot lay their rows side by side; whoever has the key could find out
/// whose pseudonym one is, so it never leaves the process that made the rows.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// A key of these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The pseudonym of a person: HMAC-SHA-256 of their root, the first 128 bits.
    #[must_use]
    pub fn pseudonym(&self, root: Uuid) -> String {
        // A key of 32 bytes is never refused; if it were, one pseudonym for everybody tells nobody from another.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(b"weft-pseudonym-1");
        mac.update(root.as_bytes());
        mac.finalize().into_bytes().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// What stands where something is not told.
pub const WITHHELD: &str = "withheld";
/// What stands where nothing is known.
pub const UNKNOWN: &str = "not known";
/// What stands for a neighbourhood of another borough, and where no practice is known.
pub const ELSEWHERE: &str = "elsewhere or not known";

/// The most people of one part: a part is read as a whole, so that what one answer costs is bounded.
pub const PART: usize = 1_000;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// Whose, as nobody can say.
    pub pseudonym: String,
    /// Ten years of age, `70 to 79`, on the day the rows were made.
    pub age: &'static str,
    /// `female`, `male`, `other`.
    pub sex: &'static str,
    /// The name of a neighbourhood, or [`WITHHELD`].
    pub neighbourhood: String,
    /// What it is: `problem`.
    pub class: &'static str,
    /// `system|code`; empty where there is none that is fit to be told.
    pub code: String,
    /// `2026-03`; empty where it is not known.
    pub month: String,
}

/// A part of the rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// The rows, in the order of their pseudonyms.
    pub rows: Vec<Row>,
    /// How many parts there are.
    pub parts: usize,
    /// How many people of each age are in all of them; not yet fit to be shown: see [`place::suppression`].
    pub ages: BTreeMap<&'static str, i64>,
}

const BANDS: [&str; 10] = [
    "0 to 9",
    "10 to 19",
    "20 to 29",
    "30 to 39",
    "40 to 49",
    "50 to 59",
    "60 to 69",
    "70 to 79",
    "80 to 89",
    "90 and over",
];

/// The ten years that somebody's age falls in; all from ninety together.
#[must_use]
pub fn band(born: Option<Date>, on: Date) -> &'static str {
    let Some(years) = born.and_then(|born| access::sharing::age(born, on)) else { return UNKNOWN };
    let index = usize::try_from(years / 10).unwrap_or_default().min(BANDS.len() - 1);
    BANDS.get(index).copied().unwrap_or(UNKNOWN)
}

fn sex(word: Option<&str>) -> &'static str {
    match word {
        Some("female") => "female",
        Some("male") => "male",
        Some("other") => "other",
        _ => UNKNOWN,
    }
}

/// What one person adds to a table: age band, sex, neighbourhood.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Age band.
    pub age: &'static str,
    /// Sex.
    pub sex: &'static str,
    /// Neighbourhood; `None` for somebody whose place must not be told.
    pub neighbourhood: Option<String>,
}

/// The neighbourhoods that may be told, for each age band and sex: those of at least seven people, and none that with the
/// others would give away a smaller one.
#[must_use]
pub fn told<'c>(people: impl IntoIterator<Item = &'c Cell>) -> std::collections::BTreeSet<Cell> {
    let mut counts: BTreeMap<(&'static str, &'static str), BTreeMap<&str, i64>> = BTreeMap::new();
    let mut every: std::collections::BTreeSet<&str> = std::collections::BTreeSet::new();
    for cell in people {
        if let Some(neighbourhood) = &cell.neighbourhood {
            every.insert(neighbourhood);
            *counts.entry((cell.age, cell.sex)).or_default().entry(neighbourhood).or_default() += 1;
        }
    }
    let mut told = std::collections::BTreeSet::new();
    for ((age, sex), counts) in counts {
        // A neighbourhood without anybody is a small count like any other: that nobody is there is not to be told either.
        let row: Vec<(&str, i64)> =
            every.iter().map(|name| (*name, counts.get(name).copied().unwrap_or_default())).collect();
        let numbers: Vec<i64> = row.iter().map(|(_, count)| *count).collect();
        let Some(shown) = suppress(&numbers) else { continue };
        for ((name, _), shown) in row.into_iter().zip(shown) {
            if matches!(shown, Shown::Count(_)) {
                told.insert(Cell { age, sex, neighbourhood: Some(name.to_owned()) });
            }
        }
    }
    told
}

/// A code as it may be told: a system and a code of letters, digits and a few marks. Words, and anything that could be the
/// number of a person, are not codes.
#[must_use]
pub fn code(key: &str) -> Option<&str> {
    let (system, code) = key.rsplit_once('|')?;
    let known = system.starts_with("http://") || system.starts_with("https://") || system.starts_with("urn:oid:");
    let plain =
        |text: &str, marks: &str| text.chars().all(|letter| letter.is_ascii_alphanumeric() || marks.contains(letter));
    let fit = known
        && system.len() <= 120
        && plain(system, ":/.-_#")
        && (1..=18).contains(&code.len())
        && plain(code, ".-^")
        // Every classification's codes have digits; a code of letters alone may be a name.
        && code.chars().any(|letter| letter.is_ascii_digit())
        && NhsNumber::parse(code).is_err();
    fit.then_some(key)
}

/// A month as it may be told; the day and the hour stay behind.
#[must_use]
pub fn month(when: &str) -> Option<&str> {
    let month = when.get(..7)?;
    let first: Date = format!("{month}-01").parse().ok()?;
    (first.year() >= 1900).then_some(month)
}

fn class_word(class: Class) -> &'static str {
    match class {
        Class::Alert => "alert",
        Class::Problem => "problem",
        Class::Allergy => "allergy",
        Class::Medicine => "medicine",
        Class::Result => "result",
        Class::Encounter => "encounter",
        Class::Procedure => "procedure",
        Class::SocialCare => "social-care",
        Class::Plan => "plan",
        _ => "other",
    }
}

/// The cell of a person, from what the source that the banner shows says.
fn cell(stated: &Stated, place: &Place, today: Date) -> Cell {
    let practice: Option<OdsCode> = stated.practice.parse().ok();
    let neighbourhood = practice.and_then(|code| place.neighbourhood_of_practice(&code));
    let name = neighbourhood.map_or_else(|| ELSEWHERE.to_owned(), |neighbourhood| neighbourhood.name.clone());
    Cell {
        age: band(stated.born.as_deref().and_then(|born| born.parse().ok()), today),
        sex: sex(stated.sex.as_deref()),
        neighbourhood: (!stated.restricted).then_some(name),
    }
}

/// One part of the rows, from 0. Who refuses the use for planning is in none of them.
///
/// # Errors
/// What the database says.
pub fn part(
    tx: &mut dyn Tx,
    permit: &PseudonymPermit,
    key: &Key,
    place: &Place,
    today: Date,
    number: usize,
) -> Result<Part> {
    let choices = view::choices(tx)?;
    let mut people: Vec<(String, Uuid, Cell)> = Vec::new();
    view::people(tx, &mut |root, stated| {
        if !choices.refused.contains(&root) {
            people.push((key.pseudonym(root), root, cell(stated, place, today)));
        }
    })?;
    // By pseudonym: the order in which people came to be known would say something of them.
    people.sort_unstable();
    let told = told(people.iter().map(|(.., cell)| cell));
    let mut part = Part { parts: people.len().div_ceil(PART).max(1), ..Part::default() };
    for (.., cell) in &people {
        *part.ages.entry(cell.age).or_default() += 1;
    }
    for (pseudonym, root, cell) in people.iter().skip(number.saturating_mul(PART)).take(PART) {
        let neighbourhood = if told.contains(cell) { cell.neighbourhood.clone() } else { None };
        let neighbourhood = neighbourhood.unwrap_or_else(|| WITHHELD.to_owned());
        let objected = choices.objected.contains(root);
        let from = part.rows.len();
        view::entries(tx, *root, &mut |entry| {
            let class = crate::summary::class(entry.kind);
            let item = Item { sensitivity: entry.sensitivity, seal: entry.seal, ..Item::of(class) };
            if permit.covers(&item, objected) {
                part.rows.push(Row {
                    pseudonym: pseudonym.clone(),
                    age: cell.age,
                    sex: cell.sex,
                    neighbourhood: neighbourhood.clone(),
                    class: class_word(class),
                    code: entry.code.as_deref().and_then(code).unwrap_or_default().to_owned(),
                    month: entry.when.as_deref().and_then(month).unwrap_or_default().to_owned(),
                });
            }
        })?;
        // Within a person by what the row says, so that the order says nothing of the day.
        if let Some(rows) = part.rows.get_mut(from..) {
            rows.sort_unstable();
        }
    }
    Ok(part)
}

/// The rows as CSV, with a heading. No cell can be read as a formula by a spreadsheet.
#[must_use]
pub fn csv(rows: &[Row]) -> String {
    let mut text = String::from("pseudonym,age,sex,neighbourhood,class,code,month\r\n");
    for row in rows {
        let cells =
            [&row.pseudonym, row.age, row.sex, &row.neighbourhood, row.class, &row.code, &row.month].map(cell_text);
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// A cell: in quotation marks where it needs them, and with a mark before what a spreadsheet would calculate.
fn cell_text(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if formula || text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests;
