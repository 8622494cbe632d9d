//! Invented people and the messages a practice would send about them: one FHIR R4 bundle a line, the same every time.
//! Names are put together from syllables, NHS numbers are from the range 999 that is given to nobody.

mod entries;
mod words;

use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use place::{NhsNumber, Place};

use self::entries::Entries;
use crate::random::Random;

/// One invented person.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) nhs_number: NhsNumber,
    pub(crate) family: String,
    pub(crate) given: &'static str,
    pub(crate) female: bool,
    pub(crate) birth_year: u32,
    pub(crate) surgery: Arc<Surgery>,
    pub(crate) house: usize,
}

/// The practice on whose list somebody is.
#[derive(Debug)]
pub(crate) struct Surgery {
    pub(crate) code: String,
    pub(crate) name: String,
    /// Where it stands; the invented people live around the corner.
    pub(crate) postcode: String,
}

/// One resource of theirs, as JSON text.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) body: String,
}

/// What is said of each person.
#[derive(Debug, Clone, Copy)]
enum Record {
    /// So many resources, something of everything.
    Mixed(usize),
    /// A visit, so many measurements, and of every so many-th person a problem.
    Measurements { each: usize, problem_of: usize },
}

/// So many people with so many resources each, one after the other; the same seed gives the same crowd.
#[derive(Debug)]
pub(crate) struct Crowd {
    random: Random,
    next_number: u32,
    left: usize,
    record: Record,
    surgeries: Vec<Arc<Surgery>>,
}

/// What was written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written {
    pub(crate) people: usize,
    pub(crate) resources: usize,
    pub(crate) bytes: u64,
}

impl Crowd {
    /// A crowd on the lists of the borough's practices. There are about 900,000 valid numbers in the range, so no crowd
    /// is larger.
    pub(crate) fn of(people: usize, resources_each: usize) -> anyhow::Result<Self> {
        Self::with(people, Record::Mixed(resources_each))
    }

    /// A crowd of whom hardly anything but measurements is known: so many each, and a problem of every so many-th person.
    pub(crate) fn measured(people: usize, each: usize, problem_of: usize) -> anyhow::Result<Self> {
        Self::with(people, Record::Measurements { each, problem_of })
    }

    fn with(people: usize, record: Record) -> anyhow::Result<Self> {
        let place = Place::built_in().context("the place's files cannot be used")?;
        let active = place.practices().iter().filter(|practice| practice.is_active());
        let surgeries = active.map(|practice| {
            Arc::new(Surgery {
                code: practice.code.to_string(),
                name: practice.name.clone(),
                postcode: practice.postcode.to_string(),
            })
        });
        let surgeries = surgeries.collect();
        Ok(Self { random: Random::of(0x57ef_7000), next_number: 0, left: people, record, surgeries })
    }

    fn number(&mut self) -> Option<NhsNumber> {
        while self.next_number < 1_000_000 {
            let nine = format!("999{:06}", self.next_number);
            self.next_number += 1;
            // One in eleven has no check digit at all.
            if let Some(number) = (0..10).find_map(|check| NhsNumber::parse(&format!("{nine}{check}")).ok()) {
                return Some(number);
            }
        }
        None
    }
}

impl Iterator for Crowd {
    type Item = (Person, Vec<Entry>);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let nhs_number = self.number()?;
        let random = &mut self.random;
        let female = random.below(2) == 0;
        let person = Person {
            id: random.id(),
            nhs_number,
            family: format!("{}{}", random.one(words::BEGINNINGS)?, random.one(words::ENDINGS)?),
            given: random.one(if female { words::WOMEN } else { words::MEN })?,
            female,
            birth_year: 1930 + u32::try_from(random.below(80)).unwrap_or_default(),
            surgery: random.one(&self.surgeries)?.clone(),
            house: 1 + random.below(200),
        };
        let entries = match self.record {
            Record::Mixed(count) => Entries::of(&person, random, count),
            Record::Measurements { each, problem_of } => {
                Entries::measured(&person, random, each, self.left.is_multiple_of(problem_of.max(1)))
            }
        };
        Some((person, entries))
    }
}

/// One message: a transaction bundle on one line, as Synthea sends it.
pub(crate) fn bundle(entries: &[Entry]) -> String {
    let mut line = String::with_capacity(entries.iter().map(|entry| entry.body.len() + 160).sum::<usize>() + 64);
    line.push_str(r#"{"resourceType":"Bundle","type":"transaction","entry":["#);
    for (index, entry) in entries.iter().enumerate() {
        let Entry { kind, id, body } = entry;
        let comma = if index == 0 { "" } else { "," };
        line.push_str(&format!(
            r#"{comma}{{"fullUrl":"urn:uuid:{id}","resource":{body},"request":{{"method":"POST","url":"{kind}"}}}}"#
        ));
    }
    line.push_str("]}\n");
    line
}

/// Writes a crowd to a file, one bundle a line.
pub(crate) fn write(file: &Path, crowd: Crowd) -> anyhow::Result<Written> {
    let out = std::fs::File::create(file).with_context(|| format!("cannot write {}", file.display()))?;
    let mut out = BufWriter::with_capacity(1024 * 1024, out);
    let mut written = Written { people: 0, resources: 0, bytes: 0 };
    for (_, entries) in crowd {
        let line = bundle(&entries);
        out.write_all(line.as_bytes())?;
        written.people += 1;
        written.resources += entries.len();
        written.bytes += line.len() as u64;
    }
    out.flush()?;
    // On the disk before the clock starts, so that writing it does not slow what is measured.
    out.get_ref().sync_all()?;
    Ok(written)
}

#[cfg(test)]
mod tests;
