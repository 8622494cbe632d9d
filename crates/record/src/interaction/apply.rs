//! The writer's part of a request: what was prepared is put where it belongs, in FHIR's order, as one message of the feed
//! [`super::FEED`]. Who may is asked for every resource, what stands there before as well as what comes.

use std::collections::{HashMap, HashSet};

use access::{Scope, Sealed};
use fhir::issue::Code;
use store::{Resource, Tx, Write};
use uuid::Uuid;

use super::place::Session;
use super::read::{Read, peek};
use super::settle::{Act, Aim, Step, Writing};
use super::{Content, Done, Door, Failed, Prepared, Refusal, bundle, conditional};
use crate::search::Limits;

/// Does what was asked. May be run again after a lost connection: it changes nothing outside the transaction.
///
/// # Errors
/// [`Failed::Refused`]: a transaction or a single task could not be done, and nothing of it was. In a batch each task has its
/// own outcome.
pub fn apply(
    write: &mut Write<'_>,
    door: &Door,
    scope: &Scope,
    prepared: &Prepared,
) -> Result<Sealed<Vec<Done>>, Failed> {
    let mut session = Session::begin(write, door, scope, prepared);
    let done =
        if prepared.whole { whole(write, &mut session, prepared)? } else { each(write, &mut session, prepared)? };
    let people = session.end(write)?;
    Ok(Sealed::new(people, done))
}

/// Answers a request that [`Prepared::reads_only`].
///
/// # Errors
/// The same.
pub fn answer(tx: &mut dyn Tx, scope: &Scope, prepared: &Prepared) -> Result<Sealed<Vec<Done>>, Failed> {
    let mut people = Vec::new();
    let mut done = Vec::with_capacity(prepared.steps.len());
    for (entry, step) in prepared.steps.iter().enumerate() {
        let outcome = match step {
            Ok(step) => shown(tx, scope, step, &prepared.limits, &mut people),
            Err(refusal) => Err(refusal.clone().into()),
        };
        done.push(match outcome {
            Err(Failed::Refused { refusal, .. }) if !prepared.whole => refused(refusal, entry),
            outcome => outcome.map_err(|failed| at(failed, entry, prepared.bundle))?,
        });
    }
    Ok(Sealed::new(people, done))
}

/// A failure of one entry, with its place.
fn at(failed: Failed, entry: usize, in_bundle: bool) -> Failed {
    match failed {
        Failed::Refused { refusal, .. } if in_bundle => {
            Failed::Refused { task: Some(entry), refusal: refusal.within(&bundle::place(entry)) }
        }
        other => other,
    }
}

/// What a batch says of a task that was not done.
fn refused(refusal: Refusal, entry: usize) -> Done {
    let Refusal { status, issues } = refusal.within(&bundle::place(entry));
    Done { status, kind: String::new(), id: None, version: None, content: Content::Nothing, was_read: false, issues }
}

/// A read or a search of a Bundle.
fn shown(tx: &mut dyn Tx, scope: &Scope, step: &Step, limits: &Limits, people: &mut Vec<Uuid>) -> Result<Done, Failed> {
    match step {
        Step::Read { kind, id, version } => match peek(tx, scope, kind, id, *version)? {
            (Read::Found(resource), root) => {
                people.push(root);
                Ok(Done { was_read: true, ..Done::of(200, *resource) })
            }
            (Read::Gone { .. }, root) => {
                people.push(root);
                Err(Refusal::new(410, Code::Deleted, "this resource has been deleted; its history still stands").into())
            }
            (Read::Unknown, _) => Err(Refusal::new(404, Code::NotFound, "there is no such resource").into()),
        },
        Step::Search { query } => {
            let page = conditional::page(tx, scope, query, limits, people)?;
            Ok(Done {
                status: 200,
                kind: query.kind.clone(),
                id: None,
                version: None,
                content: Content::Page { query: query.clone(), found: Box::new(page) },
                was_read: true,
                issues: Vec::new(),
            })
        }
        Step::Write(_) => Err(Failed::Store(store::Error::Backend("a write was asked of a read".to_owned()))),
    }
}

/// A batch: each task alone, in order; one that fails leaves the others.
fn each(write: &mut Write<'_>, session: &mut Session<'_>, prepared: &Prepared) -> Result<Vec<Done>, Failed> {
    let mut done = Vec::with_capacity(prepared.steps.len());
    for (entry, step) in prepared.steps.iter().enumerate() {
        let mark = session.mark();
        let outcome = match step {
            Err(refusal) => Err(refusal.clone().into()),
            Ok(Step::Write(writing)) => write.part(|write| {
                let target = target(write, session, writing)?;
                session.change(write, writing, target, &HashMap::new())
            }),
            Ok(step) => shown(write.tx(), session.scope, step, &prepared.limits, &mut session.shown),
        };
        done.push(match outcome {
            Err(Failed::Refused { refusal, .. }) => {
                session.back_to(mark);
                refused(refusal, entry)
            }
            outcome => outcome?,
        });
    }
    Ok(done)
}

