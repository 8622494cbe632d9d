//! Going back from pseudonyms to people: an analyst asks that a neighbourhood team be told who some of them are, so that the team
//! can offer them help; somebody else allows it or not; the team is told, and nobody but the team. Must not say whose a pseudonym
//! is: that takes a key, and `record` has it.

mod refusal;

pub use refusal::Refusal;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::Aggregate;
use uuid::Uuid;

use crate::decide::Level;
use crate::glass::tells;
use crate::item::Item;
use crate::look::Subject;
use crate::relationship::Ties;
use crate::role::{Action, Class, Purpose};

/// The most pseudonyms of one request. Assumed: as many as one team can speak to in the time that it is given. Whoever wants more
/// than that wants a list, and case finding gives its reason for each.
pub const MOST: usize = 50;
/// The most requests of one analyst that wait for an answer at once: an officer who is asked for too many reads none.
pub const MOST_WAITING: i64 = 5;
/// How many days a request waits for an answer; then it lapses. Assumed: what was true of somebody a month ago may not be now.
pub const ANSWERED_WITHIN: i64 = 28;
/// How many days a team has to open what was allowed; then nobody is told. Assumed: two weeks' leave of whoever opens it.
pub const OPENED_WITHIN: i64 = 14;
/// How many days the people stand on the team's desk once it was opened. Assumed: time to speak to each.
pub const STANDS: i64 = 28;
/// For how many days taking somebody on opens a relationship. Assumed: twelve weeks, the length of a course of help; case finding
/// gives half a year for people whom the team found itself.
pub const TAKEN_ON: i64 = 84;
/// The most characters of anything typed here.
pub const MOST_TYPED: usize = 1_000;
/// The letters and digits of a pseudonym.
pub const LENGTH: usize = 32;

/// What a team decides about somebody of whom it was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum Decision {
    /// They are offered help, and are on the team's caseload for a while.
    TakenOn {
        /// The relationship that it opened.
        relationship: Uuid,
    },
    /// They are not.
    NotTakenOn {
        /// Why.
        reason: String,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// An analyst asked that a team be told.
    BackAsked {
        /// Who.
        by: Subject,
        /// Whose, as nobody can say; each once, in order.
        pseudonyms: Vec<String>,
        /// What for: to give care, and nothing else.
        purpose: Purpose,
        /// The neighbourhood whose team is to be told, by its short name.
        neighbourhood: String,
        /// What the team will offer them. The people read this.
        offer: String,
        /// Why these people.
        reason: String,
        /// When it lapses unless it is answered.
        until: Timestamp,
    },
    /// Somebody else allowed it.
    BackAllowed {
        /// Who.
        by: Subject,
        /// Why it is right.
        words: String,
        /// Until when the team may open it.
        until: Timestamp,
    },
    /// Somebody else did not.
    BackRefused {
        /// Who.
        by: Subject,
        /// Why not.
        words: String,
    },
    /// The analyst took it back.
    BackWithdrawn {
        /// Who.
        by: Subject,
    },
    /// The team was told.
    BackHandedOver {
        /// Who opened it.
        by: Subject,
        /// Who they are, by their roots, in the order of their ids, which says nothing of which pseudonym is whose.
        people: Vec<Uuid>,
        /// For how many pseudonyms nobody was told.
        left: i64,
        /// Until when they stand on the team's desk.
        until: Timestamp,
    },
    /// The team decided about one of them.
    BackDecided {
        /// Who.
        by: Subject,
        /// Of whom, by the root at the time of telling.
        person: Uuid,
        /// What.
        decision: Decision,
    },
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asking {
    /// Who.
    pub by: Subject,
    /// The pseudonyms, as they were typed.
    pub pseudonyms: Vec<String>,
    /// What for, if it was said.
    pub purpose: Option<Purpose>,
    /// The neighbourhood whose team is to be told.
    pub neighbourhood: String,
    /// What the team will offer them.
    pub offer: String,
    /// Why these people.
    pub reason: String,
    /// How many of theirs wait already.
    pub waiting: i64,
}

/// What can be asked of a request.
#[derive(Debug, Clone)]
pub enum Command {
    /// Make it.
    Ask(Asking),
    /// Allow it.
    Allow {
        /// Who.
        by: Subject,
        /// Why it is right.
        words: String,
    },
    /// Refuse it.
    Refuse {
        /// Who.
        by: Subject,
        /// Why not.
        words: String,
    },
    /// Take it back.
    Withdraw {
        /// Who.
        by: Subject,
    },
    /// Tell the team.
    HandOver {
        /// Who opens it.
        by: Subject,
        /// Who they are, by their roots.
        people: Vec<Uuid>,
    },
    /// Decide about one of them.
    Decide {
        /// Who.
        by: Subject,
        /// Of whom.
        person: Uuid,
        /// What.
        decision: Decision,
    },
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Asked.
    Asked,
    /// Allowed.
    Allowed,
    /// Refused.
    Refused,
    /// Taken back.
    Withdrawn,
    /// The team was told.
    Handed,
}

impl State {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Asked, Self::Allowed, Self::Refused, Self::Withdrawn, Self::Handed];

    /// Its word in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Allowed => "allowed",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Handed => "handed",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// Where a request stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Waits for an answer.
    Waiting,
    /// Nobody answered in time.
    Lapsed,
    /// Allowed, and the team may open it.
    Allowed,
    /// Allowed, and the team did not open it in time: nobody was told.
    Expired,
    /// Not allowed.
    Refused,
    /// Taken back.
    Withdrawn,
    /// The team was told, and the people stand on its desk.
    Handed,
    /// The team was told, and they stand there no more.
    Closed,
}

