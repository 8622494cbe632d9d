//! Seals: an entry of a record that only whoever holds the seal reads. Whoever wrote the entry may seal it, and a clinician at
//! the person's wish; only they, or the person themselves, lift it again. An entry can also be kept from the person, where a
//! clinician says that reading it would do serious harm. Must not decide what a seal closes; that is the policy's.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::Aggregate;
use uuid::Uuid;

use crate::decide::Level;
use crate::glass::{MOST_TYPED, tells};
use crate::item::{Item, Seal};
use crate::look::Subject;
use crate::relationship::Ties;
use crate::role::{Action, Purpose, Role};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// An entry was sealed, or the level of its seal changed.
    Set {
        /// Who.
        by: Subject,
        /// Whose record, by the root at the time.
        person: Uuid,
        /// Which entry: the id of its resource.
        resource: Uuid,
        /// Who holds it: a team of theirs, or `reader:` and their id.
        holder: String,
        /// How: shown or hidden to others; none where it is only kept from the person.
        level: Seal,
        /// True where it is the person's wish.
        wish: bool,
        /// True where it is kept from the person, and only from them.
        harmful: bool,
        /// The person's words, or why it is sealed.
        #[serde(default)]
        reason: String,
        /// When somebody has to look again at whether it is still harmful.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        review: Option<Date>,
    },
    /// The seal was lifted.
    Lifted {
        /// Who.
        by: Subject,
        /// Why.
        reason: String,
    },
}

/// What somebody wants of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// That others see that there is something, or not even that.
    Sealed {
        /// Shown or hidden.
        level: Seal,
        /// Whether it is the person's wish, and not the author's.
        wish: bool,
    },
    /// That the person does not read it.
    KeptFromThem {
        /// When somebody has to look again.
        review: Date,
    },
}

/// What is needed to seal an entry.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Who.
    pub by: Subject,
    /// For what.
    pub purpose: Purpose,
    /// Whose record.
    pub person: Uuid,
    /// Which entry.
    pub resource: Uuid,
    /// The entry as this reader stands to it.
    pub item: Item,
    /// How the person stands to this reader.
    pub ties: Ties,
    /// Under which of their holders.
    pub holder: String,
    /// What they want.
    pub wanted: Wanted,
    /// The person's words, or why.
    pub reason: String,
    /// Today, in England.
    pub today: Date,
}

/// What can be asked of a seal.
#[derive(Debug, Clone)]
pub enum Command {
    /// Set it, or change its level.
    Set(Box<Setting>),
    /// Lift it.
    Lift {
        /// Who.
        by: Subject,
        /// Whose record, by the root now: the person themselves may lift what was their wish.
        person: Uuid,
        /// Why.
        reason: String,
    },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Their role, or how the person stands to them, does not include it.
    #[error("You may not seal this entry: your role or your relationship to the person does not include it.")]
    NotYours,
    /// Not the author's, and not the person's wish.
    #[error(
        "Only the organisation that wrote an entry seals it of its own accord. If it is the person's wish, say so."
    )]
    NotTheAuthors,
    /// Only clinicians keep an entry from the person.
    #[error("Only a clinician can decide that reading an entry would do the person serious harm.")]
    NotAClinician,
    /// The holder is none of theirs.
    #[error("A seal is held by a team you work for, or by you. Choose one of those.")]
    NotTheirHolder,
    /// No level.
    #[error("Choose whether others may know that something is sealed.")]
    NoLevel,
    /// The reason is none.
    #[error("Say in at least 20 characters why, or what the person said.")]
    ReasonTooShort,
    /// Too much was typed.
    #[error("Use 1,000 characters or fewer.")]
    TooLong,
    /// The day for looking again is not between tomorrow and a year from now.
    #[error("Choose a day in the next year on which somebody looks again at whether it is still harmful.")]
    NoReview,
    /// It is sealed like this already.
    #[error("The entry is sealed like this already.")]
    AsItIs,
    /// There is no seal.
    #[error("There is no seal here to lift.")]
    NotSealed,
    /// Somebody else's.
    #[error("Only whoever holds the seal, or the person where it was their wish, lifts it.")]
    NotTheHolder,
}

