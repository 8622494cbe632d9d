//! Contained resources: each with an id of its own, pointed at, and without a life of its own.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::Walk;
use crate::issue::Code;
use crate::validate::place::Place;
use crate::validate::words;

impl<'v> Walk<'v> {
    /// Every contained resource has an id of its own and is pointed at (or points at what it is in).
    pub(super) fn contained(&mut self, contained: &'v [Value], place: &Place<'_>) {
        let name = place.name("contained");
        let mut known = HashSet::new();
        for (index, resource) in contained.iter().enumerate() {
            let at = name.at(index);
            let Some(id) = resource.get("id").and_then(Value::as_str) else {
                self.tell(Code::Required, &at.name("id"), || {
                    "a contained resource needs an id, by which a reference such as #a finds it".to_owned()
                });
                continue;
            };
            if !known.insert(id) {
                self.tell(Code::Duplicate, &at.name("id"), || {
                    format!("two contained resources have the id \"{}\": give each its own", words::clipped(id))
                });
            }
            if !self.local.contains(&id) && !points_out(resource) {
                self.tell(Code::Invariant, &at, || {
                    format!(
                        "nothing points at the contained resource: refer to it as \"#{}\" or take it out",
                        words::clipped(id)
                    )
                });
            }
        }
    }

    /// What only a resource that stands by itself may have.
    pub(super) fn not_by_itself(&mut self, members: &'v Map<String, Value>, place: &Place<'_>) {
        if members.contains_key("contained") {
            self.tell(Code::Invariant, &place.name("contained"), || {
                "a contained resource may not contain others: put them beside it".to_owned()
            });
        }
        for key in ["versionId", "lastUpdated", "security"] {
            if members.get("meta").is_some_and(|meta| meta.get(key).is_some()) {
                self.tell(Code::Invariant, &place.name("meta").name(key), || {
                    format!("a contained resource may not have `meta.{key}`: it has no life of its own")
                });
            }
        }
    }
}

/// True if somewhere in a contained resource `#` stands for what it is in.
fn points_out(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(points_out),
        Value::Object(members) => {
            members.iter().any(|(key, value)| (key == "reference" && value.as_str() == Some("#")) || points_out(value))
        }
        _ => false,
    }
}
