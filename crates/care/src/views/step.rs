//! What happened, as pages tell it: of an ask, of the response of the crisis team, of a fall. One step for each thing, in words, with who did
//! it; and the thread of an ask from one reading of its history. Must not tell anything to whom the permit does not show the ask whole.

use std::collections::BTreeMap;

use access::{Permit, Role};
use jiff::Timestamp;
use store::{Entry, Result, Tx, aggregate};
use uuid::Uuid;

use super::ask::Shown;
use crate::ask::{Ask, Event};
use crate::clock::{Moment, heard};
use crate::team::Team;

/// One thing that happened, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its place in the history.
    pub number: i64,
    /// When it was written down.
    pub at: Timestamp,
    /// The name of the event.
    pub event: String,
    /// Who, by name; empty where only their role is known.
    pub who: String,
    /// In which role; `None` for one that this Weft does not know.
    pub role: Option<Role>,
    /// Of which organisation; empty where that is not known.
    pub organisation: String,
    /// What, in a sentence without who: "took it from …".
    pub words: String,
}

/// The thread of an ask.
#[derive(Debug, Clone)]
pub struct Thread {
    /// How it stands, as on a list.
    pub line: Shown,
    /// What was asked in every word, what was decided and on what.
    pub ask: Ask,
    /// Everything that happened to it since it was sent.
    pub steps: Vec<Step>,
    /// What its clocks hear.
    pub moments: Vec<Moment>,
}

/// The thread of an ask, with teams by the names that `named` knows; `None` where the permit does not cover it whole. Drafts leave no step:
/// they are nobody's but their author's.
///
/// # Errors
/// What the database says.
pub fn thread(tx: &mut dyn Tx, permit: &Permit, id: Uuid, named: &dyn Fn(&Team) -> String) -> Result<Option<Thread>> {
    let Some(line) = super::ask::of(tx, permit, id)?.and_then(|line| line.shown) else { return Ok(None) };
    let history = store::log::stream(tx, id)?;
    let (ask, _) = aggregate::load::<Ask>(&history)?;
    let (mut steps, mut moments) = (Vec::new(), Vec::new());
    for entry in &history {
        let event = aggregate::read::<Ask>(entry)?;
        moments.extend(heard(&event, entry.at));
        if matches!(event, Event::Drafted { .. } | Event::DraftDiscarded { .. }) {
            continue;
        }
        let by = event.by();
        steps.push(Step {
            number: entry.version,
            at: entry.at,
            event: entry.event.clone(),
            who: by.name.clone(),
            role: Some(by.role),
            organisation: by.organisation.clone(),
            words: event.told_with(named),
        });
    }
    Ok(Some(Thread { line, ask, steps, moments }))
}

/// Whether a permit shows an ask whole: what belongs to it is shown to nobody else.
pub(super) fn is_shown(tx: &mut dyn Tx, permit: &Permit, ask: Uuid) -> Result<bool> {
    Ok(super::ask::of(tx, permit, ask)?.is_some_and(|line| line.shown.is_some()))
}

/// The steps of a history whose events do not say who did them: the log knows the role and the id, and the looks that were written down
/// before each know the name.
pub(super) fn of_history(
    tx: &mut dyn Tx,
    permit: &Permit,
    history: &[Entry],
    words: impl Fn(&Entry) -> Result<String>,
) -> Result<Vec<Step>> {
    let mut known = BTreeMap::new();
    let mut steps = Vec::with_capacity(history.len());
    for entry in history {
        if !known.contains_key(&entry.actor) {
            let who = access::views::audit::named(tx, permit, &entry.actor)?;
            known.insert(entry.actor.clone(), who.unwrap_or_default());
        }
        let (who, organisation) = known.get(&entry.actor).cloned().unwrap_or_default();
        steps.push(Step {
            number: entry.version,
            at: entry.at,
            event: entry.event.clone(),
            who,
            role: entry.actor.split(':').next().and_then(Role::from_word),
            organisation,
            words: words(entry)?,
        });
    }
    Ok(steps)
}
