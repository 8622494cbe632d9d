//! The values of a condition, by the sort of its parameter: to terms, text, stretches of time and number, links.

use super::parse::Limits;
use super::{Comparison, Filter, Prefix, Text, condition, written};
use crate::entry::{self, with_unit};
use crate::index::{Decimal, point, stored, term};
use crate::issue::{Code, Issue};
use crate::moment;
use crate::parameter::{Kind, PREFIXES, Parameter};
use crate::reference;

/// More alternatives than this are a mistake or an attack.
const MOST: usize = 1_000;

/// To how many types a reference may point for a bare id to be looked for in all of them.
const WIDEST: usize = 12;

/// What the values are for.
pub(super) struct Asked<'q> {
    pub(super) kind: &'q str,
    pub(super) parameter: &'static Parameter,
    pub(super) modifier: Option<&'q str>,
    /// The type in the modifier of a reference.
    pub(super) target: Option<&'static str>,
    pub(super) limits: &'q Limits<'q>,
}

fn wrong<T>(words: impl Into<String>) -> Result<T, Issue> {
    Err(Issue::error(Code::Value, words))
}

/// Reads all alternatives.
pub(super) fn filter(asked: &Asked<'_>, all: &str) -> Result<Filter, Issue> {
    let code = asked.parameter.code;
    let values = written::alternatives(all);
    if values.iter().any(|value| value.trim().is_empty()) {
        return wrong(format!(
            "`{code}` has no value, or an empty one between commas; a comma in a value is written `\\,`"
        ));
    }
    if values.len() > MOST {
        return Err(Issue::error(
            Code::TooCostly,
            format!("`{code}` has {} alternatives; {MOST} are the limit", values.len()),
        ));
    }
    match code {
        "_id" => {
            let ids: Vec<String> = values.iter().map(|value| written::plain(value)).collect();
            return match ids.iter().find(|id| !reference::is_id(id)) {
                Some(bad) => wrong(format!("`{bad}` cannot be an id: it is 1 to 64 letters, digits, hyphens and dots")),
                None => Ok(Filter::Ids(ids)),
            };
        }
        "_lastUpdated" => {
            let any = values.iter().map(|value| time(asked, value)).collect::<Result<_, _>>()?;
            return Ok(Filter::Updated(any));
        }
        _ => {}
    }
    let rows = stored(asked.kind, asked.parameter);
    let filters = rows.codes.iter().flatten().map(|code| of_rows(asked, code, rows.target, &values));
    let filters: Vec<Filter> = filters.collect::<Result<_, _>>()?;
    if asked.modifier == Some("not") && filters.len() > 1 {
        // None of them in either place: one filter over the terms of both.
        let any = filters.into_iter().flat_map(|filter| match filter {
            Filter::Terms { any, .. } => any,
            _ => Vec::new(),
        });
        return Ok(Filter::Terms { any: any.collect(), not: true });
    }
    Ok(condition::any(filters))
}