/// Where a request stands: from what happened last and until when that holds.
#[must_use]
pub fn stage(state: State, until: Timestamp, now: Timestamp) -> Stage {
    match (state, now < until) {
        (State::Asked, true) => Stage::Waiting,
        (State::Asked, false) => Stage::Lapsed,
        (State::Allowed, true) => Stage::Allowed,
        (State::Allowed, false) => Stage::Expired,
        (State::Handed, true) => Stage::Handed,
        (State::Handed, false) => Stage::Closed,
        (State::Refused, _) => Stage::Refused,
        (State::Withdrawn, _) => Stage::Withdrawn,
    }
}

/// One request, from its asking to the last decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Back {
    asked: Option<Asked>,
    people: BTreeSet<Uuid>,
    taken_on: BTreeSet<Uuid>,
}

/// What is known of it once it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    by: String,
    pseudonyms: Vec<String>,
    neighbourhood: String,
    state: State,
    until: Timestamp,
}

/// How the word of a neighbourhood's team begins, as a holder of relationships.
pub const TEAM: &str = "neighbourhood:";

/// The holder of what a neighbourhood's team holds.
#[must_use]
pub fn team(neighbourhood: &str) -> String {
    format!("{TEAM}{neighbourhood}")
}

/// A pseudonym as it was typed, read; `None` where it is none.
#[must_use]
pub fn pseudonym(typed: &str) -> Option<String> {
    let word = typed.trim().to_ascii_lowercase();
    (word.len() == LENGTH && word.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(word)
}

fn typed(words: &str, otherwise: Refusal) -> Result<String, Refusal> {
    let words = words.trim();
    if words.chars().count() > MOST_TYPED {
        return Err(Refusal::TooLong);
    }
    if tells(words) { Ok(words.to_owned()) } else { Err(otherwise) }
}

/// Why somebody goes back to one person, read.
///
/// # Errors
/// [`Refusal`]: it says nothing, or too much.
pub(crate) fn reason(words: &str) -> Result<String, Refusal> {
    typed(words, Refusal::NoWay)
}

/// Whether a role's rules allow an action that is about nobody.
fn allows(by: &Subject, action: Action, purpose: Purpose) -> bool {
    crate::rules::of(by, action, purpose).level(&Item::of(Class::Nobody), &Ties::none()) == Level::Full
}

/// So many days later.
pub(crate) fn after(at: Timestamp, days: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX)
}

fn asked(asking: Asking, at: Timestamp) -> Result<Event, Refusal> {
    let Asking { by, pseudonyms, purpose, neighbourhood, offer, reason, waiting } = asking;
    if !by.assured {
        return Err(Refusal::NotAssured);
    }
    if !allows(&by, Action::AskBack, Purpose::Planning) {
        return Err(Refusal::NotAnAnalyst);
    }
    let mut each = BTreeSet::new();
    for (line, word) in pseudonyms.iter().enumerate().filter(|(_, word)| !word.trim().is_empty()) {
        each.insert(pseudonym(word).ok_or(Refusal::Malformed(line + 1))?);
    }
    if each.is_empty() {
        return Err(Refusal::Nobody);
    }
    if each.len() > MOST {
        return Err(Refusal::TooMany);
    }
    let purpose = purpose.filter(|purpose| *purpose == Purpose::DirectCare).ok_or(Refusal::NotForCare)?;
    if neighbourhood.is_empty() {
        return Err(Refusal::NoTeam);
    }
    let (offer, reason) = (typed(&offer, Refusal::NoOffer)?, typed(&reason, Refusal::NoReason)?);
    if waiting >= MOST_WAITING {
        return Err(Refusal::TooManyWaiting);
    }
    let (pseudonyms, until) = (each.into_iter().collect(), after(at, ANSWERED_WITHIN));
    Ok(Event::BackAsked { by, pseudonyms, purpose, neighbourhood, offer, reason, until })
}

impl Asked {
    fn stage(&self, at: Timestamp) -> Stage {
        stage(self.state, self.until, at)
    }

    /// Whether somebody may answer it, now.
    fn answered_by(&self, by: &Subject, at: Timestamp) -> Result<(), Refusal> {
        if !by.assured {
            return Err(Refusal::NotAssured);
        }
        if !allows(by, Action::AllowBack, Purpose::Privacy) {
            return Err(Refusal::NotTheOfficer);
        }
        if by.id == self.by {
            return Err(Refusal::TheirOwn);
        }
        if self.stage(at) == Stage::Waiting { Ok(()) } else { Err(Refusal::NotWaiting) }
    }

