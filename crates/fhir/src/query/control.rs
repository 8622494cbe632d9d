//! The parameters that are not about what a resource says: order, page, extent, what comes along, format.

use super::{By, Include, Query, Sort, Summary, condition, offered, suggestion};
use crate::definitions;
use crate::index::{points_at, stored};
use crate::issue::{Code, Issue};
use crate::parameter::Kind;

/// All of them.
pub(super) const NAMES: [&str; 11] = [
    "_has",
    "_include",
    "_revinclude",
    "_sort",
    "_count",
    "_summary",
    "_elements",
    "_total",
    "_cursor",
    "_format",
    "_pretty",
];

fn wrong<T>(words: impl Into<String>) -> Result<T, Issue> {
    Err(Issue::error(Code::Value, words))
}

/// Takes a parameter that is one of these into the query. `None`: it is none of these. Otherwise its value as applied.
pub(super) fn take(query: &mut Query, name: &str, written: &str, most: u32) -> Option<Result<String, Issue>> {
    let (bare, modifier) = match name.split_once(':') {
        Some((bare, modifier)) => (bare, Some(modifier)),
        None => (name, None),
    };
    let taken = match (bare, modifier) {
        ("_include" | "_revinclude", None | Some("iterate")) => {
            let is_iterated = modifier.is_some();
            let asked = if bare == "_include" {
                include(&query.kind, written, is_iterated).map(|found| query.include.extend(found))
            } else {
                revinclude(&query.kind, written, is_iterated).map(|found| query.revinclude.extend(found))
            };
            asked.map(|()| written.to_owned())
        }
        ("_include" | "_revinclude", Some(other)) => {
            Err(Issue::error(Code::NotSupported, format!("`{bare}` has no modifier `:{other}`. There is: iterate.")))
        }
        (known, Some(modifier)) if NAMES.contains(&known) && known != "_has" => {
            Err(Issue::error(Code::NotSupported, format!("`{known}` has no modifier, and so no `:{modifier}`")))
        }
        ("_sort", _) => sort(&query.kind, written).map(|sort| {
            query.sort = sort;
            written.to_owned()
        }),
        ("_count", _) => count(query, written, most),
        ("_summary", _) => summary(written).map(|summary| {
            query.summary = summary;
            query.total |= summary == Summary::Count;
            written.to_owned()
        }),
        ("_elements", _) => elements(&query.kind, written).map(|elements| {
            query.elements = elements;
            written.to_owned()
        }),
        ("_total", _) => match written {
            "none" => Ok(written.to_owned()),
            // An estimate would cost as much here as the truth.
            "accurate" | "estimate" => {
                query.total = true;
                Ok("accurate".to_owned())
            }
            other => wrong(format!("`_total` is none, estimate or accurate, not `{other}`")),
        },
        ("_cursor", _) => {
            query.cursor = Some(written.to_owned());
            Ok(written.to_owned())
        }
        ("_format", _) => match written {
            "json" | "application/json" | "application/fhir+json" | "application/fhir json" | "text/json" => {
                Ok(written.to_owned())
            }
            other => Err(Issue::error(
                Code::NotSupported,
                format!("`_format={other}` is not spoken here: there is json (application/fhir+json)"),
            )),
        },
        ("_pretty", _) => match written {
            "true" | "false" => Ok(written.to_owned()),
            other => wrong(format!("`_pretty` is true or false, not `{other}`")),
        },
        _ => return None,
    };
    Some(taken.map_err(|issue| issue.at(format!("http.{name}"))))
}

fn count(query: &mut Query, written: &str, most: u32) -> Result<String, Issue> {
    let all_digits = !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits {
        return wrong(format!("`_count` is a whole number from 0, not `{written}`"));
    }
    // A number too large to hold is above any limit.
    let asked = written.parse().unwrap_or(u32::MAX).min(most);
    query.count = Some(asked);
    if asked == 0 {
        query.summary = Summary::Count;
        query.total = true;
    }
    Ok(asked.to_string())
}

fn summary(written: &str) -> Result<Summary, Issue> {
    Ok(match written {
        "true" => Summary::True,
        "false" => Summary::False,
        "text" => Summary::Text,
        "data" => Summary::Data,
        "count" => Summary::Count,
        other => return wrong(format!("`_summary` is true, text, data, count or false, not `{other}`")),
    })
}

fn elements(kind: &str, written: &str) -> Result<Vec<String>, Issue> {
    let Some(shape) = definitions::shape(kind) else { return wrong(format!("`{kind}` is no type of resource")) };
    let mut names = Vec::new();
    for name in written.split(',') {
        let name = name.trim();
        // `Observation.status` says the same as `status`; deeper parts come with their element.
        let bare = name.strip_prefix(kind).and_then(|rest| rest.strip_prefix('.')).unwrap_or(name);
        let known = bare == "resourceType" || shape.find(bare).is_some();
        if !known && !shape.elements.iter().any(|element| element.name == bare) {
            let all = shape.elements.iter().map(|element| element.name);
            return wrong(format!("{kind} has no element `{name}` at its top. {}", suggestion::among(bare, all)));
        }
        names.push(bare.to_owned());
    }
    Ok(names)
}

