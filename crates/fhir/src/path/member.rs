//! From an element to its children by name, choices included: `value` finds `valueQuantity` and remembers `Quantity`.

use serde_json::{Map, Value};

use super::item::Node;

/// The types that a choice can have, as they end an element's name.
const SUFFIXES: [&str; 50] = [
    "Address",
    "Age",
    "Annotation",
    "Attachment",
    "Base64Binary",
    "Boolean",
    "Canonical",
    "Code",
    "CodeableConcept",
    "Coding",
    "ContactDetail",
    "ContactPoint",
    "Contributor",
    "Count",
    "DataRequirement",
    "Date",
    "DateTime",
    "Decimal",
    "Distance",
    "Dosage",
    "Duration",
    "Expression",
    "HumanName",
    "Id",
    "Identifier",
    "Instant",
    "Integer",
    "Markdown",
    "Meta",
    "Money",
    "Oid",
    "ParameterDefinition",
    "Period",
    "PositiveInt",
    "Quantity",
    "Range",
    "Ratio",
    "Reference",
    "RelatedArtifact",
    "SampledData",
    "Signature",
    "String",
    "Time",
    "Timing",
    "TriggerDefinition",
    "UnsignedInt",
    "Uri",
    "Url",
    "UsageContext",
    "Uuid",
];

/// Elements whose name is another element's name and a type by accident: `responseCode` is not a choice of `response`.
/// A test holds this list against the definitions.
pub(super) const NOT_CHOICES: [&str; 19] = [
    "cTerminalModificationId",
    "conclusionCode",
    "dataPeriod",
    "formCode",
    "instantiatesCanonical",
    "instantiatesUri",
    "languageCode",
    "nTerminalModificationId",
    "organismId",
    "paymentDate",
    "preAuthRefPeriod",
    "reasonCode",
    "reasonReference",
    "responseCode",
    "sequenceAttachment",
    "sourceId",
    "statusDate",
    "subscriberId",
    "typeReference",
];

static NULL: Value = Value::Null;

/// A type's name as the end of a choice's name, where choices can have it.
pub(super) fn suffix(kind: &str) -> Option<&'static str> {
    SUFFIXES.binary_search_by(|known| compare_first(known, kind)).ok().map(|at| SUFFIXES[at])
}

/// Order of two names, the first letter of the second taken as large.
fn compare_first(known: &str, kind: &str) -> std::cmp::Ordering {
    let large = kind.bytes().enumerate().map(|(at, byte)| if at == 0 { byte.to_ascii_uppercase() } else { byte });
    known.bytes().cmp(large)
}

/// Children by name, each handed to `found` with whether to go on.
pub(super) fn named<'a>(node: Node<'a>, name: &str, found: &mut impl FnMut(Node<'a>)) {
    match node.value {
        Value::Object(fields) => {
            let plain = fields.get(name);
            let extra = if maybe_primitive(plain) { sibling(fields, name) } else { None };
            if plain.is_some() || extra.is_some() {
                each(plain, extra, None, found);
                return;
            }
            choice(fields, name, found);
        }
        _ => {
            // Below a primitive there are its id and its extensions.
            if let Some(Value::Object(fields)) = node.extra {
                each(fields.get(name), None, None, found);
            }
        }
    }
}

/// Children by the full name of a choice.
pub(super) fn chosen<'a>(node: Node<'a>, key: &str, kind: &'a str, found: &mut impl FnMut(Node<'a>)) {
    let Value::Object(fields) = node.value else { return };
    let plain = fields.get(key);
    let extra = if maybe_primitive(plain) { sibling(fields, key) } else { None };
    if plain.is_some() || extra.is_some() {
        return each(plain, extra, Some(kind), found);
    }
    // One that is based on it will do as well: a canonical address is an address.
    let based = based_on(kind);
    if let (false, Some(name)) = (based.is_empty(), key.strip_suffix(kind)) {
        for (key, value) in fields {
            if let Some(found_kind) = key.strip_prefix(name).and_then(|rest| based.iter().find(|known| **known == rest))
            {
                each(Some(value), None, Some(found_kind), found);
            }
        }
    }
}

