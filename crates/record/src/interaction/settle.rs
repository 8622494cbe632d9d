//! A resource made ready to be stored: under its id, with its references in the API's words, without the version and time
//! that are the server's to say; hashed, classified, its person named. Pure, so that it happens before the writer's turn; and
//! once more on it where only the database knew an id.

use std::collections::HashMap;
use std::sync::Arc;

use access::Class;
use fhir::query::Query;
use serde_json::Value;
use uuid::Uuid;

use super::body::{Body, after_string};
use super::reference::{self, Mentions, To};
use super::{Patch, Refusal, row_id, subject};
use crate::feed::Subject;
use crate::patient::Demographics;

/// One prepared task.
#[derive(Debug)]
pub(super) enum Step {
    /// Show one resource.
    Read { kind: String, id: String, version: Option<i64> },
    /// Show what answers a search.
    Search { query: Box<Query> },
    /// Change something.
    Write(Box<Writing>),
}

/// One change.
#[derive(Debug)]
pub(super) struct Writing {
    pub(super) kind: String,
    pub(super) act: Act,
    pub(super) aim: Aim,
    pub(super) if_match: Option<i64>,
    /// What to store, for a create or an update; settled for the id that is planned.
    pub(super) planned: Option<Planned>,
    /// What it was made of, where it may have to be made again.
    pub(super) draft: Option<Draft>,
}

/// What is done.
#[derive(Debug)]
pub(super) enum Act {
    Create,
    Update,
    Patch(Patch),
    Delete,
}

/// To which resource.
#[derive(Debug)]
pub(super) enum Aim {
    /// One that nobody has heard of yet.
    New(String),
    /// The one of this id.
    Id(String),
    /// The one that answers a search, else (for a create or an update) a new one of this id.
    Matching(Box<Query>, Option<String>),
}

/// A resource and the references in it that are to be turned.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) body: Body,
    pub(super) mentions: Mentions,
}

/// A resource ready to be stored.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) kind: String,
    pub(super) logical: String,
    pub(super) id: Uuid,
    pub(super) text: String,
    pub(super) value: Arc<Value>,
    /// What the search index takes of it, worked out here and not by the writer.
    pub(super) prepared: store::Prepared,
    pub(super) hash: [u8; 32],
    pub(super) class: Class,
    pub(super) subject: Subject,
    pub(super) demographics: Option<Box<Demographics>>,
}

impl Draft {
    /// Settles the resource under an id. `entry` gives the `Type/id` of an entry, `found` that of a search by its own words.
    ///
    /// # Errors
    /// 422 where it does not say whose it is in a way that can be followed.
    pub(super) fn settle(
        self,
        kind: &str,
        logical: &str,
        entry: &dyn Fn(usize) -> Option<String>,
        found: &HashMap<String, String>,
    ) -> Result<Planned, Refusal> {
        let Self { body: Body { text, value }, mentions } = self;
        let mut names: HashMap<&str, String> = HashMap::with_capacity(mentions.len());
        for (written, to) in &mentions {
            let turned = match to {
                To::Entry(number) => entry(*number),
                To::Local(local) => Some(local.clone()),
                To::Search(_) => found.get(written).cloned(),
            };
            if let Some(turned) = turned {
                names.insert(written, turned);
            }
        }
        let mut value = Arc::unwrap_or_clone(value);
        let mut text = own(&text, logical);
        reference::rewrite(&mut text, &mut value, &names);
        own_value(&mut value, logical);
        let subject = subject::of(kind, logical, &value)?;
        let demographics = (kind == "Patient").then(|| Box::new(Demographics::from_patient(&value)));
        Ok(Planned {
            kind: kind.to_owned(),
            logical: logical.to_owned(),
            id: row_id(kind, logical),
            hash: store::blob::sha256(text.as_bytes()),
            class: crate::search::class(kind, &value),
            text,
            prepared: crate::search::prepared(super::FEED, kind, &value),
            value: Arc::new(value),
            subject,
            demographics,
        })
    }
}

