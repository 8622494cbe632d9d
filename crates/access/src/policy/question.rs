//! One question to the policies, in the few and finite words they may ask about, and Cedar's answer to it. Must not remember
//! anything: that is `judge`'s.

use std::collections::{HashMap, HashSet};

use cedar_policy::{
    Context, Decision as Answer, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request, Response,
    RestrictedExpression,
};

use super::load::Policies;
use super::words;
use crate::decide::Level;
use crate::item::Item;
use crate::relationship::{Tie, Ties};
use crate::role::{Action, Purpose, Role};

/// Everything on which a decision rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Question {
    role: Role,
    assured: bool,
    action: Action,
    purpose: Purpose,
    item: Item,
    /// The ties for the item's class, one bit each.
    ties: u16,
    objected: bool,
}

/// What the policies say: how much, by which of them, and whether they opened anything at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) level: Level,
    /// The place in [`Policies::stated`] of the policy that opened it, or that closed more.
    pub(crate) policy: Option<usize>,
}

impl Question {
    /// Whether somebody may do something to an entry of a person who stands to them like this.
    #[must_use]
    pub fn new(role: Role, assured: bool, action: Action, purpose: Purpose, item: Item, ties: &Ties) -> Self {
        let held = Tie::ALL.into_iter().filter(|tie| ties.has(*tie, item.class)).map(|tie| 1_u16 << (tie as u16)).sum();
        Self { role, assured, action, purpose, item, ties: held, objected: ties.objected }
    }

    /// The whole question as one number, different for every question.
    #[must_use]
    pub fn code(&self) -> u64 {
        // Each with how many there may be of it; tests hold that it fits.
        let parts = [
            (self.role as u64, 16),
            (u64::from(self.assured), 2),
            (self.action as u64, 32),
            (self.purpose as u64, 8),
            (self.item.class as u64, 32),
            (u64::from(self.item.ours), 2),
            (self.item.sensitivity as u64, 4),
            (self.item.seal as u64, 4),
            (u64::from(self.item.harmful), 2),
            (u64::from(self.objected), 2),
            (u64::from(self.ties), 1 << Tie::ALL.len()),
        ];
        parts.into_iter().fold(0, |code, (part, of)| code * of + part)
    }
}

pub(super) fn uid(of: &EntityTypeName, word: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(of.clone(), EntityId::new(word))
}

fn yes(value: bool) -> RestrictedExpression {
    RestrictedExpression::new_bool(value)
}

type Attributes = HashMap<String, RestrictedExpression>;
type Broken = Box<dyn std::error::Error>;

impl Policies {
    /// What Cedar is told of a reader.
    pub(super) fn reader(&self, role: Role, assured: bool) -> Attributes {
        let role = RestrictedExpression::new_entity_uid(uid(&self.types.role, role.word()));
        HashMap::from([("role".to_owned(), role), ("assured".to_owned(), yes(assured))])
    }

    /// What Cedar is told of the purpose.
    pub(super) fn context(&self, purpose: Purpose) -> Result<Context, Broken> {
        let purpose = RestrictedExpression::new_entity_uid(uid(&self.types.purpose, words::purpose(purpose)));
        Ok(Context::from_pairs([("purpose".to_owned(), purpose)])?)
    }

    pub(super) fn entry(&self, question: &Question) -> Result<Attributes, Broken> {
        let item = question.item;
        let ties = Tie::ALL.map(|tie| (tie.word().to_owned(), yes(question.ties & (1 << (tie as u16)) != 0)));
        let class = RestrictedExpression::new_entity_uid(uid(&self.types.class, words::class(item.class)));
        let number = |number: i64| RestrictedExpression::new_long(number);
        Ok(HashMap::from([
            ("class".to_owned(), class),
            ("ties".to_owned(), RestrictedExpression::new_record(ties)?),
            ("ours".to_owned(), yes(item.ours)),
            ("sensitivity".to_owned(), number(item.sensitivity.number())),
            ("seal".to_owned(), number(item.seal as i64)),
            ("harmful".to_owned(), yes(item.harmful)),
            ("objected".to_owned(), yes(question.objected)),
        ]))
    }

