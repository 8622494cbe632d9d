//! Who a service believes somebody to be: its own id for them, the NHS number it holds (or has not, or has wrongly), and how
//! it writes the name and the birth date. Settled once for each service and person, so that a mistake stays the same one.

use jiff::civil::{Date, DateTime};

use super::calendar::days;
use super::chance::Chance;
use super::rates::{self, Rates};
use super::{COMMUNITY, HOSPICE, HOSPITAL, MENTAL_HEALTH, Numbers, PRACTICE, SOCIAL_CARE};
use crate::person::{Address, Person, Sex};

/// What stands where the NHS number should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// The person's own.
    Right,
    /// Nothing.
    Missing,
    /// That of another person, who has this number in the borough.
    Others(u32),
    /// The twin's, who has this number in the borough.
    Twins(u32),
    /// Two digits swapped, so that its check fails.
    Swapped,
    /// One digit mistyped, so that its check fails.
    Mistyped,
}

/// How the name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// As registered.
    AsRegistered,
    /// The family name of before.
    Former,
    /// A short form of the given name.
    Short,
    /// A letter too few.
    Slip,
}

/// Who a service believes somebody to be.
#[derive(Debug, Clone)]
pub(super) struct Identity<'p> {
    pub(super) person: &'p Person,
    /// The service's own id for them.
    pub(super) local: String,
    pub(super) held: Held,
    /// The digits of the NHS number, as far as the service has any.
    pub(super) number: String,
    pub(super) naming: Naming,
    pub(super) given: Vec<String>,
    /// The family name, once a change of it is known.
    family: String,
    /// Until when the service writes the one of before, and that one.
    until_then: Option<(Date, String)>,
    pub(super) born: Date,
    /// From when on a new address is known.
    learned: Option<Date>,
}

/// The rates of a feed.
fn rates_of(feed: &str) -> Rates {
    match feed {
        PRACTICE => rates::PRACTICE,
        HOSPITAL => rates::HOSPITAL,
        COMMUNITY => rates::COMMUNITY,
        MENTAL_HEALTH => rates::MENTAL_HEALTH,
        HOSPICE => rates::HOSPICE,
        _ => rates::SOCIAL_CARE,
    }
}

/// A service's own id for a person. Nothing of the person can be read from it.
pub(super) fn local_id(feed: &str, person: &Person) -> String {
    let n = u64::from(person.number);
    match feed {
        PRACTICE => format!("EM{:07}", 1_000_000 + n),
        HOSPITAL => format!("S{:08}", 10_000_000 + n),
        COMMUNITY => format!("C-{:07}", 1_000_000 + n),
        MENTAL_HEALTH => format!("PC{:07}", 1_000_000 + n),
        HOSPICE => format!("H{:07}", 1_000_000 + n),
        SOCIAL_CARE => format!("SC{:07}", 1_000_000 + n),
        _ => format!("X{n}"),
    }
}

impl<'p> Identity<'p> {
    pub(super) fn of(feed: &'static str, person: &'p Person, seed: u64, numbers: &Numbers<'_>) -> Self {
        let rates = rates_of(feed);
        let draw = Chance::of(seed, feed).and("identity").with(u64::from(person.number));
        let (held, number) = number(person, feed, rates, draw.and("number"), numbers);
        let naming = naming(person, rates, draw.and("name"));
        let (given, family) = written(person, naming, draw.and("slip"));
        let (day, month) = (person.born.day(), person.born.month());
        let swapped = day <= 12 && day != month && draw.and("birth").happens(rates.swapped_birth);
        let born = if swapped { Date::new(person.born.year(), day, month).unwrap_or(person.born) } else { person.born };
        let learned = person
            .moves
            .as_ref()
            .map(|(moved, _)| days(*moved, draw.and("learns").between(rates.learns.0, rates.learns.1)));
        let until_then = person.renamed.zip(person.former_family.clone()).map(|(renamed, former)| {
            (days(renamed, draw.and("renamed").between(rates.learns.0, rates.learns.1)), former)
        });
        Self { person, local: local_id(feed, person), held, number, naming, given, family, until_then, born, learned }
    }

