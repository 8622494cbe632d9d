//! What is left of the policies once it is known who asks for what and why, as a condition on entries. Only the operators
//! named here are understood: a policy that opens and is not understood opens nothing, and one that closes and is not
//! understood closes everything.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use cedar_policy::pst::{BinaryOp, Clause, EntityUID, Expr, Literal, UnaryOp, Var};
use cedar_policy::{Effect, PartialEntities, PartialEntity, PartialEntityUid, PartialRequest, Policy};

use super::load::Policies;
use super::question::{Verdict, uid};
use super::{simple, words};
use crate::decide::Level;
use crate::filter::{Filter, Test};
use crate::item::{Item, Seal, Sensitivity};
use crate::relationship::{Tie, Ties};
use crate::role::{Action, Purpose, Role};
use crate::rules::Rules;

/// A part of a policy that cannot be put into a condition.
#[derive(Debug, thiserror::Error)]
#[error("the policy {policy} says what no condition can say: {words}")]
struct NotUnderstood {
    policy: String,
    words: String,
}

type Broken = Box<dyn std::error::Error>;

/// The policies that can say anything of an action, each with the condition on which it does, in the order of the files.
#[derive(Debug, Default)]
struct Conditions {
    opens: Vec<(usize, Filter)>,
    closes: Vec<(usize, Filter)>,
}

impl Conditions {
    /// The first of these that holds.
    fn first(of: &[(usize, Filter)], item: &Item, ties: &Ties) -> Option<usize> {
        of.iter().find(|(_, condition)| condition.holds(item, ties)).map(|(place, _)| *place)
    }

    /// All of them as one condition.
    fn filter(&self) -> Filter {
        let each = |of: &[(usize, Filter)]| Filter::Any(of.iter().map(|(_, condition)| condition.clone()).collect());
        let closed = Filter::Not(Box::new(each(&self.closes)));
        simple::simplified(&Filter::All(vec![each(&self.opens), closed]))
    }
}

/// What is left of the policies for one kind of reader, action and purpose: as conditions to ask of many entries, and policy by
/// policy, to say of one entry what they say of it and which of them says it.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) rules: Arc<Rules>,
    /// By how much is shown, the most first. None where anything could not be put into a condition.
    levels: Vec<(Level, Conditions)>,
}

impl Compiled {
    /// What opens nothing.
    pub(crate) fn nothing() -> Self {
        Self { rules: Arc::new(Rules::nothing()), levels: Vec::new() }
    }

    /// What the policies say of an entry of a person with these ties: the same as [`Policies::decide`], in a thousandth of the time.
    pub(crate) fn verdict(&self, item: &Item, ties: &Ties) -> Verdict {
        // What closed more than is open, if something did.
        let mut closed = None;
        for (level, conditions) in &self.levels {
            let Some(opens) = Conditions::first(&conditions.opens, item, ties) else { continue };
            match Conditions::first(&conditions.closes, item, ties) {
                None => return Verdict { level: *level, policy: Some(closed.unwrap_or(opens)) },
                closes => closed = closed.or(closes),
            }
        }
        Verdict { level: Level::Hidden, policy: closed }
    }
}

impl Policies {
    /// What is left of them for a reader, an action and a purpose. Where that cannot be said: nothing, and an alarm.
    pub(crate) fn compiled(&self, role: Role, assured: bool, action: Action, purpose: Purpose) -> Compiled {
        let mut levels = Vec::new();
        let mut whole = true;
        for level in [Level::Full, Level::Masked, Level::ExistenceOnly] {
            let Some(word) = words::action(action, level) else { continue };
            match self.conditions(role, assured, word, purpose) {
                Ok(conditions) => levels.push((level, conditions)),
                Err(error) => {
                    self.alarm(&error);
                    whole = false;
                }
            }
        }
        if !whole {
            return Compiled::nothing();
        }
        let filter = |level, otherwise: &Filter| {
            // An action without half measures shows all or nothing.
            let of_level = levels.iter().find(|(one, _)| *one == level);
            of_level.map_or_else(|| otherwise.clone(), |(_, conditions)| conditions.filter())
        };
        let full = filter(Level::Full, &Filter::Never);
        let masked = filter(Level::Masked, &full);
        let existence = filter(Level::ExistenceOnly, &masked);
        Compiled { rules: Arc::new(Rules { full, masked, existence }), levels }
    }

    /// The conditions on which policies open or close an entry for an action of theirs.
    fn conditions(&self, role: Role, assured: bool, action: &str, purpose: Purpose) -> Result<Conditions, Broken> {
        let reader = uid(&self.types.reader, "reader");
        let attributes: BTreeMap<_, _> =
            self.reader(role, assured).into_iter().map(|(name, value)| (name.into(), value)).collect();
        let known = PartialEntity::new(reader.clone(), Some(attributes), Some(HashSet::new()), None, &self.schema)?;
        let entities = PartialEntities::from_partial_entities([known], &self.schema)?;
        let request = PartialRequest::new(
            PartialEntityUid::from_concrete(reader),
            uid(&self.types.action, action),
            PartialEntityUid::new(self.types.entry.clone(), None),
            Some(self.context(purpose)?),
            &self.schema,
        )?;
        let response = self.of_action(action)?.set.tpe(&request, &entities, &self.schema)?;
        let mut conditions = Conditions::default();
        for policy in response.policies() {
            let (into, understood) = match (policy.effect(), condition(&policy)) {
                (Effect::Permit, Ok(condition)) => (&mut conditions.opens, condition),
                (Effect::Permit, Err(error)) => {
                    self.alarm(&error);
                    continue;
                }
                (Effect::Forbid, Ok(condition)) => (&mut conditions.closes, condition),
                (Effect::Forbid, Err(error)) => return Err(error.into()),
            };
            let id: &str = policy.id().as_ref();
            let place = self.stated.iter().position(|stated| stated.id == id);
            let place = place.ok_or_else(|| format!("there is no policy {id}"))?;
            let understood = simple::simplified(&understood);
            if understood != Filter::Never {
                into.push((place, understood));
            }
        }
        conditions.opens.sort_by_key(|(place, _)| *place);
        conditions.closes.sort_by_key(|(place, _)| *place);
        Ok(conditions)
    }
}

