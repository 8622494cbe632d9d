//! The functions.

use std::borrow::Cow;

use serde_json::Value;

use super::Trouble;
use super::evaluate::{Evaluator, MOST};
use super::expression::{Expression, Function, Root};
use super::item::{Item, Node};
use super::operator::{distinct, equal, holds, truth, written};
use super::{member, pattern};

type Items<'a> = Vec<Item<'a>>;

/// Calls a function on `input`; arguments that are values are seen from `focus`.
pub(super) fn call<'a>(
    evaluator: &Evaluator<'a>,
    function: Function,
    arguments: &'a [Expression],
    input: Items<'a>,
    focus: &[Item<'a>],
    found: &mut Items<'a>,
) -> Result<(), Trouble> {
    match function {
        Function::Select => {
            for item in input {
                evaluator.evaluate(&arguments[0], std::slice::from_ref(&item), found)?;
            }
        }
        Function::Repeat => repeat(evaluator, &arguments[0], input, found)?,
        Function::First => found.extend(input.into_iter().next()),
        Function::Last => found.extend(input.into_iter().next_back()),
        Function::Tail => found.extend(input.into_iter().skip(1)),
        Function::Skip => found.extend(input.into_iter().skip(count(evaluator, arguments, 0, focus)?)),
        Function::Take => found.extend(input.into_iter().take(count(evaluator, arguments, 0, focus)?)),
        Function::Single => match input.len() {
            0 | 1 => found.extend(input),
            _ => return Err(Trouble::Several("single()")),
        },
        Function::Distinct => {
            *found = input;
            distinct(found, 0);
        }
        Function::Trace => *found = input,
        Function::Combine | Function::Union => {
            *found = input;
            evaluator.evaluate(&arguments[0], focus, found)?;
            if function == Function::Union {
                distinct(found, 0);
            }
        }
        Function::Intersect | Function::Exclude => {
            let others = evaluator.list(&arguments[0], focus)?;
            let wanted = function == Function::Intersect;
            found.extend(input.into_iter().filter(|item| holds(&others, item) == wanted));
            if wanted {
                distinct(found, 0);
            }
        }
        Function::Children => {
            for node in input.iter().filter_map(Item::node) {
                member::children(node, &mut |child| found.push(Item::Node(child)));
            }
        }
        Function::Descendants => {
            for node in input.iter().filter_map(Item::node) {
                member::descendants(node, &mut |child| found.push(Item::Node(child)));
            }
        }
        Function::Iif => {
            let holds = truth(&evaluator.list(&arguments[0], &input)?)?.unwrap_or(false);
            let branch = if holds { Some(&arguments[1]) } else { arguments.get(2) };
            if let Some(branch) = branch {
                evaluator.evaluate(branch, &input, found)?;
            }
        }
        Function::Extension => {
            let url = text(evaluator, arguments, 0, focus)?;
            for node in input.iter().filter_map(Item::node) {
                member::named(node, "extension", &mut |child| {
                    if child.value.get("url").and_then(Value::as_str) == url.as_deref() {
                        found.push(Item::Node(child));
                    }
                });
            }
        }
        Function::Resolve => found.extend(input.iter().filter_map(|item| resolved(evaluator, item))),
        _ => found.extend(one(evaluator, function, arguments, &input, focus)?),
    }
    Ok(())
}

