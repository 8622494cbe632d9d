//! What can be asked: the search parameters of a type that are answered here, with their modifiers. The capability statement
//! and every refusal are made from this, so that neither can say what is not so.

use crate::parameter::{self, Kind, Parameter};

/// A search parameter that is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offered {
    /// HL7's definition of it.
    pub parameter: &'static Parameter,
    /// The modifiers that are answered, beside the types of a reference.
    pub modifiers: &'static [&'static str],
}

/// All of a type, in the order of their bits.
pub fn offered(kind: &str) -> impl Iterator<Item = Offered> {
    parameter::of(kind).iter().filter(|parameter| refused(parameter).is_none()).map(|parameter| Offered {
        parameter,
        modifiers: match parameter.code {
            "_id" | "_lastUpdated" => &[],
            _ => modifiers(parameter.kind),
        },
    })
}

/// The modifiers that are answered for a sort of parameter.
fn modifiers(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::String => &["missing", "exact", "contains"],
        Kind::Token => &["missing", "not"],
        Kind::Reference => &["missing", "identifier"],
        Kind::Number | Kind::Date | Kind::Quantity | Kind::Uri => &["missing"],
        Kind::Composite | Kind::Special => &[],
    }
}

/// Why one that R4 has is not answered here.
pub(super) fn refused(parameter: &Parameter) -> Option<&'static str> {
    match (parameter.kind, parameter.code) {
        (Kind::Composite, _) => Some("a composite of several values is not answered here; ask for each of its parts"),
        (Kind::Special, _) => Some("distance is not answered here"),
        (_, "phonetic") => Some("what sounds alike is not answered here; use `name` or `$match`"),
        _ => None,
    }
}

/// What R4 has for every search and this server does not.
pub(super) fn refused_everywhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "_text" | "_content" => "searching the whole text is not answered here",
        "_list" => "searching by list is not answered here; read the List and ask for its entries by `_id`",
        "_filter" => "`_filter` is not answered here; use the parameters of the type",
        "_query" => "named queries are not answered here",
        "_contained" | "_containedType" => "contained resources are not searched for by themselves here",
        "_score" => "there is no score here",
        "_since" | "_at" => "this belongs to `_history`",
        "_type" => "this search is of one type, the one in the address",
        _ => return None,
    })
}
