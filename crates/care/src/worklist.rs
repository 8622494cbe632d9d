//! Worklists of asks, in two steps: [`ask`] says whose asks are on a list, with a permit for the desk; [`open`] shows them, with a
//! permit that is there only after the look was written down. Must not choose what a role's lists are, nor read the clock.

use access::{Class, DeskPermit, Level, Subject, WorklistPermit};
use jiff::Timestamp;
use store::{Result, Tx};
use uuid::Uuid;

use crate::views::ask::{self as rows, Found, Line, Range};

/// The most lines one answer gives.
pub const MOST: usize = 500;

/// The lists there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// What I have taken and is not closed, the soonest due first.
    Mine,
    /// What my teams have, the soonest due first.
    Team,
    /// What my teams have that should be further by now.
    Late,
    /// What is offered to my teams, the longest waiting first.
    Offered,
    /// What my teams have offered and nobody has answered, the longest waiting first.
    Unanswered,
    /// What my teams have asked a neighbour borough and have no answer to, the soonest due first: what is late stands first.
    Neighbour,
    /// What my teams have asked others and have no answer to, the oldest first.
    Waiting,
    /// What others have asked my teams about asks of theirs: somebody waits for us.
    Questions,
    /// What I have sent, the newest first.
    Sent,
}

impl List {
    /// Every list.
    pub const ALL: [Self; 9] = [
        Self::Mine,
        Self::Team,
        Self::Late,
        Self::Offered,
        Self::Unanswered,
        Self::Neighbour,
        Self::Waiting,
        Self::Questions,
        Self::Sent,
    ];

    /// The word in addresses.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Team => "team",
            Self::Late => "late",
            Self::Offered => "offered",
            Self::Unanswered => "unanswered",
            Self::Neighbour => "neighbour",
            Self::Waiting => "waiting",
            Self::Questions => "questions",
            Self::Sent => "sent",
        }
    }

    /// The list of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    const fn range(self) -> Range {
        match self {
            Self::Mine => Range::Worked,
            Self::Team | Self::Late => Range::Owned,
            Self::Offered => Range::Offered,
            Self::Unanswered => Range::Waits,
            Self::Neighbour => Range::Neighbour,
            Self::Waiting => Range::Asked,
            Self::Questions => Range::Questioned,
            Self::Sent => Range::Written,
        }
    }

    /// Whether it is a reader's own, and not their teams'.
    const fn is_own(self) -> bool {
        matches!(self, Self::Mine | Self::Sent)
    }
}

/// Whose asks are on a list. Nothing of it can be read without a permit to see it.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    found: Vec<Found>,
    /// How many stand on the list altogether.
    pub total: i64,
}

impl Asked {
    /// The people on it, for the permit.
    pub fn people(&self) -> impl Iterator<Item = Uuid> {
        self.found.iter().map(|line| line.person)
    }

    /// Whether nothing is on it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// No more than so many of them.
    pub fn keep(&mut self, most: usize) {
        self.found.truncate(most);
    }
}

/// Which asks stand on a list of a reader's desk, at most so many. Where the desk may not know of asks, none.
///
/// # Errors
/// What the database says.
pub fn ask(
    tx: &mut dyn Tx,
    permit: &DeskPermit,
    by: &Subject,
    list: List,
    now: Timestamp,
    most: usize,
) -> Result<Asked> {
    if permit.level(Class::Ask) == Level::Hidden {
        return Ok(Asked::default());
    }
    let before = if list == List::Late { now.as_microsecond() } else { i64::MAX };
    let limit = i64::try_from(most.min(MOST)).unwrap_or(i64::MAX);
    let whose: Vec<&str> = if list.is_own() { vec![&by.id] } else { by.teams.iter().map(String::as_str).collect() };
    let (mut found, mut total) = (Vec::new(), 0);
    for one in whose {
        found.extend(rows::part(tx, list.range(), one, before, limit)?);
        total += rows::count(tx, list.range(), one, before)?;
    }
    found.sort_by_key(|line| line.order(list.range()));
    found.truncate(most.min(MOST));
    Ok(Asked { found, total })
}

/// Which of some asks are a reader's teams' own, in the order in which they are named: what is behind a figure, as far as it is theirs.
/// Where the desk may not know of asks, none.
///
/// # Errors
/// What the database says.
pub fn of_teams(tx: &mut dyn Tx, permit: &DeskPermit, by: &Subject, asks: &[Uuid]) -> Result<Asked> {
    if permit.level(Class::Ask) == Level::Hidden {
        return Ok(Asked::default());
    }
    let mut found = Vec::new();
    for ask in asks {
        found.extend(rows::one(tx, *ask)?.filter(|line| line.is_of(&by.teams)));
    }
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    found.truncate(MOST);
    Ok(Asked { found, total })
}

/// How many stand on a list: a number for a desk's first screen, of nobody.
///
/// # Errors
/// What the database says.
pub fn count(tx: &mut dyn Tx, permit: &DeskPermit, by: &Subject, list: List, now: Timestamp) -> Result<i64> {
    ask(tx, permit, by, list, now, 0).map(|asked| asked.total)
}

/// Shows a list, with as much of each line as the permit covers.
#[must_use]
pub fn open(permit: &WorklistPermit, asked: Asked) -> Vec<Line> {
    let seen = |line: Found| permit.of(line.person).cloned().and_then(|sight| line.seen_by(&sight));
    asked.found.into_iter().filter_map(seen).collect()
}
