//! Small readers over a FHIR R4 resource held as JSON: what a coding says, whom a reference names, a quantity with its
//! digits as they came. They read only; they must not correct, guess or fill in what a source left out.

pub mod date;

pub use date::{FhirDate, instant, plain_date};

use std::borrow::Cow;

use serde_json::Value;

/// The system of NHS number identifiers.
pub const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";
/// The system of ODS organisation codes.
pub const ODS_CODE: &str = "https://fhir.nhs.uk/Id/ods-organization-code";
/// The system of the tag by which a mapping says what sort of fact a resource is, where FHIR has no category for it.
pub const KIND_TAG: &str = "https://weft.example/kind";
/// SNOMED CT's system.
pub const SNOMED: &str = "http://snomed.info/sct";

/// The text under a key, trimmed; `None` where it is missing, empty or not text.
#[must_use]
pub fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// The items under a key: those of an array, or the one object standing alone, or none.
pub fn each<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    let found = value.get(key);
    let (many, one) = match found {
        Some(Value::Array(items)) => (items.as_slice(), None),
        Some(Value::Null) | None => (&[][..], None),
        Some(other) => (&[][..], Some(other)),
    };
    many.iter().chain(one)
}

/// The first coding of a `CodeableConcept` (or the `Coding` itself) that has a code.
#[must_use]
pub fn coding(concept: &Value) -> Option<&Value> {
    if concept.get("code").is_some_and(Value::is_string) {
        return Some(concept);
    }
    let mut codings = each(concept, "coding");
    codings.find(|coding| text(coding, "code").is_some())
}

/// The code alone of the first coding.
#[must_use]
pub fn code(concept: &Value) -> Option<&str> {
    text(coding(concept)?, "code")
}

/// True if any coding of the concept has this code, whatever its system.
#[must_use]
pub fn has_code(concept: &Value, wanted: &str) -> bool {
    text(concept, "code") == Some(wanted) || each(concept, "coding").any(|coding| text(coding, "code") == Some(wanted))
}

/// `system|code` of the first coding, to compare what two sources say; `|code` where no system is given.
#[must_use]
pub fn code_key(concept: &Value) -> Option<String> {
    let coding = coding(concept)?;
    Some(format!("{}|{}", text(coding, "system").unwrap_or_default(), text(coding, "code")?))
}

/// What a `CodeableConcept` or `Coding` says in words: its text, else a display, else the code.
#[must_use]
pub fn concept_text(concept: &Value) -> Option<String> {
    text(concept, "text")
        .or_else(|| text(concept, "display"))
        .or_else(|| each(concept, "coding").find_map(|coding| text(coding, "display")))
        .or_else(|| code(concept))
        .map(|words| without_semantic_tag(words).to_owned())
}

/// SNOMED CT ends a fully specified name with the branch it hangs on, "(disorder)": of use to a terminologist only.
const SEMANTIC_TAGS: [&str; 27] = [
    "disorder",
    "finding",
    "procedure",
    "situation",
    "event",
    "regime/therapy",
    "substance",
    "product",
    "medicinal product",
    "medicinal product form",
    "clinical drug",
    "observable entity",
    "morphologic abnormality",
    "body structure",
    "person",
    "qualifier value",
    "assessment scale",
    "staging scale",
    "record artifact",
    "physical object",
    "environment",
    "occupation",
    "organism",
    "social concept",
    "specimen",
    "context-dependent category",
    "navigational concept",
];

/// A title without SNOMED CT's branch at its end: `Chronic sinusitis (disorder)` is `Chronic sinusitis`.
#[must_use]
pub fn without_semantic_tag(title: &str) -> &str {
    let title = title.trim();
    let Some(open) = title.strip_suffix(')').and_then(|rest| rest.rfind('(')) else { return title };
    let (before, tag) = (title[..open].trim_end(), &title[open + 1..title.len() - 1]);
    if !before.is_empty() && SEMANTIC_TAGS.contains(&tag) { before } else { title }
}

/// A number's digits exactly as the source wrote them (`120.0` stays `120.0`).
#[must_use]
pub fn digits(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    }
}

/// The unit of a quantity in words: its unit, else its code; nothing for a plain count. Where a source writes UCUM's
/// own spelling (`mm[Hg]`, `Cel`, `{score}`), as people write it.
#[must_use]
pub fn unit(quantity: &Value) -> Option<Cow<'_, str>> {
    let unit = text(quantity, "unit").or_else(|| text(quantity, "code"))?;
    match unit {
        "1" => return None,
        "Cel" => return Some(Cow::Borrowed("°C")),
        "mm[Hg]" => return Some(Cow::Borrowed("mmHg")),
        _ => {}
    }
    let Some((before, rest)) = unit.split_once('{') else { return Some(Cow::Borrowed(unit)) };
    let Some((note, after)) = rest.split_once('}') else { return Some(Cow::Borrowed(unit)) };
    let plain = format!("{before}{}{after}", note.replace('_', " "));
    (!plain.is_empty()).then_some(Cow::Owned(plain))
}

/// A `Quantity` with comparator and unit: `161.7 cm`, `< 5 mg/L`.
#[must_use]
pub fn quantity(quantity: &Value) -> Option<String> {
    let mut words = Vec::with_capacity(3);
    if let Some(comparator) = text(quantity, "comparator") {
        words.push(comparator.to_owned());
    }
    words.push(digits(quantity.get("value")?)?);
    if let Some(unit) = unit(quantity) {
        words.push(unit.into_owned());
    }
    Some(words.join(" "))
}

