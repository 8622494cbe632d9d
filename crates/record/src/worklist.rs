//! Worklists: who needs somebody of a desk, and why, in two steps. [`ask`] and its kin say who is on a list, with a permit
//! for the desk; [`open`] shows them, with a permit that is there only after the look was written down. Must not choose
//! what a role's lists are, nor read the clock.

use std::collections::{BTreeMap, BTreeSet};

use access::views::seal::against;
use access::{Class, DeskPermit, Level, WorklistPermit};
use jiff::Timestamp;
use store::{Result, Tx};
use uuid::Uuid;

pub use crate::happening::List;
use crate::identity::Identity;
use crate::summary::item;
use crate::views::fact::Line;
use crate::views::happening::{self as rows, Found, Heard, Part};
use crate::{find, views};

/// The most rows one answer gives.
pub const MOST: usize = 500;

/// Whose lines are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// People who belong to one of these practices, by their codes.
    Practices(Vec<String>),
    /// Everybody's.
    Everybody,
}

/// Which feeds are listened to; at most two are named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Feeds {
    /// All.
    #[default]
    All,
    /// These alone.
    Only(Vec<String>),
    /// All but these.
    AllBut(Vec<String>),
}

/// What is asked of the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The lists, taken together.
    pub lists: Vec<List>,
    /// Whose lines.
    pub whose: Whose,
    /// From this moment; `None` for from the beginning.
    pub from: Option<Timestamp>,
    /// Up to this moment, which is not in it; `None` for whatever lies ahead.
    pub until: Option<Timestamp>,
    /// The newest first, instead of the oldest.
    pub newest_first: bool,
    /// Which feeds are listened to, where the lines are those of practices.
    pub feeds: Feeds,
    /// Leave out so many.
    pub skip: usize,
    /// Give at most so many.
    pub most: usize,
}

/// Who is on a list. Nothing of it can be read without a permit to see it.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    found: Vec<Entry>,
    /// How many stand on the list altogether.
    pub total: i64,
}

#[derive(Debug, Clone)]
struct Entry {
    person: Uuid,
    line: Option<Found>,
    in_hospital: Option<Found>,
}

impl Asked {
    /// The people on it, for the permit.
    pub fn people(&self) -> impl Iterator<Item = Uuid> {
        self.found.iter().map(|entry| entry.person)
    }

    /// Whether nobody is on it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The same without the first `skip` lines and with at most so many of the rest.
    #[must_use]
    pub fn cut(mut self, skip: usize, most: usize) -> Self {
        self.found.drain(..skip.min(self.found.len()));
        self.found.truncate(most);
        self
    }

    /// How many there are of each practice, by its code; an empty code for those of whom none is known. Counts, no person.
    #[must_use]
    pub fn by_practice(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for line in self.found.iter().filter_map(|entry| entry.line.as_ref()) {
            *counts.entry(line.practice.clone()).or_default() += 1;
        }
        counts
    }
}

/// The class of item that a list's lines are.
#[must_use]
pub fn class(list: List) -> Class {
    match list {
        List::InHospital
        | List::LeftHospital
        | List::DiedInHospital
        | List::Emergency
        | List::NursingVisit
        | List::TherapyVisit
        | List::Visit
        | List::NursingCaseload
        | List::TherapyCaseload
        | List::Caseload => Class::Encounter,
        List::Appointment => Class::Booking,
        List::CareRequest | List::CareAssessment | List::CareService | List::CareReview | List::CareReviewed => {
            Class::SocialCare
        }
        List::Report => Class::Result,
        List::Letter => Class::Document,
    }
}

fn micros(at: Option<Timestamp>, otherwise: i64) -> i64 {
    at.map_or(otherwise, Timestamp::as_microsecond)
}

fn two(feeds: &[String]) -> [&str; 2] {
    let name = |index: usize| feeds.get(index).map_or("", String::as_str);
    [name(0), name(1)]
}

fn entry(line: Found) -> Entry {
    Entry { person: line.person, line: Some(line), in_hospital: None }
}

