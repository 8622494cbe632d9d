//! Every policy spoilt in every small way there is: left out, turned round, one condition, one tie, one role or one class
//! another. Each has to be refused by the validator or to be seen by somebody: there is an entry for which Cedar with the
//! spoilt policy says something else than the statement. One that nobody sees is a condition that protects nothing, to be
//! taken out, or a hole in the matrix; there is no list of exceptions.

use std::sync::Arc;

use cedar_policy::pst::{
    ActionConstraint, BinaryOp, Clause, Effect, EntityUID, Expr, Literal, SmolStr, Template, UnaryOp, Var,
};
use cedar_policy::{Decision, Policy, PolicyId, PolicySet, ValidationMode, Validator};

use super::*;
use crate::decide::Level;
use crate::role::{Action, Purpose, Role};

/// One question to the policies, in words.
struct Asked {
    role: Role,
    assured: bool,
    action: Action,
    level: Level,
    purpose: Purpose,
}

/// What a part of a policy comes to; what depends on the entry is unknown where there is no entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Value<'a> {
    Yes(bool),
    Number(i64),
    Word(&'a str),
    Unknown,
}

const NO: Value<'_> = Value::Yes(false);
const YES: Value<'_> = Value::Yes(true);

type Entry<'a> = Option<(&'a Item, &'a Ties)>;

/// Cedar's own meaning of the few operators the policies use; quick, to find the entry about which Cedar is then asked.
fn value<'a>(expression: &'a Expr, asked: &Asked, entry: Entry<'_>) -> Value<'a> {
    let of = |part: &'a Arc<Expr>| value(part, asked, entry);
    match expression {
        Expr::Literal(Literal::Bool(yes)) => Value::Yes(*yes),
        Expr::Literal(Literal::Long(number)) => Value::Number(*number),
        Expr::Literal(Literal::EntityUID(uid)) => Value::Word(&uid.eid),
        Expr::UnaryOp { op: UnaryOp::Not, expr } => match of(expr) {
            Value::Yes(yes) => Value::Yes(!yes),
            _ => Value::Unknown,
        },
        Expr::BinaryOp { op: op @ (BinaryOp::And | BinaryOp::Or), left, right } => {
            let enough = Value::Yes(*op == BinaryOp::Or);
            match (of(left), of(right)) {
                (left, right) if left == enough || right == enough => enough,
                (Value::Unknown, _) | (_, Value::Unknown) => Value::Unknown,
                (_, right) => right,
            }
        }
        Expr::BinaryOp { op: BinaryOp::Contains, left, right } => match (left.as_ref(), of(right)) {
            (_, Value::Unknown) => Value::Unknown,
            (Expr::Set(parts), word) => Value::Yes(parts.iter().any(|part| of(part) == word)),
            other => panic!("{other:?}"),
        },
        Expr::BinaryOp { op, left, right } => match (of(left), of(right)) {
            (Value::Unknown, _) | (_, Value::Unknown) => Value::Unknown,
            (left, right) => Value::Yes(match (op, left, right) {
                (BinaryOp::Eq, ..) => left == right,
                (BinaryOp::NotEq, ..) => left != right,
                (BinaryOp::Less, Value::Number(left), Value::Number(right)) => left < right,
                (BinaryOp::Greater, Value::Number(left), Value::Number(right)) => left > right,
                (BinaryOp::GreaterEq, Value::Number(left), Value::Number(right)) => left >= right,
                other => panic!("{other:?}"),
            }),
        },
        Expr::GetAttr { expr, attr } => attribute(expr, attr, asked, entry),
        other => panic!("{other:?}"),
    }
}

