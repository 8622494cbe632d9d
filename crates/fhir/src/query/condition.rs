//! One condition: a parameter's name with its modifier, a chain along references, `_has` against them.

use super::parse::Reader;
use super::{Filter, offered, suggestion, value};
use crate::definitions;
use crate::index::{points_at, stored};
use crate::issue::{Code, Issue};
use crate::parameter::{self, Kind, Parameter};

/// How many references one condition may go along.
const LONGEST: usize = 5;

/// How many types a chain may go to without saying which.
const WIDEST: usize = 8;

/// Reads a condition on resources of a type.
pub(super) fn condition(kind: &str, name: &str, written: &str, reader: &Reader<'_>) -> Result<Filter, Issue> {
    within(kind, name, written, reader, 0).map_err(|issue| issue.at(format!("http.{name}")))
}

fn within(kind: &str, name: &str, written: &str, reader: &Reader<'_>, depth: usize) -> Result<Filter, Issue> {
    reader.pay(1 + written.len() / 64)?;
    if depth > LONGEST {
        let words = format!("a condition may go along {LONGEST} references at most: ask in two steps");
        return Err(Issue::error(Code::TooCostly, words));
    }
    if let Some(rest) = name.strip_prefix("_has:") {
        return has(kind, rest, written, reader, depth);
    }
    if let Some((head, rest)) = name.split_once('.') {
        return chain(kind, head, rest, written, reader, depth);
    }
    let (code, modifier) = match name.split_once(':') {
        Some((code, modifier)) => (code, Some(modifier)),
        None => (name, None),
    };
    let parameter = find(kind, code)?;
    let target = match modifier {
        Some("missing") if !is_about_itself(parameter) => {
            return missing(parameter, written).map(|filter| guarded(kind, parameter.code, filter));
        }
        Some(modifier) => check(kind, parameter, modifier)?,
        None => None,
    };
    value::filter(&value::Asked { kind, parameter, modifier, target, limits: reader.limits }, written)
        .map(|filter| guarded(kind, parameter.code, filter))
}

/// A condition that goes by where somebody lives, marked as such.
fn guarded(kind: &str, code: &str, filter: Filter) -> Filter {
    if parameter::tells_where(kind, code) { Filter::Whereabouts(Box::new(filter)) } else { filter }
}

/// A parameter that is answered, or the sentence that names those that are.
pub(super) fn find(kind: &str, code: &str) -> Result<&'static Parameter, Issue> {
    if let Some(parameter) = parameter::find(kind, code) {
        return match offered::refused(parameter) {
            None => Ok(parameter),
            Some(why) => Err(Issue::error(Code::NotSupported, format!("{kind} `{code}`: {why}."))),
        };
    }
    if let Some(why) = offered::refused_everywhere(code) {
        return Err(Issue::error(Code::NotSupported, format!("`{code}`: {why}.")));
    }
    let names = offered(kind).map(|offered| offered.parameter.code).chain(super::control::NAMES);
    let words = format!("{kind} has no search parameter `{code}`. {}", suggestion::among(code, names));
    Err(Issue::error(Code::NotSupported, words))
}

fn is_about_itself(parameter: &Parameter) -> bool {
    matches!(parameter.code, "_id" | "_lastUpdated")
}

/// A modifier that is answered; of a reference it may be a type, which is given back.
fn check(kind: &str, parameter: &'static Parameter, modifier: &str) -> Result<Option<&'static str>, Issue> {
    let offered = offered(kind).find(|offered| offered.parameter.code == parameter.code);
    let modifiers = offered.map_or(&[][..], |offered| offered.modifiers);
    if modifiers.contains(&modifier) {
        return Ok(None);
    }
    if let Some(target) = parameter.targets.iter().find(|target| **target == modifier) {
        return Ok(Some(target));
    }
    let why = if parameter.kind.modifiers().contains(&modifier) {
        format!("`:{modifier}` is R4's but is not answered here")
    } else {
        format!("`{}` is a {} and has no modifier `:{modifier}`", parameter.code, parameter.kind.word())
    };
    let names = modifiers.iter().chain(&parameter.targets).copied();
    Err(Issue::error(Code::NotSupported, format!("{why}. {}", suggestion::among(modifier, names))))
}

fn missing(parameter: &Parameter, written: &str) -> Result<Filter, Issue> {
    let missing = match written {
        "true" => true,
        "false" => false,
        other => {
            let words = format!("`:missing` is true or false, not `{other}`");
            return Err(Issue::error(Code::Value, words));
        }
    };
    Ok(Filter::Missing { bit: parameter.bit, missing })
}

fn reference(kind: &str, code: &str) -> Result<&'static Parameter, Issue> {
    let parameter = find(kind, code)?;
    if parameter.kind == Kind::Reference {
        return Ok(parameter);
    }
    let names = offered(kind).map(|offered| offered.parameter).filter(|one| one.kind == Kind::Reference);
    let names = suggestion::among(code, names.map(|one| one.code));
    let words = format!("{kind} `{code}` is a {}, not a reference. {names}", parameter.kind.word());
    Err(Issue::error(Code::NotSupported, words))
}