/// Functions that answer with at most one value.
fn one<'a>(
    evaluator: &Evaluator<'a>,
    function: Function,
    arguments: &'a [Expression],
    input: &[Item<'a>],
    focus: &[Item<'a>],
) -> Result<Option<Item<'a>>, Trouble> {
    let every = |wanted: bool| input.iter().all(|item| item.boolean() == Some(wanted));
    let any = |wanted: bool| input.iter().any(|item| item.boolean() == Some(wanted));
    let yes = match function {
        Function::Exists => match arguments.first() {
            None => !input.is_empty(),
            Some(condition) => {
                let mut exists = false;
                for item in input {
                    exists = exists || evaluator.holds(condition, item.clone())?;
                }
                exists
            }
        },
        Function::All => {
            let mut all = true;
            for item in input {
                all = all && evaluator.holds(&arguments[0], item.clone())?;
            }
            all
        }
        Function::Empty => input.is_empty(),
        Function::AllTrue => every(true),
        Function::AllFalse => every(false),
        Function::AnyTrue => any(true),
        Function::AnyFalse => any(false),
        Function::IsDistinct => {
            let mut copy = input.to_vec();
            distinct(&mut copy, 0);
            copy.len() == input.len()
        }
        Function::SubsetOf => {
            let others = evaluator.list(&arguments[0], focus)?;
            input.iter().all(|item| holds(&others, item))
        }
        Function::SupersetOf => {
            let others = evaluator.list(&arguments[0], focus)?;
            others.iter().all(|item| input.iter().any(|own| equal(own, item)))
        }
        Function::HasValue => match input {
            [Item::Node(node)] => !matches!(node.value, Value::Null | Value::Object(_) | Value::Array(_)),
            [_] => true,
            _ => false,
        },
        Function::Count => {
            let count = i64::try_from(input.len()).map_err(|_| Trouble::TooMany(MOST))?;
            return Ok(Some(Item::Integer(count)));
        }
        Function::Not => return Ok(truth(input)?.map(|truth| Item::Boolean(!truth))),
        _ => {
            return match input {
                [] => Ok(None),
                [item] => scalar(evaluator, function, arguments, item, focus),
                _ => Err(Trouble::Several("a function of text")),
            };
        }
    };
    Ok(Some(Item::Boolean(yes)))
}

/// Functions of one value.
fn scalar<'a>(
    evaluator: &Evaluator<'a>,
    function: Function,
    arguments: &'a [Expression],
    item: &Item<'a>,
    focus: &[Item<'a>],
) -> Result<Option<Item<'a>>, Trouble> {
    if function == Function::Is {
        let [Expression::Chain(Root::Text(kind), _)] = arguments else { return Err(Trouble::Unfit("is()")) };
        return Ok(Some(Item::Boolean(item.is(kind))));
    }
    // A primitive with extensions only has no text to work on.
    if matches!(item, Item::Node(node) if node.value.is_null()) {
        return Ok(None);
    }
    let own = written(item).ok_or(Trouble::Unfit("a function of text"))?;
    let argument = |at| text(evaluator, arguments, at, focus);
    let owned = |text: String| Some(Item::Text(Cow::Owned(text)));
    Ok(match function {
        Function::StartsWith => argument(0)?.map(|part| Item::Boolean(own.starts_with(&*part))),
        Function::EndsWith => argument(0)?.map(|part| Item::Boolean(own.ends_with(&*part))),
        Function::Contains => argument(0)?.map(|part| Item::Boolean(own.contains(&*part))),
        Function::IndexOf => argument(0)?.map(|part| {
            let at = own.find(&*part).map(|at| own[..at].chars().count());
            Item::Integer(at.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1))
        }),
        Function::Matches => match argument(0)? {
            None => None,
            Some(written) => {
                let pattern = pattern::Pattern::parse(&written).ok_or(Trouble::Unfit("matches()"))?;
                pattern.matches(&own).map(Item::Boolean)
            }
        },
        Function::ReplaceMatches => match (argument(0)?, argument(1)?) {
            (Some(written), Some(by)) => {
                let pattern = pattern::Pattern::parse(&written).ok_or(Trouble::Unfit("replaceMatches()"))?;
                owned(pattern.replace(&own, &by).ok_or(Trouble::TooMany(MOST))?)
            }
            _ => None,
        },
        Function::Replace => match (argument(0)?, argument(1)?) {
            (Some(part), Some(by)) => owned(own.replace(&*part, &by)),
            _ => None,
        },
        Function::Substring => {
            let from = count(evaluator, arguments, 0, focus)?;
            let most = if arguments.len() > 1 { count(evaluator, arguments, 1, focus)? } else { usize::MAX };
            if from >= own.chars().count() { None } else { owned(own.chars().skip(from).take(most).collect()) }
        }
        Function::Length => i64::try_from(own.chars().count()).ok().map(Item::Integer),
        Function::Upper => owned(own.to_uppercase()),
        Function::Lower => owned(own.to_lowercase()),
        Function::ToText => Some(Item::Text(own)),
        Function::ToInteger => match item.boolean() {
            Some(value) => Some(Item::Integer(i64::from(value))),
            None => own.parse().ok().map(Item::Integer),
        },
        Function::ToDecimal => own.parse().ok().map(Item::Decimal),
        Function::ToBoolean => match own.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "1.0" => Some(Item::Boolean(true)),
            "false" | "f" | "no" | "n" | "0" | "0.0" => Some(Item::Boolean(false)),
            _ => None,
        },
        _ => return Err(Trouble::Unfit("a function")),
    })
}