    /// What Cedar is told of both, held against the schema: a role or a class that it does not name is an error, and an error is
    /// a denial.
    fn told(&self, reader: Attributes, entry: Attributes) -> Result<Entities, Broken> {
        let (reader_id, entry_id) = (uid(&self.types.reader, "reader"), uid(&self.types.entry, "entry"));
        let told = [Entity::new(reader_id, reader, HashSet::new())?, Entity::new(entry_id, entry, HashSet::new())?];
        Ok(self.actions.clone().add_entities(told, Some(&self.schema))?)
    }

    fn put(&self, set: &PolicySet, action: &str, context: Context, told: &Entities) -> Result<Response, Broken> {
        let (reader, entry) = (uid(&self.types.reader, "reader"), uid(&self.types.entry, "entry"));
        let request = Request::new(reader, uid(&self.types.action, action), entry, context, Some(&self.schema))?;
        Ok(self.authorizer.is_authorized(&request, set, told))
    }

    /// Asks these policies about attributes that have been put into Cedar's words, whatever they are.
    #[cfg(test)]
    pub(super) fn ask(
        &self,
        set: &PolicySet,
        action: &str,
        context: Context,
        reader: Attributes,
        entry: Attributes,
    ) -> Result<Response, Broken> {
        self.put(set, action, context, &self.told(reader, entry)?)
    }

    fn answer(&self, set: &PolicySet, action: &str, context: Context, told: &Entities) -> Result<Response, Broken> {
        let response = self.put(set, action, context, told)?;
        // Cedar passes over a policy that errors, and a forbid passed over would be an opening.
        let wrong = response.diagnostics().errors().next().map(ToString::to_string);
        wrong.map_or(Ok(response), |words| Err(words.into()))
    }

    /// The first, in the order of the files, of the policies that decided.
    fn first(&self, response: &Response) -> Option<usize> {
        let names: Vec<&str> = response.diagnostics().reason().map(AsRef::as_ref).collect();
        self.stated.iter().position(|stated| names.contains(&stated.id.as_str()))
    }

    /// What the policies say, evaluated anew. Where they cannot be evaluated: nothing, and an alarm.
    pub(crate) fn decide(&self, question: &Question) -> Verdict {
        self.evaluated(question).unwrap_or_else(|error| {
            self.alarm(&error);
            Verdict { level: Level::Hidden, policy: None }
        })
    }

    /// What Cedar says beside what the compiled conditions say. Where they differ: an alarm, and whichever shows less.
    pub(crate) fn beside(&self, question: &Question, compiled: Verdict) -> Verdict {
        let cedar = self.decide(question);
        if cedar != compiled {
            self.alarm(&format!("the conditions compiled from the policies say {compiled:?}, Cedar says {cedar:?}"));
        }
        if cedar.level < compiled.level { cedar } else { compiled }
    }

    fn evaluated(&self, question: &Question) -> Result<Verdict, Broken> {
        let told = self.told(self.reader(question.role, question.assured), self.entry(question)?)?;
        let context = self.context(question.purpose)?;
        // What closed more than is open, if something did.
        let mut closed = None;
        for level in [Level::Full, Level::Masked, Level::ExistenceOnly] {
            let Some(action) = words::action(question.action, level) else { continue };
            let slice = self.of_action(action)?;
            let response = self.answer(&slice.set, action, context.clone(), &told)?;
            if response.decision() == Answer::Allow {
                return Ok(Verdict { level, policy: closed.or_else(|| self.first(&response)) });
            }
            // It closed something only if something was open: that there is a seal on what was never open is nobody's business.
            let closes = self.first(&response).filter(|_| closed.is_none());
            if closes.is_some()
                && self.answer(&slice.permits, action, context.clone(), &told)?.decision() == Answer::Allow
            {
                closed = closes;
            }
        }
        Ok(Verdict { level: Level::Hidden, policy: closed })
    }
}
