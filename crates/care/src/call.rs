//! Calls on a specialty's line: ring whoever is first on the rota for some seconds, then the next, round and round; answered, or
//! written advice is offered. What came of it is keyed by both ends, or "the other end is missing" is written down after a day.
//! Must not count, for anybody, the rings they did not answer, nor know a telephone number.

pub mod act;
pub mod drive;
pub mod event;
pub mod outcome;

use std::collections::BTreeMap;

use access::Subject;
use jiff::{SignedDuration, Timestamp};
use store::Aggregate;
use uuid::Uuid;

use crate::advice::line::{Line, checked};
use crate::advice::may_ask;
use crate::telephony::{Extension, LONGEST_ID, Order, Signal, What};
use event::MOST_SIGNALS;
pub use event::{Command, Event, LONGEST_QUESTION, OTHER_END, Passed, RING_SECONDS, ROUNDS, Refusal, Start, Who};
pub use outcome::{End, Outcome, Settled};

/// How a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It has not begun.
    NotStarted,
    /// It rings.
    Ringing,
    /// They speak.
    Answered,
    /// They have spoken.
    Ended,
    /// Nobody answered.
    Unanswered,
    /// The caller gave up.
    GivenUp,
}

/// One ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    /// Who was rung.
    pub who: Who,
    /// Since when.
    pub at: Timestamp,
    over: bool,
    /// The exchange said that the conversation was over, before it said that it had begun.
    ended: Option<Timestamp>,
}

/// What one end keyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed {
    /// Who: the id of their sign-in.
    pub reader: String,
    /// What.
    pub outcome: Outcome,
    /// What they promised.
    pub lines: Vec<Line>,
    /// When.
    pub at: Timestamp,
}

/// One call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    start: Option<(Start, Timestamp)>,
    rings: Vec<Ring>,
    heard: BTreeMap<String, (u32, What)>,
    answered: Option<(u32, Timestamp)>,
    ended: Option<Timestamp>,
    unanswered: bool,
    given_up: bool,
    gp: Option<Keyed>,
    consultant: Option<Keyed>,
    missing: Option<End>,
}

impl Call {
    /// What it began with.
    #[must_use]
    pub fn start(&self) -> Option<&Start> {
        self.start.as_ref().map(|(start, _)| start)
    }

    /// How it stands.
    #[must_use]
    pub fn stands(&self) -> Stands {
        match (&self.start, self.answered, self.ended) {
            (None, ..) => Stands::NotStarted,
            (_, Some(_), Some(_)) => Stands::Ended,
            (_, Some(_), None) => Stands::Answered,
            _ if self.given_up => Stands::GivenUp,
            _ if self.unanswered => Stands::Unanswered,
            _ => Stands::Ringing,
        }
    }

    /// The ring that goes on, with its number.
    #[must_use]
    pub fn ringing(&self) -> Option<(u32, &Ring)> {
        let last = self.rings.last().filter(|ring| !ring.over && self.stands() == Stands::Ringing)?;
        Some((self.rung(), last))
    }

    /// How many rings there were.
    #[must_use]
    pub fn rung(&self) -> u32 {
        u32::try_from(self.rings.len()).unwrap_or(u32::MAX)
    }

    /// Which round of the rota it is in: 1, 2, 3.
    #[must_use]
    pub fn round(&self) -> u32 {
        let people = self.start().map_or(1, |start| u32::try_from(start.on.len()).unwrap_or(u32::MAX)).max(1);
        self.rung().saturating_sub(1) / people + 1
    }

    /// Who answered, and when.
    #[must_use]
    pub fn answered(&self) -> Option<(&Who, Timestamp)> {
        let (ring, at) = self.answered?;
        Some((&self.ring(ring)?.who, at))
    }

    /// How long it took from the press until somebody answered.
    #[must_use]
    pub fn connect(&self) -> Option<SignedDuration> {
        let ((_, began), (_, at)) = (self.start.as_ref()?, self.answered?);
        Some(at.duration_since(*began))
    }