/// `subject:Patient.name`.
fn chain(
    kind: &str,
    head: &str,
    rest: &str,
    written: &str,
    reader: &Reader<'_>,
    depth: usize,
) -> Result<Filter, Issue> {
    let (code, wanted) = match head.split_once(':') {
        Some((code, wanted)) => (code, Some(wanted)),
        None => (head, None),
    };
    let parameter = reference(kind, code)?;
    let rows = stored(kind, parameter);
    let link = |target: &str, filter: Filter| {
        let each = rows.codes.into_iter().flatten().map(move |code| Filter::Chain {
            parameter: crate::entry::parameter(kind, code),
            kind: target.to_owned(),
            filter: Box::new(filter.clone()),
        });
        each.collect::<Vec<_>>()
    };
    if let Some(wanted) = wanted {
        let targets = points_at(kind, parameter);
        if !targets.contains(&wanted) {
            let names = suggestion::among(wanted, targets);
            let words = format!("{kind} `{code}` does not point at `{wanted}`. {names}");
            return Err(Issue::error(Code::NotSupported, words));
        }
        within_reach(wanted)?;
        let found = any(link(wanted, within(wanted, rest, written, reader, depth + 1)?));
        return Ok(guarded(kind, parameter.code, found));
    }
    let targets = points_at(kind, parameter);
    // Those types on which the rest means something; with none, the words about the first say why.
    let mut found = Vec::new();
    let mut first = None;
    let mut types = Vec::new();
    let next = rest.split(['.', ':']).next().unwrap_or_default();
    let means = |target: &&str| rest.starts_with("_has:") || parameter::find(target, next).is_some();
    let mut able: Vec<&str> = targets.iter().copied().filter(means).collect();
    reader.pay(targets.len() / 8)?;
    if able.is_empty() {
        able.extend(targets.first());
    }
    for target in able {
        match within(target, rest, written, reader, depth + 1) {
            Ok(filter) => {
                found.extend(link(target, filter));
                types.push(target);
            }
            Err(issue) if reader.is_spent() => return Err(issue),
            Err(issue) => first = first.or(Some(issue)),
        }
        if types.len() > WIDEST {
            let words = format!(
                "{kind} `{code}` points at more than {WIDEST} types that have `{rest}`: say which, for example `{code}:{}.{rest}`",
                types[0]
            );
            return Err(Issue::error(Code::TooCostly, words));
        }
    }
    match (found.is_empty(), first) {
        (false, _) => Ok(guarded(kind, parameter.code, any(found))),
        (true, Some(issue)) => Err(issue),
        (true, None) => {
            Err(Issue::error(Code::NotSupported, format!("{kind} `{code}` points at no type that is known here")))
        }
    }
}

/// Whether a type is kept apart from the others, and searched by itself alone.
pub(crate) fn is_apart(kind: &str) -> bool {
    kind == "AuditEvent"
}

/// Refuses a type that is kept apart from the others: nothing is found by way of it, and that must not look like an answer.
pub(super) fn within_reach(kind: &str) -> Result<(), Issue> {
    if !is_apart(kind) {
        return Ok(());
    }
    let words = "AuditEvent cannot be searched through from another type: looks are kept in the log, apart from the record. \
                 Search AuditEvent by itself";
    Err(Issue::error(Code::NotSupported, words))
}

/// `_has:Observation:patient:code`.
fn has(kind: &str, rest: &str, written: &str, reader: &Reader<'_>, depth: usize) -> Result<Filter, Issue> {
    let mut words = rest.splitn(3, ':');
    let (Some(other), Some(code), Some(rest)) = (words.next(), words.next(), words.next()) else {
        let words = "`_has` is written `_has:Type:reference:parameter`, for example `_has:Observation:patient:code`";
        return Err(Issue::error(Code::Invalid, words));
    };
    if !definitions::is_resource(other) {
        let names = suggestion::among(other, definitions::resources());
        return Err(Issue::error(Code::NotSupported, format!("`{other}` is no type of resource. {names}")));
    }
    within_reach(other)?;
    let parameter = reference(other, code)?;
    let targets = points_at(other, parameter);
    if !targets.contains(&kind) {
        let words = format!("{other} `{code}` does not point at {kind} but at {}", targets.join(", "));
        return Err(Issue::error(Code::NotSupported, words));
    }
    // What points here by its own whereabouts is there only for whom those may be told.
    let filter = guarded(other, parameter.code, within(other, rest, written, reader, depth + 1)?);
    let rows = stored(other, parameter);
    Ok(any(rows
        .codes
        .iter()
        .flatten()
        .map(|code| Filter::Has {
            kind: other.to_owned(),
            parameter: crate::entry::parameter(other, code),
            filter: Box::new(filter.clone()),
        })
        .collect()))
}

/// One filter of several.
pub(super) fn any(mut filters: Vec<Filter>) -> Filter {
    match (filters.len(), filters.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            filters.push(last);
            Filter::Any(filters)
        }
        (_, None) => Filter::Any(Vec::new()),
    }
}
