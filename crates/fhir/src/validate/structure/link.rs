//! What FHIR says of references and extensions beyond their elements: what they may point at, and that they say something.

use serde_json::{Map, Value};

use super::{Around, Walk};
use crate::definitions::{self, Allowed, Shape};
use crate::issue::Code;
use crate::validate::place::Place;
use crate::validate::reference::{self, Target};
use crate::validate::words;

impl<'v> Walk<'v> {
    pub(super) fn reference(
        &mut self,
        members: &'v Map<String, Value>,
        allowed: &'static Allowed,
        here: &Place<'_>,
        around: Around<'v>,
    ) {
        let Some(Value::String(text)) = members.get("reference") else { return };
        let here = here.name("reference");
        let kind = match reference::read(text) {
            Err(wrong) => return self.tell(Code::Value, &here, || format!("`reference` {wrong}")),
            Ok(Target::Elsewhere) => return,
            Ok(Target::Kind(kind)) => {
                if text.contains('?') && !around.is_in_bundle {
                    return self.tell(Code::Value, &here, || {
                        "a search may stand for a reference only within a transaction: write type and id".to_owned()
                    });
                }
                kind
            }
            Ok(Target::Contained("")) => return,
            Ok(Target::Contained(id)) => {
                self.local.push(id);
                let found = around.contained.iter().find(|found| found.get("id").and_then(Value::as_str) == Some(id));
                let Some(found) = found else {
                    return self.tell(Code::NotFound, &here, || {
                        format!(
                            "\"#{}\" points at a contained resource that is not there: add it to `contained`",
                            words::clipped(id)
                        )
                    });
                };
                found.get("resourceType").and_then(Value::as_str).unwrap_or_default()
            }
        };
        if !allowed.targets.is_empty() && !allowed.targets.contains(&kind) {
            self.tell(Code::Value, &here, || {
                format!(
                    "points at a {}, but may only point at {}",
                    words::clipped(kind),
                    words::one_of(allowed.targets.iter().copied())
                )
            });
        }
    }

    /// `type` names the type that `reference` has.
    pub(super) fn typed_reference(&mut self, members: &'v Map<String, Value>, place: &Place<'_>) {
        let Some(Value::String(kind)) = members.get("type") else { return };
        if kind.contains(':') {
            return;
        }
        if !definitions::is_resource(kind) {
            return self.tell(Code::Value, &place.name("type"), || {
                format!("`{}` is no type of resource in R4", words::clipped(kind))
            });
        }
        let Some(Value::String(text)) = members.get("reference") else { return };
        if let Ok(Target::Kind(real)) = reference::read(text)
            && real != kind
        {
            self.tell(Code::Value, &place.name("type"), || {
                format!("`type` says {kind} and `reference` points at a {real}: they must agree")
            });
        }
    }

    /// An extension has a value or extensions of its own, not both; and an absolute address unless it is part of another.
    pub(super) fn extension(
        &mut self,
        members: &'v Map<String, Value>,
        seen: u128,
        shape: &'static Shape,
        place: &Place<'_>,
        around: Around<'v>,
    ) {
        let has = |name: &str| {
            shape
                .elements
                .iter()
                .position(|element| element.name == name)
                .is_some_and(|at| seen & (1_u128 << (at & 127)) != 0)
        };
        match (has("value"), has("extension")) {
            (true, true) => self.tell(Code::Extension, place, || {
                "an extension has a value or extensions of its own, not both: take one out".to_owned()
            }),
            (false, false) if !members.keys().any(|key| key.starts_with("value")) => {
                self.tell(Code::Extension, place, || {
                    "the extension says nothing: give it a value such as `valueString`, or extensions of its own"
                        .to_owned()
                });
            }
            _ => {}
        }
        let Some(Value::String(url)) = members.get("url") else { return };
        if !around.is_in_extension && !url.contains(':') {
            self.tell(Code::Extension, &place.name("url"), || {
                format!(
                    "\"{}\" must be an absolute address: nobody can know what the extension means",
                    words::clipped(url)
                )
            });
        }
    }
}
