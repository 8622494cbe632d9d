//! Relationships that somebody here opens: on a team's caseload, or asked for help. Other relationships follow from what the
//! feeds say of registrations, stays and bookings. Must not decide what a relationship opens; that is the policy's.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Aggregate, Refused, Write};
use uuid::Uuid;

use crate::look::Subject;
use crate::relationship::Tie;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A relationship began.
    Opened {
        /// Who opened it.
        by: Subject,
        /// Whose, by the root at the time.
        person: Uuid,
        /// Which: a caseload or an ask.
        tie: Tie,
        /// Who holds it: a team, an organisation.
        holder: String,
        /// When it ends by itself.
        until: Timestamp,
        /// Why.
        because: String,
    },
    /// It ended before its time.
    Closed {
        /// Who ended it.
        by: Subject,
        /// Whose, by the root when it began.
        person: Uuid,
        /// Why.
        because: String,
    },
}

/// What can be asked.
#[derive(Debug, Clone)]
pub enum Command {
    /// Begin one.
    Open {
        /// Who.
        by: Subject,
        /// Whose, by the root.
        person: Uuid,
        /// Which.
        tie: Tie,
        /// Held by whom.
        holder: String,
        /// Until when.
        until: Timestamp,
        /// Why.
        because: String,
    },
    /// End it.
    Close {
        /// Who.
        by: Subject,
        /// Why.
        because: String,
    },
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Who they are was not proved well enough.
    #[error("sign in with two factors before you take somebody on")]
    NotAssured,
    /// Registrations, stays and bookings are told by the feeds; a glass is broken, and a proxy allowed, in other ways.
    #[error("only a caseload or a request for help is opened by hand")]
    NotByHand,
    /// Nobody opens what others hold.
    #[error("only somebody of the team that holds a relationship opens or ends it")]
    NotTheirs,
    /// Nobody is asked of nobody.
    #[error("say why, and until when: a moment that is still to come")]
    NoReason,
    /// It begins once.
    #[error("this relationship has been opened before")]
    OpenAlready,
    /// It is not there, or has ended.
    #[error("this relationship is not open")]
    NotOpen,
}

/// One relationship, from its beginning to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relationship {
    opened: Option<(Uuid, String)>,
    closed: bool,
}

impl Aggregate for Relationship {
    const KIND: &'static str = "relationship";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        match (command, &self.opened) {
            (Command::Open { .. }, Some(_)) => Err(Refusal::OpenAlready),
            (Command::Open { by, person, tie, holder, until, because }, None) => {
                if !by.assured {
                    return Err(Refusal::NotAssured);
                }
                if !matches!(tie, Tie::Caseload | Tie::Ask) {
                    return Err(Refusal::NotByHand);
                }
                // Somebody may be asked for help by anybody who gives care; taken on, only by the team itself.
                if tie == Tie::Caseload && !by.holders().any(|one| one == holder) {
                    return Err(Refusal::NotTheirs);
                }
                if until <= at || because.trim().is_empty() || holder.is_empty() {
                    return Err(Refusal::NoReason);
                }
                Ok(vec![Event::Opened { by, person, tie, holder, until, because }])
            }
            (Command::Close { .. }, None) => Err(Refusal::NotOpen),
            (Command::Close { .. }, Some(_)) if self.closed => Err(Refusal::NotOpen),
            (Command::Close { by, because }, Some((person, holder))) => {
                if !by.assured {
                    return Err(Refusal::NotAssured);
                }
                if !by.holders().any(|one| one == *holder) {
                    return Err(Refusal::NotTheirs);
                }
                if because.trim().is_empty() {
                    return Err(Refusal::NoReason);
                }
                Ok(vec![Event::Closed { by, person: *person, because }])
            }
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::Opened { person, holder, .. } => self.opened = Some((*person, holder.clone())),
            Event::Closed { .. } => self.closed = true,
        }
    }
}

/// Opens a relationship, in a stream of its own; its id.
///
/// # Errors
/// [`Refused::Rules`] with words, or [`Refused::Store`].
pub fn open(write: &mut Write<'_>, command: Command, actor: &str, at: Timestamp) -> Result<Uuid, Refused<Refusal>> {
    let id = write.new_id(at);
    write.begin::<Relationship>(id, command, None, actor, at)?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::Role;

    fn subject(team: &str) -> Subject {
        Subject {
            id: "nurse".to_owned(),
            name: "Ruth".to_owned(),
            role: Role::DistrictNurse,
            organisation: String::new(),
            own: None,
            teams: vec![team.to_owned()],
            assured: true,
        }
    }

    fn opening(tie: Tie, holder: &str) -> Command {
        let until = "2026-12-01T00:00:00Z".parse().unwrap();
        let (by, because) = (subject("neighbourhood:marple"), "taken on after a visit".to_owned());
        Command::Open { by, person: Uuid::from_u128(1), tie, holder: holder.to_owned(), until, because }
    }

    fn at(day: &str) -> Timestamp {
        format!("{day}T09:00:00Z").parse().unwrap()
    }

    #[test]
    fn a_team_takes_somebody_on_and_lets_them_go_once() {
        let mut one = Relationship::default();
        let close = |team: &str| Command::Close { by: subject(team), because: "all done".to_owned() };
        assert_eq!(one.decide(close("neighbourhood:marple"), at("2026-11-22")), Err(Refusal::NotOpen));
        let opened = one.decide(opening(Tie::Caseload, "neighbourhood:marple"), at("2026-11-22")).unwrap();
        one.apply(&opened[0]);
        let again = one.decide(opening(Tie::Caseload, "neighbourhood:marple"), at("2026-11-22"));
        assert_eq!(again, Err(Refusal::OpenAlready));
        assert_eq!(one.decide(close("ods:P88002"), at("2026-11-23")), Err(Refusal::NotTheirs));
        let closed = one.decide(close("neighbourhood:marple"), at("2026-11-23")).unwrap();
        one.apply(&closed[0]);
        assert_eq!(one.decide(close("neighbourhood:marple"), at("2026-11-23")), Err(Refusal::NotOpen));
    }

    #[test]
    fn nobody_opens_by_hand_what_the_feeds_tell_or_what_others_hold() {
        let decide = |command| Relationship::default().decide(command, at("2026-11-22"));
        for tie in Tie::ALL.into_iter().filter(|tie| !matches!(tie, Tie::Caseload | Tie::Ask)) {
            assert_eq!(decide(opening(tie, "neighbourhood:marple")), Err(Refusal::NotByHand), "{tie:?}");
        }
        assert_eq!(decide(opening(Tie::Caseload, "ods:P88002")), Err(Refusal::NotTheirs));
        assert!(decide(opening(Tie::Ask, "ods:P88002")).is_ok());
        let late = Relationship::default().decide(opening(Tie::Ask, "ods:P88002"), at("2026-12-01"));
        assert_eq!(late, Err(Refusal::NoReason), "its end has gone by");
    }
}