fn attribute<'a>(of: &Expr, name: &SmolStr, asked: &Asked, entry: Entry<'_>) -> Value<'a> {
    match (of, name.as_str(), entry) {
        (Expr::Var(Var::Principal), "role", _) => Value::Word(asked.role.word()),
        (Expr::Var(Var::Principal), "assured", _) => Value::Yes(asked.assured),
        (Expr::Var(Var::Context), "purpose", _) => Value::Word(words::purpose(asked.purpose)),
        (_, _, None) => Value::Unknown,
        (Expr::GetAttr { .. }, tie, Some((item, ties))) => {
            Value::Yes(ties.has(Tie::from_word(tie).unwrap(), item.class))
        }
        (_, "class", Some((item, _))) => Value::Word(words::class(item.class)),
        (_, "ours", Some((item, _))) => Value::Yes(item.ours),
        (_, "harmful", Some((item, _))) => Value::Yes(item.harmful),
        (_, "objected", Some((_, ties))) => Value::Yes(ties.objected),
        (_, "sensitivity", Some((item, _))) => Value::Number(item.sensitivity.number()),
        (_, "seal", Some((item, _))) => Value::Number(item.seal as i64),
        other => panic!("{other:?}"),
    }
}

/// Whether a policy matches; `Unknown` where that depends on the entry.
fn matches(policy: &Template, asked: &Asked, entry: Entry<'_>) -> Value<'static> {
    let action = words::action(asked.action, asked.level).unwrap();
    let groups: &[&str] = match action {
        "read-record" => &["reading", "whole"],
        "read-record-when" => &["reading", "when"],
        "read-record-existence" => &["reading", "existence"],
        "see-worklist" => &["listing", "whole"],
        "see-worklist-when" => &["listing", "when"],
        "see-worklist-existence" => &["listing", "existence"],
        "write-record" | "seal" | "read-pseudonyms" => &["whole"],
        _ => &[],
    };
    let is = |uid: &EntityUID| uid.eid == action || groups.contains(&uid.eid.as_str());
    let about = match &policy.action {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(uid) => uid.eid == action,
        ActionConstraint::In(uids) => uids.iter().any(is),
    };
    if !about {
        return NO;
    }
    let mut all = YES;
    for clause in policy.clauses() {
        let fulfilled = match clause {
            Clause::When(when) => value(when, asked, entry),
            Clause::Unless(unless) => match value(unless, asked, entry) {
                Value::Yes(yes) => Value::Yes(!yes),
                _ => Value::Unknown,
            },
        };
        match fulfilled {
            Value::Yes(true) => {}
            Value::Yes(false) => return NO,
            _ => all = Value::Unknown,
        }
    }
    all
}

/// The next of a schema's words, and round again.
fn next<'a>(word: &str, of: &[&'a str]) -> &'a str {
    let place = of.iter().position(|one| *one == word).unwrap();
    of[(place + 1) % of.len()]
}

fn other_word(uid: &EntityUID) -> EntityUID {
    let roles = Role::ALL.map(Role::word);
    let classes = Class::ALL.map(words::class);
    let purposes = Purpose::ALL.map(words::purpose);
    let actions = [
        "read-record",
        "reading",
        "see-worklist",
        "listing",
        "write-record",
        "seal",
        "whole",
        "when",
        "existence",
        "read-record-when",
        "see-worklist-when",
        "read-record-existence",
        "see-worklist-existence",
        "find-people",
        "see-looks",
        "review-looks",
        "read-message",
        "mend-message",
        "break-glass",
        "choose-sharing",
        "ask-why",
        "read-pseudonyms",
        "make-ask",
        "work-ask",
        "keep-measures",
        "judge-identity",
        "govern",
        "run-challenge",
        "count-people",
        "ask-back",
        "allow-back",
        "go-back",
    ];
    let words: &[&str] = match uid.ty.to_string().as_str() {
        "Role" => &roles,
        "Class" => &classes,
        "Purpose" => &purposes,
        _ => &actions,
    };
    EntityUID { eid: next(&uid.eid, words).into(), ..uid.clone() }
}

