//! The walk over a resource: each object against the shape of its type. One pass, nothing copied; only an issue costs words.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::place::Place;
use super::reference::{self, Target};
use super::{DEEPEST, MOST_ISSUES, primitive, words};
use crate::definitions::{self, Allowed, Element, Form, Primitive, Shape};
use crate::issue::{Code, Issue, Severity};

/// Everything wrong with a resource.
pub(super) fn check(resource: &Value) -> Vec<Issue> {
    let mut walk = Walk { issues: Vec::new(), more: 0, depth: 0, local: Vec::new() };
    let name = resource.get("resourceType").and_then(Value::as_str).unwrap_or("Resource");
    walk.root(resource, &Place::root(name), None);
    if walk.more > 0 {
        let more = walk.more;
        let words = format!("{more} more issues are not listed: mend the {MOST_ISSUES} above and send it again");
        walk.issues.push(Issue { severity: Severity::Information, code: Code::Informational, words, at: None });
    }
    walk.issues
}

struct Walk<'v> {
    issues: Vec<Issue>,
    /// How many there were beyond the most that are told.
    more: usize,
    depth: usize,
    /// What points at contained resources in the root that is walked: ids without `#`.
    local: Vec<&'v str>,
}

/// What is known of the object that is walked into.
#[derive(Clone, Copy)]
struct Around<'v> {
    /// The ids of the root's contained resources.
    contained: &'v [Value],
    is_in_extension: bool,
    is_contained: bool,
    is_in_bundle: bool,
}

impl<'v> Walk<'v> {
    fn tell(&mut self, code: Code, place: &Place<'_>, words: impl FnOnce() -> String) {
        if self.issues.len() < MOST_ISSUES {
            self.issues.push(Issue::error(code, words()).at(place.to_string()));
        } else {
            self.more += 1;
        }
    }

    /// True if one level deeper is still allowed; else says so.
    fn deeper(&mut self, place: &Place<'_>) -> bool {
        if self.depth >= DEEPEST {
            self.tell(Code::TooCostly, place, || {
                format!("objects and lists stand more than {DEEPEST} levels in one another: send it flatter")
            });
            return false;
        }
        self.depth += 1;
        true
    }

    /// A resource that references of its own lead into: the whole, or one in a Bundle or Parameters.
    fn root(&mut self, value: &'v Value, place: &Place<'_>, bundle: Option<Around<'v>>) {
        let contained = value.get("contained").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let around = Around {
            contained,
            is_in_extension: false,
            is_contained: false,
            is_in_bundle: bundle.is_some_and(|around| around.is_in_bundle),
        };
        let outer = std::mem::take(&mut self.local);
        self.resource(value, place, around);
        self.contained(contained, place);
        self.local = outer;
    }