/// The condition on the rows that stand under a code.
fn of_rows(
    asked: &Asked<'_>,
    code: &'static str,
    target: Option<&'static str>,
    values: &[&str],
) -> Result<Filter, Issue> {
    let id = entry::parameter(asked.kind, code);
    let term = |form: &str, value: &str| entry::term(asked.kind, code, form, value);
    let each = values.iter();
    match asked.parameter.kind {
        Kind::Token => {
            let any = each.map(|value| token(asked, code, &term::TOKEN, value)).collect::<Result<_, _>>()?;
            Ok(Filter::Terms { any, not: asked.modifier == Some("not") })
        }
        Kind::Uri => {
            Ok(Filter::Terms { any: each.map(|value| term(term::URI, &written::plain(value))).collect(), not: false })
        }
        Kind::String if asked.modifier == Some("exact") => {
            Ok(Filter::Terms { any: each.map(|value| term(term::EXACT, &written::plain(value))).collect(), not: false })
        }
        Kind::String => {
            let is_part = asked.modifier == Some("contains");
            let any = each.map(|value| {
                let text = entry::folded(&written::plain(value));
                match text.is_empty() {
                    true => wrong(format!("`{}` has nothing to look for in `{value}`", asked.parameter.code)),
                    false => Ok(if is_part { Text::Contains(text) } else { Text::Starts(text) }),
                }
            });
            Ok(Filter::Text { parameter: id, any: any.collect::<Result<_, _>>()? })
        }
        Kind::Date => {
            Ok(Filter::Date { parameter: id, any: each.map(|value| time(asked, value)).collect::<Result<_, _>>()? })
        }
        Kind::Number | Kind::Quantity => {
            Ok(Filter::Number { any: each.map(|value| number(asked, code, value)).collect::<Result<_, _>>()? })
        }
        Kind::Reference if asked.modifier == Some("identifier") => {
            let any = each.map(|value| token(asked, code, &term::IDENTIFIER, value)).collect::<Result<_, _>>()?;
            Ok(Filter::Terms { any, not: false })
        }
        Kind::Reference => {
            let (mut links, mut terms) = (Vec::new(), Vec::new());
            for value in each {
                points(asked, target, &written::plain(value), &mut links, |address| {
                    terms.push(term(term::REFERENCE, address));
                })?;
            }
            let mut filters = Vec::new();
            if !links.is_empty() {
                filters.push(Filter::Link { parameter: id, any: links });
            }
            if !terms.is_empty() {
                filters.push(Filter::Terms { any: terms, not: false });
            }
            Ok(condition::any(filters))
        }
        Kind::Composite | Kind::Special => {
            Err(Issue::error(Code::NotSupported, format!("`{}` is not answered here", asked.parameter.code)))
        }
    }
}

fn token(asked: &Asked<'_>, code: &str, forms: &term::Forms, value: &str) -> Result<i64, Issue> {
    let parts = written::parts(value);
    let term = |form: &str, value: &str| entry::term(asked.kind, code, form, value);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    Ok(match parts.as_slice() {
        [bare] => term(forms.code, &term::code(bare)),
        ["", bare] if !bare.is_empty() => term(forms.code_alone, &term::code(bare)),
        [system, ""] if !system.is_empty() => term(forms.system, system),
        [system, bare] if !bare.is_empty() => term(forms.code_of, &format!("{system}|{}", term::code(bare))),
        _ => {
            return wrong(format!(
                "`{value}` is no token: write `code`, `system|code`, `|code` or `system|`; a bar in a value is written `\\|`"
            ));
        }
    })
}

/// A prefix and what follows it.
fn prefixed(value: &str) -> Result<(Prefix, &str), Issue> {
    let letters = value.bytes().take_while(u8::is_ascii_alphabetic).count();
    let prefix = match &value[..letters] {
        "" | "eq" => Prefix::Eq,
        "ne" => Prefix::Ne,
        "gt" => Prefix::Gt,
        "lt" => Prefix::Lt,
        "ge" => Prefix::Ge,
        "le" => Prefix::Le,
        "sa" => Prefix::Sa,
        "eb" => Prefix::Eb,
        "ap" => Prefix::Ap,
        other => return wrong(format!("`{other}` is no prefix: there are {}", PREFIXES.join(", "))),
    };
    Ok((prefix, &value[letters..]))
}

fn time(asked: &Asked<'_>, value: &str) -> Result<Comparison, Issue> {
    let code = asked.parameter.code;
    let value = written::plain(value);
    let (prefix, rest) = prefixed(&value)?;
    let Some((low, high)) = moment::stretch(rest) else {
        let hint = if rest.contains(' ') { "; a plus sign in an address is written %2B" } else { "" };
        return wrong(format!(
            "`{code}`: `{rest}` is no date: write 2024, 2024-03, 2024-03-01 or 2024-03-01T10:00:00Z{hint}"
        ));
    };
    if prefix != Prefix::Ap {
        return Ok(Comparison { prefix, low, high });
    }
    // R4's suggestion: a tenth of the time between then and now.
    let now = asked.limits.at.as_microsecond();
    let away = if now < low { now.abs_diff(low) } else { now.abs_diff(now.min(high)) };
    let wide = away / 10;
    let wide = i64::try_from(wide).unwrap_or(i64::MAX);
    Ok(Comparison { prefix, low: low.saturating_sub(wide), high: high.saturating_add(wide) })
}