/// An expression spoilt in one place, in every way.
fn spoilt(expression: &Expr) -> Vec<Expr> {
    let two = |op: BinaryOp, left: &Arc<Expr>, right: &Arc<Expr>| Expr::BinaryOp {
        op,
        left: left.clone(),
        right: right.clone(),
    };
    let mut all = Vec::new();
    match expression {
        Expr::UnaryOp { op, expr } => {
            all.push(expr.as_ref().clone());
            all.extend(spoilt(expr).into_iter().map(|expr| Expr::UnaryOp { op: *op, expr: Arc::new(expr) }));
        }
        Expr::BinaryOp { op, left, right } => {
            match op {
                BinaryOp::And => {
                    all.extend([two(BinaryOp::Or, left, right), left.as_ref().clone(), right.as_ref().clone()]);
                }
                BinaryOp::Or => {
                    all.extend([two(BinaryOp::And, left, right), left.as_ref().clone(), right.as_ref().clone()]);
                }
                BinaryOp::Eq => all.push(two(BinaryOp::NotEq, left, right)),
                BinaryOp::NotEq => all.push(two(BinaryOp::Eq, left, right)),
                BinaryOp::GreaterEq => {
                    all.extend([two(BinaryOp::Greater, left, right), two(BinaryOp::Less, left, right)]);
                }
                _ => {}
            }
            all.extend(spoilt(left).into_iter().map(|left| two(*op, &Arc::new(left), right)));
            all.extend(spoilt(right).into_iter().map(|right| two(*op, left, &Arc::new(right))));
        }
        Expr::Set(parts) => {
            for place in 0..parts.len() {
                let mut fewer = parts.clone();
                fewer.remove(place);
                all.push(Expr::Set(fewer));
                for other in spoilt(&parts[place]) {
                    let mut parts = parts.clone();
                    parts[place] = Arc::new(other);
                    all.push(Expr::Set(parts));
                }
            }
        }
        Expr::Literal(Literal::EntityUID(uid)) => all.push(Expr::Literal(Literal::EntityUID(other_word(uid)))),
        Expr::Literal(Literal::Long(number)) => {
            all.extend([number - 1, number + 1].map(|number| Expr::Literal(Literal::Long(number))));
        }
        Expr::GetAttr { expr, attr } => {
            let attr = match (expr.as_ref(), attr.as_str()) {
                (Expr::GetAttr { .. }, tie) => next(tie, &Tie::ALL.map(Tie::word)),
                (_, "ours") => "objected",
                (_, "objected") => "harmful",
                (_, "harmful") => "ours",
                (_, "seal") => "sensitivity",
                (_, "sensitivity") => "seal",
                // A role is no purpose and a class is no role: the validator's.
                _ => return all,
            };
            all.push(Expr::GetAttr { expr: expr.clone(), attr: attr.into() });
        }
        _ => {}
    }
    all
}

/// A policy spoilt in one place, in every way but being left out.
fn mutants(policy: &Template) -> Vec<Template> {
    let mut all = Vec::new();
    let mut with = |change: &dyn Fn(&mut Template)| {
        let mut spoilt = policy.clone();
        change(&mut spoilt);
        all.push(spoilt);
    };
    with(&|policy| {
        policy.effect = if policy.effect == Effect::Permit { Effect::Forbid } else { Effect::Permit };
    });
    match &policy.action {
        ActionConstraint::Any => {}
        ActionConstraint::Eq(uid) => {
            with(&|policy| policy.action = ActionConstraint::Any);
            with(&|policy| policy.action = ActionConstraint::Eq(other_word(uid)));
        }
        ActionConstraint::In(uids) => {
            with(&|policy| policy.action = ActionConstraint::Any);
            for place in 0..uids.len() {
                let (mut fewer, mut others) = (uids.clone(), uids.clone());
                others[place] = other_word(&others[place]);
                fewer.remove(place);
                with(&|policy| policy.action = ActionConstraint::In(fewer.clone()));
                with(&|policy| policy.action = ActionConstraint::In(others.clone()));
            }
        }
    }
    let clauses = policy.clauses();
    for place in 0..clauses.len() {
        let mut change = |clause: Option<Clause>| {
            let mut clauses = clauses.clone();
            clauses.splice(place..=place, clause);
            // Clauses cannot be set, only added: the rest of the policy is taken over.
            let mut spoilt = Template::new(
                policy.id.clone(),
                policy.effect,
                policy.principal.clone(),
                policy.action.clone(),
                policy.resource.clone(),
            );
            for clause in clauses {
                spoilt.try_add_clause(clause).unwrap();
            }
            all.push(spoilt);
        };
        change(None);
        match &clauses[place] {
            Clause::When(when) => {
                change(Some(Clause::Unless(when.clone())));
                spoilt(when).into_iter().for_each(|when| change(Some(Clause::When(Arc::new(when)))));
            }
            Clause::Unless(unless) => {
                change(Some(Clause::When(unless.clone())));
                spoilt(unless).into_iter().for_each(|unless| change(Some(Clause::Unless(Arc::new(unless)))));
            }
        }
    }
    all
}