    /// How long they spoke; unknown until the exchange has said that it is over.
    #[must_use]
    pub fn talk(&self) -> Option<SignedDuration> {
        Some(self.ended?.duration_since(self.answered?.1))
    }

    /// What the asker keyed.
    #[must_use]
    pub fn gp(&self) -> Option<&Keyed> {
        self.gp.as_ref()
    }

    /// What the consultant keyed.
    #[must_use]
    pub fn consultant(&self) -> Option<&Keyed> {
        self.consultant.as_ref()
    }

    /// How the two ends stand.
    #[must_use]
    pub fn settled(&self) -> Settled {
        let outcome = |keyed: &Option<Keyed>| keyed.as_ref().map(|keyed| keyed.outcome);
        outcome::settled(outcome(&self.gp), outcome(&self.consultant), self.missing.is_some())
    }

    /// What was promised, by either end.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.consultant.iter().chain(&self.gp).flat_map(|keyed| &keyed.lines)
    }

    /// Which end of the call somebody is.
    #[must_use]
    pub fn end_of(&self, by: &Subject) -> Option<End> {
        let start = self.start()?;
        if self.answered().is_some_and(|(who, _)| who.reader == by.id) {
            return Some(End::Consultant);
        }
        let theirs = by.id == start.by.id || by.holders().any(|one| one == start.team.word());
        (theirs && may_ask(by)).then_some(End::Gp)
    }

    /// When time next changes something: a ring's seconds are over, or the other end's day.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        if let Some((_, ring)) = self.ringing() {
            let seconds = self.start().map_or(0, |start| start.ring_seconds);
            return ring.at.checked_add(SignedDuration::from_secs(i64::from(seconds))).ok();
        }
        if self.missing.is_some() {
            return None;
        }
        match (&self.gp, &self.consultant) {
            (Some(one), None) | (None, Some(one)) => one.at.checked_add(OTHER_END).ok(),
            _ => None,
        }
    }

    /// What the exchange is asked for, as the call stands. Asked again it changes nothing, so after a restart, or where an
    /// order was lost, all of it is asked once more.
    #[must_use]
    pub fn orders(&self, call: Uuid) -> Vec<Order> {
        let Some(start) = self.start() else { return Vec::new() };
        let (mut orders, mut number) = (Vec::new(), 0);
        for ring in &self.rings {
            number += 1;
            let answered = self.answered.is_some_and(|(answered, _)| answered == number);
            if ring.over && !answered {
                orders.push(Order::Cancel { call, ring: number });
            }
        }
        match self.stands() {
            Stands::Ringing => {
                if let Some((ring, one)) = self.ringing() {
                    let extension = Extension { specialty: start.specialty.clone(), reader: one.who.reader.clone() };
                    orders.push(Order::Ring { call, ring, extension, caller: start.by.id.clone() });
                }
            }
            Stands::Answered => {
                if let Some((ring, _)) = self.answered {
                    orders.push(Order::Connect { call, ring });
                }
            }
            Stands::Unanswered | Stands::GivenUp => orders.push(Order::HangUp { call }),
            Stands::NotStarted | Stands::Ended => {}
        }
        orders
    }

    fn ring(&self, number: u32) -> Option<&Ring> {
        self.rings.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }
}

/// What follows, one after another, each from how the call stands after the one before.
struct Steps {
    call: Call,
    events: Vec<Event>,
}

impl Steps {
    fn push(&mut self, event: Event) {
        self.call.apply(&event);
        self.events.push(event);
    }

    /// Rings the next on the rota, or gives up after the last round.
    fn next(&mut self, at: Timestamp) {
        let Some(start) = self.call.start() else { return };
        let (rung, people) = (self.call.rings.len(), start.on.len().max(1));
        let rounds = usize::try_from(start.rounds).unwrap_or(usize::MAX);
        match start.on.get(rung % people).filter(|_| rung / people < rounds) {
            Some(who) => {
                let (who, ring) = (who.clone(), self.call.rung() + 1);
                self.push(Event::CallRinging { ring, who, at });
            }
            None => self.push(Event::CallUnanswered { at }),
        }
    }

