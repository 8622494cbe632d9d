//! A crisis response and the ask it answers, in one transaction: the ask that the crisis team takes begins a response, and what is
//! said of the response is said of the ask, so that nobody types anything twice. Must not decide what an ask or a response allows;
//! each says that itself.

use jiff::Timestamp;
use place::Place;
use store::{Aggregate, Entry, Refused, Write};
use uuid::Uuid;

use access::{AskPermit, Subject};

use super::{Command, Measure, Onward, Refusal, Response, Stage, Void};
use crate::age::Child;
use crate::ask::{self, Ask, Contact, Ending, Kind, State, Urgency, derived, loaded, worked};
use crate::episode::Without;
use crate::fall::{self, Fall, Known};
use crate::team::Team;
use crate::triage::{Decision, Level, Override, OverrideCode, Triage};
use crate::views;
use crate::words::Words;

/// The crisis team, as the owner of asks.
pub const TEAM: &str = "service:crisis-response";

/// What somebody of the crisis team does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Say who goes; and which condition it is, where nobody has said.
    Assign {
        /// Which of the conditions.
        condition: Option<String>,
        /// Who goes.
        responder: Words,
        /// What they take along.
        equipment: Option<Words>,
    },
    /// They set off.
    SetOff(Timestamp),
    /// They are there.
    Arrive(Timestamp),
    /// What was measured there.
    Measure {
        /// Each with its figure.
        values: Vec<(Measure, u16)>,
        /// When.
        at: Timestamp,
    },
    /// The plan to make things safe.
    Stabilise {
        /// When it began.
        at: Timestamp,
        /// The plan.
        plan: Words,
    },
    /// Somebody by name has the person now.
    HandOn {
        /// Down or up.
        onward: Onward,
        /// The team.
        team: Team,
        /// Who in it has said yes.
        name: Words,
        /// When.
        at: Timestamp,
        /// What would have happened without the crisis team, in its own eyes.
        without: Without,
        /// How whoever asked was told, where nobody has told them yet.
        told: Option<Words>,
    },
    /// Nobody goes, or the person has died.
    Void {
        /// Why, in a word.
        why: Void,
        /// Why.
        because: Words,
    },
}

impl Act {
    /// The same with times that were written to the minute: within the minute in which they were told or arrived, it was then, and
    /// not before.
    fn within(mut self, response: &Response) -> Self {
        match &mut self {
            Self::SetOff(at)
            | Self::Arrive(at)
            | Self::Measure { at, .. }
            | Self::Stabilise { at, .. }
            | Self::HandOn { at, .. } => *at = response.within_the_minute(*at),
            Self::Assign { .. } | Self::Void { .. } => {}
        }
        self
    }
}

type Outcome<T> = Result<T, Refused<Refusal>>;

fn of_ask<T>(outcome: Result<T, Refused<ask::Refusal>>) -> Outcome<T> {
    outcome.map_err(|refused| match refused {
        Refused::Rules(refusal) => Refused::Rules(refusal.into()),
        Refused::Store(error) => Refused::Store(error),
    })
}

fn of_fall<T>(outcome: Result<T, Refused<fall::Refusal>>) -> Outcome<T> {
    outcome.map_err(|refused| match refused {
        Refused::Rules(refusal) => Refused::Rules(refusal.into()),
        Refused::Store(error) => Refused::Store(error),
    })
}

fn is_team(team: Option<&Team>) -> bool {
    team.is_some_and(|team| team.word() == TEAM)
}

/// Does something in a response, with leave to work the asks of the person, and says the same to the ask.
///
/// # Errors
/// [`Refused::Rules`] with words for whoever tried, or [`Refused::Store`].
pub fn act(
    write: &mut Write<'_>,
    place: &Place,
    permit: &AskPermit,
    id: Uuid,
    act: Act,
    at: Timestamp,
) -> Outcome<Response> {
    let history = store::log::stream(write.tx(), id)?;
    if history.first().is_none_or(|first| first.kind != Response::KIND) {
        return Err(Refused::Rules(Refusal::NotAccepted));
    }
    let (response, _) = store::aggregate::load::<Response>(&history)?;
    let ask = of_ask(worked(write, permit, response.ask()))?;
    ask.must_be_with(permit.by()).map_err(|refusal| Refused::Rules(refusal.into()))?;
    Doing { write, place, by: permit.by(), id, ask: response.ask(), at }.does(
        response.clone(),
        &ask,
        act.within(&response),
    )
}

