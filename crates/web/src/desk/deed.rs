//! Deeds on measures, beds and challenges: leave from the gate, which writes it down, then the aggregate, which may refuse in
//! words. Must not decide who may do what: the policies say that, and the aggregate the rest.

use access::{Action, may_assure};
use axum::extract::Query;
use store::{Aggregate, Refused, Write};
use uuid::Uuid;

use super::person::capital;
use crate::app::{State, Trouble};
use crate::pages::ask::decision::{Field, Kind, Offered};
use crate::pages::deed::{Came, Deed, Deeds};
use crate::personas;
use crate::session::{Fields, Who};

/// Does it: done, or why not, in words.
pub(super) async fn act<A>(
    state: &State,
    who: &Who,
    action: Action,
    id: Uuid,
    command: A::Command,
) -> Result<Result<(), String>, Trouble>
where
    A: Aggregate,
    A::Command: Clone + Send + 'static,
    A::Refusal: Send + 'static,
{
    state.parts().gate.assurance(&who.subject, action, who.at).await?;
    written::<A>(state, who, id, command).await
}

/// Writes it, where leave has been given already: done, or why not, in words.
pub(super) async fn written<A>(
    state: &State,
    who: &Who,
    id: Uuid,
    command: A::Command,
) -> Result<Result<(), String>, Trouble>
where
    A: Aggregate,
    A::Command: Clone + Send + 'static,
    A::Refusal: Send + 'static,
{
    let (actor, at) = (who.actor(), who.at);
    let writing = move |write: &mut Write<'_>| write.execute::<A>(id, command.clone(), &actor, at).map(|_| ());
    match state.parts().store.write_async(writing).await {
        Ok(()) => Ok(Ok(())),
        Err(Refused::Rules(refusal)) => Ok(Err(format!("{}.", capital(&refusal.to_string()).trim_end_matches('.')))),
        Err(Refused::Store(error)) => Err(error.into()),
    }
}

/// An id for something new.
pub(super) async fn new_id(state: &State, who: &Who) -> Result<Uuid, Trouble> {
    let at = who.at;
    Ok(state.parts().store.write_async(move |write: &mut Write<'_>| Ok::<_, store::Error>(write.new_id(at))).await?)
}

/// Whether somebody may do such a thing at all: what is offered.
pub(super) fn may(who: Option<&Who>, action: Action) -> bool {
    who.is_some_and(|who| may_assure(&who.subject, action))
}

/// The deeds of a page, each with its address and the session's token; what was sent and refused stands open as it was typed.
pub(super) fn ready(deeds: Vec<Deed>, address: &str, who: &Who, sent: Option<&Fields>) -> Deeds {
    let one = |mut deed: Deed| {
        deed.action = address.to_owned();
        deed.token = who.token().to_owned();
        // Ids on a page are its own: a deed's fields go by its word.
        if let Some(sent) = sent.filter(|sent| sent.get("do") == deed.word) {
            deed.open = true;
            for field in &mut deed.fields {
                field.values = sent.all(&field.name).map(str::to_owned).collect();
            }
        }
        deed
    };
    Deeds { deeds: deeds.into_iter().map(one).collect() }
}

/// What came of a deed, as the address says after it was done.
pub(super) fn came(fields: &Query<Vec<(String, String)>>, said: &[(&str, &str)]) -> Came {
    let word = fields.0.iter().find(|(name, _)| name == "done").map_or("", |(_, word)| word.as_str());
    Came { done: said.iter().find(|(known, _)| *known == word).map(|(_, words)| (*words).to_owned()), refused: None }
}

/// A field.
pub(super) fn line(name: &str, label: &str, value: &str) -> Field {
    Field { values: vec![value.to_owned()], ..Field::new(name, label, Kind::Line) }
}

/// A field of a few lines.
pub(super) fn lines(name: &str, label: &str, rows: u16) -> Field {
    Field::new(name, label, Kind::Lines(rows))
}

/// One of a few.
pub(super) fn one_of(name: &str, label: &str, options: &[(&str, &str)]) -> Field {
    let offered =
        |(value, text): &(&str, &str)| Offered { value: (*value).to_owned(), text: (*text).to_owned(), hint: None };
    Field::new(name, label, Kind::Radios(options.iter().map(offered).collect()))
}

/// Somebody who has signed or has a vote, by name where this service knows it.
pub(super) fn name(id: &str) -> String {
    let known = personas::ALL.iter().find(|one| id.strip_prefix("persona|") == Some(one.id));
    known.map_or_else(|| id.to_owned(), |one| one.name.to_owned())
}
