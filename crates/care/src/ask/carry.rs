//! An ask and what it opens, in one transaction: whoever has an ask, or is offered one, is tied to the person for as long as the
//! ask says so. Must not decide anything about the ask; that is `decide`'s.

use std::collections::BTreeMap;

use access::tie::{self, Relationship};
use access::{AskPermit, DraftPermit, Subject};
use jiff::{SignedDuration, Timestamp};
use store::{Aggregate, Refused, Write};
use uuid::Uuid;

use super::{Act, Ask, Command, Refusal, State, derived};
use crate::crisis;
use crate::draft::Draft;
use crate::team::Team;
use crate::views;

/// How long the teams that had an ask are still tied to the person after it is closed: to write up, and to answer what comes back.
pub const AFTERWARDS: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Does something to an ask, with leave to: what is made needs leave to make asks, what is worked leave to work them.
///
/// # Errors
/// [`Refused::Rules`] with words for whoever tried, or [`Refused::Store`].
pub fn act(
    write: &mut Write<'_>,
    permit: &AskPermit,
    id: Uuid,
    act: Act,
    at: Timestamp,
) -> Result<Ask, Refused<Refusal>> {
    let by_whoever_asked = matches!(
        act,
        Act::Draft(_)
            | Act::Discard
            | Act::Submit(_)
            | Act::GiveInfo { .. }
            | Act::AddWords { .. }
            | Act::Withdraw { .. }
    );
    if !by_whoever_asked && !permit.works() {
        return Err(Refused::Rules(Refusal::NoLeave));
    }
    let about = match &act {
        Act::Submit(request) => Some(request.whom.person),
        _ => views::ask::person_of(write.tx(), id)?,
    };
    if let Some(person) = about
        && views::ask::root(write.tx(), person)? != permit.person()
    {
        return Err(Refused::Rules(Refusal::NoLeave));
    }
    if crisis::says(&act) && views::crisis::open_for(write.tx(), id)?.is_some() {
        return Err(Refused::Rules(Refusal::WithCrisisTeam));
    }
    carry(write, id, Command { by: permit.by().clone(), act }, at)
}

/// The ask that something belongs to, where the permit is leave to work the asks of its person. Whether it is theirs to work says
/// [`Ask::must_be_with`].
///
/// # Errors
/// [`Refusal::NoLeave`], or what the database says.
pub(crate) fn worked(write: &mut Write<'_>, permit: &AskPermit, id: Uuid) -> Result<Ask, Refused<Refusal>> {
    let person = views::ask::person_of(write.tx(), id)?;
    if !permit.works() || person != Some(permit.person()) {
        return Err(Refused::Rules(Refusal::NoLeave));
    }
    Ok(loaded(write, id)?)
}

/// An ask as its log has it.
pub(crate) fn loaded(write: &mut Write<'_>, ask: Uuid) -> Result<Ask, store::Error> {
    Ok(store::aggregate::load::<Ask>(&store::log::stream(write.tx(), ask)?)?.0)
}

/// Keeps a draft, or throws it away (`None`), for its author.
///
/// # Errors
/// [`Refused::Rules`] with words for whoever tried, or [`Refused::Store`].
pub fn keep(
    write: &mut Write<'_>,
    permit: &DraftPermit,
    by: &Subject,
    id: Uuid,
    draft: Option<Draft>,
    at: Timestamp,
) -> Result<Ask, Refused<Refusal>> {
    if permit.author() != by.id {
        return Err(Refused::Rules(Refusal::NotYourDraft));
    }
    carry(write, id, Command { by: by.clone(), act: draft.map_or(Act::Discard, Act::Draft) }, at)
}

/// Does something to an ask and brings the relationships in step with it. For callers that have seen to the leave.
///
/// # Errors
/// [`Refused::Rules`] with words for whoever tried, or [`Refused::Store`].
pub fn carry(write: &mut Write<'_>, id: Uuid, command: Command, at: Timestamp) -> Result<Ask, Refused<Refusal>> {
    let by = command.by.clone();
    let actor = by.actor();
    let history = store::log::stream(write.tx(), id)?;
    if history.first().is_some_and(|first| first.kind != Ask::KIND) {
        return Err(Refused::Rules(Refusal::TakenId));
    }
    let (before, version) = store::aggregate::load::<Ask>(&history)?;
    let was = held(id, &before);
    let now = write.follow::<Ask>(before.clone(), version, id, command, None, &actor, at)?;
    let is = held(id, &now);
    let because = "an ask for help";
    for stream in was.keys().filter(|stream| !is.contains_key(stream)) {
        let close = tie::Command::CloseWithAsk { by: by.clone(), ask: id, because: because.to_owned() };
        tied(write.execute::<Relationship>(*stream, close, &actor, at))?;
    }
    let until = if now.state() == State::Closed { at.checked_add(AFTERWARDS).unwrap_or(FAR) } else { FAR };
    for (stream, holder) in is.iter().filter(|(stream, _)| !was.contains_key(stream)) {
        let open = tie::Command::OpenForAsk {
            by: by.clone(),
            person: now.person(),
            ask: id,
            holder: holder.word().to_owned(),
            until,
            because: because.to_owned(),
        };
        tied(write.begin::<Relationship>(*stream, open, None, &actor, at))?;
    }
    let further = crisis::follow(write, id, (&before, &now), &by, &history, at)?;
    Ok(further.unwrap_or(now))
}

/// Until the ask says otherwise.
const FAR: Timestamp = Timestamp::MAX;

fn tied(outcome: Result<Relationship, Refused<tie::Refusal>>) -> Result<(), Refused<Refusal>> {
    match outcome {
        Ok(_) => Ok(()),
        Err(Refused::Rules(refusal)) => Err(Refused::Rules(Refusal::Tie(refusal))),
        Err(Refused::Store(error)) => Err(Refused::Store(error)),
    }
}

/// The relationships that stand by an ask, each by its stream: another stream for another person, for another offer, and for
/// the time after it is closed, so that each begins once and ends once.
fn held(id: Uuid, ask: &Ask) -> BTreeMap<Uuid, Team> {
    let after = [u8::from(ask.state() == State::Closed)];
    let finds = ask.finds().to_le_bytes();
    let person = ask.person();
    let stream = |(team, hop): (&Team, &usize)| {
        let hop = u64::try_from(*hop).unwrap_or(u64::MAX).to_le_bytes();
        let parts: [&[u8]; 7] =
            [b"weft-ask-tie-1", id.as_bytes(), team.word().as_bytes(), person.as_bytes(), &hop, &finds, &after];
        (derived(&parts), team.clone())
    };
    ask.ties().iter().map(stream).collect()
}