/// Who stands on some lists. A list that the desk may not know of has nobody on it.
///
/// # Errors
/// What the database says.
pub fn ask(tx: &mut dyn Tx, permit: &DeskPermit, question: &Question) -> Result<Asked> {
    let wanted = question.skip.saturating_add(question.most).min(MOST);
    let heard = match &question.feeds {
        Feeds::All => Heard::All,
        Feeds::Only(feeds) => Heard::Only(two(feeds)),
        Feeds::AllBut(feeds) => Heard::AllBut(two(feeds)),
    };
    let (mut found, mut total) = (Vec::new(), 0);
    for list in question.lists.iter().filter(|list| permit.level(class(**list)) != Level::Hidden) {
        let part = Part {
            list: *list,
            from: micros(question.from, i64::MIN),
            until: micros(question.until, i64::MAX),
            newest_first: question.newest_first,
            most: i64::try_from(wanted).unwrap_or(i64::MAX),
        };
        match &question.whose {
            Whose::Everybody => {
                found.extend(rows::part(tx, part)?);
                total += rows::count(tx, part)?;
            }
            Whose::Practices(codes) => {
                for code in codes.iter().filter(|code| !code.is_empty()) {
                    found.extend(rows::part_of(tx, part, code, heard)?);
                    total += rows::count_of(tx, part, code, heard)?;
                }
            }
        }
    }
    found.sort_by_key(|line| (line.at, line.id));
    if question.newest_first {
        found.reverse();
    }
    let found = found.into_iter().skip(question.skip).take(question.most).map(entry).collect();
    Ok(Asked { found, total })
}

/// Who left hospital since a moment, whom nobody but the hospital has seen since and who is not in hospital again; the
/// longest without first. People without a practice of the place are among them.
///
/// # Errors
/// What the database says.
pub fn unseen(tx: &mut dyn Tx, permit: &DeskPermit, since: Timestamp, now: Timestamp) -> Result<Asked> {
    if permit.level(Class::Encounter) == Level::Hidden {
        return Ok(Asked::default());
    }
    let until = now.as_microsecond();
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let (from, newest_first) = (since.as_microsecond(), true);
    let part = Part { list: List::LeftHospital, from, until, newest_first, most };
    let (mut found, mut met) = (Vec::new(), BTreeSet::new());
    for line in rows::part(tx, part)? {
        // Newest first: the latest discharge of a person is the one that counts.
        if !met.insert(line.person)
            || in_hospital(tx, line.person)?.is_some()
            || rows::seen(tx, line.person, line.at, until, &line.feed)?
        {
            continue;
        }
        found.push(entry(line));
    }
    found.reverse();
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    Ok(Asked { found, total })
}

/// Who came to an emergency department since a moment because of a fall, the newest first; by the words of the reason.
///
/// # Errors
/// What the database says.
pub fn falls(tx: &mut dyn Tx, permit: &DeskPermit, practices: &[String], since: Timestamp) -> Result<Asked> {
    if permit.level(Class::Encounter) != Level::Full {
        return Ok(Asked::default());
    }
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let from = since.as_microsecond();
    let part = Part { list: List::Emergency, from, until: i64::MAX, newest_first: true, most };
    let mut lines = Vec::new();
    for code in practices.iter().filter(|code| !code.is_empty()) {
        lines.extend(rows::part_of(tx, part, code, Heard::All)?);
    }
    lines.retain(|line| is_fall(line.reason.as_deref().unwrap_or(&line.title)));
    lines.sort_by_key(|line| std::cmp::Reverse((line.at, line.id)));
    let total = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    Ok(Asked { found: lines.into_iter().map(entry).collect(), total })
}

/// Whether the words of a reason say a fall.
#[must_use]
pub fn is_fall(words: &str) -> bool {
    let mut words = words.split(|letter: char| !letter.is_alphabetic());
    words.any(|word| ["fall", "falls", "fell", "fallen"].iter().any(|fall| word.eq_ignore_ascii_case(fall)))
}

