//! Tokens: codes with and without their systems, identifiers, truth values, ways to reach somebody.

use serde_json::Value;

use super::Rows;
use super::plan::Planned;
use super::term::{self, Forms};
use crate::path::Item;

impl Rows<'_> {
    pub(super) fn token(&mut self, planned: &Planned, item: &Item<'_>) {
        if let Some(value) = item.boolean() {
            let word = if value { "true" } else { "false" };
            return self.code(planned, &term::TOKEN, None, word);
        }
        if let Some(written) = item.text() {
            return self.code(planned, &term::TOKEN, None, written);
        }
        let Some(fields) = item.node().and_then(|node| node.value.as_object()) else { return };
        match fields.get("coding") {
            Some(Value::Array(codings)) => {
                for coding in codings {
                    self.coded(planned, &term::TOKEN, coding);
                }
            }
            _ => {
                if let Some(node) = item.node() {
                    self.coded(planned, &term::TOKEN, node.value);
                }
            }
        }
    }

    /// A Coding, Identifier or ContactPoint.
    pub(super) fn coded(&mut self, planned: &Planned, forms: &Forms, value: &Value) {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let system = text("system");
        match text("code").or_else(|| text("value")) {
            // A ContactPoint's system is a word such as `phone`: it says how to reach somebody, not whose number it is.
            Some(code) if system.is_some_and(is_way_to_reach) => {
                self.code(planned, forms, None, code);
            }
            Some(code) => self.code(planned, forms, system, code),
            None => {
                if let Some(system) = system {
                    self.term(planned, forms.system, system);
                }
            }
        }
    }

    fn code(&mut self, planned: &Planned, forms: &Forms, system: Option<&str>, written: &str) {
        let code = term::code(written);
        self.term(planned, forms.code, &code);
        match system {
            Some(system) => {
                self.pair(planned, forms.code_of, system, &code);
                self.term(planned, forms.system, system);
            }
            None => self.term(planned, forms.code_alone, &code),
        }
    }
}

fn is_way_to_reach(system: &str) -> bool {
    matches!(system, "phone" | "fax" | "email" | "pager" | "url" | "sms" | "other")
}