/// The text under its id, without the version and time that are the server's to say. The text has no white space.
fn own(text: &str, logical: &str) -> String {
    let members = members(text);
    let has_id = members.iter().any(|(name, _)| *name == "id");
    let mut out = String::with_capacity(text.len() + logical.len() + 8);
    let mut member = |name: &str, value: &str| {
        out.push(if out.is_empty() { '{' } else { ',' });
        out.push('"');
        out.push_str(name);
        out.push_str("\":");
        out.push_str(value);
    };
    let id = format!("\"{logical}\"");
    for (name, value) in members {
        match name {
            "id" => member(name, &id),
            "meta" => {
                if let Some(meta) = without_server_words(value) {
                    member(name, &meta);
                }
            }
            "resourceType" if !has_id => {
                member(name, value);
                member("id", &id);
            }
            _ => member(name, value),
        }
    }
    out.push('}');
    out
}

const SERVER_WORDS: [&str; 4] = ["versionId", "_versionId", "lastUpdated", "_lastUpdated"];

/// A meta without version and time; `None` if nothing is left of it.
fn without_server_words(meta: &str) -> Option<String> {
    if !meta.starts_with('{') {
        return Some(meta.to_owned());
    }
    let kept: Vec<String> = members(meta)
        .into_iter()
        .filter(|(name, _)| !SERVER_WORDS.contains(name))
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    (!kept.is_empty()).then(|| format!("{{{}}}", kept.join(",")))
}

fn own_value(value: &mut Value, logical: &str) {
    let Some(fields) = value.as_object_mut() else { return };
    fields.insert("id".to_owned(), Value::String(logical.to_owned()));
    if let Some(meta) = fields.get_mut("meta").and_then(Value::as_object_mut) {
        SERVER_WORDS.iter().for_each(|word| drop(meta.shift_remove(*word)));
        if meta.is_empty() {
            fields.shift_remove("meta");
        }
    }
}

/// The members of an object in text without white space that is known to be JSON.
fn members(text: &str) -> Vec<(&str, &str)> {
    let bytes = text.as_bytes();
    let mut members = Vec::with_capacity(16);
    let mut at = 1;
    while bytes.get(at) == Some(&b'"') {
        let name = at + 1;
        let colon = after_string(bytes, name);
        let value = colon + 1;
        let end = after_value(bytes, value);
        members.push((
            text.get(name..colon.saturating_sub(1)).unwrap_or_default(),
            text.get(value..end).unwrap_or_default(),
        ));
        at = end + 1;
    }
    members
}

/// The place just after the value that begins here.
fn after_value(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = after_string(bytes, at + 1);
                if depth == 0 {
                    return at;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return at,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            b',' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_set_and_the_servers_words_go() {
        let owned = |text: &str| own(text, "n");
        assert_eq!(
            owned(r#"{"resourceType":"X","a":[1.0,{"b":"}"}]}"#),
            r#"{"resourceType":"X","id":"n","a":[1.0,{"b":"}"}]}"#
        );
        assert_eq!(owned(r#"{"a":-1.50,"resourceType":"X","id":"old"}"#), r#"{"a":-1.50,"resourceType":"X","id":"n"}"#);
        assert_eq!(
            owned(r#"{"resourceType":"X","meta":{"versionId":"3","lastUpdated":"x"}}"#),
            r#"{"resourceType":"X","id":"n"}"#
        );
        assert_eq!(
            owned(r#"{"resourceType":"X","meta":{"versionId":"3","tag":[{"code":"a"}]},"b":true}"#),
            r#"{"resourceType":"X","id":"n","meta":{"tag":[{"code":"a"}]},"b":true}"#
        );
        assert_eq!(owned(r#"{"resourceType":"X"}"#), r#"{"resourceType":"X","id":"n"}"#);
    }

    proptest::proptest! {
        /// Text and value are owned alike, whatever stands in them.
        #[test]
        fn text_and_value_are_owned_alike(texts in proptest::collection::vec("[\"\\\\:{},\\[\\]aé]{0,8}", 3), number in proptest::num::f64::NORMAL) {
            let value = serde_json::json!({
                "resourceType": "X", texts[0].replace(['\\', '"'], "k"): [texts[1], {"a": number}], "meta": {"versionId": texts[2], "source": texts[1]}, "z": null, "y": number,
            });
            let mut owned = value.clone();
            own_value(&mut owned, "n");
            proptest::prop_assert_eq!(serde_json::from_str::<Value>(&own(&value.to_string(), "n")).unwrap(), owned);
        }
    }
}
