//! One value that an expression meets: a place in the resource, or something computed.

use std::borrow::Cow;

use serde_json::Value;

use super::member::{based_on, suffix};

/// A place in a resource.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    /// The JSON; null where a primitive has only extensions.
    pub value: &'a Value,
    /// The `_name` beside a primitive: its id and extensions.
    pub extra: Option<&'a Value>,
    /// The type where the element's name gives it away (`valueQuantity`: `Quantity`), first letter large.
    pub kind: Option<&'a str>,
}

impl<'a> Node<'a> {
    /// A value of which nothing more is known.
    #[must_use]
    pub fn plain(value: &'a Value) -> Self {
        Self { value, extra: None, kind: None }
    }

    /// Whether this is of a type, as far as its name or shape can tell: text of an unknown type is any type of text.
    #[must_use]
    pub fn is(&self, kind: &str) -> bool {
        if let Some(known) = self.kind {
            let base = suffix(kind).map_or(&[][..], based_on);
            return same_kind(known, kind) || base.iter().any(|based| same_kind(based, known));
        }
        match self.value {
            Value::Object(fields) => match fields.get("resourceType") {
                Some(Value::String(own)) => own == kind || super::expression::ABSTRACT.contains(&kind),
                _ => !is_primitive(kind) && shaped(fields, kind),
            },
            Value::String(_) => {
                is_primitive(kind) && !matches!(lower_first(kind), b'b' if kind.ends_with("oolean")) && !is_number(kind)
            }
            Value::Bool(_) => kind.eq_ignore_ascii_case("boolean"),
            Value::Number(number) => {
                is_number(kind) && (kind.eq_ignore_ascii_case("decimal") || number.as_i64().is_some())
            }
            _ => false,
        }
    }
}

/// The first letter of a name, small.
fn lower_first(name: &str) -> u8 {
    name.as_bytes().first().map_or(0, u8::to_ascii_lowercase)
}

/// The same type, whether written as FHIR (`boolean`) or as the system (`Boolean`) writes it.
pub(super) fn same_kind(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    one.len() == other.len() && !one.is_empty() && one[0].eq_ignore_ascii_case(&other[0]) && one[1..] == other[1..]
}

fn is_number(kind: &str) -> bool {
    ["decimal", "integer", "positiveInt", "unsignedInt"].iter().any(|number| same_kind(number, kind))
}

/// Whether a type is written as one JSON value: FHIR writes those with a small letter.
fn is_primitive(kind: &str) -> bool {
    kind.as_bytes().first().is_some_and(u8::is_ascii_lowercase)
        || ["String", "Boolean", "Integer", "Decimal", "Date", "DateTime", "Time"].contains(&kind)
}

/// Types that can be told from their fields; others are believed.
fn shaped(fields: &serde_json::Map<String, Value>, kind: &str) -> bool {
    match kind {
        "Reference" => {
            fields.contains_key("reference") || fields.contains_key("identifier") || fields.contains_key("display")
        }
        "CodeableConcept" => fields.contains_key("coding") || fields.contains_key("text"),
        "Period" => fields.contains_key("start") || fields.contains_key("end"),
        "Range" => fields.contains_key("low") || fields.contains_key("high"),
        "Quantity" => fields.contains_key("value") || fields.contains_key("unit") || fields.contains_key("code"),
        _ => true,
    }
}

/// One value.
#[derive(Debug, Clone)]
pub enum Item<'a> {
    /// A place in the resource.
    Node(Node<'a>),
    /// What a reference points at, of which only the type is known.
    Target(&'a str),
    /// Computed.
    Boolean(bool),
    /// Computed.
    Integer(i64),
    /// Computed.
    Decimal(f64),
    /// Computed, or written in the expression.
    Text(Cow<'a, str>),
}

impl<'a> Item<'a> {
    /// As text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Node(node) => node.value.as_str(),
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// As true or false.
    #[must_use]
    pub fn boolean(&self) -> Option<bool> {
        match self {
            Self::Node(node) => node.value.as_bool(),
            Self::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// As a number.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Node(node) => node.value.as_f64(),
            #[expect(clippy::cast_precision_loss, reason = "counts and literals, far below 2^53")]
            Self::Integer(value) => Some(*value as f64),
            Self::Decimal(value) => Some(*value),
            _ => None,
        }
    }

    /// The place in the resource, where it is one.
    #[must_use]
    pub fn node(&self) -> Option<Node<'a>> {
        match self {
            Self::Node(node) => Some(*node),
            _ => None,
        }
    }

    /// Whether this is of a type.
    #[must_use]
    pub fn is(&self, kind: &str) -> bool {
        match self {
            Self::Node(node) => node.is(kind),
            Self::Target(own) => *own == kind || super::expression::ABSTRACT.contains(&kind),
            Self::Boolean(_) => same_kind("boolean", kind),
            Self::Integer(_) => same_kind("integer", kind),
            Self::Decimal(_) => same_kind("decimal", kind),
            Self::Text(_) => same_kind("string", kind),
        }
    }
}
