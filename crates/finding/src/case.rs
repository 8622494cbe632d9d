//! What a team decides about somebody whom a list has found: taken on, not taken on and why, or later and when. Whoever is taken
//! on comes onto the team's caseload by a relationship, in the same transaction. Must not find anybody, nor say what came of it.

use access::tie::{self, Relationship};
use access::{Subject, Tie};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Aggregate, Refused, Write};
use uuid::Uuid;

use crate::list::{self, CaseList, Definition};
use crate::words;

/// How long somebody stays on the caseload by having been taken on, in days: then the team decides again.
pub const CASELOAD: i64 = 182;
/// The furthest that a decision can be put off, in days.
pub const PUT_OFF: i32 = 366;

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Taken on.
    CaseAccepted {
        /// Who decided.
        by: Subject,
        /// The list.
        list: Uuid,
        /// Of whom, by the root at the time.
        person: Uuid,
        /// The relationship that it opened.
        relationship: Uuid,
    },
    /// Not taken on.
    CaseDeclined {
        /// Who decided.
        by: Subject,
        /// The list.
        list: Uuid,
        /// Of whom.
        person: Uuid,
        /// Why.
        reason: String,
    },
    /// Later.
    CasePutOff {
        /// Who decided.
        by: Subject,
        /// The list.
        list: Uuid,
        /// Of whom.
        person: Uuid,
        /// When it is looked at again.
        until: Date,
    },
}

/// What can be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Take them on.
    Accept,
    /// Do not, and why.
    Decline(String),
    /// Later, and when.
    Later(Date),
}

/// A decision, by whom and about whom.
#[derive(Debug, Clone)]
pub struct Command {
    /// Who.
    pub by: Subject,
    /// The list.
    pub list: Uuid,
    /// Of whom, by the root.
    pub person: Uuid,
    /// What.
    pub decision: Decision,
    /// The relationship that taking on opens.
    pub relationship: Uuid,
    /// Today.
    pub today: Date,
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Who they are was not proved well enough.
    #[error("sign in with two factors before you decide about somebody")]
    NotAssured,
    /// They are on the caseload by this list.
    #[error("this person has been taken on from this list already")]
    TakenOn,
    /// No reason.
    #[error("say why they are not taken on, in at least {least} characters", least = words::LEAST)]
    NoReason,
    /// Not a day to come.
    #[error("choose a day after today and within a year")]
    NoDay,
    /// The list is closed or another team's.
    #[error(transparent)]
    List(#[from] crate::list::Refusal),
    /// A practice decides for itself and not for the team.
    #[error("only somebody of the neighbourhood\u{2019}s own team takes people onto its caseload: ask the team for it")]
    TeamsOwn,
    /// The list has not found them.
    #[error("this person is not on this list")]
    NotFound,
    /// No relationship could be opened.
    #[error("{0}")]
    Relationship(tie::Refusal),
}

/// What was decided about one person by one list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    accepted: bool,
}

impl Aggregate for Case {
    const KIND: &'static str = "found-case";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, _at: Timestamp) -> Result<Vec<Event>, Refusal> {
        let Command { by, list, person, decision, relationship, today } = command;
        if !by.assured {
            return Err(Refusal::NotAssured);
        }
        if self.accepted {
            return Err(Refusal::TakenOn);
        }
        Ok(vec![match decision {
            Decision::Accept => Event::CaseAccepted { by, list, person, relationship },
            Decision::Decline(reason) => {
                let reason = words::read(&reason).ok_or(Refusal::NoReason)?;
                Event::CaseDeclined { by, list, person, reason }
            }
            Decision::Later(until) => {
                let days = (until - today).get_days();
                if !(1..=PUT_OFF).contains(&days) {
                    return Err(Refusal::NoDay);
                }
                Event::CasePutOff { by, list, person, until }
            }
        }])
    }

    fn apply(&mut self, event: &Event) {
        self.accepted = matches!(event, Event::CaseAccepted { .. });
    }
}

/// The history of what is decided about a person by a list; the same for the same two.
#[must_use]
pub fn stream(list: Uuid, person: Uuid) -> Uuid {
    store::resource::resource_id("case-finding", &list.to_string(), &person.to_string())
}

/// Whoever decides about somebody.
#[derive(Debug, Clone, Copy)]
pub struct Decider<'a> {
    /// Who.
    pub by: &'a Subject,
    /// The gate has said that the person is registered with the decider's own practice.
    pub registered: bool,
}

impl Decider<'_> {
    /// The list, where they may decide so: anybody of its team everything, and the person's own practice all but taking them on,
    /// because nobody opens what another team holds.
    fn may<'l>(self, list: &'l CaseList, decision: &Decision) -> Result<&'l Definition, Refusal> {
        match list.theirs(self.by) {
            Err(list::Refusal::NotTheirs) if self.registered => match decision {
                Decision::Accept => Err(Refusal::TeamsOwn),
                Decision::Decline(_) | Decision::Later(_) => list.definition().ok_or(list::Refusal::Closed.into()),
            },
            theirs => Ok(theirs?),
        }
    }
}

/// Decides about somebody on a list of the decider's own team, or of their own practice's neighbourhood, and takes them onto the
/// team's caseload where that is the decision: all or nothing. `found`: under which root the list has found them.
///
/// # Errors
/// [`Refused::Rules`] with words, or [`Refused::Store`].
pub fn decide(
    write: &mut Write<'_>,
    (decider, list): (Decider<'_>, Uuid),
    (person, found): (Uuid, Uuid),
    decision: &Decision,
    today: Date,
    at: Timestamp,
) -> Result<(), Refused<Refusal>> {
    let history = store::log::stream(write.tx(), list)?;
    let (state, _) = store::aggregate::load::<CaseList>(&history)?;
    let by = decider.by;
    let definition = decider.may(&state, decision).map_err(Refused::Rules)?.clone();
    if !crate::views::list::has(write.tx(), list, found)? {
        return Err(Refused::Rules(Refusal::NotFound));
    }
    let (actor, relationship) = (by.actor(), write.new_id(at));
    let command = Command { by: by.clone(), list, person, decision: decision.clone(), relationship, today };
    write.execute::<Case>(stream(list, found), command, &actor, at)?;
    if *decision != Decision::Accept {
        return Ok(());
    }
    let until = at.checked_add(SignedDuration::from_hours(24 * CASELOAD)).unwrap_or(Timestamp::MAX);
    let open = tie::Command::Open {
        by: by.clone(),
        person,
        tie: Tie::Caseload,
        holder: definition.holder(),
        until,
        because: format!("taken on from the list \u{201c}{}\u{201d}", definition.title),
    };
    match write.begin::<Relationship>(relationship, open, None, &actor, at) {
        Ok(_) => Ok(()),
        Err(Refused::Rules(refusal)) => Err(Refused::Rules(Refusal::Relationship(refusal))),
        Err(Refused::Store(error)) => Err(Refused::Store(error)),
    }
}

#[cfg(test)]
mod tests;