    fn pass_on(&mut self, ring: u32, why: Passed, at: Timestamp) {
        self.push(Event::CallLooped { ring, why });
        self.next(at);
    }
}

impl Call {
    fn steps(&self) -> Steps {
        Steps { call: self.clone(), events: Vec::new() }
    }

    fn begun(&self, mut start: Start, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        if self.start.is_some() {
            return Err(Refusal::StartedAlready);
        }
        if !may_ask(&start.by) {
            return Err(Refusal::NotClinical);
        }
        if !RING_SECONDS.contains(&start.ring_seconds) || !ROUNDS.contains(&start.rounds) {
            return Err(Refusal::BadSettings);
        }
        if start.present && start.person.is_none() {
            return Err(Refusal::NobodyPresent);
        }
        start.question = start.question.trim().to_owned();
        if start.question.chars().count() > LONGEST_QUESTION {
            return Err(Refusal::TooLong);
        }
        // Nobody is rung by themselves, nor twice in a round.
        let mut met = vec![start.by.id.clone()];
        start.on.retain(|who| {
            let new = !met.contains(&who.reader);
            met.push(who.reader.clone());
            new
        });
        if start.on.is_empty() {
            return Err(Refusal::NobodyOn);
        }
        let mut steps = self.steps();
        steps.push(Event::CallStarted { start, at });
        steps.next(at);
        Ok(steps.events)
    }

    fn hearing(&self, signal: Signal, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        if let Some(before) = self.heard.get(&signal.id) {
            return if *before == (signal.ring, signal.what) {
                Ok(Vec::new())
            } else {
                Err(Refusal::AnotherUnderOneId)
            };
        }
        if !(1..=LONGEST_ID).contains(&signal.id.chars().count()) || self.heard.len() >= MOST_SIGNALS {
            return Err(Refusal::BadSignal);
        }
        let Some(rang) = self.ring(signal.ring).map(|ring| ring.at) else {
            return Err(Refusal::NoSuchRing(signal.ring));
        };
        let Signal { id, ring, what, at: told, .. } = signal;
        // The exchange's clock may be off; nothing happens before its ring or after it was heard.
        let when = told.min(at).max(rang);
        let current = self.ringing().filter(|(number, _)| *number == ring).map(|(_, ring)| ring.clone());
        let mut steps = self.steps();
        steps.push(Event::CallHeard { id, ring, what, at: told });
        match (what, current) {
            (What::Answered, Some(current)) => {
                steps.push(Event::CallAnswered { ring, who: current.who, at: when });
                if let Some(ended) = current.ended {
                    steps.push(Event::CallEnded { at: ended.max(when) });
                }
            }
            (What::Busy, Some(_)) => steps.pass_on(ring, Passed::Busy, at),
            (What::NotAnswered, Some(_)) => steps.pass_on(ring, Passed::NotAnswered, at),
            (What::Failed, Some(_)) => steps.pass_on(ring, Passed::Failed, at),
            (What::CallerGone, _) if self.stands() == Stands::Ringing => steps.push(Event::CallGivenUp { at: when }),
            (What::CallerGone | What::Ended, _) if self.stands() == Stands::Answered => {
                let (answered, since) = self.answered.unwrap_or((ring, when));
                if answered == ring || what == What::CallerGone {
                    steps.push(Event::CallEnded { at: when.max(since) });
                }
            }
            // Told late, or of a ring that no longer counts: it is kept that it was told, and nothing follows.
            _ => {}
        }
        Ok(steps.events)
    }

    fn passing(&self, at: Timestamp) -> Vec<Event> {
        if self.due().is_none_or(|due| at < due) {
            return Vec::new();
        }
        let mut steps = self.steps();
        if let Some((ring, _)) = self.ringing() {
            steps.pass_on(ring, Passed::Time, at);
        } else if let Settled::Waits(end) = self.settled() {
            steps.push(Event::CallOutcomeMissing { end });
        }
        steps.events
    }