/// Whether an act belongs to the crisis team's page while a response is open: said there, it is said of the ask as well; said of the
/// ask alone, the board would not know.
#[must_use]
pub const fn says(act: &ask::Act) -> bool {
    matches!(
        act,
        ask::Act::StartTriage
            | ask::Act::Decide { .. }
            | ask::Act::OfferHop { .. }
            | ask::Act::StartContact { .. }
            | ask::Act::EndContact { .. }
            | ask::Act::RecordOutcome { .. }
            | ask::Act::Close { .. }
    )
}

/// One thing that is done, with everything it takes.
struct Doing<'a, 'b> {
    write: &'a mut Write<'b>,
    place: &'a Place,
    by: &'a Subject,
    id: Uuid,
    ask: Uuid,
    at: Timestamp,
}

impl Doing<'_, '_> {
    fn tell(&mut self, command: Command) -> Outcome<Response> {
        super::accept(self.write, self.place, self.id, command, &self.by.actor(), self.at)
    }

    fn say(&mut self, act: ask::Act) -> Outcome<Ask> {
        of_ask(ask::carry(self.write, self.ask, ask::Command { by: self.by.clone(), act }, self.at))
    }

    fn fall(&mut self) -> Result<Option<Fall>, store::Error> {
        let Some(id) = views::fall::of_ask(self.write.tx(), self.ask)? else { return Ok(None) };
        Ok(Some(store::aggregate::load::<Fall>(&store::log::stream(self.write.tx(), id)?)?.0))
    }

    fn does(&mut self, response: Response, ask: &Ask, act: Act) -> Outcome<Response> {
        match act {
            Act::Assign { condition, responder, equipment } => {
                if let Some(fall) = self.fall()? {
                    of_fall(fall.may_be_visited().map_err(Refused::Rules))?;
                }
                if let Some(condition) = condition.filter(|one| response.condition() != Some(one)) {
                    self.tell(Command::Name { condition })?;
                }
                self.tell(Command::Assign { responder, equipment })
            }
            Act::SetOff(at) => self.tell(Command::SetOff(at)),
            Act::Arrive(at) => {
                let now = self.tell(Command::Arrive(at))?;
                if response.arrived().is_none() {
                    of_ask(decided(self.write, self.ask, self.by, self.at))?;
                    // Somebody is there, whatever stands written: where the ask takes no contact now, the response keeps it.
                    let contact = ask::Act::StartContact { when: at, contact: Contact::Visit };
                    let ask = loaded(self.write, self.ask)?;
                    if would(&ask, self.by, std::slice::from_ref(&contact), self.at) {
                        self.say(contact)?;
                    }
                }
                Ok(now)
            }
            Act::Measure { values, at } => {
                let mut now = Err(Refused::Rules(Refusal::NothingMeasured));
                for (measure, value) in values {
                    now = Ok(self.tell(Command::Measure { measure, value, at })?);
                }
                now
            }
            Act::Stabilise { at, plan } => self.tell(Command::Stabilise { at, plan }),
            Act::HandOn { onward, team, name, at, without, told } => {
                let again = response.handed().is_some_and(|(to, who)| (to, who) == (&team, &name));
                if response.stage() == Stage::Closed && again {
                    return Ok(response);
                }
                if self.fall()?.is_some_and(|fall| fall.is_on_floor()) {
                    return Err(Refused::Rules(Refusal::OnTheFloor));
                }
                if response.stage() < Stage::Stepped {
                    let to = said(&team.named(self.place))?;
                    self.tell(Command::Step { onward: onward.clone(), to, at })?;
                }
                let ending = if onward == Onward::Down { Ending::Neighbourhood } else { Ending::InHospital };
                let words = said(&format!("{name} of {} has them now", team.named(self.place)))?;
                let now = self.tell(Command::HandOver { team, name, at, without })?;
                self.finish(ending, words, told)?;
                Ok(now)
            }
            Act::Void { why, because } => self.void(response, ask, why, because),
        }
    }

