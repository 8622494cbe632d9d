//! The words of the definitions: types, shapes, elements, codes, rules.

use super::tables::{ShapeId, tables_of_shape};

/// What sort of type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A single value.
    Primitive,
    /// Something with elements.
    Complex,
    /// Something that stands by itself.
    Resource,
}

/// A type.
#[derive(Debug, Clone)]
pub struct Type {
    /// Its name.
    pub name: &'static str,
    /// What sort.
    pub sort: Sort,
    /// What it is based on.
    pub base: Option<&'static str>,
    /// True if only what is based on it can be made.
    pub is_abstract: bool,
    /// Its own rules, not those of its base.
    pub constraints: Vec<Constraint>,
    pub(crate) shape: ShapeId,
}

/// How bad it is to break a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The resource is wrong.
    Error,
    /// It could be better.
    Warning,
}

/// A rule of HL7's, in FHIRPath.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// Where it holds: `Patient.contact`.
    pub path: &'static str,
    /// HL7's name of it: `pat-1`.
    pub key: &'static str,
    /// How bad.
    pub severity: Severity,
    /// True for every element at `path`.
    pub expression: &'static str,
    /// HL7's words for it.
    pub words: &'static str,
}

/// The elements that may stand together in one object.
#[derive(Debug, Clone)]
pub struct Shape {
    /// The type, or the path in it: `Patient.contact`.
    pub path: &'static str,
    /// In HL7's order.
    pub elements: Vec<Element>,
    pub(crate) keys: super::tables::Keys,
}

impl Shape {
    /// The element for a JSON key, and which of its types the key says: `valueQuantity` is `value` as a Quantity.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<(&Element, &Allowed)> {
        let (element, allowed) = self.keys.find(key)?;
        let element = self.elements.get(element)?;
        Some((element, element.types.get(allowed)?))
    }

    /// The same by number: which element, which type.
    pub(crate) fn index_of(&self, key: &str) -> Option<(usize, usize)> {
        self.keys.find(key)
    }
}

/// One element.
#[derive(Debug, Clone)]
pub struct Element {
    /// Its name; of a choice without `[x]`.
    pub name: &'static str,
    /// True if the name in JSON ends with the type: `value[x]`.
    pub is_choice: bool,
    /// How many there must be (0 or 1).
    pub min: u8,
    /// True if JSON has a list here.
    pub is_list: bool,
    /// True if it may not be there at all.
    pub is_prohibited: bool,
    /// Whether a summary has it.
    pub is_summary: bool,
    /// Whether it may change what the rest means.
    pub is_modifier: bool,
    /// Of which types.
    pub types: Vec<Allowed>,
    /// The codes it must be from, where they can be counted.
    pub(crate) codes: Option<u16>,
}

impl Element {
    /// The codes it must be from, where they can be counted.
    #[must_use]
    pub fn codes(&self) -> Option<&'static Codes> {
        self.codes.and_then(|at| super::tables().codes.get(usize::from(at)))
    }
}

/// A type that an element may have.
#[derive(Debug, Clone)]
pub struct Allowed {
    /// The type's name.
    pub name: &'static str,
    /// The JSON key in which it stands.
    pub key: &'static str,
    /// What its value looks like.
    pub form: Form,
    /// What a reference may point at; empty: anything.
    pub targets: Vec<&'static str>,
}

/// What a value looks like in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A string, number or truth value.
    Primitive(Primitive),
    /// An object with a shape.
    Complex(ShapeId),
    /// An object with a `resourceType`.
    Resource,
}

impl Form {
    /// The elements of a complex type.
    #[must_use]
    pub fn shape(self) -> Option<&'static Shape> {
        match self {
            Self::Complex(id) => Some(tables_of_shape(id)),
            Self::Primitive(_) | Self::Resource => None,
        }
    }
}

/// The primitive types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are FHIR's own, see http://hl7.org/fhir/R4/datatypes.html#primitive")]
pub enum Primitive {
    Base64Binary,
    Boolean,
    Canonical,
    Code,
    Date,
    DateTime,
    Decimal,
    Id,
    Instant,
    Integer,
    Markdown,
    Oid,
    PositiveInt,
    String,
    Time,
    UnsignedInt,
    Uri,
    Url,
    Uuid,
    Xhtml,
}

impl Primitive {
    /// FHIR's name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Base64Binary => "base64Binary",
            Self::Boolean => "boolean",
            Self::Canonical => "canonical",
            Self::Code => "code",
            Self::Date => "date",
            Self::DateTime => "dateTime",
            Self::Decimal => "decimal",
            Self::Id => "id",
            Self::Instant => "instant",
            Self::Integer => "integer",
            Self::Markdown => "markdown",
            Self::Oid => "oid",
            Self::PositiveInt => "positiveInt",
            Self::String => "string",
            Self::Time => "time",
            Self::UnsignedInt => "unsignedInt",
            Self::Uri => "uri",
            Self::Url => "url",
            Self::Uuid => "uuid",
            Self::Xhtml => "xhtml",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        let all = [
            Self::Base64Binary,
            Self::Boolean,
            Self::Canonical,
            Self::Code,
            Self::Date,
            Self::DateTime,
            Self::Decimal,
            Self::Id,
            Self::Instant,
            Self::Integer,
            Self::Markdown,
            Self::Oid,
            Self::PositiveInt,
            Self::String,
            Self::Time,
            Self::UnsignedInt,
            Self::Uri,
            Self::Url,
            Self::Uuid,
            Self::Xhtml,
        ];
        all.into_iter().find(|primitive| primitive.word() == word)
    }
}

/// The codes of a value set.
#[derive(Debug, Clone)]
pub struct Codes {
    /// The value set's address.
    pub url: &'static str,
    /// By system.
    pub systems: Vec<(&'static str, Vec<&'static str>)>,
}

impl Codes {
    /// True if a bare code is one of them.
    #[must_use]
    pub fn has(&self, code: &str) -> bool {
        self.systems.iter().any(|(_, codes)| codes.contains(&code))
    }

    /// True if this code of this system is one of them.
    #[must_use]
    pub fn has_in(&self, system: &str, code: &str) -> bool {
        self.systems.iter().any(|(known, codes)| *known == system && codes.contains(&code))
    }
}
