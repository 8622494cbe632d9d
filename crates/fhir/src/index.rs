//! What the search index holds of a resource, by the search parameters of its type. Expressions are read once, on first use.
//! Both sides of a search use the same forms of terms: those of `term` below. Must not know tables or how a query is asked.
//!
//! Three parameters cost nothing: `combo-x` is answered from `x` and `component-x`, and a parameter that is another one
//! narrowed to a type (`patient` of `subject`) from that other one's links. [`stored`] says where a parameter's rows are.

use serde_json::Value;

use crate::entry::{Entry, Index};
use crate::path::Item;

mod address;
mod plan;
mod quantity;
pub(crate) mod term;
mod text;
mod time;
mod token;

#[cfg(test)]
mod tests;

pub(crate) use plan::{points_at, stored};
pub(crate) use quantity::{Decimal, point};

use plan::Planned;

/// The row of the index for a reference to a resource of this type and id.
pub type Resolve<'r> = &'r dyn Fn(&str, &str) -> i64;

/// All that the index holds of a resource of this type. `resolve` gives the [`crate::entry::half`] for a relative
/// reference, by type and id as they are written. A parameter whose expression does not fit the data finds nothing: judging
/// the resource is validation's task, not the index's.
#[must_use]
pub fn of(kind: &str, value: &Value, resolve: Resolve<'_>) -> Index {
    let Some(plan) = plan::of(kind) else { return Index::default() };
    let mut rows = Rows { kind, entries: Vec::with_capacity(48), buffer: String::new(), resolve };
    let mut present = 0;
    let mut found = Vec::with_capacity(8);
    for planned in plan {
        found.clear();
        if planned.of_bits != 0 {
            continue;
        }
        if let Some(key) = planned.needs
            && !has(value, key, planned.is_choice)
        {
            continue;
        }
        if planned.path.collect(value, &mut found).is_err() {
            continue;
        }
        // A primitive of which only an extension is said has no value.
        if found.iter().any(|item| !item.node().is_some_and(|node| node.value.is_null())) {
            present |= 1_i64 << planned.bit;
        }
        if planned.is_stored {
            for item in &found {
                rows.add(planned, item);
            }
        }
    }
    for planned in plan {
        present |= i64::from(present & planned.of_bits != 0) << planned.bit;
    }
    rows.entries.sort_unstable();
    rows.entries.dedup();
    Index { present, entries: rows.entries }
}

/// Whether the element at which an expression begins is there at all: most parameters of most resources have no value.
fn has(resource: &Value, name: &str, is_choice: bool) -> bool {
    let Some(fields) = resource.as_object() else { return false };
    fields.contains_key(name) || (is_choice && fields.keys().any(|key| key.starts_with(name)))
}

/// The rows as they are found.
struct Rows<'r> {
    kind: &'r str,
    entries: Vec<Entry>,
    buffer: String,
    resolve: Resolve<'r>,
}

impl Rows<'_> {
    fn add(&mut self, planned: &Planned, item: &Item<'_>) {
        use crate::parameter::Kind;
        match planned.kind {
            Kind::Token => self.token(planned, item),
            Kind::String => self.text(planned, item),
            Kind::Date => self.time(planned, item),
            Kind::Number | Kind::Quantity => self.quantity(planned, item),
            Kind::Reference => self.reference(planned, item),
            Kind::Uri => {
                if let Some(address) = item.text() {
                    self.term(planned, term::URI, address);
                }
            }
            Kind::Composite | Kind::Special => {}
        }
    }

    fn term(&mut self, planned: &Planned, form: &str, value: &str) {
        self.entries.push(Entry::Term(crate::entry::term(self.kind, planned.code, form, value)));
    }

    /// `system|code` as a term of a form.
    fn pair(&mut self, planned: &Planned, form: &str, system: &str, code: &str) {
        self.buffer.clear();
        self.buffer.push_str(system);
        self.buffer.push('|');
        self.buffer.push_str(code);
        self.entries.push(Entry::Term(crate::entry::term(self.kind, planned.code, form, &self.buffer)));
    }
}
