//! What everybody is gathered in before the population is held: who they are and what happened to them, in numbers. Must not ask a
//! rule, nor know where any of it came from.

use std::collections::HashMap;

use population::code::Codes;
use population::columns::{ColumnsError, Event, Events, NO_UNIT};
use population::keep::Writer;
use population::people::{People, Person};
use population::words::Words;
use store::Head;
use uuid::Uuid;

use crate::coded::Coded;
use crate::left::{LeftOut, Reason};
use crate::make::{Counted, Made};

/// Everything that is held, but for the rules and for what people have chosen or said against them. A copy shares the columns.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    pub(crate) people: People,
    pub(crate) events: Events,
    pub(crate) living: Vec<bool>,
    pub(crate) left_of: HashMap<u32, LeftOut>,
    pub(crate) done: HashMap<Uuid, u32>,
    pub(crate) upto: i64,
    pub(crate) seen: Head,
}

/// What everybody is gathered in before the columns are made. Events are held, or written person by person where there is a writer.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) codes: Codes,
    pub(crate) units: Words,
    pub(crate) sources: Words,
    pub(crate) events: Vec<Event>,
    pub(crate) writer: Option<Writer>,
    pub(crate) people: People,
    pub(crate) living: Vec<bool>,
    pub(crate) left_of: HashMap<u32, LeftOut>,
    pub(crate) done: HashMap<Uuid, u32>,
}

impl Gathered {
    /// Takes a person in.
    pub(crate) fn take(&mut self, root: Uuid, mut made: Made) -> Result<(), ColumnsError> {
        if made.traits.is_none() && made.left.is_empty() {
            return Ok(());
        }
        let number = u32::try_from(self.people.list.len()).unwrap_or(u32::MAX);
        let person = person(&mut self.people, root, made.traits.as_ref());
        self.people.list.push(person);
        self.living.push(made.traits.as_ref().is_some_and(|traits| !traits.deceased));
        let mut events = Vec::with_capacity(made.coded.len());
        for coded in &made.coded {
            let event = numbered(&mut self.codes, &mut self.units, &mut self.sources, number, coded, &mut made.left);
            events.push(event);
            if coded.source == crate::done::SOURCE {
                self.done.insert(coded.record, number);
            }
        }
        if !made.left.is_empty() {
            self.left_of.insert(number, made.left);
        }
        match &mut self.writer {
            None => self.events.append(&mut events),
            Some(writer) => {
                events.sort_by_key(|event| (event.day, event.code, event.record));
                writer.person(&events)?;
            }
        }
        Ok(())
    }

    /// Columns of those who were held.
    pub(crate) fn columns(self, upto: i64, seen: Head) -> Result<Columns, ColumnsError> {
        let Self { codes, units, sources, events, people, living, left_of, done, .. } = self;
        let events = Events::of(people.len(), codes, units, sources, events)?;
        Ok(Columns { people, events, living, left_of, done, upto, seen })
    }
}

/// Somebody as the columns have them.
pub(super) fn person(people: &mut People, root: Uuid, traits: Option<&Counted>) -> Person {
    let nobody = Counted::default();
    let traits = traits.unwrap_or(&nobody);
    let short = |number: u32| u16::try_from(number).unwrap_or(u16::MAX);
    Person {
        id: root.as_u128(),
        birth: traits.birth,
        sex: traits.sex,
        ethnicity: short(people.ethnicities.number(&traits.ethnicity)),
        quintile: traits.quintile,
        neighbourhood: short(people.neighbourhoods.number(&traits.neighbourhood)),
        system: short(people.systems.number(&traits.system)),
        is_registered: traits.is_registered,
        is_resident: traits.is_resident,
    }
}

/// An event in numbers. Where there are more units than can be numbered, its value is left out and counted.
pub(super) fn numbered(
    codes: &mut Codes,
    units: &mut Words,
    sources: &mut Words,
    person: u32,
    coded: &Coded,
    left: &mut LeftOut,
) -> Event {
    let mut value = coded.value;
    let mut unit = NO_UNIT;
    if value.is_some() && !coded.unit.is_empty() {
        match units.find(&coded.unit).or_else(|| (units.list().len() < 255).then(|| units.number(&coded.unit))) {
            Some(number) => unit = u8::try_from(number).unwrap_or(NO_UNIT),
            None => {
                value = None;
                left.count(Reason::TooManyUnits);
            }
        }
    }
    // There are as many sources as feeds: never so many.
    let source = u16::try_from(sources.number(&coded.source)).unwrap_or(u16::MAX);
    let code = codes.number(coded.system, &coded.code);
    Event { person, code, day: coded.day, value, unit, source, record: coded.record.as_u128() }
}