impl Refusal {
    /// Whether it is about who asks, and not about what they typed: such a refusal is written down.
    #[must_use]
    pub const fn about_the_reader(&self) -> bool {
        matches!(
            self,
            Self::NotYours | Self::NotTheAuthors | Self::NotAClinician | Self::NotTheirHolder | Self::NotTheHolder
        )
    }
}

/// One seal: of one entry by one holder, or the keeping of one entry from the person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sealing {
    set: Option<Set>,
}

/// A seal as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Set {
    holder: String,
    level: Seal,
    wish: bool,
    harmful: bool,
}

/// Clinicians: whoever can say what a diagnosis would do to somebody.
const CLINICIANS: [Role; 4] = [Role::Gp, Role::Consultant, Role::DistrictNurse, Role::Therapist];

fn typed(words: &str) -> Result<String, Refusal> {
    let words = words.trim();
    if words.chars().count() > MOST_TYPED {
        return Err(Refusal::TooLong);
    }
    if tells(words) { Ok(words.to_owned()) } else { Err(Refusal::ReasonTooShort) }
}

/// Whether somebody may seal an entry at all: their rules for it say so, and it is not a bystander's.
#[must_use]
pub fn may_seal(by: &Subject, purpose: Purpose, item: &Item, ties: &Ties) -> bool {
    by.assured && crate::rules::of(by, Action::Seal, purpose).level(item, ties) == Level::Full
}

impl Sealing {
    fn set(&self, setting: Setting) -> Result<Event, Refusal> {
        let Setting { by, purpose, person, resource, item, ties, holder, wanted, reason, today } = setting;
        if !may_seal(&by, purpose, &item, &ties) {
            return Err(Refusal::NotYours);
        }
        if !by.holders().any(|one| one == holder) {
            return Err(Refusal::NotTheirHolder);
        }
        let (level, wish, harmful, review) = match wanted {
            Wanted::Sealed { level: Seal::None, .. } => return Err(Refusal::NoLevel),
            Wanted::Sealed { wish: false, .. } if !item.ours => return Err(Refusal::NotTheAuthors),
            Wanted::Sealed { wish: true, .. } if !CLINICIANS.contains(&by.role) => return Err(Refusal::NotAClinician),
            Wanted::Sealed { level, wish } => (level, wish, false, None),
            Wanted::KeptFromThem { .. } if !CLINICIANS.contains(&by.role) => return Err(Refusal::NotAClinician),
            Wanted::KeptFromThem { review } => {
                let year = today.checked_add(jiff::Span::new().years(1)).unwrap_or(today);
                if review <= today || review > year {
                    return Err(Refusal::NoReview);
                }
                (Seal::None, false, true, Some(review))
            }
        };
        let reason = typed(&reason)?;
        if let Some(set) = &self.set {
            if set.holder != holder || set.harmful != harmful {
                return Err(Refusal::NotTheHolder);
            }
            if !harmful && set.level == level && set.wish == wish {
                return Err(Refusal::AsItIs);
            }
        }
        Ok(Event::Set { by, person, resource, holder, level, wish, harmful, reason, review })
    }

    fn lifted(&self, by: Subject, person: Uuid, reason: &str) -> Result<Event, Refusal> {
        let Some(set) = &self.set else { return Err(Refusal::NotSealed) };
        let holds = by.assured && by.role != Role::Citizen && by.holders().any(|holder| holder == set.holder);
        let theirs = by.assured && by.role == Role::Citizen && by.own == Some(person) && set.wish && !set.harmful;
        if !holds && !theirs {
            return Err(Refusal::NotTheHolder);
        }
        Ok(Event::Lifted { by, reason: typed(reason)? })
    }
}

impl Aggregate for Sealing {
    const KIND: &'static str = "seal";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, _at: Timestamp) -> Result<Vec<Event>, Refusal> {
        Ok(vec![match command {
            Command::Set(setting) => self.set(*setting)?,
            Command::Lift { by, person, reason } => self.lifted(by, person, &reason)?,
        }])
    }

    fn apply(&mut self, event: &Event) {
        self.set = match event {
            Event::Set { holder, level, wish, harmful, .. } => {
                Some(Set { holder: holder.clone(), level: *level, wish: *wish, harmful: *harmful })
            }
            Event::Lifted { .. } => None,
        };
    }
}

#[cfg(test)]
mod tests;