    /// Whether somebody is of the team that is told, and goes back to people at all; whoever asked is not, whatever else they are.
    fn is_for(&self, by: &Subject) -> Result<(), Refusal> {
        if !by.assured {
            return Err(Refusal::NotAssured);
        }
        let theirs = by.is_of(&team(&self.neighbourhood)) && by.id != self.by;
        if theirs && crate::decide::may(by, Action::GoBack, Purpose::DirectCare) {
            Ok(())
        } else {
            Err(Refusal::NotTheirTeam)
        }
    }
}

impl Back {
    /// The pseudonyms that a team may be told of now, and the neighbourhood whose team it is; `None` where it is not open.
    #[must_use]
    pub fn open(&self, at: Timestamp) -> Option<(&[String], &str)> {
        let asked = self.asked.as_ref().filter(|asked| asked.stage(at) == Stage::Allowed)?;
        Some((&asked.pseudonyms, &asked.neighbourhood))
    }

    fn handed(&self, asked: &Asked, by: Subject, mut people: Vec<Uuid>, at: Timestamp) -> Result<Event, Refusal> {
        asked.is_for(&by)?;
        if asked.stage(at) != Stage::Allowed {
            return Err(Refusal::NotAllowed);
        }
        people.sort_unstable();
        people.dedup();
        let left = asked.pseudonyms.len().checked_sub(people.len()).ok_or(Refusal::MoreThanAsked)?;
        let left = i64::try_from(left).unwrap_or(i64::MAX);
        Ok(Event::BackHandedOver { by, people, left, until: after(at, STANDS) })
    }

    fn decided(&self, asked: &Asked, command: (Subject, Uuid, Decision), at: Timestamp) -> Result<Event, Refusal> {
        let (by, person, decision) = command;
        asked.is_for(&by)?;
        if asked.stage(at) != Stage::Handed || !self.people.contains(&person) {
            return Err(Refusal::NotToldOf);
        }
        if self.taken_on.contains(&person) {
            return Err(Refusal::TakenOn);
        }
        let decision = match decision {
            Decision::NotTakenOn { reason } => Decision::NotTakenOn { reason: typed(&reason, Refusal::NoDecision)? },
            taken_on @ Decision::TakenOn { .. } => taken_on,
        };
        Ok(Event::BackDecided { by, person, decision })
    }
}

impl Aggregate for Back {
    const KIND: &'static str = "back";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let event = match (command, &self.asked) {
            (Command::Ask(asking), None) => asked(asking, at)?,
            (Command::Ask(_), Some(_)) => return Err(Refusal::AskedAlready),
            (_, None) => return Err(Refusal::NotAsked),
            (Command::Allow { by, words }, Some(asked)) => {
                asked.answered_by(&by, at)?;
                let words = typed(&words, Refusal::NoWords)?;
                Event::BackAllowed { by, words, until: after(at, OPENED_WITHIN) }
            }
            (Command::Refuse { by, words }, Some(asked)) => {
                asked.answered_by(&by, at)?;
                Event::BackRefused { by, words: typed(&words, Refusal::NoWords)? }
            }
            (Command::Withdraw { by }, Some(asked)) => {
                if by.id != asked.by {
                    return Err(Refusal::NotTheirs);
                }
                if !matches!(asked.stage(at), Stage::Waiting | Stage::Allowed) {
                    return Err(Refusal::Over);
                }
                Event::BackWithdrawn { by }
            }
            (Command::HandOver { by, people }, Some(asked)) => self.handed(asked, by, people, at)?,
            (Command::Decide { by, person, decision }, Some(asked)) => {
                self.decided(asked, (by, person, decision), at)?
            }
        };
        Ok(vec![event])
    }

    fn apply(&mut self, event: &Event) {
        let mut stands = |state: State, until: Option<Timestamp>| {
            if let Some(asked) = &mut self.asked {
                (asked.state, asked.until) = (state, until.unwrap_or(asked.until));
            }
        };
        match event {
            Event::BackAsked { by, pseudonyms, neighbourhood, until, .. } => {
                let (by, pseudonyms, neighbourhood) = (by.id.clone(), pseudonyms.clone(), neighbourhood.clone());
                self.asked = Some(Asked { by, pseudonyms, neighbourhood, state: State::Asked, until: *until });
            }
            Event::BackAllowed { until, .. } => stands(State::Allowed, Some(*until)),
            Event::BackRefused { .. } => stands(State::Refused, None),
            Event::BackWithdrawn { .. } => stands(State::Withdrawn, None),
            Event::BackHandedOver { people, until, .. } => {
                stands(State::Handed, Some(*until));
                self.people = people.iter().copied().collect();
            }
            Event::BackDecided { person, decision, .. } => {
                if matches!(decision, Decision::TakenOn { .. }) {
                    self.taken_on.insert(*person);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
