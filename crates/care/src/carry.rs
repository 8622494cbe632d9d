//! What an ask begins in the service that takes it, in one transaction with the ask: a stay where the service has stays, a time where
//! a place was booked. And what it ends when the ask goes elsewhere. Must not decide anything about either; their rules do.

use access::{AskPermit, Subject};
use jiff::Timestamp;
use place::{Opens, Place};
use store::{Refused, Write};
use uuid::Uuid;

use crate::ask::{self, Act, Ask, Command, Refusal, State};
use crate::episode::{self, Episode};
use crate::slot;
use crate::views;
use crate::words::Words;

/// Does something to an ask, with leave to, and begins or ends what hangs on it: all or nothing.
///
/// # Errors
/// [`Refused::Rules`] with words for whoever tried, or [`Refused::Store`].
pub fn act(
    write: &mut Write<'_>,
    permit: &AskPermit,
    place: &Place,
    id: Uuid,
    act: Act,
    at: Timestamp,
) -> Result<Ask, Refused<Refusal>> {
    let begins = begins(&act);
    let ask = ask::act(write, permit, id, act, at)?;
    follow(write, place, permit.by(), (id, ask), begins, at)
}

/// The same for callers that have seen to the leave.
///
/// # Errors
/// [`Refused::Rules`] with words for whoever tried, or [`Refused::Store`].
pub fn carry(
    write: &mut Write<'_>,
    place: &Place,
    id: Uuid,
    command: Command,
    at: Timestamp,
) -> Result<Ask, Refused<Refusal>> {
    let by = command.by.clone();
    let begins = begins(&command.act);
    let ask = ask::carry(write, id, command, at)?;
    follow(write, place, &by, (id, ask), begins, at)
}

/// The acts by which a service can come to have an ask that was decided for it.
const fn begins(act: &Act) -> bool {
    matches!(act, Act::AcceptHop | Act::Receive | Act::Decide { .. })
}

/// Brings what hangs on an ask in step with it. One more thing that a service can begin is one more arm here.
fn follow(
    write: &mut Write<'_>,
    place: &Place,
    by: &Subject,
    (id, ask): (Uuid, Ask),
    begins: bool,
    at: Timestamp,
) -> Result<Ask, Refused<Refusal>> {
    let taken = episode::taken_by(&ask).map(str::to_owned);
    let opens = taken.as_deref().and_then(|name| place.service(name)).and_then(|service| service.opens);
    let stay = taken.as_deref().filter(|_| opens == Some(Opens::Stay));
    let all = stays(write, by, id, &ask, stay, at)?;
    if let Some(service) = stay.filter(|_| begins && !all.iter().any(|one| one.ended.is_none())) {
        at_stay(episode::take(write, by, id, &ask, service, all.len(), at))?;
    }
    slots(write, by, id, ask, taken.as_deref(), at)
}

/// The stay that is expected with an ask goes with the service that has it, and with nobody else.
fn stays(
    write: &mut Write<'_>,
    by: &Subject,
    id: Uuid,
    ask: &Ask,
    service: Option<&str>,
    at: Timestamp,
) -> Result<Vec<views::episode::OfAsk>, Refused<Refusal>> {
    let mut all = views::episode::of_ask(write.tx(), id)?;
    for stay in &mut all {
        let theirs = service == Some(stay.service.as_str());
        // On its way to somebody else and not taken yet: whoever has the ask has the stay, as with the ask itself.
        let on_offer = ask.open_hop().is_some() && ask.owner().is_some_and(|owner| owner.parts().1 == stay.service);
        if stay.started.is_none() && stay.ended.is_none() && !theirs && !on_offer {
            let because = Words::try_from("the ask is no longer with this service").map_err(|_| Refusal::NoLeave);
            let because = because.map_err(Refused::Rules)?;
            at_stay(episode::let_go(write, by, stay.id, because, at))?;
            stay.ended = Some(at);
        }
        if stay.person != views::ask::root(write.tx(), ask.person())? {
            let actor = by.actor();
            let found = episode::Command::Find(ask.person());
            at_stay(write.execute::<Episode>(stay.id, found, &actor, at).map(|_| ()))?;
        }
    }
    Ok(all)
}

fn at_stay(outcome: Result<(), Refused<episode::Refusal>>) -> Result<(), Refused<Refusal>> {
    outcome.map_err(|refused| match refused {
        Refused::Rules(refusal) => Refused::Rules(Refusal::Stay(refusal)),
        Refused::Store(error) => Refused::Store(error),
    })
}

/// A place that is booked for an ask: arranged when the clinic takes the ask, given back when the ask goes elsewhere.
fn slots(
    write: &mut Write<'_>,
    by: &Subject,
    id: Uuid,
    ask: Ask,
    taken: Option<&str>,
    at: Timestamp,
) -> Result<Ask, Refused<Refusal>> {
    let Some(booked) =
        views::slot::of_ask(write.tx(), id)?.filter(|booked| booked.arrived.is_none() && booked.ended.is_none())
    else {
        return Ok(ask);
    };
    let clinic = |team: &crate::Team| team.parts() == ("service", booked.service.as_str());
    let asked = ask.open_hop().is_some_and(|hop| clinic(&hop.to));
    let has = ask.owner().is_some_and(clinic) && ask.state().is_open() && ask.state() != State::Withdrawn;
    if !asked && !has || ask.state() == State::Died {
        let because = Words::try_from("the ask it was booked for went another way");
        let because = because.map_err(|_| Refused::Rules(Refusal::NoLeave))?;
        let actor = by.actor();
        return match write.execute::<slot::Slot>(booked.id, slot::Command::Free(because), &actor, at) {
            Ok(_) => Ok(ask),
            Err(Refused::Rules(refusal)) => Err(Refused::Rules(Refusal::Slot(refusal))),
            Err(Refused::Store(error)) => Err(Refused::Store(error)),
        };
    }
    if taken == Some(booked.service.as_str()) && ask.state() == State::Decided && booked.starts >= at {
        let what = Words::try_from(booked.place.as_str()).map_err(|_| Refused::Rules(Refusal::NoLeave))?;
        let act = Act::Schedule { when: booked.starts, what };
        return ask::carry(write, id, Command { by: by.clone(), act }, at);
    }
    Ok(ask)
}
