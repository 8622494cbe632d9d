//! Sharing: what a person has chosen about their own record. Whether it is shared between organisations, whether it is used
//! for planning, and whom they let see which parts of it. Only the person chooses; nobody they let in can let in another.
//! Must not decide what a choice opens or closes; that is the policy's.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde::{Deserialize, Serialize};
use store::{Aggregate, Refused, Write};
use uuid::Uuid;

use crate::consent;
use crate::look::Subject;
use crate::relationship::Classes;
use crate::role::Role;

/// The most characters of a person's own words that are kept.
pub const MOST_WORDS: usize = 2_000;
/// The most people one person can let in at a time.
pub const MOST_PROXIES: usize = 20;

/// What happened. `person` is the person's root at the time; the stream is [`stream`] of a root that they have or had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Objected to their record being shared between organisations.
    Objected {
        /// Who.
        by: Subject,
        /// Whose record.
        person: Uuid,
        /// Why, in their words; may be empty, nobody has to say.
        words: String,
    },
    /// No longer objects.
    ObjectionWithdrawn {
        /// Who.
        by: Subject,
        /// Whose record.
        person: Uuid,
    },
    /// Does not want their record used for planning, not even under a pseudonym.
    PlanningRefused {
        /// Who.
        by: Subject,
        /// Whose record.
        person: Uuid,
    },
    /// Lets their record be used for planning again.
    PlanningAllowed {
        /// Who.
        by: Subject,
        /// Whose record.
        person: Uuid,
    },
    /// Lets somebody see some classes of entry. Takes the place of what the same reader was allowed before.
    ProxyAllowed {
        /// Who.
        by: Subject,
        /// Whose record.
        person: Uuid,
        /// Whom, as a holder of relationships: `reader:` and the id of their sign-in.
        proxy_reader: String,
        /// Their name, as the person knows them.
        name: String,
        /// Which classes of entry.
        classes: Classes,
        /// Until when. Never past the sixteenth birthday of somebody younger.
        until: Timestamp,
    },
    /// No longer lets them.
    ProxyEnded {
        /// Who.
        by: Subject,
        /// Whose record.
        person: Uuid,
        /// Whom.
        proxy_reader: String,
    },
    /// Said that they may be under pressure: those they let in were shown neither looks nor choices. Nobody chooses this any more,
    /// because nobody who was let in is shown them; logs have it.
    HiddenFromProxies {
        /// Who.
        by: Subject,
        /// Whose record.
        person: Uuid,
    },
    /// Took that back. Logs have it.
    ShownToProxies {
        /// Who.
        by: Subject,
        /// Whose record.
        person: Uuid,
    },
}

/// What a person can choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Object to sharing, with their words.
    Object(String),
    /// Withdraw the objection.
    WithdrawObjection,
    /// Refuse the use for planning.
    RefusePlanning,
    /// Allow the use for planning.
    AllowPlanning,
    /// Let somebody see.
    AllowProxy {
        /// `reader:` and the id of their sign-in.
        reader: String,
        /// Their name.
        name: String,
        /// Which classes.
        classes: Classes,
        /// Until the end of this day.
        until: Date,
        /// When the person was born, as the record has it.
        born: Option<Date>,
    },
    /// End what somebody may see.
    EndProxy(String),
}

impl Choice {
    /// Whether it only takes something back. Such a choice counts wherever the thing was chosen, also before the person was
    /// found to be one with another.
    const fn takes_back(&self) -> bool {
        matches!(self, Self::WithdrawObjection | Self::AllowPlanning | Self::EndProxy(_))
    }
}

/// A choice, who makes it, and for whom.
#[derive(Debug, Clone)]
pub struct Command {
    /// Who.
    pub by: Subject,
    /// Whose record: their root now.
    pub person: Uuid,
    /// What.
    pub choice: Choice,
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Only the person chooses.
    #[error("only the person whose record it is can choose this, signed in as themselves")]
    NotTheirs,
    /// It is so already, or it was never so.
    #[error("this is so already; open the page again to see what stands")]
    SoAlready,
    /// The words are too long.
    #[error("write at most 2,000 characters")]
    TooLong,
    /// Nobody was named.
    #[error("say who it is: choose a person and give their name")]
    Nobody,
    /// Themselves.
    #[error("you see your own record already; choose somebody else")]
    Yourself,
    /// Nothing was chosen.
    #[error("choose at least one thing that they may see")]
    NothingChosen,
    /// What cannot be shared.
    #[error("one of the things chosen cannot be shared with anybody")]
    CannotBeShared,
    /// The day is past.
    #[error("choose a day that is still to come")]
    Past,
    /// More than a year.
    #[error("choose a day within a year; you can let them see it again when the year is over")]
    TooFar,
    /// Too many people.
    #[error("you have let in as many people as is possible; end one of them first")]
    TooMany,
}

