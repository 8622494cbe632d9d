//! The composite types of HL7 v2 (CX, XPN, XAD, XTN, CWE, XCN, PL) as FHIR values. Each takes one repetition of a
//! field. Must not know which field it came from, nor invent what the repetition does not say.

use serde_json::{Map, Number, Value, json};

use super::code_system::{authority, code_system};
use super::message::{Field, Repetition};
use super::time;

/// Sets a key if there is a value for it: an absent thing leaves no trace in the resource.
pub(super) fn put(object: &mut Map<String, Value>, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        let value = value.into();
        if value.as_array().is_none_or(|list| !list.is_empty()) && value.as_object().is_none_or(|map| !map.is_empty()) {
            object.insert(key.to_owned(), value);
        }
    }
}

/// Every repetition through one of the functions below, those left out that say nothing.
pub(super) fn each(field: Field<'_>, make: fn(Repetition<'_>) -> Option<Value>) -> Vec<Value> {
    field.repetitions().filter_map(make).collect()
}

/// XPN: a person's name. Dates of validity that are none are left out; the name itself stands.
pub(super) fn human_name(name: Repetition<'_>) -> Option<Value> {
    let part = |number: usize| name.component(number).value();
    let family = name.component(1).subcomponent(1);
    let given: Vec<String> =
        part(2).into_iter().chain(part(3).iter().flat_map(|s| s.split(' ')).map(str::to_owned)).collect();
    if family.is_none() && given.is_empty() {
        return None;
    }
    let used = match part(7).as_deref() {
        Some("L" | "C") => Some("official"),
        Some("D") => Some("usual"),
        Some("M") => Some("maiden"),
        Some("N" | "P") => Some("nickname"),
        Some("S" | "A") => Some("anonymous"),
        Some("T" | "TEMP") => Some("temp"),
        _ => None,
    };
    let mut out = Map::new();
    put(&mut out, "use", used);
    put(&mut out, "family", family);
    put(&mut out, "given", Some(given));
    put(&mut out, "prefix", part(5).map(|prefix| vec![prefix]));
    put(&mut out, "suffix", Some([part(4), part(6)].into_iter().flatten().collect::<Vec<_>>()));
    put(&mut out, "period", period(name, 12, 10));
    Some(Value::Object(out))
}

/// XAD: an address.
pub(super) fn address(address: Repetition<'_>) -> Option<Value> {
    let part = |number: usize| address.component(number).value();
    let street = address.component(1);
    // Since 2.3.1 the first component may hold house number and street apart: text, street, number.
    let first = match (street.subcomponent(1), street.subcomponent(2)) {
        (Some(number), Some(name)) => Some(format!("{number} {name}")),
        (first, second) => first.or(second),
    };
    let lines: Vec<String> = [first, part(2)].into_iter().flatten().collect();
    let mut out = Map::new();
    let used = match part(7).as_deref() {
        Some("H" | "P" | "L") => Some("home"),
        Some("B" | "O") => Some("work"),
        Some("C") => Some("temp"),
        Some("BA") => Some("old"),
        _ => None,
    };
    put(&mut out, "line", Some(lines));
    put(&mut out, "city", part(3));
    put(&mut out, "district", address.component(9).subcomponent(1));
    put(&mut out, "state", part(4));
    put(&mut out, "postalCode", part(5));
    put(&mut out, "country", part(6));
    put(&mut out, "period", period(address, 13, 12));
    if out.is_empty() {
        return None;
    }
    put(&mut out, "use", used);
    Some(Value::Object(out))
}

/// When a name or address held: two components (`from` and the one after it), or the range that older senders use.
fn period(of: Repetition<'_>, from: usize, range: usize) -> Option<Value> {
    let (old, date) = (of.component(range), |text: String| time::parse(&text).map(|moment| moment.text));
    let mut out = Map::new();
    put(&mut out, "start", of.component(from).value().or_else(|| old.subcomponent(1)).and_then(date));
    put(&mut out, "end", of.component(from + 1).value().or_else(|| old.subcomponent(2)).and_then(date));
    (!out.is_empty()).then_some(Value::Object(out))
}