/// What a reference points at: a contained resource itself, of any other only the type that its address names.
pub(super) fn resolved<'a>(evaluator: &Evaluator<'a>, item: &Item<'a>) -> Option<Item<'a>> {
    let node = item.node()?;
    let written = match node.value {
        Value::String(text) => Some(text.as_str()),
        Value::Object(fields) if fields.contains_key("resourceType") => return Some(item.clone()),
        value => value.get("reference").and_then(Value::as_str),
    };
    if let Some(local) = written.and_then(|written| written.strip_prefix('#')) {
        if local.is_empty() {
            return Some(Item::Node(Node::plain(evaluator.around.root)));
        }
        let contained = evaluator.around.root.get("contained")?.as_array()?;
        let found = contained.iter().find(|one| one.get("id").and_then(Value::as_str) == Some(local))?;
        return Some(Item::Node(Node::plain(found)));
    }
    if let Some((kind, _)) = written.and_then(crate::reference::place) {
        return Some(Item::Target(kind));
    }
    node.value.get("type").and_then(Value::as_str).map(Item::Target)
}

fn repeat<'a>(
    evaluator: &Evaluator<'a>,
    projection: &'a Expression,
    input: Items<'a>,
    found: &mut Items<'a>,
) -> Result<(), Trouble> {
    let mut current = input;
    while !current.is_empty() {
        let mut next = Vec::new();
        for item in current {
            evaluator.evaluate(projection, std::slice::from_ref(&item), &mut next)?;
        }
        next.retain(|item| !found.iter().any(|known| same_place(known, item)));
        if found.len() + next.len() > MOST {
            return Err(Trouble::TooMany(MOST));
        }
        found.extend(next.iter().cloned());
        current = next;
    }
    Ok(())
}

/// The same place of the resource, or the same computed value.
fn same_place(one: &Item<'_>, other: &Item<'_>) -> bool {
    match (one, other) {
        (Item::Node(a), Item::Node(b)) => std::ptr::eq(a.value, b.value),
        _ => equal(one, other),
    }
}

fn text<'a>(
    evaluator: &Evaluator<'a>,
    arguments: &'a [Expression],
    at: usize,
    focus: &[Item<'a>],
) -> Result<Option<Cow<'a, str>>, Trouble> {
    match evaluator.list(&arguments[at], focus)?.as_slice() {
        [] => Ok(None),
        [one] => Ok(written(one)),
        _ => Err(Trouble::Several("an argument")),
    }
}

fn count<'a>(
    evaluator: &Evaluator<'a>,
    arguments: &'a [Expression],
    at: usize,
    focus: &[Item<'a>],
) -> Result<usize, Trouble> {
    match evaluator.list(&arguments[at], focus)?.as_slice() {
        [one] => {
            let number = one.number().ok_or(Trouble::Unfit("a number of items"))?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped to a sane range first"
            )]
            let count = number.clamp(0.0, 1e9) as usize;
            Ok(count)
        }
        _ => Err(Trouble::Several("an argument")),
    }
}