/// What somebody was let see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// Their name.
    pub name: String,
    /// Which classes.
    pub classes: Classes,
    /// Until when.
    pub until: Timestamp,
}

/// What one person has chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sharing {
    objected: bool,
    planning_refused: bool,
    proxies: std::collections::BTreeMap<String, Allowed>,
}

impl Sharing {
    /// What a reader is allowed at a moment.
    #[must_use]
    pub fn allowed(&self, reader: &str, at: Timestamp) -> Option<&Allowed> {
        self.proxies.get(reader).filter(|allowed| at < allowed.until)
    }

    /// Whether the choice would take back something that stands here.
    fn has(&self, choice: &Choice) -> bool {
        match choice {
            Choice::WithdrawObjection => self.objected,
            Choice::AllowPlanning => self.planning_refused,
            Choice::EndProxy(reader) => self.proxies.contains_key(reader),
            Choice::Object(_) => !self.objected,
            Choice::RefusePlanning => !self.planning_refused,
            Choice::AllowProxy { .. } => true,
        }
    }
}

/// The moment at which a day in England ends.
fn end_of(day: Date) -> Option<Timestamp> {
    Some(day.tomorrow().ok()?.to_zoned(london()?).ok()?.timestamp())
}

fn london() -> Option<TimeZone> {
    TimeZone::get("Europe/London").ok()
}

fn day_of(at: Timestamp) -> Date {
    at.to_zoned(london().unwrap_or(TimeZone::UTC)).date()
}

/// How old somebody is on a day, in whole years; `None` for a day before they were born.
#[must_use]
pub fn age(born: Date, on: Date) -> Option<i16> {
    let had = (on.month(), on.day()) >= (born.month(), born.day());
    let years = on.year() - born.year() - i16::from(!had);
    (years >= 0).then_some(years)
}

/// The age at which a child's own say begins to be asked for: what others may see is then to be looked at again.
pub const REVIEW_AGE: i16 = 11;
/// The age at which what others were let see of a child's record ends.
pub const OWN_AGE: i16 = 16;

/// The day on which somebody turns sixteen; the first of March for those born on a 29 February.
fn sixteenth(born: Date) -> Option<Date> {
    let year = born.year().checked_add(OWN_AGE)?;
    Date::new(year, born.month(), born.day()).or_else(|_| Date::new(year, 3, 1)).ok()
}

/// When a consent that runs to the end of a day ends for somebody born then: never past the beginning of their sixteenth
/// birthday, if they were younger when they gave it.
#[must_use]
pub fn ends(until: Date, born: Option<Date>, given: Timestamp) -> Option<Timestamp> {
    let end = end_of(until)?;
    let Some(born) = born.filter(|born| age(*born, day_of(given)).is_none_or(|years| years < OWN_AGE)) else {
        return Some(end);
    };
    let birthday = sixteenth(born)?.to_zoned(london()?).ok()?.timestamp();
    Some(end.min(birthday))
}

/// Whether somebody's age asks for what others may see to be looked at again: from eleven until they are sixteen.
#[must_use]
pub fn to_review(born: Option<Date>, at: Timestamp) -> bool {
    born.and_then(|born| age(born, day_of(at))).is_some_and(|years| (REVIEW_AGE..OWN_AGE).contains(&years))
}

