//! The walk over a resource: each object against the shape of its type. One pass, nothing copied; only an issue costs words.

use serde_json::{Map, Value};

use super::place::Place;
use super::{DEEPEST, MOST_ISSUES, words};
use crate::definitions::{self, Element, Form, Shape};
use crate::issue::{Code, Issue, Severity};

mod contained;
mod link;
mod value;

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
