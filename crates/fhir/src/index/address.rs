//! References: a link where one names a resource by type and id, a term for any other address, terms for its identifier.

use serde_json::Value;

use super::plan::Planned;
use super::{Rows, term};
use crate::entry::Entry;
use crate::path::Item;
use crate::reference;

impl Rows<'_> {
    pub(super) fn reference(&mut self, planned: &Planned, item: &Item<'_>) {
        if let Some(written) = item.text() {
            return self.points(planned, written);
        }
        let Some(fields) = item.node().and_then(|node| node.value.as_object()) else { return };
        if let Some(Value::String(written)) = fields.get("reference") {
            self.points(planned, written);
        }
        if let Some(identifier) = fields.get("identifier").filter(|identifier| identifier.is_object()) {
            self.coded(planned, &term::IDENTIFIER, identifier);
        }
    }

    fn points(&mut self, planned: &Planned, written: &str) {
        // A contained resource is nowhere else to be found.
        if written.starts_with('#') {
            return;
        }
        if let Some((kind, id)) = reference::relative(written) {
            let target = (self.resolve)(kind, id);
            self.entries.push(Entry::Link { parameter: planned.id, target });
            return;
        }
        self.term(planned, term::REFERENCE, written);
        if let Some((bare, _version)) = written.split_once('|') {
            self.term(planned, term::REFERENCE, bare);
        }
    }
}
