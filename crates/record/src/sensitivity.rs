//! How sensitive a resource is, from its own labels and codes, the same for every feed and for the API; and whether the law
//! restricts it so that it is not taken in at all. What a label or code means is data ([`list`]); an unknown label counts as
//! sensitive, none at all as ordinary. Free text is not read: what hides in a note is not found here. Must not decide who
//! may see what.

mod list;

use access::Sensitivity;
use serde_json::Value;

use crate::resource::text;
use list::Lists;

/// The system of our own label, by which a source says that sharing what the law restricts is lawful.
pub const SHARING: &str = "https://weft.example/sharing";
/// Its code.
pub const LAWFUL: &str = "lawful";

/// How sensitive a resource of a kind is. The label of a Patient or Person is about where they live and how they are reached
/// ([`withholds`]), not about the fact that they are known, so there it does not count.
#[must_use]
pub fn of(kind: &str, value: &Value) -> Sensitivity {
    let Some(lists) = Lists::built_in() else { return Sensitivity::Restricted };
    let labelled = value.get("meta").map_or(Sensitivity::Ordinary, |meta| labels(lists, meta));
    let own = if is_person(kind) && labelled != Sensitivity::Restricted { Sensitivity::Ordinary } else { labelled };
    // A catalogue or a definition names what it defines, and says of nobody that they have it.
    let coded = if is_definition(kind) { Sensitivity::Ordinary } else { inside(lists, value, true, false) };
    own.max(coded)
}

/// Whether the law restricts a resource and its source has not marked that sharing it is lawful: then it is not taken in.
#[must_use]
pub fn is_barred(kind: &str, value: &Value) -> bool {
    of(kind, value) == Sensitivity::Restricted && !is_marked(value)
}

/// The same of JSON that could not be understood as resources, or is only a part of one: any code or label inside counts.
#[must_use]
pub fn is_barred_anywhere(value: &Value) -> bool {
    let Some(lists) = Lists::built_in() else { return true };
    inside(lists, value, false, false) == Sensitivity::Restricted
}

/// Whether a Patient's or Person's own label asks that where they live and how they are reached be told to nobody.
#[must_use]
pub fn withholds(value: &Value) -> bool {
    let Some(lists) = Lists::built_in() else { return true };
    value.get("meta").is_some_and(|meta| labels(lists, meta) != Sensitivity::Ordinary)
}

fn is_person(kind: &str) -> bool {
    matches!(kind, "Patient" | "Person")
}

fn is_definition(kind: &str) -> bool {
    crate::search::class::is_directory(kind) && !matches!(kind, "Medication" | "Substance")
}

fn is_marked(value: &Value) -> bool {
    let labels = value.get("meta").and_then(|meta| meta.get("security")).and_then(Value::as_array);
    labels.is_some_and(|labels| {
        labels.iter().any(|label| text(label, "system") == Some(SHARING) && text(label, "code") == Some(LAWFUL))
    })
}

/// What the labels of a `meta` say. What cannot be read as a label counts as sensitive.
fn labels(lists: &Lists, meta: &Value) -> Sensitivity {
    match meta.get("security") {
        None => Sensitivity::Ordinary,
        Some(Value::Array(labels)) => {
            let said = labels.iter().map(|label| match (text(label, "system"), text(label, "code")) {
                (Some(system), Some(code)) => lists.label(system, code),
                _ => Sensitivity::Sensitive,
            });
            said.max().unwrap_or_default()
        }
        Some(_) => Sensitivity::Sensitive,
    }
}

/// The most that any coding says, wherever it stands. `top`: this is the resource itself, whose labels were read already.
/// `names`: it stands where a diagnosis or procedure is named, so that a code without a system is taken for one.
fn inside(lists: &Lists, value: &Value, top: bool, names: bool) -> Sensitivity {
    match value {
        Value::Array(items) => items.iter().map(|item| inside(lists, item, false, names)).max().unwrap_or_default(),
        Value::Object(members) => {
            let mut most = match text(value, "code") {
                Some(code) => lists.code(text(value, "system"), code, names),
                None => Sensitivity::Ordinary,
            };
            for (key, value) in members {
                most = most.max(match (key.as_str(), value) {
                    ("meta", _) if top => Sensitivity::Ordinary,
                    ("meta", meta) => labels(lists, meta),
                    (_, Value::Array(_) | Value::Object(_)) => {
                        inside(lists, value, false, names || is_name_of_illness(key))
                    }
                    _ => Sensitivity::Ordinary,
                });
                if most == Sensitivity::Restricted {
                    break;
                }
            }
            most
        }
        _ => Sensitivity::Ordinary,
    }
}

fn is_name_of_illness(key: &str) -> bool {
    matches!(
        key,
        "code"
            | "reasonCode"
            | "reason"
            | "diagnosis"
            | "diagnosisCodeableConcept"
            | "procedure"
            | "procedureCodeableConcept"
    )
}

#[cfg(test)]
mod tests;