impl Aggregate for Sharing {
    const KIND: &'static str = "sharing";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let Command { by, person, choice } = command;
        if by.role != Role::Citizen || !by.assured || by.own != Some(person) {
            return Err(Refusal::NotTheirs);
        }
        if !self.has(&choice) {
            return Err(Refusal::SoAlready);
        }
        Ok(vec![match choice {
            Choice::Object(words) if words.chars().count() > MOST_WORDS => return Err(Refusal::TooLong),
            Choice::Object(words) => Event::Objected { by, person, words: words.trim().to_owned() },
            Choice::WithdrawObjection => Event::ObjectionWithdrawn { by, person },
            Choice::RefusePlanning => Event::PlanningRefused { by, person },
            Choice::AllowPlanning => Event::PlanningAllowed { by, person },
            Choice::EndProxy(proxy_reader) => Event::ProxyEnded { by, person, proxy_reader },
            Choice::AllowProxy { reader, name, classes, until, born } => {
                let name = name.trim().to_owned();
                if reader.strip_prefix("reader:").is_none_or(str::is_empty) || name.is_empty() {
                    return Err(Refusal::Nobody);
                }
                if name.chars().count() > 200 {
                    return Err(Refusal::TooLong);
                }
                if reader == format!("reader:{}", by.id) {
                    return Err(Refusal::Yourself);
                }
                if classes == Classes::NONE {
                    return Err(Refusal::NothingChosen);
                }
                if !consent::can_be_shared(classes) {
                    return Err(Refusal::CannotBeShared);
                }
                let today = day_of(at);
                if until > today.saturating_add(1.year()) {
                    return Err(Refusal::TooFar);
                }
                let until = ends(until, born, at).filter(|until| *until > at).ok_or(Refusal::Past)?;
                let others = self.proxies.iter().filter(|(other, one)| **other != reader && at < one.until).count();
                if others >= MOST_PROXIES {
                    return Err(Refusal::TooMany);
                }
                Event::ProxyAllowed { by, person, proxy_reader: reader, name, classes, until }
            }
        }])
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Objected { .. } => self.objected = true,
            Event::ObjectionWithdrawn { .. } => self.objected = false,
            Event::PlanningRefused { .. } => self.planning_refused = true,
            Event::PlanningAllowed { .. } => self.planning_refused = false,
            Event::HiddenFromProxies { .. } | Event::ShownToProxies { .. } => {}
            Event::ProxyAllowed { proxy_reader, name, classes, until, .. } => {
                let allowed = Allowed { name: name.clone(), classes: *classes, until: *until };
                self.proxies.insert(proxy_reader.clone(), allowed);
            }
            Event::ProxyEnded { proxy_reader, .. } => {
                self.proxies.remove(proxy_reader);
            }
        }
    }
}

/// The stream of a person's choices. It follows from their id, and is not their id: that is the stream of who they are.
#[must_use]
pub fn stream(person: Uuid) -> Uuid {
    derived(b"weft-sharing-1", person, 0)
}

/// An id that follows from a person and a number, for one purpose.
pub(crate) fn derived(purpose: &[u8], person: Uuid, number: i64) -> Uuid {
    let digest = store::blob::sha256(&[purpose, person.as_bytes().as_slice(), &number.to_le_bytes()].concat());
    let mut half = [0; 16];
    half.copy_from_slice(digest.get(..16).unwrap_or(&[0; 16]));
    uuid::Builder::from_custom_bytes(half).into_uuid()
}

/// Writes a person's choice down. `known_as` are the ids that were joined to the person: what is taken back is taken back
/// under each of them, so that a join leaves no choice behind that nobody can undo.
///
/// # Errors
/// [`Refused::Rules`] with words for the person, or [`Refused::Store`].
pub fn choose(
    write: &mut Write<'_>,
    command: &Command,
    known_as: &[Uuid],
    actor: &str,
    at: Timestamp,
) -> Result<(), Refused<Refusal>> {
    let here = stream(command.person);
    if !command.choice.takes_back() {
        return write.execute::<Sharing>(here, command.clone(), actor, at).map(|_| ());
    }
    let mut outcome = Err(Refused::Rules(Refusal::SoAlready));
    let others = known_as.iter().filter(|id| **id != command.person).map(|id| stream(*id));
    for stream in std::iter::once(here).chain(others) {
        match write.execute::<Sharing>(stream, command.clone(), actor, at) {
            Ok(_) => outcome = Ok(()),
            Err(Refused::Rules(Refusal::SoAlready)) => {}
            Err(other) => return Err(other),
        }
    }
    outcome
}

#[cfg(test)]
mod tests;