    /// The address the service has at that time: the old one until it learns of a move.
    pub(super) fn address(&self, at: DateTime) -> &'p Address {
        match (&self.person.moves, self.learned) {
            (Some((_, new)), Some(learned)) if at.date() >= learned => new,
            _ => &self.person.address,
        }
    }

    /// The family name the service has at that time: the old one until it learns of a change.
    pub(super) fn family(&self, at: DateTime) -> &str {
        match &self.until_then {
            Some((learned, former)) if at.date() < *learned => former,
            _ => &self.family,
        }
    }

    /// The family name of before, once the service knows that it has changed.
    pub(super) fn former(&self, at: DateTime) -> Option<&str> {
        self.until_then.as_ref().filter(|(learned, _)| at.date() >= *learned).map(|(_, former)| former.as_str())
    }

    /// When the service learns of a move, and when of a new name.
    pub(super) fn learns(&self) -> [Option<Date>; 2] {
        [self.learned, self.until_then.as_ref().map(|(learned, _)| *learned)]
    }

    /// The day of death, if it has come by then.
    pub(super) fn died(&self, at: DateTime) -> Option<Date> {
        self.person.died.filter(|died| *died <= at.date())
    }

    /// A word for the sex, of the two that a service uses.
    pub(super) fn sex<'w>(&self, female: &'w str, male: &'w str) -> &'w str {
        match self.person.sex {
            Sex::Female => female,
            Sex::Male => male,
        }
    }

    /// The first given name.
    pub(super) fn first(&self) -> &str {
        self.given.first().map(String::as_str).unwrap_or_default()
    }

    /// The name as one line.
    pub(super) fn plain(&self, at: DateTime) -> String {
        format!("{} {}", self.first(), self.family(at))
    }
}

fn number(person: &Person, feed: &str, rates: Rates, draw: Chance, numbers: &Numbers<'_>) -> (Held, String) {
    let own = person.nhs_number.as_str();
    if let Some(twin) = person.twin.filter(|_| feed != PRACTICE && draw.and("twin").happens(rates::TWIN_CONFUSED))
        && let Some(number) = numbers(twin)
    {
        return (Held::Twins(twin), number.as_str().to_owned());
    }
    if draw.and("missing").happens(rates.no_number) {
        return (Held::Missing, String::new());
    }
    if !draw.and("wrong").happens(rates.wrong_number) {
        return (Held::Right, own.to_owned());
    }
    let kind = draw.and("kind").below(3);
    // The neighbour in the list, as when a clerk's eye slips by a row.
    let other = if person.number.is_multiple_of(2) { person.number + 1 } else { person.number - 1 };
    match (kind, numbers(other)) {
        (0, Some(number)) => (Held::Others(other), number.as_str().to_owned()),
        (1, _) => match swapped(own) {
            Some(number) => (Held::Swapped, number),
            None => (Held::Mistyped, mistyped(own)),
        },
        _ => (Held::Mistyped, mistyped(own)),
    }
}

/// The number with the last two different neighbours among its digits swapped: modulus 11 always notices.
fn swapped(number: &str) -> Option<String> {
    let mut digits: Vec<char> = number.chars().collect();
    let at = (4..digits.len()).rev().find(|at| digits.get(*at) != digits.get(*at - 1))?;
    digits.swap(at - 1, at);
    Some(digits.into_iter().collect())
}

/// The number with its last digit one too high: the check digit of these nine is another.
fn mistyped(number: &str) -> String {
    let last = number.chars().last().and_then(|digit| digit.to_digit(10)).unwrap_or(0);
    let kept: String = number.chars().take(number.len().saturating_sub(1)).collect();
    format!("{kept}{}", (last + 1) % 10)
}

fn naming(person: &Person, rates: Rates, draw: Chance) -> Naming {
    if !draw.and("other").happens(rates.other_name) {
        return Naming::AsRegistered;
    }
    match draw.and("kind").below(3) {
        0 if person.former_family.is_some() => Naming::Former,
        0 | 1 if person.given.first().is_some_and(|given| given.chars().count() > 4) => Naming::Short,
        _ => Naming::Slip,
    }
}

fn written(person: &Person, naming: Naming, draw: Chance) -> (Vec<String>, String) {
    let (mut given, mut family) = (person.given.clone(), person.family.clone());
    match naming {
        Naming::AsRegistered => {}
        Naming::Former => family = person.former_family.clone().unwrap_or(family),
        Naming::Short => {
            given = given.first().map(|first| first.chars().take(3).collect()).into_iter().collect();
        }
        Naming::Slip => {
            let length = family.chars().count() as u64;
            let out = 1 + draw.below(length.saturating_sub(1)) as usize;
            family = family.chars().enumerate().filter(|(at, _)| *at != out).map(|(_, letter)| letter).collect();
        }
    }
    (given, family)
}

#[cfg(test)]
mod tests {
    use super::{mistyped, swapped};
    use place::NhsNumber;

    #[test]
    fn wrong_numbers_fail_their_check() {
        for number in ["9990001006", "9990002371", "9990006482"] {
            assert!(NhsNumber::parse(number).is_ok());
            assert!(NhsNumber::parse(&mistyped(number)).is_err());
            assert!(NhsNumber::parse(&swapped(number).unwrap()).is_err());
        }
    }
}
