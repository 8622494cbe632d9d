//! The references of a resource that a client sends: each found with its place, judged, and turned into the API's own words,
//! in the text and in the value alike. It must not look anything up: what only the database knows (`Type?search`) stays open.

use std::collections::HashMap;

use fhir::issue::{Code, Issue};
use fhir::query::{Limits, Query};
use serde_json::Value;

use super::body::after_string;
use super::{sound_id, target};
use crate::feed::fhir::is_r4_type;

/// What a reference as written stands for.
#[derive(Debug, Clone)]
pub(super) enum To {
    /// Another entry of the Bundle.
    Entry(usize),
    /// A resource here, in other words than the client's.
    Local(String),
    /// The one resource that answers a search.
    Search(Box<Query>),
}

/// The references of one resource that do not stay as they are.
pub(super) type Mentions = Vec<(String, To)>;

/// What the entries of a Bundle are called.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    entries: HashMap<String, usize>,
}

impl Neighbours {
    /// Notes what an entry is called; false if another is called so already.
    pub(super) fn add(&mut self, full_url: &str, entry: usize) -> bool {
        let known = self.entries.contains_key(full_url);
        self.entries.entry(full_url.to_owned()).or_insert(entry);
        !known
    }
}

/// Where a resource stands, for what its references mean.
pub(super) struct Around<'a> {
    /// The other entries.
    pub(super) neighbours: &'a Neighbours,
    /// What the Bundle calls the resource itself.
    pub(super) full_url: Option<&'a str>,
    /// This API's address, and how a search in a reference is read.
    pub(super) reading: Limits<'a>,
    /// Whether it stands in a transaction: only there a reference may be a search.
    pub(super) transaction: bool,
}

