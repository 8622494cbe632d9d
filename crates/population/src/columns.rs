//! What happened to people, as columns: by person in the order of days. A person is a number here. The columns know no rule and no
//! meaning of a code; the index from a code to people is made for the codes of a plan ([`crate::everyone::Postings`]).

mod values;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::code::Codes;
use crate::day::Day;
use crate::keep::Kept;
use crate::words::Words;
pub(crate) use values::Values;

/// No unit was given.
pub const NO_UNIT: u8 = u8::MAX;

/// One thing that happened to one person, as it is taken in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// The person's place in the columns.
    pub person: u32,
    /// A number of [`Events::codes`].
    pub code: u32,
    /// The day; [`Day::NONE`] only where a whole input has no days.
    pub day: Day,
    /// What was measured, where something was; never not-a-number.
    pub value: Option<f32>,
    /// Its unit, a number of [`Events::units`]; [`NO_UNIT`] where none was given.
    pub unit: u8,
    /// Who said so, a number of [`Events::sources`].
    pub source: u16,
    /// The record that says so.
    pub record: u128,
}

/// The part of an event that rules ask about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fact {
    /// A number of [`Events::codes`].
    pub code: u32,
    /// The day.
    pub day: Day,
    /// What was measured.
    pub value: Option<f32>,
    /// Its unit.
    pub unit: u8,
    /// Where the rest of it stands.
    pub place: Place,
}

/// Where an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A row of the columns.
    Row(u32),
    /// One of those that came to a person since.
    Since(u32),
}

/// Who said so, and which record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// A number of [`Events::sources`].
    pub source: u16,
    /// The record.
    pub record: u128,
}

/// Why columns cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum ColumnsError {
    /// More rows than the index can number.
    #[error("{0} events or people are more than the columns can number")]
    TooMany(usize),
    /// An event names somebody who is not there.
    #[error("event {event} is of person {person}, and there are {people} people")]
    NoSuchPerson {
        /// Which event of those given, from 0.
        event: usize,
        /// Whom it names.
        person: u32,
        /// How many people there are.
        people: usize,
    },
    /// The file beside the columns cannot be read.
    #[error(transparent)]
    Keep(#[from] crate::keep::KeepError),
}

/// Sources and record ids: held, or left on the disk until somebody asks for evidence.
#[derive(Debug, Clone)]
pub(crate) enum Origins {
    Held(Arc<Vec<Origin>>),
    Kept(Kept),
}

/// What came to a person since the columns were made.
#[derive(Debug, Clone, Default)]
struct Since {
    added: Vec<Event>,
    withdrawn: Vec<u32>,
}

/// Everything that happened to everybody. A copy shares the columns with what it was copied from, so that one can be saved while
/// the other goes on.
#[derive(Debug, Clone)]
pub struct Events {
    /// The codes that occur.
    pub codes: Codes,
    /// The units that occur.
    pub units: Words,
    /// Who says so.
    pub sources: Words,
    /// Where each person's rows begin; one more than there are people.
    pub(crate) starts: Arc<Vec<u32>>,
    pub(crate) code: Arc<Vec<u32>>,
    pub(crate) day: Arc<Vec<u16>>,
    pub(crate) values: Arc<Values>,
    pub(crate) origins: Origins,
    since: BTreeMap<u32, Since>,
}

impl Events {
    /// Columns of some events, in any order, of so many people.
    pub fn of(
        people: usize,
        codes: Codes,
        units: Words,
        sources: Words,
        mut events: Vec<Event>,
    ) -> Result<Self, ColumnsError> {
        if u32::try_from(events.len()).is_err() || u32::try_from(people).is_err() {
            return Err(ColumnsError::TooMany(events.len().max(people)));
        }
        if let Some((event, found)) = events.iter().enumerate().find(|(_, event)| event.person as usize >= people) {
            return Err(ColumnsError::NoSuchPerson { event, person: found.person, people });
        }
        events.sort_by_key(|event| (event.person, event.day, event.code, event.record));
        let mut starts = vec![0u32; people + 1];
        for event in &events {
            starts[event.person as usize + 1] += 1;
        }
        for at in 0..people {
            starts[at + 1] += starts[at];
        }
        let code: Vec<u32> = events.iter().map(|event| event.code).collect();
        let day: Vec<u16> = events.iter().map(|event| event.day.0).collect();
        let mut values = Values::with_rows(events.len());
        for (row, event) in events.iter().enumerate() {
            if let Some(value) = event.value {
                values.push(row, value, event.unit);
            }
        }
        values.finish();
        let origins: Vec<Origin> =
            events.iter().map(|event| Origin { source: event.source, record: event.record }).collect();
        let origins = Origins::Held(Arc::new(origins));
        Ok(Self::from_columns((codes, units, sources), starts, (code, day, values), origins))
    }

    /// Columns as they stand.
    pub(crate) fn from_columns(
        words: (Codes, Words, Words),
        starts: Vec<u32>,
        (code, day, values): (Vec<u32>, Vec<u16>, Values),
        origins: Origins,
    ) -> Self {
        let (codes, units, sources) = words;
        let (starts, code, day, values) = (Arc::new(starts), Arc::new(code), Arc::new(day), Arc::new(values));
        Self { codes, units, sources, starts, code, day, values, origins, since: BTreeMap::new() }
    }

    /// How many people there are.
    #[must_use]
    pub fn people(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many rows the columns have; what came since is not among them.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.code.len()
    }

    /// People to whom something came, or from whom something was taken, since the columns were made.
    pub fn changed(&self) -> impl Iterator<Item = u32> {
        self.since.keys().copied()
    }

    /// Room for people who came since.
    pub fn make_room(&mut self, people: usize) {
        let last = self.starts.last().copied().unwrap_or_default();
        let starts = Arc::make_mut(&mut self.starts);
        starts.resize(starts.len().max(people + 1), last);
    }

