//! A draft, and sending it: the first word of an ask, and the moment from which somebody has it.

use access::Subject;
use jiff::Timestamp;

use super::has;
use crate::ask::{Ask, Event, Refusal, Request, State};
use crate::draft::Draft;
use crate::team::Team;

impl Ask {
    pub(super) fn keep(&self, by: Subject, draft: Draft) -> Result<Vec<Event>, Refusal> {
        match self.state {
            State::New => {}
            State::Draft if self.author != by.id => return Err(Refusal::NotYourDraft),
            State::Draft => {}
            _ => return Err(Refusal::SentAlready),
        }
        if let Some(field) = draft.too_long() {
            return Err(Refusal::DraftTooLong(field.to_owned()));
        }
        let same = self.draft.as_ref().is_some_and(|kept| *kept == draft);
        let nothing = self.draft.is_none() && draft.is_empty();
        Ok(if same || nothing { Vec::new() } else { vec![Event::Drafted { by, draft }] })
    }

    pub(super) fn discard(&self, by: Subject) -> Result<Vec<Event>, Refusal> {
        match self.state {
            State::Draft if self.author != by.id => Err(Refusal::NotYourDraft),
            State::Draft if self.draft.is_some() => Ok(vec![Event::DraftDiscarded { by }]),
            State::Draft => Ok(Vec::new()),
            _ => Err(Refusal::NoDraft),
        }
    }

    pub(super) fn submit(&self, by: Subject, request: Box<Request>, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        match self.state {
            State::New => {}
            State::Draft if self.author != by.id => return Err(Refusal::NotYourDraft),
            State::Draft => {}
            _ if self.author == by.id && self.request.as_ref() == Some(&request) => return Ok(Vec::new()),
            _ => return Err(Refusal::SentAlready),
        }
        if request.whom.person.is_nil() {
            return Err(Refusal::Nobody);
        }
        if request.visit.on_floor_since.is_some_and(|since| since > at) {
            return Err(Refusal::OutOfOrder { what: "the moment of the fall", why: "in the future" });
        }
        if let Some(team) = &request.asked_by.team
            && !has(&by, team)
        {
            return Err(Refusal::NotYourTeam(team.clone()));
        }
        // Whoever asks without a team of this borough cannot own anything: the door does, until somebody else takes it.
        let owner = request.asked_by.team.clone().unwrap_or_else(Team::single_point_of_access);
        let (to, note) = (request.asked_for.clone(), request.happened.clone());
        let mut events = vec![Event::AskSubmitted { by: by.clone(), request, owner: owner.clone(), at }];
        if owner != to {
            events.push(Event::HopOffered { by, from: owner, to, note, warm: false });
        }
        Ok(events)
    }
}