/// The types that are based on a type, where choices can have both.
pub(super) fn based_on(kind: &str) -> &'static [&'static str] {
    match kind {
        "Uri" => &["Canonical", "Oid", "Url", "Uuid"],
        "String" => &["Code", "Id", "Markdown"],
        "Integer" => &["PositiveInt", "UnsignedInt"],
        "Quantity" => &["Age", "Count", "Distance", "Duration"],
        _ => &[],
    }
}

/// Whether a `_name` may stand beside it.
fn maybe_primitive(plain: Option<&Value>) -> bool {
    match plain {
        Some(Value::Object(_)) => false,
        Some(Value::Array(items)) => !matches!(items.first(), Some(Value::Object(_))),
        _ => true,
    }
}

/// The `_name` beside a primitive. Few objects have any, so the keys are looked at before a name is built.
fn sibling<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields.iter().find_map(|(key, value)| (key.strip_prefix('_') == Some(name)).then_some(value))
}

fn choice<'a>(fields: &'a Map<String, Value>, name: &str, found: &mut impl FnMut(Node<'a>)) {
    for (key, value) in fields {
        if let Some(kind) = choice_of(key, name) {
            let extra = if maybe_primitive(Some(value)) { sibling(fields, key) } else { None };
            each(Some(value), extra, Some(kind), found);
            return;
        }
    }
    // Only extensions, no value: `_valueString`.
    for (key, extra) in fields {
        if let Some(kind) = key.strip_prefix('_').and_then(|key| choice_of(key, name)) {
            each(None, Some(extra), Some(kind), found);
            return;
        }
    }
}

/// The type, where a key is this choice.
pub(super) fn choice_of<'k>(key: &'k str, name: &str) -> Option<&'k str> {
    let rest = key.strip_prefix(name)?;
    if !rest.as_bytes().first()?.is_ascii_uppercase() || NOT_CHOICES.contains(&key) {
        return None;
    }
    SUFFIXES.binary_search(&rest).ok().map(|_| rest)
}

fn each<'a>(
    plain: Option<&'a Value>,
    extra: Option<&'a Value>,
    kind: Option<&'a str>,
    found: &mut impl FnMut(Node<'a>),
) {
    match (plain, extra) {
        (Some(Value::Array(items)), extra) => {
            for (at, value) in items.iter().enumerate() {
                let extra = extra.and_then(|extra| extra.get(at)).filter(|extra| !extra.is_null());
                if !value.is_null() || extra.is_some() {
                    found(Node { value, extra, kind });
                }
            }
        }
        (None, Some(Value::Array(extras))) => {
            for extra in extras.iter().filter(|extra| !extra.is_null()) {
                found(Node { value: &NULL, extra: Some(extra), kind });
            }
        }
        (Some(Value::Null) | None, None) => {}
        (value, extra) => found(Node { value: value.unwrap_or(&NULL), extra, kind }),
    }
}

/// All children.
pub(super) fn children<'a>(node: Node<'a>, found: &mut impl FnMut(Node<'a>)) {
    let fields = match (node.value, node.extra) {
        (Value::Object(fields), _) | (_, Some(Value::Object(fields))) => fields,
        _ => return,
    };
    for (key, value) in fields {
        if key == "resourceType" {
            continue;
        }
        match key.strip_prefix('_') {
            None => {
                let extra = if maybe_primitive(Some(value)) { sibling(fields, key) } else { None };
                each(Some(value), extra, None, found);
            }
            Some(name) if !fields.contains_key(name) => each(None, Some(value), None, found),
            Some(_) => {}
        }
    }
}

/// All children and theirs, to the leaves.
pub(super) fn descendants<'a>(node: Node<'a>, found: &mut impl FnMut(Node<'a>)) {
    fn below<'a>(node: Node<'a>, found: &mut dyn FnMut(Node<'a>)) {
        children(node, &mut |child| {
            found(child);
            below(child, found);
        });
    }
    below(node, found);
}
