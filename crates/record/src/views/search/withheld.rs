//! The condition that keeps people whose details are withheld out of what is found by where they live or how they are reached,
//! and their relatives out of everything. One place, in terms of the demographics of all that every feed calls the person.
//! Must not know why a query asks.

use std::sync::LazyLock;

use fhir::query::By;
use store::Composed;

use super::clause::name;

/// The parameters that tell where somebody lives.
static PARAMETERS: LazyLock<Vec<i64>> = LazyLock::new(|| {
    let kinds = ["Patient", "Person"].into_iter();
    let codes = kinds.flat_map(|kind| fhir::parameter::of(kind).iter().map(move |parameter| (kind, parameter.code)));
    let told = codes.filter(|(kind, code)| fhir::parameter::tells_where(kind, code));
    told.map(|(kind, code)| fhir::entry::parameter(kind, code)).collect()
});

/// Whether what this parameter says is withheld of those whose details are.
pub(crate) fn hides(parameter: i64) -> bool {
    PARAMETERS.contains(&parameter)
}

/// Whether an order tells where people live.
pub(crate) fn orders(by: &By) -> bool {
    match by {
        By::Date(parameter) | By::Text(parameter) | By::Number(parameter) => hides(*parameter),
        By::Updated | By::Id => false,
    }
}

/// Holds where nothing is withheld of the person of the resource at this depth.
pub(crate) fn told(out: &mut Composed, depth: usize) {
    // CROSS JOIN is the order in which SQLite looks: from the leaf to its root, to all leaves, to what each says.
    out.sql("NOT EXISTS (SELECT 1 FROM person AS w CROSS JOIN person AS v CROSS JOIN demographic AS x WHERE w.id = ");
    out.sql(name(depth)).sql(".person AND v.root = w.root AND x.person = v.id AND x.restricted <> 0)");
}

/// ` AND` what keeps the relatives of such people out.
pub(crate) fn and_no_relative(out: &mut Composed, depth: usize) {
    static RELATIVE: LazyLock<i64> = LazyLock::new(|| super::kind("RelatedPerson"));
    out.sql(" AND (").sql(name(depth)).sql(".kind <> ").int(*RELATIVE).sql(" OR ");
    told(out, depth);
    out.sql(")");
}