    /// The ask gets its outcome, its answer and its end along its own way. Somebody who is or might be a child stays on the list
    /// until the ask itself says where they go on to.
    fn finish(&mut self, ending: Ending, words: Words, told: Option<Words>) -> Outcome<()> {
        of_ask(decided(self.write, self.ask, self.by, self.at))?;
        let ask = self.say(ask::Act::RecordOutcome { ending, words: words.clone() })?;
        if ask.answered().is_none() {
            let how = told.ok_or(Refused::Rules(Refusal::NotTold))?;
            let to =
                ask.request().map(|request| request.asked_by.name.clone()).ok_or(Refused::Rules(Refusal::NotTold))?;
            self.say(ask::Act::Answer { to, how, words })?;
        }
        if ask.age().child() == Child::No {
            self.say(ask::Act::Close { age: ask.age().clone(), redirected: None })?;
        }
        Ok(())
    }

    fn void(&mut self, response: Response, ask: &Ask, why: Void, because: Words) -> Outcome<Response> {
        let command = Command::Void { why, because: because.clone(), at: self.at };
        if response.stage() == Stage::Closed {
            return self.tell(command);
        }
        let now = self.tell(command)?;
        let ending = match why {
            // The ask stays with the team until somebody else has it: handed on, or decided anew.
            Void::Inappropriate => return Ok(now),
            Void::AdmittedBeforeContact => {
                of_ask(decided(self.write, self.ask, self.by, self.at))?;
                Ending::InHospital
            }
            Void::WithdrawnBeforeContact => {
                if ask.state() != State::Withdrawn {
                    self.say(ask::Act::Withdraw { because: because.clone() })?;
                }
                Ending::NotWanted
            }
            Void::Died => {
                if ask.state() != State::Died {
                    self.say(ask::Act::NoteDeath { source: because.clone() })?;
                }
                Ending::Died
            }
        };
        self.say(ask::Act::RecordOutcome { ending, words: because })?;
        Ok(now)
    }
}

fn said(text: &str) -> Outcome<Words> {
    Words::try_from(text).map_err(|_| Refused::Rules(Refusal::OutOfTurn("write a few words")))
}

/// Whether an ask would let somebody do these things, one after the other.
fn would(ask: &Ask, by: &Subject, acts: &[ask::Act], at: Timestamp) -> bool {
    let mut ask = ask.clone();
    acts.iter().all(|act| match ask.decide(ask::Command { by: by.clone(), act: act.clone() }, at) {
        Ok(events) => {
            events.iter().for_each(|event| ask.apply(event));
            true
        }
        Err(_) => false,
    })
}

/// The crisis team has taken an ask about which nothing was decided yet, because it was asked by name: taking it is deciding that it
/// is for the crisis team. Where whoever took it is no clinician, the first of them to do something decides.
fn decided(write: &mut Write<'_>, id: Uuid, by: &Subject, at: Timestamp) -> Result<Option<Ask>, Refused<ask::Refusal>> {
    let ask = loaded(write, id)?;
    let accepted = |triage: &Triage| matches!(triage.decision, Decision::Accepted { .. });
    if ask.triage().is_some_and(accepted) {
        return Ok(None);
    }
    let (Some(service), Ok(because)) =
        (ask.owner().cloned(), Words::try_from("The crisis team was asked, and took it"))
    else {
        return Ok(None);
    };
    let triage = Triage {
        decision: Decision::Accepted { service, level: Level::Home7Day },
        urgency: Urgency::TwoHours,
        because,
        offers: Vec::new(),
        overridden: Some(Override { codes: vec![OverrideCode::NothingOffered], words: None }),
    };
    let decide = ask::Act::Decide { triage: Box::new(triage), warm: false };
    let acts = if ask.state() == State::Triaging { vec![decide] } else { vec![ask::Act::StartTriage, decide] };
    if !would(&ask, by, &acts, at) {
        return Ok(None);
    }
    let mut now = None;
    for act in acts {
        now = Some(ask::carry(write, id, ask::Command { by: by.clone(), act }, at)?);
    }
    Ok(now)
}

/// When the referral had enough in it to act on. Where help was asked for within two hours, that is when the ask was sent; where the
/// need was seen later, when it was offered to the crisis team. The stricter reading: neither a queue at the door nor a question to
/// whoever asked stops it.
fn received(ask: &Ask, history: &[Entry], at: Timestamp) -> Timestamp {
    let sent = ask.submitted().unwrap_or(at);
    let soon = ask.request().is_some_and(|request| request.urgency == Urgency::TwoHours);
    let offered = history.iter().rev().find(|entry| entry.event == "HopOffered").map(|entry| entry.at);
    (if soon { sent } else { offered.unwrap_or(sent) }).min(at)
}

