//! The values of one element: one or a list, an object of a type, or a single value with its companion of id and extensions.

use serde_json::{Map, Value};

use super::{Around, Walk};
use crate::definitions::{self, Allowed, Element, Form, Primitive};
use crate::issue::Code;
use crate::validate::place::Place;
use crate::validate::{primitive, words};

impl<'v> Walk<'v> {
    /// True if the value is a list where there must be one, and none where there must be none.
    pub(super) fn is_listed(&mut self, value: &Value, element: &Element, here: &Place<'_>) -> bool {
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

    pub(super) fn complex(
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

    pub(super) fn one(
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
    pub(super) fn primitive(
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

    pub(super) fn single(
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
    pub(super) fn concept(&mut self, members: &'v Map<String, Value>, element: &'static Element, here: &Place<'_>) {
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
}
