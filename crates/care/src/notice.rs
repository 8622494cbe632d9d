//! Notices: whose pages an entry of the log has changed. A list is changed for whoever has a part in the thing before the entry or
//! after it, and for nobody else: a team that has given an ask back hears no more of it. Must not say what has changed, nor for
//! whom anybody asked: a page that hears of it fetches itself again, with leave.

use std::collections::BTreeSet;

use jiff::Timestamp;
use store::log::Mark;
use store::{Aggregate as _, Entry, Result, Tx, aggregate, log};
use uuid::Uuid;

use crate::advice::{self, Advice};
use crate::ask::{self, Ask, State};
use crate::call::{self, Call};
use crate::capacity::Capacity;
use crate::crisis::Response;
use crate::episode::Episode;
use crate::fall::Fall;
use crate::rota::Rota;
use crate::slot::Slot;
use crate::views::ask::root;

/// Something that pages show.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// The lists of asks of a holder: a team's word, or `reader:` and the id of somebody's own.
    Asks(String),
    /// One ask.
    Ask(Uuid),
    /// The asks for one person, by the id under which they are known now.
    Person(Uuid),
    /// The lists of advice of a holder.
    Advice(String),
    /// One call to a consultant.
    Call(Uuid),
    /// One written question.
    Question(Uuid),
    /// Who is on which line.
    Rotas,
    /// What the crisis team and the falls service have under way.
    Crisis,
    /// The stays of a service, by the word of its team.
    Stays(String),
    /// One stay.
    Stay(Uuid),
    /// Which same-day places are offered, free and taken.
    Slots,
    /// One same-day place, and the visit of whoever has it.
    Slot(Uuid),
    /// How much room the services say they have.
    Capacity,
}

/// Somebody as a holder of lists of their own.
#[must_use]
pub fn own(reader: &str) -> String {
    format!("reader:{reader}")
}

/// What an entry of the log has changed for the pages that show it. Of a kind that no page follows, nothing.
///
/// # Errors
/// What the database says, or an event that cannot be read.
pub fn of(tx: &mut dyn Tx, mark: &Mark) -> Result<BTreeSet<Topic>> {
    match mark.kind.as_str() {
        Ask::KIND => {
            let topics = of_ask(mark.stream, &until(tx, mark)?)?;
            let rooted = |topic| match topic {
                Topic::Person(person) => root(tx, person).map(Topic::Person),
                other => Ok(other),
            };
            topics.into_iter().map(rooted).collect()
        }
        Call::KIND => of_call(mark.stream, &until(tx, mark)?),
        Advice::KIND => of_question(mark.stream, &until(tx, mark)?),
        Rota::KIND => Ok(BTreeSet::from([Topic::Rotas])),
        Response::KIND => parts::<Response>(&until(tx, mark)?, |response, _, topics| {
            topics.extend([Topic::Crisis, Topic::Ask(response.ask())]);
        }),
        Fall::KIND => parts::<Fall>(&until(tx, mark)?, |fall, _, topics| {
            topics.extend(fall.ask().map(Topic::Ask).into_iter().chain([Topic::Crisis]));
        }),
        Episode::KIND => parts::<Episode>(&until(tx, mark)?, |stay, _, topics| {
            let service = Topic::Stays(format!("service:{}", stay.service()));
            topics.extend(stay.ask().map(Topic::Ask).into_iter().chain([service, Topic::Stay(mark.stream)]));
        }),
        Slot::KIND => parts::<Slot>(&until(tx, mark)?, |slot, _, topics| {
            // Whoever held it, whether or not their time is over by now.
            let ask = slot.holder(Timestamp::MIN).and_then(|holder| holder.ask);
            topics.extend(ask.map(Topic::Ask).into_iter().chain([Topic::Slots, Topic::Slot(mark.stream)]));
        }),
        Capacity::KIND => Ok(BTreeSet::from([Topic::Capacity])),
        _ => Ok(BTreeSet::new()),
    }
}

/// The history of a thing up to and with one entry.
fn until(tx: &mut dyn Tx, mark: &Mark) -> Result<Vec<Entry>> {
    let mut history = log::stream(tx, mark.stream)?;
    history.retain(|entry| entry.version <= mark.version);
    Ok(history)
}

/// Folds a history and asks who has a part in it, before its last entry and after.
fn parts<A: aggregate::Aggregate>(
    history: &[Entry],
    mut part: impl FnMut(&A, &A::Event, &mut BTreeSet<Topic>),
) -> Result<BTreeSet<Topic>> {
    let (mut state, mut before, mut after) = (A::default(), BTreeSet::new(), BTreeSet::new());
    for entry in history {
        let event = aggregate::read::<A>(entry)?;
        state.apply(&event);
        before = std::mem::take(&mut after);
        part(&state, &event, &mut after);
    }
    before.append(&mut after);
    Ok(before)
}

fn of_ask(id: Uuid, history: &[Entry]) -> Result<BTreeSet<Topic>> {
    let mut worker = None;
    parts::<Ask>(history, |ask, event, topics| {
        match event {
            ask::Event::AskReceived { by } | ask::Event::TriageStarted { by } | ask::Event::HopAccepted { by, .. } => {
                worker = Some(by.id.clone());
            }
            _ => {}
        }
        // A draft is on nobody's list.
        if matches!(ask.state(), State::New | State::Draft) {
            return;
        }
        let sender = ask.request().and_then(|request| request.asked_by.team.as_ref());
        let offered = ask.open_hop().map(|hop| &hop.to);
        let teams = ask.owner().into_iter().chain(sender).chain(offered);
        topics.extend(teams.map(|team| Topic::Asks(team.word().to_owned())));
        topics.extend(worker.iter().map(|reader| Topic::Asks(own(reader))));
        topics.extend([Topic::Asks(own(ask.author())), Topic::Ask(id), Topic::Person(ask.person())]);
    })
}

fn of_call(id: Uuid, history: &[Entry]) -> Result<BTreeSet<Topic>> {
    parts::<Call>(history, |call, _: &call::Event, topics| {
        let start = call.start().into_iter();
        topics.extend(start.flat_map(|start| [start.team.word().to_owned(), own(&start.by.id)]).map(Topic::Advice));
        // Whoever is rung or has answered; of a ring that is over, nobody.
        let ringing = call.ringing().map(|(_, ring)| own(&ring.who.reader));
        let answered = call.answered().map(|(who, _)| own(&who.reader));
        topics.extend(ringing.into_iter().chain(answered).map(Topic::Advice));
        topics.insert(Topic::Call(id));
    })
}

fn of_question(id: Uuid, history: &[Entry]) -> Result<BTreeSet<Topic>> {
    parts::<Advice>(history, |advice, _: &advice::Event, topics| {
        let holders = advice.question().into_iter().flat_map(|(question, _)| {
            [question.team.word().to_owned(), question.to.word().to_owned(), own(&question.by.id)]
        });
        topics.extend(holders.map(Topic::Advice));
        topics.insert(Topic::Question(id));
    })
}

#[cfg(test)]
mod tests;