fn sort(kind: &str, written: &str) -> Result<Vec<Sort>, Issue> {
    let mut keys = Vec::new();
    for key in written.split(',') {
        let (descending, code) = match key.strip_prefix('-') {
            Some(code) => (true, code),
            None => (false, key),
        };
        let by = match code {
            "_lastUpdated" => Some(By::Updated),
            "_id" => Some(By::Id),
            _ => sortable(kind, code)?,
        };
        let Some(by) = by else {
            let names = offered(kind).map(|one| one.parameter);
            let names =
                names.filter(|one| matches!(one.kind, Kind::Date | Kind::String | Kind::Number | Kind::Quantity));
            let names = names.filter(|one| stored(kind, one).codes == [Some(one.code), None]).map(|one| one.code);
            let words = format!(
                "{kind} cannot be put in order by `{code}`: dates, text, numbers and quantities can. {}",
                suggestion::among(code, names.chain(["_id", "_lastUpdated"]))
            );
            return Err(Issue::error(Code::NotSupported, words));
        };
        if keys.iter().any(|known: &Sort| known.by == by) {
            return wrong(format!("`_sort` names `{code}` twice"));
        }
        keys.push(Sort { by, descending });
    }
    Ok(keys)
}

fn sortable(kind: &str, code: &str) -> Result<Option<By>, Issue> {
    let parameter = condition::find(kind, code)?;
    if stored(kind, parameter).codes != [Some(parameter.code), None] {
        return Ok(None);
    }
    let id = crate::entry::parameter(kind, parameter.code);
    Ok(match parameter.kind {
        Kind::Date => Some(By::Date(id)),
        Kind::String => Some(By::Text(id)),
        Kind::Number | Kind::Quantity => Some(By::Number(id)),
        _ => None,
    })
}

/// `Observation:subject:Patient`; `*` is every reference of the type searched for.
fn include(kind: &str, written: &str, iterate: bool) -> Result<Vec<Include>, Issue> {
    if written == "*" {
        return Ok(vec![Include { kind: kind.to_owned(), code: "*".to_owned(), target: None, iterate }]);
    }
    let (source, rest) = split(written)?;
    if source != kind && !iterate {
        return wrong(format!(
            "`_include={written}` is about {source}, but this search is of {kind}: use `_include:iterate`"
        ));
    }
    one(source, rest, iterate)
}

/// `Observation:subject`: what points at those found.
fn revinclude(kind: &str, written: &str, iterate: bool) -> Result<Vec<Include>, Issue> {
    if written == "*" {
        return Err(Issue::error(
            Code::TooCostly,
            "`_revinclude=*` would bring everything: name a type, for example `Observation:*` or `Observation:subject`",
        ));
    }
    let (source, rest) = split(written)?;
    let found = one(source, rest, iterate)?;
    for include in &found {
        let parameter = crate::parameter::find(source, &include.code);
        let elsewhere = parameter.is_some_and(|parameter| !points_at(source, parameter).contains(&kind));
        let another = include.target.as_deref().is_some_and(|target| target != kind);
        if !iterate && (elsewhere || another) {
            return wrong(format!("`_revinclude={written}` does not point at {kind}"));
        }
    }
    Ok(found)
}

fn split(written: &str) -> Result<(&str, &str), Issue> {
    match written.split_once(':') {
        Some((source, rest)) if definitions::is_resource(source) => {
            condition::within_reach(source)?;
            Ok((source, rest))
        }
        Some((source, _)) => {
            wrong(format!("`{source}` is no type of resource. {}", suggestion::among(source, definitions::resources())))
        }
        None => wrong(format!(
            "`{written}`: write `Type:reference` or `Type:reference:Target`, for example `Observation:subject`"
        )),
    }
}

fn one(source: &str, rest: &str, iterate: bool) -> Result<Vec<Include>, Issue> {
    let (code, target) = match rest.split_once(':') {
        Some((code, target)) => (code, Some(target)),
        None => (rest, None),
    };
    if code == "*" && target.is_none() {
        return Ok(vec![Include { kind: source.to_owned(), code: code.to_owned(), target: None, iterate }]);
    }
    let parameter = condition::find(source, code)?;
    if parameter.kind != Kind::Reference {
        let names =
            offered(source).map(|one| one.parameter).filter(|one| one.kind == Kind::Reference).map(|one| one.code);
        return wrong(format!("{source} `{code}` is no reference. {}", suggestion::among(code, names)));
    }
    let targets = points_at(source, parameter);
    if let Some(target) = target.filter(|target| !targets.contains(target)) {
        let names = suggestion::among(target, targets);
        return wrong(format!("{source} `{code}` does not point at `{target}`. {names}"));
    }
    // The rows of a narrowed reference stand under the wider one.
    let rows = stored(source, parameter);
    let target = target.or(rows.target);
    Ok(rows
        .codes
        .into_iter()
        .flatten()
        .map(|code| Include {
            kind: source.to_owned(),
            code: code.to_owned(),
            target: target.map(str::to_owned),
            iterate,
        })
        .collect())
}
