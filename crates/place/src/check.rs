//! What must hold between the files of a place, and inside a row beyond its shape. Must not repair anything: it says
//! what is wrong, where, and what to do.

mod clocks;
mod parts;

use crate::postcodes::{INVENTED, LISTED, Listed, Postcodes};
use crate::rows::{Document, Nothing, Row, Table, read_csv};
use crate::{
    About, Area, CareHome, Clock, Condition, Feed, Files, Holiday, Neighbourhood, Organisation, Practice, Problems,
    RecordSystem, Residence, Service,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::ops::RangeInclusive;

/// Everything that could be read, before it is known to fit together.
pub(crate) struct Draft {
    pub(crate) about: Option<Row<About>>,
    pub(crate) neighbourhoods: Table<Neighbourhood>,
    pub(crate) practices: Table<Practice>,
    pub(crate) care_homes: Table<CareHome>,
    pub(crate) organisations: Table<Organisation>,
    pub(crate) services: Table<Service>,
    pub(crate) areas: Table<Area>,
    pub(crate) feeds: Table<Feed>,
    pub(crate) years: Option<Row<Years>>,
    pub(crate) holidays: Table<Holiday>,
    pub(crate) clocks: Vec<Clock>,
    pub(crate) conditions: Table<Condition>,
    pub(crate) residences: Table<Residence>,
    pub(crate) systems: Table<RecordSystem>,
    pub(crate) postcodes: Postcodes,
}

/// The years whose bank holidays are all listed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Years {
    first_year: i16,
    last_year: i16,
}

impl Years {
    /// The years as a range.
    pub(crate) fn range(&self) -> RangeInclusive<i16> {
        self.first_year..=self.last_year
    }
}

impl Draft {
    /// Reads every file; what cannot be read is a problem and stays empty.
    pub(crate) fn read(files: &dyn Files, problems: &mut Problems) -> Self {
        let (years, holidays) = holidays(files, problems);
        let areas = read_csv(files, "areas.csv", "code", problems);
        let postcodes = postcodes(files, &areas, problems);
        Self {
            about: about(files, problems),
            neighbourhoods: list(files, "neighbourhoods.toml", "neighbourhood", problems),
            practices: read_csv(files, "practices.csv", "code", problems),
            care_homes: read_csv(files, "care_homes.csv", "id", problems),
            organisations: list(files, "organisations.toml", "organisation", problems),
            services: list(files, "services.toml", "service", problems),
            areas,
            feeds: list(files, "feeds.toml", "feed", problems),
            years,
            holidays,
            clocks: clocks::read(files, problems),
            conditions: list(files, "crisis_conditions.toml", "condition", problems),
            residences: list(files, "residence.toml", "residence", problems),
            systems: if_there(files, "systems.toml", "system", problems),
            postcodes,
        }
    }
}

fn about(files: &dyn Files, problems: &mut Problems) -> Option<Row<About>> {
    let text = Document::text(files, "place.toml", problems)?;
    Document::parse("place.toml", &text, problems)?.rest(problems)
}

fn list<T: DeserializeOwned>(files: &dyn Files, file: &'static str, name: &str, problems: &mut Problems) -> Table<T> {
    let Some(text) = Document::text(files, file, problems) else { return Table::unread(file) };
    let Some(mut document) = Document::parse(file, &text, problems) else { return Table::unread(file) };
    let table = document.list(name, "id", problems);
    document.rest::<Nothing>(problems);
    table
}

/// A list that a place may go without.
fn if_there<T: DeserializeOwned>(
    files: &dyn Files,
    file: &'static str,
    name: &str,
    problems: &mut Problems,
) -> Table<T> {
    if files.text(file).is_none() { Table::unread(file) } else { list(files, file, name, problems) }
}

/// Both lists of postcodes; a place may go without either.
fn postcodes(files: &dyn Files, areas: &Table<Area>, problems: &mut Problems) -> Postcodes {
    let mut read = |file| {
        // No column is the key: one postcode may be written in two ways, and is compared as it is read.
        if files.text(file).is_none() { Table::unread(file) } else { read_csv::<Listed>(files, file, "", problems) }
    };
    let (listed, invented) = (read(LISTED), read(INVENTED));
    Postcodes::of(&[&listed, &invented], areas, problems)
}

fn holidays(files: &dyn Files, problems: &mut Problems) -> (Option<Row<Years>>, Table<Holiday>) {
    let file = "bank_holidays.toml";
    let unread = (None, Table::unread(file));
    let Some(text) = Document::text(files, file, problems) else { return unread };
    let Some(mut document) = Document::parse(file, &text, problems) else { return unread };
    let table = document.list("holiday", "date", problems);
    (document.rest(problems), table)
}

/// Holds every rule against everything that was read.
pub(crate) fn check(draft: &Draft, files: &dyn Files, problems: &mut Problems) {
    parts::about(draft, problems);
    parts::practices(draft, problems);
    parts::care_homes(draft, problems);
    parts::organisations(draft, problems);
    parts::services(draft, problems);
    parts::areas(draft, problems);
    parts::feeds(draft, files, problems);
    parts::holidays(draft, problems);
    parts::residences(draft, problems);
    parts::systems(draft, problems);
}
