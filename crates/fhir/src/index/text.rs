//! Text to be found by its beginning: a name and an address by each of their parts.

use serde_json::Value;

use super::plan::Planned;
use super::{Rows, term};
use crate::entry::{Entry, folded};
use crate::path::Item;

/// The parts of a name and of an address that are text.
const PARTS: [&str; 11] =
    ["text", "family", "given", "prefix", "suffix", "line", "city", "district", "state", "postalCode", "country"];

impl Rows<'_> {
    pub(super) fn text(&mut self, planned: &Planned, item: &Item<'_>) {
        if let Some(written) = item.text() {
            return self.written(planned, written);
        }
        let Some(fields) = item.node().and_then(|node| node.value.as_object()) else { return };
        for part in PARTS {
            match fields.get(part) {
                Some(Value::String(written)) => self.written(planned, written),
                Some(Value::Array(several)) => {
                    several.iter().filter_map(Value::as_str).for_each(|written| self.written(planned, written));
                }
                _ => {}
            }
        }
    }

    fn written(&mut self, planned: &Planned, written: &str) {
        let text = folded(written);
        if !text.is_empty() {
            self.entries.push(Entry::Text { parameter: planned.id, text });
            self.term(planned, term::EXACT, written);
        }
    }
}
