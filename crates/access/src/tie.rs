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
        /// The ask it rests on, where it rests on one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ask: Option<Uuid>,
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
    /// Begin one that rests on an ask: held by whoever has the ask, or to whom it is offered.
    OpenForAsk {
        /// Who has made, offered or taken the ask.
        by: Subject,
        /// Whose, by the root.
        person: Uuid,
        /// The ask.
        ask: Uuid,
        /// Held by whom.
        holder: String,
        /// Until when.
        until: Timestamp,
        /// Why.
        because: String,
    },
    /// End one that rests on an ask, because the ask says so: it was given back, it is closed, it is about somebody else. What
    /// may be done with the ask, the ask has decided in the same transaction.
    CloseWithAsk {
        /// Who.
        by: Subject,
        /// The ask.
        ask: Uuid,
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
    /// It rests on another ask, or on none.
    #[error("this relationship does not rest on this ask, so the ask cannot end it")]
    AnotherAsk,
    /// It is not there, or has ended.
    #[error("this relationship is not open")]
    NotOpen,
}

/// One relationship, from its beginning to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relationship {
    opened: Option<(Uuid, String)>,
    /// The ask it rests on.
    ask: Option<Uuid>,
    closed: bool,
}

impl Aggregate for Relationship {
    const KIND: &'static str = "relationship";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        match (command, &self.opened) {
            (Command::Open { .. } | Command::OpenForAsk { .. }, Some(_)) => Err(Refusal::OpenAlready),
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
                begun(Event::Opened { by, person, tie, holder, until, because, ask: None }, at)
            }
            (Command::OpenForAsk { by, person, ask, holder, until, because }, None) => {
                if !by.assured {
                    return Err(Refusal::NotAssured);
                }
                begun(Event::Opened { by, person, tie: Tie::Ask, holder, until, because, ask: Some(ask) }, at)
            }
            (Command::Close { .. } | Command::CloseWithAsk { .. }, None) => Err(Refusal::NotOpen),
            (Command::Close { .. } | Command::CloseWithAsk { .. }, Some(_)) if self.closed => Err(Refusal::NotOpen),
            (Command::CloseWithAsk { by, ask, because }, Some((person, _))) => {
                if !by.assured {
                    return Err(Refusal::NotAssured);
                }
                if self.ask != Some(ask) {
                    return Err(Refusal::AnotherAsk);
                }
                if because.trim().is_empty() {
                    return Err(Refusal::NoReason);
                }
                Ok(vec![Event::Closed { by, person: *person, because }])
            }
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
            Event::Opened { person, holder, ask, .. } => {
                (self.opened, self.ask) = (Some((*person, holder.clone())), *ask);
            }
            Event::Closed { .. } => self.closed = true,
        }
    }
}

/// A beginning with a reason, a holder and an end that is still to come.
fn begun(opened: Event, at: Timestamp) -> Result<Vec<Event>, Refusal> {
    match &opened {
        Event::Opened { until, because, holder, .. }
            if *until <= at || because.trim().is_empty() || holder.is_empty() =>
        {
            Err(Refusal::NoReason)
        }
        _ => Ok(vec![opened]),
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
    fn what_rests_on_an_ask_ends_with_that_ask_and_with_no_other() {
        let (person, ask) = (Uuid::from_u128(1), Uuid::from_u128(7));
        let (by, because) = (subject("ods:P88002"), "an ask was offered to them".to_owned());
        let until = "2026-12-01T00:00:00Z".parse().unwrap();
        let holder = "service:crisis-response".to_owned();
        let open = Command::OpenForAsk { by: by.clone(), person, ask, holder, until, because: because.clone() };
        let mut one = Relationship::default();
        let close = |ask| Command::CloseWithAsk { by: by.clone(), ask, because: because.clone() };
        assert_eq!(one.decide(close(ask), at("2026-11-22")), Err(Refusal::NotOpen));
        let opened = one.decide(open.clone(), at("2026-11-22")).unwrap();
        assert!(matches!(&opened[0], Event::Opened { tie: Tie::Ask, ask: Some(its), .. } if *its == ask));
        one.apply(&opened[0]);
        assert_eq!(one.decide(open, at("2026-11-22")), Err(Refusal::OpenAlready));
        assert_eq!(one.decide(close(Uuid::from_u128(8)), at("2026-11-23")), Err(Refusal::AnotherAsk));
        let by_hand = Command::Close { by: by.clone(), because: because.clone() };
        assert_eq!(one.decide(by_hand, at("2026-11-23")), Err(Refusal::NotTheirs), "by hand, only who holds it");
        one.apply(&one.decide(close(ask), at("2026-11-23")).unwrap()[0].clone());
        assert_eq!(one.decide(close(ask), at("2026-11-23")), Err(Refusal::NotOpen));
        // One that was opened by hand rests on no ask.
        let mut other = Relationship::default();
        other.apply(&other.decide(opening(Tie::Ask, "ods:P88002"), at("2026-11-22")).unwrap()[0].clone());
        assert_eq!(other.decide(close(ask), at("2026-11-23")), Err(Refusal::AnotherAsk));
        let said = serde_json::to_string(&Event::Closed { by, person, because }).unwrap();
        let before = r#"{"Opened":{"by":BY,"person":"00000000-0000-0000-0000-000000000001","tie":"ask","holder":"h","until":"2026-12-01T00:00:00Z","because":"b"}}"#;
        let by_words = said.split_once(r#""by":"#).unwrap().1.split_once(r#","person""#).unwrap().0.to_owned();
        let read: Event = serde_json::from_str(&before.replace("BY", &by_words)).unwrap();
        assert!(matches!(read, Event::Opened { ask: None, .. }), "what was written before is still read");
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