/// XTN: a telephone number or another way to reach somebody; `home` says which use a plain number has.
pub(super) fn telecom(contact: Repetition<'_>) -> Option<Value> {
    let part = |number: usize| contact.component(number).value();
    let equipment = part(3);
    let mail = part(4).filter(|text| text.contains('@'));
    let spelled = || {
        let digits: Vec<String> = [part(5), part(6), part(7)].into_iter().flatten().collect();
        part(7).map(|_| digits.join(" "))
    };
    let number = part(1).or_else(|| mail.clone()).or_else(|| part(12)).or_else(spelled)?;
    let system = match equipment.as_deref() {
        _ if number.contains('@') => "email",
        Some("FX") => "fax",
        Some("BP") => "pager",
        _ => "phone",
    };
    let used = match (equipment.as_deref(), part(2).as_deref()) {
        (Some("CP"), _) | (_, Some("PRS")) => Some("mobile"),
        (_, Some("WPN")) => Some("work"),
        (_, Some("PRN" | "ORN" | "VHN")) => Some("home"),
        _ => None,
    };
    let mut out = Map::new();
    put(&mut out, "system", Some(system));
    let extension = part(8).map(|extension| format!(" ext. {extension}")).unwrap_or_default();
    put(&mut out, "value", Some(format!("{number}{extension}")));
    put(&mut out, "use", used);
    Some(Value::Object(out))
}

/// CWE, CE, CNE: a code in one or two systems and its text.
pub(super) fn codeable_concept(code: Repetition<'_>) -> Option<Value> {
    let part = |number: usize| code.component(number).value();
    let mut codings = Vec::new();
    for (value, display, system) in [(1, 2, 3), (4, 5, 6)] {
        // A text without a code is no coding.
        if let Some(value) = part(value) {
            let mut coding = Map::new();
            put(&mut coding, "system", part(system).map(|name| code_system(&name)));
            coding.insert("code".to_owned(), value.into());
            put(&mut coding, "display", part(display));
            codings.push(Value::Object(coding));
        }
    }
    let text = part(9).or_else(|| part(2)).or_else(|| part(5)).or_else(|| part(1));
    if codings.is_empty() && text.is_none() {
        return None;
    }
    let mut out = Map::new();
    put(&mut out, "coding", Some(codings));
    put(&mut out, "text", text);
    Some(Value::Object(out))
}

/// XCN: a clinician, as a reference by name and, where the source gives one, by number. XCN-8 and 9 hold who gave it.
pub(super) fn clinician(person: Repetition<'_>) -> Option<Value> {
    let part = |number: usize| person.component(number).value();
    let family = person.component(2).subcomponent(1);
    let words: Vec<String> = [part(6), part(3), part(4), family, part(5)].into_iter().flatten().collect();
    let id = part(1);
    let mut out = Map::new();
    let given_by = person.component(9);
    let system = authority(
        given_by.subcomponent(1).or_else(|| part(13)).or_else(|| part(8)).as_deref(),
        given_by.subcomponent(2).as_deref(),
    );
    // Before 2.3 a name could stand alone in the first component: letters without a digit are no number.
    let named_first = words.is_empty() && id.as_deref().is_some_and(|id| !id.bytes().any(|b| b.is_ascii_digit()));
    if named_first {
        put(&mut out, "display", id);
    } else {
        if let Some(id) = id {
            let mut identifier = Map::new();
            put(&mut identifier, "system", system);
            identifier.insert("value".to_owned(), id.into());
            out.insert("identifier".to_owned(), Value::Object(identifier));
        }
        put(&mut out, "display", (!words.is_empty()).then(|| words.join(" ")));
    }
    (!out.is_empty()).then_some(Value::Object(out))
}

/// PL: a place in a building, in words from the small to the large: `Bed 03, Room 4, Ward C3, Demo Hospital`.
pub(super) fn place(place: Repetition<'_>) -> Option<String> {
    let part = |number: usize| place.component(number).subcomponent(1);
    let mut words: Vec<String> = Vec::new();
    for text in [part(3), part(2), part(1), part(8), part(7), part(4), part(9)].into_iter().flatten() {
        if !words.contains(&text) {
            words.push(text);
        }
    }
    (!words.is_empty()).then(|| words.join(", "))
}

/// A decimal number with the digits as they came; `None` if the text is more or less than a number.
pub(super) fn decimal(text: &str) -> Option<Number> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(fraction) || (whole.is_empty() && fraction.is_empty()) || digits.len() > 40 {
        return None;
    }
    // JSON forbids what people write: `.5`, `5.` and `007`.
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let dot = if fraction.is_empty() { "" } else { "." };
    serde_json::from_str(&format!("{sign}{whole}{dot}{fraction}")).ok()
}

/// A concept that only its words are known of.
pub(super) fn words(text: &str) -> Value {
    json!({ "text": text })
}

/// A concept of FHIR's own.
pub(super) fn coded(system: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code }] })
}