/// Services of social care that began before a moment with no review held since it: due for their yearly review.
///
/// # Errors
/// What the database says.
pub fn unreviewed(tx: &mut dyn Tx, permit: &DeskPermit, practices: &[String], before: Timestamp) -> Result<Asked> {
    if permit.level(Class::SocialCare) == Level::Hidden {
        return Ok(Asked::default());
    }
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let until = before.as_microsecond();
    let part = Part { list: List::CareService, from: i64::MIN, until, newest_first: false, most };
    let held = Part { list: List::CareReviewed, from: until, until: i64::MAX, newest_first: true, most: 1 };
    let mut lines = Vec::new();
    for code in practices.iter().filter(|code| !code.is_empty()) {
        lines.extend(rows::part_of(tx, part, code, Heard::All)?);
    }
    lines.sort_by_key(|line| (line.at, line.id));
    let (mut found, mut met) = (Vec::new(), BTreeSet::new());
    for line in lines {
        // A person's services are reviewed together: one line a person.
        if met.insert(line.person) && rows::of_person(tx, line.person, held)?.is_empty() {
            found.push(entry(line));
        }
    }
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    Ok(Asked { found, total })
}

/// Who lives in a home, as far as their address says, and how many share its postcode and do not.
///
/// # Errors
/// What the database says.
pub fn residents(tx: &mut dyn Tx, permit: &DeskPermit, home: &place::CareHome) -> Result<(Asked, usize)> {
    if permit.level(Class::Identity) != Level::Full {
        return Ok((Asked::default(), 0));
    }
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let at_postcode = views::belonging::at_postcode(tx, home.postcode.as_str(), most)?;
    let (mut found, mut others) = (Vec::new(), 0);
    for (person, address) in at_postcode {
        if lives_in(home, &address) {
            found.push(Entry { person, line: None, in_hospital: in_hospital(tx, person)? });
        } else {
            others += 1;
        }
    }
    // Who is away comes first.
    found.sort_by_key(|entry| (entry.in_hospital.is_none(), entry.in_hospital.as_ref().map(|stay| stay.at)));
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    Ok((Asked { found, total }, others))
}

/// Whether an address is the home's. The postcode is not enough, because the neighbours share it: the address has to name
/// the home, or begin with its number and street.
pub(crate) fn lives_in(home: &place::CareHome, address: &str) -> bool {
    let key = |text: &str| crate::patient::address_key(&[text.to_owned()]).unwrap_or_default();
    let street = key(home.address.split(',').next().unwrap_or_default());
    let numbered = street.starts_with(|letter: char| letter.is_ascii_digit());
    let name = key(&home.name);
    (!name.is_empty() && address.contains(&name)) || (numbered && address.starts_with(&street))
}

fn in_hospital(tx: &mut dyn Tx, person: Uuid) -> Result<Option<Found>> {
    let part = Part { list: List::InHospital, from: i64::MIN, until: i64::MAX, newest_first: false, most: 1 };
    Ok(rows::of_person(tx, person, part)?.into_iter().next())
}

/// One line of a list, with as much of it as the permit covers.
#[derive(Debug, Clone)]
pub struct Item {
    /// Who it is.
    pub identity: Identity,
    /// The list, where it is a line of one.
    pub list: Option<List>,
    /// Its time on the list.
    pub at: Option<Timestamp>,
    /// Whether the time of day is known.
    pub timed: bool,
    /// What it is, in the source's words.
    pub title: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Where or by whom.
    pub by: Option<String>,
    /// The feed that says so.
    pub feed: Option<String>,
    /// In hospital, and since when: asked for residents.
    pub in_hospital: Option<Timestamp>,
}

/// Who some people on a desk's list are, by their root: those whose identity the permit covers. For lists that another part of the
/// house keeps.
///
/// # Errors
/// What the database says.
pub fn named(
    tx: &mut dyn Tx,
    permit: &WorklistPermit,
    people: &[Uuid],
) -> Result<std::collections::BTreeMap<Uuid, crate::identity::Identity>> {
    let mut named = std::collections::BTreeMap::new();
    for person in people {
        let Some(sight) = permit.of(*person) else { continue };
        if let Some(identity) = crate::find::identity_of(tx, sight)? {
            named.insert(*person, identity);
        }
    }
    Ok(named)
}

