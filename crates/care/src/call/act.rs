//! Doing something to a call: what the rules say, and what it opens. Whoever is rung about somebody may see their record while
//! it rings, so that they can look before they answer; whoever answered, for some days after. Nothing is opened for anybody
//! else on the rota. Must not decide what a relationship lets anybody see; that is the policy's.

use access::{Tie, tie};
use jiff::{SignedDuration, Timestamp};
use store::{Refused, Write};
use uuid::Uuid;

use super::{Call, Command, Refusal, Start};

/// How long whoever answered may see the record: to key what came of it and to do what they promised, over a weekend.
pub const AFTERWARDS: SignedDuration = SignedDuration::from_hours(72);
/// How much longer than its ring somebody who is rung may see the record: a press on the answer may cross with the end.
const GRACE: SignedDuration = SignedDuration::from_secs(5);

/// Asks something of a call, and opens the record for whom it now rings or who has answered. All of it happens or nothing.
/// The caller of this must hold a permit for the person, if the call is about one.
///
/// # Errors
/// [`Refused::Rules`] with words, or [`Refused::Store`].
pub fn ask(
    write: &mut Write<'_>,
    id: Uuid,
    command: Command,
    actor: &str,
    at: Timestamp,
) -> Result<Call, Refused<Refusal>> {
    let history = store::log::stream(write.tx(), id)?;
    let (before, version) = store::aggregate::load::<Call>(&history)?;
    let (rang, spoke) = (before.ringing().map(|(ring, _)| ring), before.answered().is_some());
    let now = write.follow(before, version, id, command, None, actor, at)?;
    let Some((start, person)) = now.start().and_then(|start| Some((start, start.person?))) else { return Ok(now) };
    let mut open = |reader: &str, until: Timestamp| {
        let command = tie::Command::Open {
            by: start.by.clone(),
            person,
            tie: Tie::Ask,
            holder: format!("reader:{reader}"),
            until,
            because: because(start),
        };
        tie::open(write, command, actor, at).map_err(|refused| match refused {
            Refused::Rules(refusal) => Refused::Rules(Refusal::NotOpened(refusal)),
            Refused::Store(error) => Refused::Store(error),
        })
    };
    if let Some((_, one)) = now.ringing().filter(|(ring, _)| Some(*ring) != rang) {
        let seconds = SignedDuration::from_secs(i64::from(start.ring_seconds));
        open(&one.who.reader, later(one.at, seconds.saturating_add(GRACE)))?;
    }
    if let Some((who, _)) = now.answered().filter(|_| !spoke) {
        open(&who.reader, later(at, AFTERWARDS))?;
    }
    Ok(now)
}

fn because(start: &Start) -> String {
    format!("rung on the advice line of {}", start.specialty)
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(at)
}