/// What a change is aimed at, once the database has been asked.
#[derive(Debug, Default)]
pub(super) struct Target {
    /// The id it goes to; `None`: nothing answers, and nothing is to be made.
    pub(super) id: Option<String>,
    /// True where nothing answered the search: what is sent is new, whatever its id.
    pub(super) unanswered: bool,
    /// What answered a conditional create, and is left as it is.
    pub(super) instead: Option<Box<Resource>>,
}

fn target(write: &mut Write<'_>, session: &Session<'_>, writing: &Writing) -> Result<Target, Failed> {
    let Aim::Matching(query, otherwise) = &writing.aim else {
        let (Aim::New(id) | Aim::Id(id)) = &writing.aim else { return Ok(Target::default()) };
        return Ok(Target { id: Some(id.clone()), ..Target::default() });
    };
    let found = conditional::one(write.tx(), session.scope, query)?;
    match (found, &writing.act) {
        (None, _) => Ok(Target { id: otherwise.clone(), unanswered: true, instead: None }),
        (Some(found), Act::Create) => {
            Ok(Target { id: Some(super::logical_id(&found)), instead: Some(Box::new(found)), ..Target::default() })
        }
        (Some(found), Act::Update) => {
            let id = super::logical_id(&found);
            let own = writing.draft.as_ref().and_then(|draft| draft.body.id());
            if own.is_some_and(|own| own != id) {
                let words =
                    "the resource that answers the search has another id than the one sent; send that id, or none";
                return Err(Refusal::new(400, Code::Invalid, words).into());
            }
            Ok(Target { id: Some(id), ..Target::default() })
        }
        (Some(found), _) => Ok(Target { id: Some(super::logical_id(&found)), ..Target::default() }),
    }
}

/// A transaction: everything or nothing, in FHIR's order whatever the order of its entries.
fn whole(write: &mut Write<'_>, session: &mut Session<'_>, prepared: &Prepared) -> Result<Vec<Done>, Failed> {
    let writings: Vec<(usize, &Writing)> = prepared
        .steps
        .iter()
        .enumerate()
        .filter_map(|(entry, step)| match step {
            Ok(Step::Write(writing)) => Some((entry, writing.as_ref())),
            _ => None,
        })
        .collect();
    let failed_at = |entry: usize| move |failed: Failed| at(failed, entry, prepared.bundle);

    // Whom each is about, asked before anything changes.
    let mut targets: Vec<Target> = std::iter::repeat_with(Target::default).take(prepared.steps.len()).collect();
    let mut taken = HashSet::new();
    for (entry, writing) in &writings {
        let found = target(write, session, writing).map_err(failed_at(*entry))?;
        if let Some(id) = &found.id {
            let name = format!("{}/{id}", writing.kind);
            if found.instead.is_none() && !taken.insert(super::row_id(&writing.kind, id)) {
                let words = format!("another entry changes {name}, too; in a transaction each resource stands once");
                let refusal = Refusal::new(400, Code::Duplicate, words);
                return Err(at(refusal.into(), *entry, prepared.bundle));
            }
            if matches!(writing.aim, Aim::Matching(..))
                && let Some(slot) = session.names.get_mut(*entry)
            {
                *slot = Some(name);
            }
        }
        if let Some(slot) = targets.get_mut(*entry) {
            *slot = found;
        }
    }
    let found = conditional::references(write.tx(), session.scope, &writings)
        .map_err(|(entry, failed)| at(failed, entry, prepared.bundle))?;

    let mut done: Vec<Option<Done>> = std::iter::repeat_with(|| None).take(prepared.steps.len()).collect();
    let mut take = |write: &mut Write<'_>, session: &mut Session<'_>, turn: Turn| -> Result<(), Failed> {
        for (entry, writing) in writings.iter().filter(|(_, writing)| Turn::of(writing) == turn) {
            let target = targets.get_mut(*entry).map(std::mem::take).unwrap_or_default();
            let outcome = session.change(write, writing, target, &found).map_err(failed_at(*entry))?;
            if let Some(slot) = done.get_mut(*entry) {
                *slot = Some(outcome);
            }
        }
        Ok(())
    };
    take(write, session, Turn::Delete)?;
    // People first: the others are theirs.
    take(write, session, Turn::Patient)?;
    take(write, session, Turn::Create)?;
    take(write, session, Turn::Change)?;
    for (entry, step) in prepared.steps.iter().enumerate() {
        if let Ok(step @ (Step::Read { .. } | Step::Search { .. })) = step
            && let Some(slot) = done.get_mut(entry)
        {
            let outcome = shown(write.tx(), session.scope, step, &prepared.limits, &mut session.shown)
                .map_err(failed_at(entry))?;
            *slot = Some(outcome);
        }
    }
    Ok(done.into_iter().flatten().collect())
}

/// FHIR's order within a transaction: deletions, then what is new, then changes, then reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Delete,
    Patient,
    Create,
    Change,
}

impl Turn {
    fn of(writing: &Writing) -> Self {
        match writing.act {
            Act::Delete => Self::Delete,
            Act::Create | Act::Update if writing.kind == "Patient" => Self::Patient,
            Act::Create => Self::Create,
            Act::Update | Act::Patch(_) => Self::Change,
        }
    }
}