/// Of these entries of somebody on a desk's list, those that the permit covers whole, the latest first. For lists that another
/// part of the house keeps, to say why somebody stands on one.
///
/// # Errors
/// What the database says.
pub fn behind(tx: &mut dyn Tx, permit: &WorklistPermit, person: Uuid, entries: &[Uuid]) -> Result<Vec<Line>> {
    let Some(sight) = permit.of(person) else { return Ok(Vec::new()) };
    let mut lines = views::fact::of_person(tx, person)?;
    lines.retain(|line| entries.contains(&line.id));
    let sealed = against(tx, entries, sight.holders())?;
    lines.retain(|line| {
        let class = crate::summary::class(line.fact.kind);
        sight.level(&item(sight, class, &line.feed, line.sensitivity, sealed.get(&line.id))) == Level::Full
    });
    Ok(lines)
}

/// Shows who is on a list. What the permit does not cover is not there; nor is anybody whom no source names.
///
/// # Errors
/// What the database says.
pub fn open(tx: &mut dyn Tx, permit: &WorklistPermit, asked: &Asked) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    for entry in &asked.found {
        let Some(sight) = permit.of(entry.person) else { continue };
        let Some(identity) = find::identity_of(tx, sight)? else { continue };
        let rows: Vec<Uuid> = entry.line.iter().chain(&entry.in_hospital).map(|row| row.id).collect();
        let sealed = against(tx, &rows, sight.holders())?;
        let level =
            |class, row: &Found| sight.level(&item(sight, class, &row.feed, row.sensitivity, sealed.get(&row.id)));
        let away = entry.in_hospital.as_ref().filter(|stay| level(Class::Encounter, stay) >= Level::Masked);
        let mut shown = Item {
            identity,
            list: None,
            at: None,
            timed: false,
            title: None,
            reason: None,
            by: None,
            feed: None,
            in_hospital: away.and_then(|stay| Timestamp::from_microsecond(stay.at).ok()),
        };
        if let Some(line) = &entry.line {
            let level = level(class(line.list), line);
            if level == Level::Hidden {
                continue;
            }
            shown.list = Some(line.list);
            if level >= Level::Masked {
                shown.at = Timestamp::from_microsecond(line.at).ok();
                shown.timed = line.timed;
            }
            if level == Level::Full {
                shown.title = Some(line.title.clone());
                shown.reason.clone_from(&line.reason);
                shown.by.clone_from(&line.by);
                shown.feed = Some(line.feed.clone());
            }
        }
        items.push(shown);
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fall_is_known_by_the_word_and_not_by_its_letters() {
        assert!(["Fall", "Broken hip after a fall", "Fell at home", "falls (recurrent)"].into_iter().all(is_fall));
        assert!(!["Tetralogy of Fallot", "Chest pain", "Waterfalling"].into_iter().any(is_fall));
    }

    #[test]
    fn the_neighbours_of_a_home_do_not_live_in_it() {
        let place = place::Place::built_in().unwrap();
        let home = |id: &str| place.care_homes().iter().find(|home| home.id == *id).unwrap();
        let (firbank, grange) = (home("firbank-nursing-home"), home("hillbrook-grange"));
        for (home, address, inside) in [
            (firbank, "81FIRROAD", true),
            (firbank, "FIRBANKNURSINGHOME81FIRROAD", true),
            (firbank, "ROOM12FIRBANKNURSINGHOME", true),
            (firbank, "83FIRROAD", false),
            (firbank, "181FIRROAD", false),
            (firbank, "", false),
            (grange, "HILLBROOKGRANGEACKLANEEAST", true),
            (grange, "ACKLANEEAST", false),
            (grange, "7ACKLANEEAST", false),
        ] {
            assert_eq!(lives_in(home, address), inside, "{} {address}", home.name);
        }
    }
}