/// What a policy, of which only conditions on the entry are left, asks of it.
fn condition(policy: &Policy) -> Result<Filter, NotUnderstood> {
    let not = |words: String| NotUnderstood { policy: policy.id().to_string(), words };
    let left = policy.to_pst().map_err(|error| not(error.to_string()))?;
    let clauses = left.body().clauses().iter().map(|clause| match clause {
        Clause::When(when) => understood(when),
        Clause::Unless(unless) => understood(unless).map(|filter| Filter::Not(Box::new(filter))),
    });
    // What goes wrong in one clause is never made good by another.
    clauses.collect::<Result<Vec<_>, _>>().map(Filter::All).map_err(not)
}

fn understood(expression: &Expr) -> Result<Filter, String> {
    let no = || Err(expression.to_string());
    Ok(match expression {
        Expr::Literal(Literal::Bool(true)) => Filter::Always,
        Expr::Literal(Literal::Bool(false)) => Filter::Never,
        Expr::UnaryOp { op: UnaryOp::Not, expr } => Filter::Not(Box::new(understood(expr)?)),
        Expr::BinaryOp { op: BinaryOp::And, left, right } => Filter::All(vec![understood(left)?, understood(right)?]),
        Expr::BinaryOp { op: BinaryOp::Or, left, right } => Filter::Any(vec![understood(left)?, understood(right)?]),
        Expr::BinaryOp { op: BinaryOp::Contains, left, right } => match (left.as_ref(), attribute(right)) {
            (Expr::Set(classes), Some("class")) => {
                let classes = classes.iter().map(|class| is_class(class).ok_or_else(|| class.to_string()));
                Filter::Any(classes.collect::<Result<_, _>>()?)
            }
            _ => return no(),
        },
        Expr::BinaryOp { op: op @ (BinaryOp::Eq | BinaryOp::NotEq), left, right }
            if attribute(left) == Some("class") || attribute(right) == Some("class") =>
        {
            let class = if attribute(left) == Some("class") { right } else { left };
            let Some(is) = is_class(class) else { return no() };
            if *op == BinaryOp::Eq { is } else { Filter::Not(Box::new(is)) }
        }
        Expr::BinaryOp { op, left, right } => match (attribute(left), right.as_ref()) {
            (Some(name), Expr::Literal(Literal::Long(number))) => match compared(name, *op, *number) {
                Some(filter) => filter,
                None => return no(),
            },
            _ => return no(),
        },
        Expr::GetAttr { expr, attr } if attribute(expr) == Some("ties") => match Tie::from_word(attr) {
            Some(tie) => Filter::Is(Test::Tie(tie)),
            None => return no(),
        },
        other => match attribute(other) {
            Some("ours") => Filter::Is(Test::Ours),
            Some("harmful") => Filter::Is(Test::Harmful),
            Some("objected") => Filter::Is(Test::Objected),
            _ => return no(),
        },
    })
}

/// The name of an attribute of the entry.
fn attribute(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::GetAttr { expr, attr } if matches!(expr.as_ref(), Expr::Var(Var::Resource)) => Some(attr),
        _ => None,
    }
}

fn is_class(expression: &Expr) -> Option<Filter> {
    match expression {
        Expr::Literal(Literal::EntityUID(EntityUID { ty, eid })) if ty.to_string() == "Class" => {
            words::class_of(eid).map(|class| Filter::Is(Test::Class(class)))
        }
        _ => None,
    }
}

/// A comparison with a number, as the numbers for which it holds.
fn compared(name: &str, op: BinaryOp, with: i64) -> Option<Filter> {
    let holds = |number: i64| {
        Some(match op {
            BinaryOp::Eq => number == with,
            BinaryOp::NotEq => number != with,
            BinaryOp::Less => number < with,
            BinaryOp::LessEq => number <= with,
            BinaryOp::Greater => number > with,
            BinaryOp::GreaterEq => number >= with,
            _ => return None,
        })
    };
    let (some, much) = match name {
        "sensitivity" => (Test::Sensitive(Sensitivity::Sensitive), Test::Sensitive(Sensitivity::Restricted)),
        "seal" => (Test::Sealed(Seal::Shown), Test::Sealed(Seal::Hidden)),
        _ => return None,
    };
    let (some, much) = (Filter::Is(some), Filter::Is(much));
    let not = |filter| Filter::Not(Box::new(filter));
    Some(match (holds(0)?, holds(1)?, holds(2)?) {
        (false, false, false) => Filter::Never,
        (false, false, true) => much,
        (false, true, false) => Filter::All(vec![some, not(much)]),
        (false, true, true) => some,
        (true, false, false) => not(some),
        (true, false, true) => Filter::Any(vec![not(some), much]),
        (true, true, false) => not(much),
        (true, true, true) => Filter::Always,
    })
}