impl Around<'_> {
    /// Finds and judges every reference of a resource.
    pub(super) fn mentions(&self, value: &Value) -> (Mentions, Vec<Issue>) {
        let (mut mentions, mut issues) = (HashMap::new(), Vec::new());
        let mut path = Vec::new();
        self.walk(value, &mut path, &mut mentions, &mut issues);
        (mentions.into_iter().collect(), issues)
    }

    fn walk<'v>(
        &self,
        value: &'v Value,
        path: &mut Vec<Step<'v>>,
        mentions: &mut HashMap<String, To>,
        issues: &mut Vec<Issue>,
    ) {
        match value {
            Value::Object(fields) => {
                for (name, inner) in fields {
                    path.push(Step::Name(name));
                    match inner {
                        Value::String(written) if is_address(name) => match self.turned(name, written) {
                            Ok(None) => {}
                            Ok(Some(to)) => drop(mentions.insert(written.clone(), to)),
                            Err(words) => issues.push(Issue::error(Code::Value, words).at(place(path))),
                        },
                        Value::Object(_) | Value::Array(_) => self.walk(inner, path, mentions, issues),
                        _ => {}
                    }
                    path.pop();
                }
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    path.push(Step::At(at));
                    self.walk(item, path, mentions, issues);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    /// What a reference stands for; `None` where it stays as it is.
    fn turned(&self, name: &str, written: &str) -> Result<Option<To>, String> {
        if let Some(entry) = self.neighbours.entries.get(written) {
            return Ok(Some(To::Entry(*entry)));
        }
        if name != "reference" {
            // Other addresses are only rewritten where they name an entry.
            return Ok(None);
        }
        if written.starts_with('#') {
            return Ok(None);
        }
        if written.starts_with("urn:uuid:") || written.starts_with("urn:oid:") {
            return Err(
                "this names a resource that no entry of the Bundle brings; bring it, or refer to it as Type/id"
                    .to_owned(),
            );
        }
        let local =
            self.reading.base.and_then(|base| written.strip_prefix(base)).and_then(|rest| rest.strip_prefix('/'));
        if local.is_none() && written.contains(':') && !written.contains('?') {
            let elsewhere = ["http://", "https://", "urn:"].iter().any(|scheme| written.starts_with(scheme));
            return if elsewhere { Ok(self.neighbour(written)) } else { Err(MALFORMED.to_owned()) };
        }
        if local.is_none() && (written.starts_with("http://") || written.starts_with("https://")) {
            return Ok(None);
        }
        let relative = local.unwrap_or(written);
        if relative.contains('?') {
            return self.search(relative).map(Some);
        }
        // Relative to where the entry itself is said to stand.
        if local.is_none()
            && let Some(to) = self.own_base().and_then(|base| self.neighbour(&format!("{base}{relative}")))
        {
            return Ok(Some(to));
        }
        checked(relative)?;
        Ok(local.map(|relative| To::Local(relative.to_owned())))
    }

    /// The entry of this address, its version left out.
    fn neighbour(&self, address: &str) -> Option<To> {
        let address = address.split("/_history/").next().unwrap_or(address);
        self.neighbours.entries.get(address).map(|entry| To::Entry(*entry))
    }

    /// The address in front of `Type/id` in the resource's own full url.
    fn own_base(&self) -> Option<&str> {
        let url = self.full_url.filter(|url| !url.starts_with("urn:"))?;
        let id = url.rfind('/')?;
        let kind = url.get(..id)?.rfind('/')?;
        url.get(..=kind)
    }

    fn search(&self, relative: &str) -> Result<To, String> {
        if !self.transaction {
            return Err(
                "a search as a reference stands only in a transaction; refer to the resource as Type/id".to_owned()
            );
        }
        let found = target::read(relative, &self.reading).map_err(|refusal| first_words(&refusal.issues))?;
        match (found.id, found.query) {
            (None, Some(query)) => Ok(To::Search(query)),
            _ => Err(MALFORMED.to_owned()),
        }
    }
}

const MALFORMED: &str =
    "this is not a reference as FHIR writes it; write Type/id, a full address, or #id for what is contained";

fn first_words(issues: &[Issue]) -> String {
    issues.first().map_or_else(|| MALFORMED.to_owned(), |issue| issue.words.clone())
}

/// Refuses a relative reference that names no type of R4 or no id.
fn checked(relative: &str) -> Result<(), String> {
    let mut parts = relative.split('/');
    let (kind, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let version = match (parts.next(), parts.next(), parts.next()) {
        (None, ..) => true,
        (Some("_history"), Some(version), None) => sound_id(version),
        _ => false,
    };
    if !sound_id(id) || !version {
        return Err(MALFORMED.to_owned());
    }
    if !is_r4_type(kind) {
        return Err("this refers to a type that FHIR R4 does not have; check how it is spelt (capital letters count)"
            .to_owned());
    }
    Ok(())
}

/// The elements that hold an address of a resource.
fn is_address(name: &str) -> bool {
    matches!(name, "reference" | "url" | "uri" | "valueUri" | "valueUrl")
}

#[derive(Clone, Copy)]
enum Step<'v> {
    Name(&'v str),
    At(usize),
}

fn place(path: &[Step<'_>]) -> String {
    let mut place = String::new();
    for step in path {
        match step {
            Step::Name(name) if place.is_empty() => place.push_str(name),
            Step::Name(name) => {
                place.push('.');
                place.push_str(name);
            }
            Step::At(at) => place.push_str(&format!("[{at}]")),
        }
    }
    place
}

/// Hands each `"name":"value"` of text without white space to `each`: where the value's inside begins and ends.
fn each_string<'t>(text: &'t str, each: &mut dyn FnMut(&'t str, usize, usize)) {
    let mut from = 0;
    // A quote inside a string is escaped, so these three characters stand only between a name and its text.
    while let Some(found) = text.get(from..).and_then(|rest| rest.find("\":\"")) {
        let name_end = from + found;
        let inside = name_end + 3;
        let end = after_string(text.as_bytes(), inside).saturating_sub(1).max(inside);
        let name = text.get(..name_end).map_or("", |before| before.rsplit('"').next().unwrap_or_default());
        each(name, inside, end);
        from = end;
    }
}

/// Hands every reference that a body holds to `each`.
pub(super) fn each_written(text: &str, each: &mut dyn FnMut(&str)) {
    each_string(text, &mut |name, from, to| {
        if name == "reference" {
            each(text.get(from..to).unwrap_or_default());
        }
    });
}

/// The text and the value with references turned as `names` says.
pub(super) fn rewrite(text: &mut String, value: &mut Value, names: &HashMap<&str, String>) {
    if names.is_empty() {
        return;
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut from = 0;
    each_string(text, &mut |name, inside, end| {
        if !is_address(name) {
            return;
        }
        let written = text.get(inside..end).unwrap_or_default();
        let plain = if written.contains('\\') {
            serde_json::from_str::<String>(&format!("\"{written}\"")).unwrap_or_default()
        } else {
            written.to_owned()
        };
        if let Some(turned) = names.get(plain.as_str()) {
            out.push_str(text.get(from..inside).unwrap_or_default());
            // Types and ids: nothing in them needs an escape.
            out.push_str(turned);
            from = end;
        }
    });
    out.push_str(text.get(from..).unwrap_or_default());
    *text = out;
    rewrite_value(value, names);
}

/// The value with `Type/0` where a reference is a search: what its place may point at can be checked before it is known.
/// `None` where there is no such reference.
pub(super) fn stand_ins(value: &Value, mentions: &Mentions) -> Option<Value> {
    let names: HashMap<&str, String> = mentions
        .iter()
        .filter_map(|(written, to)| match to {
            To::Search(query) => Some((written.as_str(), format!("{}/0", query.kind))),
            To::Entry(_) | To::Local(_) => None,
        })
        .collect();
    (!names.is_empty()).then(|| {
        let mut value = value.clone();
        rewrite_value(&mut value, &names);
        value
    })
}

fn rewrite_value(value: &mut Value, names: &HashMap<&str, String>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                match inner {
                    Value::String(written) if is_address(name) => {
                        if let Some(turned) = names.get(written.as_str()) {
                            turned.clone_into(written);
                        }
                    }
                    Value::Object(_) | Value::Array(_) => rewrite_value(inner, names),
                    _ => {}
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite_value(item, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