    /// Every contained resource has an id of its own and is pointed at (or points at what it is in).
    fn contained(&mut self, contained: &'v [Value], place: &Place<'_>) {
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

    fn resource(&mut self, value: &'v Value, place: &Place<'_>, around: Around<'v>) {
        let Value::Object(members) = value else {
            let found = words::value(value);
            return self.tell(Code::Structure, place, || format!("a resource must be an object, not {found}"));
        };
        let shape = match members.get("resourceType") {
            Some(Value::String(kind)) if definitions::is_resource(kind) => definitions::shape(kind),
            Some(Value::String(kind)) => {
                return self.tell(Code::Structure, &place.name("resourceType"), || {
                    format!(
                        "`{}` is no type of resource in R4: see http://hl7.org/fhir/R4/resourcelist.html",
                        words::clipped(kind)
                    )
                });
            }
            Some(other) => {
                let found = words::value(other);
                return self.tell(Code::Structure, &place.name("resourceType"), || {
                    format!("`resourceType` must be text such as \"Patient\", not {found}")
                });
            }
            None => {
                return self.tell(Code::Required, &place.name("resourceType"), || {
                    "`resourceType` is missing: say which type of resource this is, as \"resourceType\": \"Patient\"".to_owned()
                });
            }
        };
        let Some(shape) = shape else { return };
        let is_bundle = matches!(shape.path, "Bundle");
        self.object(members, shape, place, Around { is_in_bundle: around.is_in_bundle || is_bundle, ..around });
        if around.is_contained {
            self.not_by_itself(members, place);
        }
    }

    /// What only a resource that stands by itself may have.
    fn not_by_itself(&mut self, members: &'v Map<String, Value>, place: &Place<'_>) {
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

    fn object(
        &mut self,
        members: &'v Map<String, Value>,
        shape: &'static Shape,
        place: &Place<'_>,
        around: Around<'v>,
    ) {
        let is_resource = around.is_resource(shape);
        if members.is_empty() {
            return self.tell(Code::Structure, place, || {
                "the object is empty: leave the element out if there is nothing to say".to_owned()
            });
        }
        if !self.deeper(place) {
            return;
        }
        let mut seen: u128 = 0;
        let within = Around { is_in_extension: shape.path == "Extension", ..around };
        for (key, value) in members {
            if is_resource && key == "resourceType" {
                continue;
            }
            let (bare, is_companion) = match key.strip_prefix('_') {
                Some(bare) => (bare, true),
                None => (key.as_str(), false),
            };
            let Some((at, which)) = shape.index_of(bare) else {
                self.unknown(key, shape, place);
                continue;
            };
            let (Some(element), bit) = (shape.elements.get(at), 1_u128 << (at & 127)) else { continue };
            let Some(allowed) = element.types.get(which) else { continue };
            let here = place.name(element.name);
            if element.is_prohibited {
                self.tell(Code::Structure, &here, || format!("`{key}` may not be here: take it out"));
                continue;
            }
            let Form::Primitive(primitive) = allowed.form else {
                if is_companion {
                    self.tell(Code::Structure, &here, || {
                        format!("`{key}` is for single values: put an extension of `{bare}` within it")
                    });
                    continue;
                }
                self.once(&mut seen, bit, element, &here);
                self.complex(value, element, allowed, &here, within);
                continue;
            };
            let other = if is_companion { members.get(bare) } else { companion(members, key) };
            if is_companion && other.is_some() {
                // Looked at together with the value.
                continue;
            }
            self.once(&mut seen, bit, element, &here);
            let (value, companion) = if is_companion { (None, Some(value)) } else { (Some(value), other) };
            self.primitive(value, companion, element, primitive, &here, within);
        }
        self.missing(seen, shape, place);
        match shape.path {
            "Extension" => self.extension(members, seen, shape, place, around),
            "Reference" => self.typed_reference(members, place),
            _ => {}
        }
        self.depth -= 1;
    }

    /// A choice is one value of one type.
    fn once(&mut self, seen: &mut u128, bit: u128, element: &Element, here: &Place<'_>) {
        if *seen & bit != 0 {
            self.tell(Code::Structure, here, || {
                format!("`{}` is said in two types: keep the one that is right", element.name)
            });
        }
        *seen |= bit;
    }

    fn missing(&mut self, seen: u128, shape: &'static Shape, place: &Place<'_>) {
        for (at, element) in shape.elements.iter().enumerate() {
            if element.min > 0 && seen & (1_u128 << (at & 127)) == 0 {
                self.tell(Code::Required, &place.name(element.name), || {
                    let names = words::one_of(element.types.iter().map(|allowed| allowed.key));
                    format!("{names} is missing: {} must have it", shape.path)
                });
            }
        }
    }

    fn unknown(&mut self, key: &str, shape: &'static Shape, place: &Place<'_>) {
        self.tell(Code::Structure, &place.name(key), || {
            let mut name = String::new();
            let _ = super::place::named(&mut name, key);
            let choice = shape.elements.iter().find(|element| element.is_choice && key.starts_with(element.name));
            if let Some(choice) = choice {
                let keys = words::one_of(choice.types.iter().map(|allowed| allowed.key));
                return format!("{} has no element {name}: its `{}` is written as {keys}", shape.path, choice.name);
            }
            let near = shape
                .elements
                .iter()
                .flat_map(|element| &element.types)
                .find(|known| known.key.eq_ignore_ascii_case(key));
            match near {
                Some(known) => format!("{} has no element {name}: write `{}`", shape.path, known.key),
                None => format!("{} has no element {name}: take it out, or say it in an extension", shape.path),
            }
        });
    }

    /// True if the value is a list where there must be one, and none where there must be none.
    fn is_listed(&mut self, value: &Value, element: &Element, here: &Place<'_>) -> bool {
        match (element.is_list, value) {
            (true, Value::Array(items)) if items.is_empty() => {
                self.tell(Code::Structure, here, || {
                    "the list is empty: leave it out if there is nothing to say".to_owned()
                });
                false
            }
            (true, Value::Array(_)) => true,
            (true, other) => {
                let found = words::value(other);
                self.tell(Code::Structure, here, || {
                    format!("`{}` is a list and this is {found}: put it in square brackets", element.name)
                });
                false
            }
            (false, Value::Array(_)) => {
                self.tell(Code::Structure, here, || {
                    format!("`{}` has one value, not a list: take the square brackets away", element.name)
                });
                false
            }
            (false, _) => true,
        }
    }

    fn complex(
        &mut self,
        value: &'v Value,
        element: &'static Element,
        allowed: &'static Allowed,
        here: &Place<'_>,
        around: Around<'v>,
    ) {
        if !self.is_listed(value, element, here) {
            return;
        }
        match value {
            Value::Array(items) => {
                if !self.deeper(here) {
                    return;
                }
                for (index, item) in items.iter().enumerate() {
                    self.one(item, element, allowed, &here.at(index), around);
                }
                self.depth -= 1;
            }
            one => self.one(one, element, allowed, here, around),
        }
    }

    fn one(
        &mut self,
        value: &'v Value,
        element: &'static Element,
        allowed: &'static Allowed,
        here: &Place<'_>,
        around: Around<'v>,
    ) {
        if allowed.form == Form::Resource {
            if element.name == "contained" {
                return self.resource(value, here, Around { is_contained: true, ..around });
            }
            return self.root(value, here, Some(around));
        }
        let Value::Object(members) = value else {
            let found = words::value(value);
            return self.tell(Code::Structure, here, || {
                format!("`{}` must be an object ({}), not {found}", element.name, allowed.name)
            });
        };
        let Some(shape) = allowed.form.shape() else { return };
        self.object(members, shape, here, around);
        match allowed.name {
            "CodeableConcept" if element.codes.is_some() => self.concept(members, element, here),
            "Reference" => self.reference(members, allowed, here, around),
            _ => {}
        }
    }

    /// One value, or a list of them, each with its companion of id and extensions.
    fn primitive(
        &mut self,
        value: Option<&'v Value>,
        companion: Option<&'v Value>,
        element: &'static Element,
        primitive: Primitive,
        here: &Place<'_>,
        around: Around<'v>,
    ) {
        for side in [value, companion].into_iter().flatten() {
            if !self.is_listed(side, element, here) {
                return;
            }
        }
        if !element.is_list {
            return self.single(value, companion, element, primitive, here, around);
        }
        let items = |side: Option<&'v Value>| side.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let (values, companions) = (items(value), items(companion));
        for index in 0..values.len().max(companions.len()) {
            let value = values.get(index).filter(|value| !value.is_null());
            let companion = companions.get(index).filter(|companion| !companion.is_null());
            self.single(value, companion, element, primitive, &here.at(index), around);
        }
    }

    fn single(
        &mut self,
        value: Option<&'v Value>,
        companion: Option<&'v Value>,
        element: &'static Element,
        primitive: Primitive,
        here: &Place<'_>,
        around: Around<'v>,
    ) {
        match companion {
            None => {}
            Some(Value::Object(members)) => {
                if let Some(shape) = definitions::shape("Element") {
                    self.object(members, shape, here, Around { is_in_extension: false, ..around });
                }
            }
            Some(other) => {
                let found = words::value(other);
                self.tell(Code::Structure, here, || {
                    format!("`_{}` must be an object with an id or extensions, not {found}", element.name)
                });
            }
        }
        let Some(value) = value else {
            if companion.is_none() {
                self.tell(Code::Structure, here, || {
                    "null says nothing: in a list it may only stand where the other list has an extension".to_owned()
                });
            }
            return;
        };
        if let Err(wrong) = primitive::check(primitive, value) {
            return self.tell(Code::Value, here, || format!("`{}` {wrong}", element.name));
        }
        let Value::String(text) = value else { return };
        if let Some(codes) = element.codes().filter(|codes| primitive == Primitive::Code && !codes.has(text)) {
            return self.tell(Code::CodeInvalid, here, || {
                let known = words::one_of(codes.systems.iter().flat_map(|(_, codes)| codes.iter().copied()));
                format!("\"{}\" is not a code for `{}`: use {known}", words::clipped(text), element.name)
            });
        }
        if matches!(primitive, Primitive::Uri | Primitive::Url | Primitive::Canonical)
            && let Some(id) = text.strip_prefix('#')
        {
            self.local.push(id);
        }
    }

    /// A concept that must have one of the codes has one.
    fn concept(&mut self, members: &'v Map<String, Value>, element: &'static Element, here: &Place<'_>) {
        let Some(codes) = element.codes() else { return };
        let codings = members.get("coding").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let word = |coding: &'v Value, key| coding.get(key).and_then(Value::as_str).unwrap_or_default();
        let is_one = codings.iter().any(|coding| codes.has_in(word(coding, "system"), word(coding, "code")));
        if !is_one && !members.contains_key("extension") {
            self.tell(Code::CodeInvalid, here, || {
                let known = words::one_of(codes.systems.iter().flat_map(|(_, codes)| codes.iter().copied()));
                let systems = words::one_of(codes.systems.iter().map(|(system, _)| *system));
                format!("`{}` needs a coding of {systems}: {known}", element.name)
            });
        }
    }

    fn reference(
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
    fn typed_reference(&mut self, members: &'v Map<String, Value>, place: &Place<'_>) {
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
    fn extension(
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
                })
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

impl Around<'_> {
    /// True if the shape is that of a whole resource (which then has a `resourceType`).
    fn is_resource(self, shape: &Shape) -> bool {
        !shape.path.contains('.') && definitions::is_resource(shape.path)
    }
}

/// The member that bears id and extensions of a single value.
fn companion<'v>(members: &'v Map<String, Value>, key: &str) -> Option<&'v Value> {
    // Most objects have none, and then no name need be put together.
    if !members.keys().any(|other| other.starts_with('_')) {
        return None;
    }
    members.get(&format!("_{key}"))
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