/// What follows for the crisis team from a step of an ask, in the same transaction: an ask that the team takes begins a response,
/// and a fall where there was one; an ask that is taken back, or whose person has died, ends it. The ask, where it has changed.
pub(crate) fn follow(
    write: &mut Write<'_>,
    id: Uuid,
    (before, now): (&Ask, &Ask),
    by: &Subject,
    history: &[Entry],
    at: Timestamp,
) -> Result<Option<Ask>, Refused<ask::Refusal>> {
    let took = before.open_hop().is_some_and(|hop| is_team(Some(&hop.to))) && is_team(now.owner());
    let asked_itself = now.request().is_some_and(|request| is_team(Some(&request.asked_for)));
    let at_own_door = before.state() == State::Submitted && now.state() == State::Received && asked_itself;
    if took || (at_own_door && is_team(now.owner())) {
        begin(write, id, now, by, received(now, history, at), at)?;
        return decided(write, id, by, at);
    }
    let ended = before.state() != now.state() && matches!(now.state(), State::Withdrawn | State::Died);
    if ended && let Some(response) = views::crisis::open_for(write.tx(), id)? {
        end(write, response, now.state(), by, at)?;
    }
    Ok(None)
}

fn begin(
    write: &mut Write<'_>,
    id: Uuid,
    ask: &Ask,
    by: &Subject,
    received: Timestamp,
    at: Timestamp,
) -> Result<(), Refused<ask::Refusal>> {
    let Some(request) = ask.request() else { return Ok(()) };
    let fell = request.kind == Kind::Fall || request.visit.on_floor_since.is_some();
    if views::crisis::open_for(write.tx(), id)?.is_none() {
        let hop = u64::try_from(ask.hops().len()).unwrap_or(u64::MAX).to_le_bytes();
        let response = derived(&[b"weft-crisis-1", id.as_bytes(), &hop]);
        let condition = if request.kind == Kind::Fall { "fall" } else { "" }.to_owned();
        let command = Command::Accept { ask: id, person: ask.person(), condition, received };
        passed(write.begin::<Response>(response, command, None, &by.actor(), at))?;
    }
    if fell && views::fall::of_ask(write.tx(), id)?.is_none() {
        let report = fall::Command::Report {
            ask: Some(id),
            person: ask.person(),
            place: request
                .visit
                .place
                .clone()
                .or_else(|| Words::try_from("The address in the record").ok())
                .unwrap_or_else(|| request.happened.clone()),
            on_floor_since: request.visit.on_floor_since,
            on_floor: request.visit.on_floor_since.is_some(),
            alone: request.visit.alone.map_or(Known::Unknown, |alone| if alone { Known::Yes } else { Known::No }),
        };
        passed(write.begin::<Fall>(derived(&[b"weft-fall-1", id.as_bytes()]), report, None, &by.actor(), at))?;
    }
    Ok(())
}

fn end(
    write: &mut Write<'_>,
    response: Uuid,
    state: State,
    by: &Subject,
    at: Timestamp,
) -> Result<(), Refused<ask::Refusal>> {
    let (stands, _) = store::aggregate::load::<Response>(&store::log::stream(write.tx(), response)?)?;
    let (why, words) = match state {
        State::Died => (Void::Died, "The ask says so"),
        // Somebody is there: what has begun ends when somebody by name has them.
        _ if stands.arrived().is_some() => return Ok(()),
        _ => (Void::WithdrawnBeforeContact, "The ask was taken back"),
    };
    let Ok(because) = Words::try_from(words) else { return Ok(()) };
    passed(write.execute::<Response>(response, Command::Void { why, because, at }, &by.actor(), at))
}

fn passed<A, R: std::error::Error>(outcome: Result<A, Refused<R>>) -> Result<(), Refused<ask::Refusal>> {
    match outcome {
        Ok(_) => Ok(()),
        Err(Refused::Rules(refusal)) => Err(Refused::Rules(ask::Refusal::Crisis(refusal.to_string()))),
        Err(Refused::Store(error)) => Err(Refused::Store(error)),
    }
}
