//! A search, understood: what the text of a request asks for, checked against the definitions, with nothing left over.
//! Each filter is a plain condition on the index; the record turns it into one statement. [`parse`] makes it, [`oracle`] says
//! what it means, slowly and plainly.

mod condition;
mod control;
mod offered;
pub mod oracle;
mod parse;
mod suggestion;
mod value;
mod written;

#[cfg(test)]
mod tests;

pub(crate) use condition::is_apart;
pub use offered::{Offered, offered};
pub use parse::{Limits, parse};

/// Which stretch of the index a value is compared with (FHIR search prefixes).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words are FHIR's own, see http://hl7.org/fhir/R4/search.html#prefix")]
pub enum Prefix {
    Eq,
    Ne,
    Gt,
    Lt,
    Ge,
    Le,
    Sa,
    Eb,
    Ap,
}

/// A value with its precision: `[low, high)` of the index's own units. For `Ap` the stretch is widened already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// How.
    pub prefix: Prefix,
    /// From.
    pub low: i64,
    /// To.
    pub high: i64,
}

/// How text is compared; the text is folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// Begins with.
    Starts(String),
    /// Holds anywhere.
    Contains(String),
}

/// One condition. All filters of a query must hold; within a filter any of its values may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Has (or with `not` has none of) these terms.
    Terms {
        /// Any of these.
        any: Vec<i64>,
        /// `:not`.
        not: bool,
    },
    /// Text of a parameter.
    Text {
        /// [`crate::entry::parameter`].
        parameter: i64,
        /// Any of these.
        any: Vec<Text>,
    },
    /// Dates of a parameter.
    Date {
        /// [`crate::entry::parameter`].
        parameter: i64,
        /// Any of these.
        any: Vec<Comparison>,
    },
    /// Numbers or quantities of a parameter; each value carries the parameter with its own unit.
    Number {
        /// Any of these.
        any: Vec<(i64, Comparison)>,
    },
    /// Points at one of these resources, by type (where said) and id as the API shows it.
    Link {
        /// [`crate::entry::parameter`].
        parameter: i64,
        /// Any of these (type, id).
        any: Vec<(String, String)>,
    },
    /// `:missing`.
    Missing {
        /// The parameter's bit in [`crate::entry::Index::present`].
        bit: u8,
        /// True: has no value.
        missing: bool,
    },
    /// `_id`.
    Ids(Vec<String>),
    /// `_lastUpdated`.
    Updated(Vec<Comparison>),
    /// A chain: points at a resource of `kind` for which the condition holds.
    Chain {
        /// The reference parameter.
        parameter: i64,
        /// The type it points at.
        kind: String,
        /// What must hold there.
        filter: Box<Filter>,
    },
    /// `_has`: a resource of `kind` points here by this parameter, and the condition holds there.
    Has {
        /// The type that points.
        kind: String,
        /// Its reference parameter.
        parameter: i64,
        /// What must hold there.
        filter: Box<Filter>,
    },
    /// The condition within is about where a person lives or how they are reached ([`crate::parameter::tells_where`]): it
    /// holds for nobody whose details are withheld.
    Whereabouts(Box<Filter>),
    /// Any of these (one parameter whose values are of several sorts, or a chain to several types).
    Any(Vec<Filter>),
}

/// What to order by. Ties go by order of arrival.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: By,
    /// Greatest first.
    pub descending: bool,
}

/// A sort key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// `_lastUpdated`.
    Updated,
    /// `_id`.
    Id,
    /// A date parameter: its earliest `low` (ascending) or latest `high` (descending).
    Date(i64),
    /// A text parameter: its first text in folded order.
    Text(i64),
    /// A number or quantity parameter.
    Number(i64),
}

/// `_include` or `_revinclude`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Include {
    /// The type that holds the reference.
    pub kind: String,
    /// The search parameter's code; `*` is every one.
    pub code: String,
    /// Only to this type.
    pub target: Option<String>,
    /// `:iterate`.
    pub iterate: bool,
}

/// `_summary`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Summary {
    /// Whole resources.
    #[default]
    False,
    /// The elements marked as summary.
    True,
    /// Text, id, meta and what must be there.
    Text,
    /// Without the text.
    Data,
    /// Only how many.
    Count,
}

/// A search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// The type searched for.
    pub kind: String,
    /// All must hold.
    pub filters: Vec<Filter>,
    /// Order.
    pub sort: Vec<Sort>,
    /// Page size asked for.
    pub count: Option<u32>,
    /// Whether the total was asked for (`_total=accurate`).
    pub total: bool,
    /// What to bring along.
    pub include: Vec<Include>,
    /// What to bring along that points here.
    pub revinclude: Vec<Include>,
    /// How much of each.
    pub summary: Summary,
    /// Only these elements (and what must be there), where any are named.
    pub elements: Vec<String>,
    /// Where the page before ended, in words only the record reads (`_cursor`).
    pub cursor: Option<String>,
    /// What was asked, name and value as applied, in order, without the cursor: for the `self` link.
    pub applied: Vec<(String, String)>,
}
