//! Doing something to a written question: what the rules say, and what it opens. The specialty that is asked may see the person's
//! record while the question is open, by a relationship that ends by itself. Must not decide what it lets anybody see.

use access::{Subject, Tie, tie};
use jiff::{SignedDuration, Timestamp};
use store::{Refused, Write};
use uuid::Uuid;

use super::{Advice, Command, Refusal};

/// How long the specialty may see the record for one question: twice its five working days, and a bank holiday more.
pub const OPEN: SignedDuration = SignedDuration::from_hours(24 * 15);

/// Asks something of a question; the first asking opens the record for the specialty. All of it happens or nothing. The caller
/// of this must hold a permit for the person.
///
/// # Errors
/// [`Refused::Rules`] with words, or [`Refused::Store`].
pub fn ask(
    write: &mut Write<'_>,
    id: Uuid,
    command: Command,
    by: &Subject,
    actor: &str,
    at: Timestamp,
) -> Result<Advice, Refused<Refusal>> {
    let first = matches!(command, Command::Ask(_));
    let advice = write.execute::<Advice>(id, command, actor, at)?;
    let Some((question, _)) = advice.question().filter(|_| first) else { return Ok(advice) };
    let command = tie::Command::Open {
        by: by.clone(),
        person: question.person,
        tie: Tie::Ask,
        holder: question.to.word().to_owned(),
        until: at.saturating_add(OPEN).unwrap_or(at),
        because: format!("a written question to {}", question.specialty),
    };
    match tie::open(write, command, actor, at) {
        Ok(_) => Ok(advice),
        Err(Refused::Rules(refusal)) => Err(Refused::Rules(Refusal::NotOpened(refusal))),
        Err(Refused::Store(error)) => Err(Refused::Store(error)),
    }
}