/// Start and end of a `Period`, as written.
#[must_use]
pub fn period<'a>(value: &'a Value, key: &str) -> (Option<&'a str>, Option<&'a str>) {
    value.get(key).map_or((None, None), |period| (text(period, "start"), text(period, "end")))
}

/// Type and id a `Reference` names. `expected` is the type where the text does not say it (`urn:uuid:`).
/// Fragments (`#x`) and conditional references name nothing here.
#[must_use]
pub fn reference(reference: &Value, expected: &str) -> Option<(String, String)> {
    let written = text(reference, "reference")?;
    let stated = text(reference, "type").unwrap_or(expected);
    if let Some(id) = written.strip_prefix("urn:uuid:").or_else(|| written.strip_prefix("urn:oid:")) {
        return Some((stated.to_owned(), id.to_owned()));
    }
    let (kind, id) = literal(written)?;
    Some((kind.to_owned(), id.to_owned()))
}

/// Type and id of a literal address, relative or absolute, without its version: `Patient/1`, `https://x/fhir/Patient/1`.
#[must_use]
pub fn literal(written: &str) -> Option<(&str, &str)> {
    if written.starts_with('#') || written.contains('?') {
        return None;
    }
    let written = written.split("/_history/").next().unwrap_or(written);
    let mut parts = written.rsplit('/');
    let (id, kind) = (parts.next()?, parts.next()?);
    let named = kind.chars().next().is_some_and(|first| first.is_ascii_uppercase());
    (named && !id.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphabetic())).then_some((kind, id))
}

/// A `HumanName` as it is read aloud: its text, else title, given names, family name.
#[must_use]
pub fn human_name(name: &Value) -> Option<String> {
    if let Some(text) = text(name, "text") {
        return Some(text.to_owned());
    }
    let mut words: Vec<&str> = Vec::new();
    for key in ["prefix", "given"] {
        words.extend(each(name, key).filter_map(Value::as_str).map(str::trim).filter(|word| !word.is_empty()));
    }
    words.extend(text(name, "family"));
    (!words.is_empty()).then(|| words.join(" "))
}

/// The first value among a resource's identifiers of this system.
#[must_use]
pub fn identifier<'a>(resource: &'a Value, system: &str) -> Option<&'a str> {
    each(resource, "identifier")
        .filter(|identifier| text(identifier, "system") == Some(system))
        .find_map(|identifier| text(identifier, "value"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn semantic_tags_go_and_other_brackets_stay() {
        assert_eq!(without_semantic_tag("Chronic sinusitis (disorder)"), "Chronic sinusitis");
        assert_eq!(without_semantic_tag("Body mass index 30+ - obesity (finding)"), "Body mass index 30+ - obesity");
        assert_eq!(without_semantic_tag("Asthma (mild)"), "Asthma (mild)");
        assert_eq!(without_semantic_tag("(disorder)"), "(disorder)");
        assert_eq!(without_semantic_tag("é (é)"), "é (é)");
    }

    #[test]
    fn digits_stay_as_they_came() {
        let value: Value = serde_json::from_str(r#"{"value":120.00,"unit":"mmHg"}"#).unwrap();
        assert_eq!(quantity(&value).as_deref(), Some("120.00 mmHg"));
        let value: Value = serde_json::from_str(r#"{"comparator":"<","value":5,"code":"{score}"}"#).unwrap();
        assert_eq!(quantity(&value).as_deref(), Some("< 5 score"));
        assert_eq!(quantity(&json!({"unit": "kg"})), None);
        let said = |unit: &str| quantity(&json!({"value": 1, "unit": unit}));
        assert_eq!(said("mL/min/{1.73_m2}").as_deref(), Some("1 mL/min/1.73 m2"));
        assert_eq!(said("Cel").as_deref(), Some("1 °C"));
        assert_eq!(said("{open").as_deref(), Some("1 {open"));
    }

    #[test]
    fn references_are_read_in_every_form() {
        let named = |text: &str| reference(&json!({"reference": text}), "Practitioner");
        let pair = |kind: &str, id: &str| Some((kind.to_owned(), id.to_owned()));
        assert_eq!(named("urn:uuid:a-1"), pair("Practitioner", "a-1"));
        assert_eq!(named("Organization/7"), pair("Organization", "7"));
        assert_eq!(named("https://gp.example/fhir/Patient/9/_history/3"), pair("Patient", "9"));
        assert_eq!(named("Patient?identifier=a|b"), None);
        assert_eq!(named("#contained"), None);
        assert_eq!(named("nonsense"), None);
    }

    #[test]
    fn a_concept_speaks_text_then_display_then_code() {
        assert_eq!(
            concept_text(&json!({"text": "Sore throat", "coding": [{"code": "1"}]})).as_deref(),
            Some("Sore throat")
        );
        assert_eq!(concept_text(&json!({"coding": [{"code": "1"}, {"display": "Two"}]})).as_deref(), Some("Two"));
        assert_eq!(concept_text(&json!({"coding": [{"code": "1"}]})).as_deref(), Some("1"));
        assert_eq!(concept_text(&json!({"text": " "})), None);
    }

    #[test]
    fn names_are_read_aloud_with_what_there_is() {
        let name = json!({"family": "Ashworth", "given": ["Margaret", "Ann"], "prefix": ["Mrs"]});
        assert_eq!(human_name(&name).as_deref(), Some("Mrs Margaret Ann Ashworth"));
        assert_eq!(human_name(&json!({"given": [null, ""]})), None);
    }
}