    /// Takes a new event in. It is asked about from now on.
    pub fn add(&mut self, event: Event) -> Result<(), ColumnsError> {
        if event.person as usize >= self.people() {
            return Err(ColumnsError::NoSuchPerson { event: 0, person: event.person, people: self.people() });
        }
        self.since.entry(event.person).or_default().added.push(event);
        Ok(())
    }

    /// Takes everything back that one record said of a person: it was entered in error, or has been amended. Gives the number of
    /// events that went.
    pub fn withdraw(&mut self, person: u32, record: u128) -> Result<usize, ColumnsError> {
        let range = self.range(person);
        let origins = self.origins(range.clone())?;
        let mut rows: Vec<u32> =
            range.zip(&origins).filter(|(_, origin)| origin.record == record).map(|(row, _)| row).collect();
        let since = self.since.entry(person).or_default();
        let before = since.added.len() + since.withdrawn.len();
        rows.retain(|row| !since.withdrawn.contains(row));
        since.added.retain(|event| event.record != record);
        let gone = before - since.added.len() - since.withdrawn.len() + rows.len();
        since.withdrawn.extend(rows);
        Ok(gone)
    }

    pub(crate) fn range(&self, person: u32) -> Range<u32> {
        match self.starts.get(person as usize..person as usize + 2) {
            Some([from, until]) => *from..*until,
            _ => 0..0,
        }
    }

    /// The rows of people who stand one after the other.
    pub(crate) fn range_of(&self, people: Range<u32>) -> Range<u32> {
        match (self.starts.get(people.start as usize), self.starts.get(people.end as usize)) {
            (Some(from), Some(until)) => *from..*until,
            _ => 0..0,
        }
    }

    /// Everything about one person, in no order that may be relied on.
    #[inline]
    pub fn each(&self, person: u32, mut tell: impl FnMut(Fact)) {
        let since = if self.since.is_empty() { None } else { self.since.get(&person) };
        let range = self.range(person);
        let span = range.start as usize..range.end as usize;
        let (Some(codes), Some(days)) = (self.code.get(span.clone()), self.day.get(span)) else { return };
        for ((row, code), day) in range.zip(codes).zip(days) {
            if since.is_some_and(|since| since.withdrawn.contains(&row)) {
                continue;
            }
            let (value, unit) = self.values.at(row);
            tell(Fact { code: *code, day: Day(*day), value, unit, place: Place::Row(row) });
        }
        for (at, event) in (0..).zip(since.into_iter().flat_map(|since| &since.added)) {
            let Event { code, day, value, unit, .. } = *event;
            tell(Fact { code, day, value, unit, place: Place::Since(at) });
        }
    }

    /// Who said a thing of a person, and which record.
    pub fn origin_of(&self, person: u32, place: Place) -> Result<Origin, ColumnsError> {
        match place {
            Place::Row(row) => {
                let found = self.origins(row..row + 1)?;
                Ok(found.first().copied().unwrap_or(Origin { source: 0, record: 0 }))
            }
            Place::Since(at) => {
                let event = self.since.get(&person).and_then(|since| since.added.get(at as usize));
                Ok(event.map_or(Origin { source: 0, record: 0 }, |event| Origin {
                    source: event.source,
                    record: event.record,
                }))
            }
        }
    }

    /// Of rows that stand one after the other.
    fn origins(&self, rows: Range<u32>) -> Result<Vec<Origin>, ColumnsError> {
        match &self.origins {
            Origins::Held(origins) => {
                Ok(origins.get(rows.start as usize..rows.end as usize).unwrap_or_default().to_vec())
            }
            Origins::Kept(kept) => Ok(kept.rows(rows)?),
        }
    }

    /// Whether what is left on the disk until somebody asks for it reads as it was saved.
    pub fn check(&self) -> Result<(), ColumnsError> {
        match &self.origins {
            Origins::Held(_) => Ok(()),
            Origins::Kept(kept) => Ok(kept.check()?),
        }
    }

    /// Everything about one person with its origin, in no order that may be relied on. Asks the disk once, however much there is.
    pub fn of_person(&self, person: u32) -> Result<Vec<Event>, ColumnsError> {
        let range = self.range(person);
        let origins = self.origins(range.clone())?;
        let since = self.since.get(&person).map_or(&[][..], |since| &since.added);
        let mut events = Vec::with_capacity(origins.len() + since.len());
        self.each(person, |Fact { code, day, value, unit, place }| {
            let added = |event: &Event| Origin { source: event.source, record: event.record };
            let origin = match place {
                Place::Row(row) => origins.get((row - range.start) as usize).copied(),
                Place::Since(at) => since.get(at as usize).map(added),
            };
            let Origin { source, record } = origin.unwrap_or(Origin { source: 0, record: 0 });
            events.push(Event { person, code, day, value, unit, source, record });
        });
        Ok(events)
    }

    /// Everything about one person with its origin, by day.
    pub(crate) fn whole(&self, person: u32, kept: &mut crate::keep::Origins<'_>) -> Result<Vec<Event>, ColumnsError> {
        let mut facts = Vec::new();
        self.each(person, |fact| facts.push(fact));
        let mut events = Vec::with_capacity(facts.len());
        for Fact { code, day, value, unit, place } in facts {
            let Origin { source, record } = match (place, &self.origins) {
                (Place::Row(row), Origins::Kept(_)) => kept.at(row)?,
                _ => self.origin_of(person, place)?,
            };
            events.push(Event { person, code, day, value, unit, source, record });
        }
        events.sort_by_key(|event| (event.day, event.code, event.record));
        Ok(events)
    }
}

#[cfg(test)]
mod tests;
