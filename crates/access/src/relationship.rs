//! Relationships: why somebody is one's patient, client, resident, or oneself. Each has a holder (an organisation, a team, one
//! reader), a beginning and an end, and follows from an event. Must not decide what a relationship opens; that is the policy's.

use serde::{Deserialize, Serialize};

use crate::role::Class;

/// What ties a person to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tie {
    /// Registered at the practice the reader works for.
    Registration,
    /// Registered at a practice of the neighbourhood whose team the reader is in.
    Neighbourhood,
    /// In the care of the reader's organisation now or in the last thirty days: a stay, an attendance, a contact.
    Episode,
    /// Somebody has asked the reader's organisation for help for the person, and the ask is open.
    Ask,
    /// On the caseload of the reader's organisation or team.
    Caseload,
    /// Has an appointment with the reader's organisation.
    Booking,
    /// Lives in the care home the reader works for.
    Residence,
    /// The reader has broken the glass, within the hour.
    Glass,
    /// The reader is the person.
    Own,
    /// The person has let the reader see this class of entry (a carer, a proxy).
    Proxy,
}

impl Tie {
    /// Every tie.
    pub const ALL: [Self; 10] = [
        Self::Registration,
        Self::Neighbourhood,
        Self::Episode,
        Self::Ask,
        Self::Caseload,
        Self::Booking,
        Self::Residence,
        Self::Glass,
        Self::Own,
        Self::Proxy,
    ];

    /// The word in tables and policies.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Neighbourhood => "neighbourhood",
            Self::Episode => "episode",
            Self::Ask => "ask",
            Self::Caseload => "caseload",
            Self::Booking => "booking",
            Self::Residence => "residence",
            Self::Glass => "glass",
            Self::Own => "own",
            Self::Proxy => "proxy",
        }
    }

    /// The tie of a word; `None` if it is none.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tie| tie.word() == word)
    }

    /// Why the reader may look, as it is told to the person: "… because" and this.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::Registration => "you are registered with the practice they work for",
            Self::Neighbourhood => "you are registered in the neighbourhood whose team they are in",
            Self::Episode => "you are or were lately in the care of the organisation they work for",
            Self::Ask => "somebody has asked the organisation they work for to help you",
            Self::Caseload => "you are on the caseload of the team they work in",
            Self::Booking => "you have an appointment with the organisation they work for",
            Self::Residence => "you live in the care home they work for",
            Self::Glass => "they gave a reason to open a record that is closed to them",
            Self::Own => "it is your own record",
            Self::Proxy => "you have let them see it",
        }
    }
}

/// Why somebody might look, as it stands in a look, in words for anybody but the person: `you are registered …` is said to them.
#[must_use]
pub fn of_others(because: &str) -> &str {
    match Tie::ALL.into_iter().find(|tie| tie.said() == because) {
        None => because,
        Some(Tie::Registration) => "the person is registered with the practice they work for",
        Some(Tie::Neighbourhood) => "the person is registered in the neighbourhood whose team they are in",
        Some(Tie::Episode) => "the person is or was lately in the care of the organisation they work for",
        Some(Tie::Ask) => "somebody has asked the organisation they work for to help the person",
        Some(Tie::Caseload) => "the person is on the caseload of the team they work in",
        Some(Tie::Booking) => "the person has an appointment with the organisation they work for",
        Some(Tie::Residence) => "the person lives in the care home they work for",
        Some(Tie::Glass) => "they gave a reason to open a record that is closed to them",
        Some(Tie::Own) => "it is their own record",
        Some(Tie::Proxy) => "the person has let them see it",
    }
}

/// The classes of entry that a tie is for, as a set: every class for all ties but a proxy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Classes(i64);

impl Classes {
    /// None.
    pub const NONE: Self = Self(0);
    /// Every one.
    pub const ALL: Self = Self(-1);

    /// These.
    #[must_use]
    pub fn of(classes: impl IntoIterator<Item = Class>) -> Self {
        Self(classes.into_iter().map(|class| 1_i64 << class.number()).sum())
    }

    /// The set of a number in a table.
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// Its number in a table: one bit for each class, by [`Class::number`].
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// Whether a class is in it.
    #[must_use]
    pub fn has(self, class: Class) -> bool {
        self.0 & (1 << class.number()) != 0
    }

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// How one person stands to one reader at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Ties {
    held: [Classes; Tie::ALL.len()],
    /// The person has objected to their record being shared between organisations.
    pub objected: bool,
}

impl Ties {
    /// No tie at all.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The same with one more tie.
    #[must_use]
    pub fn with(mut self, tie: Tie, classes: Classes) -> Self {
        if let Some(held) = self.held.get_mut(tie as usize) {
            *held = held.and(classes);
        }
        self
    }

    /// The same after an objection.
    #[must_use]
    pub fn objecting(mut self) -> Self {
        self.objected = true;
        self
    }

    /// Whether a tie is there, for a class of entry.
    #[must_use]
    pub fn has(&self, tie: Tie, class: Class) -> bool {
        self.held.get(tie as usize).is_some_and(|held| held.has(class))
    }

    /// The classes for which a tie is there.
    #[must_use]
    pub fn classes(&self, tie: Tie) -> Classes {
        self.held.get(tie as usize).copied().unwrap_or_default()
    }

    /// The ties that are there for any class.
    pub fn all(&self) -> impl Iterator<Item = Tie> {
        Tie::ALL.into_iter().filter(|tie| self.held.get(*tie as usize).is_some_and(|held| *held != Classes::NONE))
    }
}
