//! What R4 says its types are: the elements of each, how many of each there must be, of which types, with which codes.
//! Compiled from HL7's definitions when the crate is built; decoded once, on first use, in a few milliseconds.
//! Must not judge a resource: that is [`crate::validate`]'s.

use std::sync::LazyLock;

mod decode;
mod shape;
mod tables;

pub use shape::{Allowed, Codes, Constraint, Element, Form, Primitive, Severity, Shape, Sort, Type};
pub use tables::ShapeId;
pub(crate) use tables::Tables;

static TABLES: LazyLock<Tables> = LazyLock::new(decode::all);

/// Everything.
pub(crate) fn tables() -> &'static Tables {
    &TABLES
}

/// A number that changes with the definitions: what was derived by them is then derived anew.
#[must_use]
pub fn edition() -> u32 {
    decode::edition()
}

/// The types of resource there are (146: those that can be made, in HL7's order).
pub fn resources() -> impl Iterator<Item = &'static str> {
    tables().types.iter().filter(|found| found.sort == Sort::Resource && !found.is_abstract).map(|found| found.name)
}

/// True for a type of resource that can be made.
#[must_use]
pub fn is_resource(kind: &str) -> bool {
    find(kind).is_some_and(|found| found.sort == Sort::Resource && !found.is_abstract)
}

/// A type by its name: a resource, a complex or a primitive type.
#[must_use]
pub fn find(kind: &str) -> Option<&'static Type> {
    let tables = tables();
    tables.by_name.get(kind).and_then(|at| tables.types.get(*at))
}

/// The elements of a type.
#[must_use]
pub fn shape(kind: &str) -> Option<&'static Shape> {
    find(kind).map(|found| tables().shape(found.shape))
}

/// The names of the search parameters by which a resource of this type is in the compartment of a patient; empty if it
/// never is. A patient is in their own (`link` is how another's record may be in it).
#[must_use]
pub fn patient_compartment(kind: &str) -> &'static [&'static str] {
    tables().compartment.get(kind).map_or(&[], Vec::as_slice)
}

/// The rules of a type's own and those of what it is based on, each with the path it applies to.
pub fn constraints(kind: &str) -> impl Iterator<Item = &'static Constraint> {
    std::iter::successors(find(kind), |found| found.base.and_then(find)).flat_map(|found| &found.constraints)
}

#[cfg(test)]
mod tests;
