//! The search parameters of each type, as HL7 defines them: where in a resource their values are, what sort they are, what
//! they point at. The first ones are those that every resource has. Must not know how a search is written or answered.

use crate::definitions::tables;

/// What sort of values a parameter has, and so how it is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words are FHIR's own, see http://hl7.org/fhir/R4/search.html#ptypes")]
pub enum Kind {
    Number,
    Date,
    String,
    Token,
    Reference,
    Composite,
    Quantity,
    Uri,
    Special,
}

impl Kind {
    /// FHIR's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::String => "string",
            Self::Token => "token",
            Self::Reference => "reference",
            Self::Composite => "composite",
            Self::Quantity => "quantity",
            Self::Uri => "uri",
            Self::Special => "special",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        let all = [
            Self::Number,
            Self::Date,
            Self::String,
            Self::Token,
            Self::Reference,
            Self::Composite,
            Self::Quantity,
            Self::Uri,
            Self::Special,
        ];
        all.into_iter().find(|kind| kind.word() == word)
    }

    /// The modifiers that R4 allows for this sort, without the colon. `[type]` of a reference is any type it may point at.
    #[must_use]
    pub fn modifiers(self) -> &'static [&'static str] {
        match self {
            Self::Number | Self::Date | Self::Quantity | Self::Composite | Self::Special => &["missing"],
            Self::String => &["missing", "exact", "contains"],
            Self::Token => &["missing", "text", "not", "above", "below", "in", "not-in", "of-type"],
            Self::Reference => &["missing", "identifier", "above", "below"],
            Self::Uri => &["missing", "above", "below"],
        }
    }

    /// True if values may be compared with a prefix such as `ge`.
    #[must_use]
    pub fn has_prefixes(self) -> bool {
        matches!(self, Self::Number | Self::Date | Self::Quantity)
    }
}

/// The prefixes of numbers, dates and quantities.
pub const PREFIXES: &[&str] = &["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];

/// One part of a composite: a parameter of the same type, and where its value is, from where the composite's is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// The parameter's name.
    pub code: &'static str,
    /// FHIRPath from each value of the composite.
    pub expression: &'static str,
}

/// A search parameter of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in a search.
    pub code: &'static str,
    /// What sort.
    pub kind: Kind,
    /// FHIRPath to its values: only the part for this type. Begins with the type's name, `Resource` or nothing.
    pub expression: &'static str,
    /// The types it may point at, for references; empty for other sorts.
    pub targets: Vec<&'static str>,
    /// Its place in the type's list, below 64.
    pub bit: u8,
    /// Whether several values with commas between them may be given.
    pub multiple_or: bool,
    /// The parts of a composite, in order.
    pub components: Vec<Component>,
    /// HL7's address of its definition.
    pub url: &'static str,
}

/// All of a type, in the order of their bits; none for what is no type of resource.
#[must_use]
pub fn of(kind: &str) -> &'static [Parameter] {
    tables().parameters.get(kind).map_or(&[], Vec::as_slice)
}

/// One by its name.
#[must_use]
pub fn find(kind: &str, code: &str) -> Option<&'static Parameter> {
    of(kind).iter().find(|parameter| parameter.code == code)
}

/// True for a parameter of a person that tells where they live, how they are reached or who looks after them: the caller may
/// have to be kept from finding somebody by it.
#[must_use]
pub fn tells_where(kind: &str, code: &str) -> bool {
    matches!(kind, "Patient" | "Person" | "RelatedPerson")
        && (code == "address"
            || code.starts_with("address-")
            || matches!(code, "telecom" | "phone" | "email" | "general-practitioner" | "organization"))
}

#[cfg(test)]
mod tests;
