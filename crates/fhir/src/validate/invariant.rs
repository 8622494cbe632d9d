//! HL7's rules for types (`pat-1` and so on), each at every element it holds for, told by the FHIRPath engine. For resources
//! whose structure is sound; what the walk over the structure says already is not said again.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::place::Place;
use super::{DEEPEST, MOST_ISSUES};
use crate::definitions::{self, Constraint, Form, Severity, Shape};
use crate::issue::{self, Code, Issue};
use crate::path::{Around, Item, Node, Path};

/// Rules that the walk over the structure holds already, and `dom-6` (every resource should have a narrative), which would
/// be said of nearly everything.
const ELSEWHERE: &[&str] = &["ele-1", "ext-1", "dom-2", "dom-3", "dom-4", "dom-5", "dom-6", "ref-1", "txt-1", "txt-2"];

/// The rules that a resource breaks. A rule that gives no answer for the data is not broken.
#[must_use]
pub fn invariants(resource: &Value) -> Vec<Issue> {
    let mut walk = Walk { issues: Vec::new(), root: resource };
    let name = resource.get("resourceType").and_then(Value::as_str).unwrap_or("Resource");
    walk.resource(resource, &Place::root(name), 0);
    walk.issues
}

/// A rule, read.
struct Rule {
    says: &'static Constraint,
    path: Path,
}

/// Rules by where they hold.
struct Rules {
    /// Of whole types (with those of what they are based on) and parts of them, by the shape's path.
    shapes: HashMap<&'static str, Vec<&'static Rule>>,
    /// Of elements without a shape of their own, by path.
    elements: HashMap<String, Vec<&'static Rule>>,
}

static READ: LazyLock<(Vec<Rule>, Vec<&'static str>)> = LazyLock::new(|| {
    let (mut rules, mut unread) = (Vec::new(), Vec::new());
    for says in definitions::tables().types.iter().flat_map(|found| &found.constraints) {
        if ELSEWHERE.contains(&says.key) {
            continue;
        }
        match Path::parse(says.expression) {
            Ok(path) => rules.push(Rule { says, path }),
            Err(_) => unread.push(says.key),
        }
    }
    (rules, unread)
});

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let mut rules = Rules { shapes: HashMap::new(), elements: HashMap::new() };
    let tables = definitions::tables();
    let bare = |path: &'static str| path.strip_suffix("[x]").unwrap_or(path);
    for shape in &tables.shapes {
        let bases =
            std::iter::successors(definitions::find(shape.path), |found| found.base.and_then(definitions::find));
        let mut names: Vec<&str> = bases.map(|base| base.name).collect();
        if names.is_empty() {
            names.push(shape.path);
        }
        let holds = READ.0.iter().filter(|rule| names.contains(&rule.says.path)).collect::<Vec<_>>();
        if !holds.is_empty() {
            rules.shapes.insert(shape.path, holds);
        }
    }
    for rule in &READ.0 {
        if !tables.shapes.iter().any(|shape| shape.path == rule.says.path) {
            rules.elements.entry(bare(rule.says.path).to_owned()).or_default().push(rule);
        }
    }
    rules
});

/// The rules that the engine cannot read, by HL7's names for them: they are not held.
#[must_use]
pub fn unread() -> &'static [&'static str] {
    &READ.1
}

struct Walk<'v> {
    issues: Vec<Issue>,
    root: &'v Value,
}

impl<'v> Walk<'v> {
    fn resource(&mut self, value: &'v Value, place: &Place<'_>, depth: usize) {
        let Some(members) = value.as_object() else { return };
        let kind = members.get("resourceType").and_then(Value::as_str).unwrap_or_default();
        let Some(shape) = definitions::shape(kind) else { return };
        self.object(Node { value, extra: None, kind: None }, members, shape, value, place, depth);
    }

    fn object(
        &mut self,
        node: Node<'v>,
        members: &'v Map<String, Value>,
        shape: &'static Shape,
        resource: &'v Value,
        place: &Place<'_>,
        depth: usize,
    ) {
        if depth > DEEPEST || self.issues.len() >= MOST_ISSUES {
            return;
        }
        if let Some(rules) = RULES.shapes.get(shape.path) {
            self.hold(rules, node, resource, place);
        }
        for (key, member) in members {
            let Some((element, allowed)) = shape.find(key) else { continue };
            let here = place.name(element.name);
            let items: &[Value] = match member {
                Value::Array(items) => items,
                one => std::slice::from_ref(one),
            };
            for (index, item) in items.iter().enumerate() {
                let indexed = here.at(index);
                let here = if element.is_list { &indexed } else { &here };
                match (allowed.form, item.as_object()) {
                    (Form::Resource, _) => self.resource(item, here, depth + 1),
                    (Form::Complex(_), Some(members)) => {
                        let Some(shape) = allowed.form.shape() else { continue };
                        let node = Node { value: item, extra: None, kind: Some(allowed.name) };
                        self.object(node, members, shape, resource, here, depth + 1);
                    }
                    _ => {}
                }
                if let Some(rules) = self.of_element(shape, element.name) {
                    let extra = members.get(&format!("_{key}"));
                    let node = Node { value: item, extra, kind: Some(allowed.name) };
                    self.hold(rules, node, resource, here);
                }
            }
        }
    }

    /// The rules of an element; only a few dozen shapes have any, so the path is put together only for those.
    fn of_element(&self, shape: &'static Shape, name: &str) -> Option<&'static [&'static Rule]> {
        static WITH: LazyLock<std::collections::HashSet<&'static str>> = LazyLock::new(|| {
            RULES.elements.keys().filter_map(|path| path.rsplit_once('.').map(|(shape, _)| shape)).collect()
        });
        if !WITH.contains(shape.path) {
            return None;
        }
        RULES.elements.get(&format!("{}.{name}", shape.path)).map(Vec::as_slice)
    }

    fn hold(&mut self, rules: &'static [&'static Rule], node: Node<'v>, resource: &'v Value, place: &Place<'_>) {
        for rule in rules {
            let around = Around { resource, root: self.root };
            if rule.path.holds(Item::Node(node), around) != Ok(Some(false)) {
                continue;
            }
            let severity = match rule.says.severity {
                Severity::Error => issue::Severity::Error,
                Severity::Warning => issue::Severity::Warning,
            };
            let words = format!("{} ({})", rule.says.words, rule.says.key);
            self.issues.push(Issue { severity, code: Code::Invariant, words, at: Some(place.to_string()) });
        }
    }
}