/// Everything to ask about: entries with at most two things special about them; no tie, each alone, each with the glass,
/// and some pairs.
fn asked_about() -> Vec<(Item, Ties)> {
    let special = |item: &Item| {
        [item.ours, item.harmful, item.sensitivity > Sensitivity::Ordinary, item.seal > Seal::None]
            .into_iter()
            .filter(|special| *special)
            .count()
    };
    let telling = |item: &Item| special(item) < 2 || special(item) == 2 && !item.harmful;
    let items: Vec<Item> = every_item().into_iter().filter(telling).collect();
    let pairs = [[Tie::Own, Tie::Proxy], [Tie::Registration, Tie::Booking], [Tie::Residence, Tie::Glass]];
    let single = Tie::ALL.map(|tie| ties(&[tie]));
    let standings = [Ties::none(), ties(&Tie::ALL)].into_iter().chain(single).chain(pairs.map(|pair| ties(&pair)));
    let standings = standings.flat_map(|ties| [ties, ties.objecting()]);
    standings.flat_map(|ties| items.iter().map(move |item| (*item, ties)).collect::<Vec<_>>()).collect()
}

fn every_kind() -> Vec<Asked> {
    let mut all = Vec::new();
    for role in Role::ALL {
        for action in Action::ALL {
            for level in [Level::Full, Level::Masked, Level::ExistenceOnly] {
                for purpose in Purpose::ALL {
                    for assured in [true, false] {
                        if words::action(action, level).is_some() {
                            all.push(Asked { role, assured, action, level, purpose });
                        }
                    }
                }
            }
        }
    }
    all
}

fn should(asked: &Asked, (item, ties): (&Item, &Ties)) -> bool {
    asked.assured && statement::level(asked.role, asked.action, asked.purpose, item, ties) >= asked.level
}

/// Whether Cedar allows it by these policies.
fn allows(policies: &Policies, set: &PolicySet, asked: &Asked, (item, ties): (&Item, &Ties)) -> bool {
    let question = Question::new(asked.role, asked.assured, asked.action, asked.purpose, *item, ties);
    let (reader, entry) = (policies.reader(asked.role, asked.assured), policies.entry(&question).unwrap());
    let action = words::action(asked.action, asked.level).unwrap();
    let context = policies.context(asked.purpose).unwrap();
    policies.ask(set, action, context, reader, entry).unwrap().decision() == Decision::Allow
}

