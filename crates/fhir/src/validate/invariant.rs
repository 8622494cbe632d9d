//! HL7's rules for types (`pat-1` and so on), each at every element it holds for. What is true of an element is for an
//! engine of FHIRPath to say: it is an argument. Must not know FHIRPath.

use serde_json::{Map, Value};

use super::place::Place;
use super::{DEEPEST, MOST_ISSUES};
use crate::definitions::{self, Constraint, Form, Severity, Shape, Type};
use crate::issue::{self, Code, Issue};

/// Says whether a rule holds of an element (the third argument is the resource it is in); none if it cannot tell.
pub type Judge<'a> = dyn Fn(&'static Constraint, &Value, &Value) -> Option<bool> + 'a;

/// The rules that a resource breaks, for one whose structure is sound (see [`super::resource`]). A rule that the judge
/// cannot tell about is passed over: base rules only add to what structure says.
#[must_use]
pub fn invariants(resource: &Value, judge: &Judge<'_>) -> Vec<Issue> {
    let mut walk = Walk { issues: Vec::new(), judge };
    let name = resource.get("resourceType").and_then(Value::as_str).unwrap_or("Resource");
    walk.resource(resource, &Place::root(name), 0);
    walk.issues
}

struct Walk<'j> {
    issues: Vec<Issue>,
    judge: &'j Judge<'j>,
}

impl Walk<'_> {
    fn resource(&mut self, value: &Value, place: &Place<'_>, depth: usize) {
        let Some(members) = value.as_object() else { return };
        let kind = members.get("resourceType").and_then(Value::as_str).unwrap_or_default();
        let (Some(found), Some(shape)) = (definitions::find(kind), definitions::shape(kind)) else { return };
        self.element(value, members, shape, found, value, place, depth);
    }

    /// An element of a type, or of a part of one (`owner` is the type whose definition has the rules).
    #[expect(clippy::too_many_arguments, reason = "all of them change at every step of the walk, together")]
    fn element(
        &mut self,
        value: &Value,
        members: &Map<String, Value>,
        shape: &'static Shape,
        owner: &'static Type,
        resource: &Value,
        place: &Place<'_>,
        depth: usize,
    ) {
        if depth > DEEPEST || self.issues.len() >= MOST_ISSUES {
            return;
        }
        if shape.path == owner.name {
            // A whole type: its own rules and those of what it is based on.
            let bases = std::iter::successors(Some(owner), |found| found.base.and_then(definitions::find));
            for base in bases {
                self.rules(base, base.name, value, resource, place);
            }
        }
        for (key, member) in members {
            let Some((element, allowed)) = shape.find(key) else { continue };
            let here = place.name(element.name);
            let path = format!("{}.{}", shape.path, element.name);
            let items: &[Value] = match member {
                Value::Array(items) => items,
                one => std::slice::from_ref(one),
            };
            for (index, item) in items.iter().enumerate() {
                let indexed = here.at(index);
                let here = if element.is_list { &indexed } else { &here };
                self.rules(owner, &path, item, resource, here);
                match (allowed.form, item.as_object()) {
                    (Form::Resource, _) => self.resource(item, here, depth + 1),
                    (Form::Complex(_), Some(members)) => {
                        let Some(shape) = allowed.form.shape() else { continue };
                        let owner = definitions::find(shape.path).unwrap_or(owner);
                        self.element(item, members, shape, owner, resource, here, depth + 1);
                    }
                    _ => {}
                }
            }
        }
    }

    /// The rules that a type has for a path in it.
    fn rules(&mut self, owner: &'static Type, path: &str, value: &Value, resource: &Value, place: &Place<'_>) {
        for rule in owner.constraints.iter().filter(|rule| rule.path.trim_end_matches("[x]") == path) {
            if (self.judge)(rule, value, resource) != Some(false) {
                continue;
            }
            let severity = match rule.severity {
                Severity::Error => issue::Severity::Error,
                Severity::Warning => issue::Severity::Warning,
            };
            let words = format!("{} ({})", rule.words, rule.key);
            self.issues.push(Issue { severity, code: Code::Invariant, words, at: Some(place.to_string()) });
        }
    }
}