fn number(asked: &Asked<'_>, code: &str, value: &str) -> Result<(i64, Comparison), Issue> {
    let (kind, own) = (asked.kind, asked.parameter.code);
    let parts = written::parts(value);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (written, parameter) = match parts.as_slice() {
        [bare] => (*bare, entry::parameter(kind, code)),
        _ if asked.parameter.kind == Kind::Number => return wrong(format!("`{own}` is a number without a unit")),
        [bare, "", unit] if !unit.is_empty() => (*bare, with_unit(kind, code, unit)),
        [bare, system, unit] if !unit.is_empty() => (*bare, with_unit(kind, code, &format!("{system}|{unit}"))),
        _ => {
            return wrong(format!(
                "`{own}`: write `5.4`, `5.4||mg` or `5.4|http://unitsofmeasure.org|mg`, not `{value}`"
            ));
        }
    };
    let (prefix, digits) = prefixed(written)?;
    let Some(decimal) = Decimal::parse(digits) else {
        return wrong(format!("`{own}`: `{digits}` is no number: write 5, 5.40 or -1.5e3"));
    };
    let exact = point(decimal.value);
    let (low, high) = match prefix {
        // Where the digits say more than a float holds, at least the number itself.
        Prefix::Eq | Prefix::Ne => (point(decimal.low).0.min(exact.0), point(decimal.high).0.max(exact.1)),
        Prefix::Ap => {
            let wide = decimal.value.abs() / 10.0;
            (point((decimal.value - wide).min(decimal.low)).0, point((decimal.value + wide).max(decimal.high)).1)
        }
        _ => exact,
    };
    Ok((parameter, Comparison { prefix, low, high }))
}

fn points(
    asked: &Asked<'_>,
    narrowed: Option<&'static str>,
    value: &str,
    links: &mut Vec<(String, String)>,
    mut address: impl FnMut(&str),
) -> Result<(), Issue> {
    let (kind, code) = (asked.kind, asked.parameter.code);
    let targets = &asked.parameter.targets;
    let only = asked.target.or(narrowed).or(match targets.as_slice() {
        [one] => Some(*one),
        _ => None,
    });
    let ours = asked.limits.base.and_then(|base| value.strip_prefix(base.trim_end_matches('/'))?.strip_prefix('/'));
    let relative = ours.unwrap_or(value);
    if relative.contains("/_history/") {
        return wrong(format!("`{code}`: say the reference without its version"));
    }
    if let Some((named, id)) = reference::relative(relative) {
        if only.is_some_and(|only| only != named) || !(targets.is_empty() || targets.contains(&named)) {
            let there = only.map_or_else(|| targets.join(", "), str::to_owned);
            return wrong(format!("{kind} `{code}` points at {there}, not at `{named}`"));
        }
        links.push((named.to_owned(), id.to_owned()));
        return Ok(());
    }
    if reference::is_id(relative) {
        if let Some(only) = only {
            links.push((only.to_owned(), relative.to_owned()));
            return Ok(());
        }
        if targets.len() > WIDEST {
            return wrong(format!("`{code}` points at many types: say which, for example `Patient/{relative}`"));
        }
        links.extend(targets.iter().map(|target| ((*target).to_owned(), relative.to_owned())));
        return Ok(());
    }
    if asked.target.is_some() || !is_address(value) {
        return wrong(format!("`{code}`: `{value}` is no reference: write `Patient/1`, an id, or a whole address"));
    }
    address(value);
    Ok(())
}

/// Whether text can be a whole address: a scheme, a colon, something.
fn is_address(value: &str) -> bool {
    let scheme = value.split_once(':').filter(|(_, rest)| !rest.is_empty()).map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        scheme.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
    }) && !value.contains(char::is_whitespace)
}