#[test]
fn every_spoilt_policy_is_refused_or_seen() {
    let policies = policies().unwrap();
    let originals: Vec<Template> = policies
        .stated()
        .iter()
        .map(|stated| policy_of(policies, &stated.id).to_pst().unwrap().body().clone())
        .collect();
    let (kinds, entries) = (every_kind(), asked_about());
    let validator = Validator::new(policies.schema.clone());
    let (mut tried, mut refused, mut survivors) = (0, 0, Vec::new());
    for (place, original) in originals.iter().enumerate() {
        let spoilt = mutants(original).into_iter().map(Some).chain([None]);
        for mutant in spoilt {
            tried += 1;
            let policy = mutant.as_ref().map(|mutant| {
                let body = mutant.clone().try_into().unwrap();
                Policy::from_pst(cedar_policy::pst::Policy::Static(body)).unwrap()
            });
            let mut set = policies.set.clone();
            set.remove_static(PolicyId::new(&policies.stated()[place].id)).unwrap();
            if let Some(policy) = &policy {
                set.add(policy.clone()).unwrap();
            }
            let seen = seen(&originals, place, mutant.as_ref(), &kinds, &entries);
            let is_refused = || {
                let mut alone = PolicySet::new();
                policy.iter().for_each(|policy| alone.add(policy.clone()).unwrap());
                !validator.validate(&alone, ValidationMode::Strict).validation_passed_without_warnings()
            };
            let said = || policy.as_ref().map_or_else(|| format!("without {}", original.id), ToString::to_string);
            match seen {
                Some((asked, (item, ties))) => {
                    let (says, should) = (allows(policies, &set, asked, (item, ties)), should(asked, (item, ties)));
                    assert_ne!(says, should, "Cedar says otherwise of\n{}\nfor {item:?} {ties:?}", said());
                }
                None if is_refused() => refused += 1,
                None => survivors.push(said()),
            }
        }
    }
    assert!(tried > 500 && refused < tried / 10, "{tried} tried, {refused} refused by the validator");
    assert!(survivors.is_empty(), "{} of {tried} are seen by nobody:\n{}", survivors.len(), survivors.join("\n\n"));
}

fn policy_of<'a>(policies: &'a Policies, id: &str) -> &'a Policy {
    policies.set.policy(&PolicyId::new(id)).unwrap()
}

/// A question that is answered otherwise with the mutant in the place of the original.
fn seen<'a>(
    originals: &[Template],
    place: usize,
    mutant: Option<&Template>,
    kinds: &'a [Asked],
    entries: &'a [(Item, Ties)],
) -> Option<(&'a Asked, (&'a Item, &'a Ties))> {
    let is = |policy: Option<&Template>, asked: &Asked, entry: Entry<'_>| {
        policy.map_or(NO, |policy| matches(policy, asked, entry))
    };
    let effects = |policy: Option<&Template>, effect| policy.is_some_and(|policy| policy.effect == effect);
    let original = originals.get(place);
    let turned = mutant.is_some_and(|mutant| !effects(original, mutant.effect));
    for asked in kinds {
        let (before, after) = (is(original, asked, None), is(mutant, asked, None));
        if before == NO && after == NO || !turned && before == YES && after == YES {
            continue;
        }
        // What the other policies say of this kind of question, as far as that can be known.
        let others: Vec<&Template> = originals
            .iter()
            .enumerate()
            .filter(|(other, policy)| *other != place && matches(policy, asked, None) != NO)
            .map(|(_, policy)| policy)
            .collect();
        // Where nothing is opened, or all is closed by another, nothing can change.
        let known = |effect, value: fn(Value<'_>) -> bool| {
            others.iter().any(|policy| policy.effect == effect && value(matches(policy, asked, None)))
        };
        let opened = known(Effect::Permit, |value| value != NO)
            || effects(mutant, Effect::Permit)
            || effects(original, Effect::Permit);
        if !opened || known(Effect::Forbid, |value| value == YES) {
            continue;
        }
        for (item, ties) in entries {
            let entry = Some((item, ties));
            if !turned && is(original, asked, entry) == is(mutant, asked, entry) {
                continue;
            }
            let all = || others.iter().copied().chain(mutant);
            let any = |effect| all().any(|policy| policy.effect == effect && matches(policy, asked, entry) == YES);
            let allows = any(Effect::Permit) && !any(Effect::Forbid);
            if allows != should(asked, (item, ties)) {
                return Some((asked, (item, ties)));
            }
        }
    }
    None
}