    fn keying(&self, by: Subject, outcome: Outcome, lines: Vec<Line>, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        if self.start.is_none() {
            return Err(Refusal::NotStarted);
        }
        if !by.assured {
            return Err(Refusal::NotAssured);
        }
        let end = self.end_of(&by).ok_or(Refusal::NotTheirs)?;
        if self.answered.is_none() {
            return Err(Refusal::NotAnswered);
        }
        let lines = checked(lines, at)?;
        let before = match end {
            End::Gp => &self.gp,
            End::Consultant => &self.consultant,
        };
        match before {
            Some(before) if before.outcome == outcome && before.lines == lines => Ok(Vec::new()),
            Some(_) => Err(Refusal::KeyedAlready),
            None => Ok(vec![match end {
                End::Gp => Event::CallOutcomeGp { by, outcome, lines, at },
                End::Consultant => Event::CallOutcomeConsultant { by, outcome, lines, at },
            }]),
        }
    }
}

impl Aggregate for Call {
    const KIND: &'static str = "call";
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(&self, command: Command, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Start(start) => self.begun(*start, at),
            Command::Heard(_) | Command::GiveUp { .. } if self.start.is_none() => Err(Refusal::NotStarted),
            Command::Heard(signal) => self.hearing(signal, at),
            Command::Pass => Ok(self.passing(at)),
            Command::GiveUp { by } => match self.stands() {
                _ if self.end_of(&by) != Some(End::Gp) => Err(Refusal::NotTheirs),
                Stands::Ringing => Ok(vec![Event::CallGivenUp { at }]),
                Stands::GivenUp => Ok(Vec::new()),
                _ => Err(Refusal::Over),
            },
            Command::Key { by, outcome, lines } => self.keying(by, outcome, lines, at),
        }
    }

    fn apply(&mut self, event: &Event) {
        match event {
            Event::CallStarted { start, at } => self.start = Some((start.clone(), *at)),
            Event::CallRinging { who, at, .. } => {
                self.rings.push(Ring { who: who.clone(), at: *at, over: false, ended: None });
            }
            Event::CallHeard { id, ring, what, at } => {
                self.heard.insert(id.clone(), (*ring, *what));
                if *what == What::Ended {
                    self.change(*ring, |ring| ring.ended = Some(*at));
                }
            }
            Event::CallLooped { ring, .. } => self.change(*ring, |ring| ring.over = true),
            Event::CallAnswered { ring, at, .. } => {
                self.answered = Some((*ring, *at));
                self.change(*ring, |ring| ring.over = true);
            }
            Event::CallEnded { at } => self.ended = Some(*at),
            Event::CallUnanswered { .. } => self.unanswered = true,
            Event::CallGivenUp { .. } => {
                self.given_up = true;
                self.change(self.rung(), |ring| ring.over = true);
            }
            Event::CallOutcomeGp { by, outcome, lines, at } => self.gp = Some(keyed(by, *outcome, lines, *at)),
            Event::CallOutcomeConsultant { by, outcome, lines, at } => {
                self.consultant = Some(keyed(by, *outcome, lines, *at));
            }
            Event::CallOutcomeMissing { end } => self.missing = Some(*end),
        }
    }
}

impl Call {
    fn change(&mut self, number: u32, change: impl FnOnce(&mut Ring)) {
        let index = usize::try_from(number).unwrap_or_default().wrapping_sub(1);
        if let Some(ring) = self.rings.get_mut(index) {
            change(ring);
        }
    }
}

fn keyed(by: &Subject, outcome: Outcome, lines: &[Line], at: Timestamp) -> Keyed {
    Keyed { reader: by.id.clone(), outcome, lines: lines.to_vec(), at }
}

#[cfg(test)]
mod tests;
