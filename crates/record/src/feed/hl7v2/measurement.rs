//! The value of an OBX (its type in OBX-2, value in OBX-5, unit in OBX-6, range in OBX-7) as FHIR `value[x]`. Digits stay
//! as they came, and what is not of the type it claims is kept as text: a result is never refused for its value.

use serde_json::{Map, Value, json};

use super::datatype::{codeable_concept, decimal, put};
use super::message::{Repetition, Segment};
use super::time;

/// What stands in OBX-5.
pub(super) enum Measured {
    /// A `value[x]`: its key and value.
    Value(&'static str, Value),
    /// A thing that is not shown, and the sentence that says so.
    NotShown(String),
    /// Nothing was sent.
    Nothing,
}

/// Reads the value of one OBX.
pub(super) fn measured(obx: &Segment<'_>) -> Measured {
    let field = obx.field(5);
    let first = field.repetition(0);
    let Some(whole) = field.value() else { return Measured::Nothing };
    let many = field.repetitions().nth(1).is_some();
    let kind = obx.first(2).unwrap_or_default().to_ascii_uppercase();
    let unit = unit(obx.field(6).repetition(0));
    let text = |text: String| match &unit {
        Some(unit) => Measured::Value("valueString", format!("{text} {}", unit.label).into()),
        None => Measured::Value("valueString", text.into()),
    };
    match kind.as_str() {
        "NM" | "ST" | "" if !many => quantity(&whole, unit.as_ref())
            // A plain text that happens to be digits is a number only if it has a unit or claims to be one.
            .filter(|_| kind == "NM" || unit.is_some())
            .map_or_else(|| text(whole), |quantity| Measured::Value("valueQuantity", quantity)),
        "SN" if !many => structured(first, unit.as_ref()).unwrap_or_else(|| text(whole)),
        "CE" | "CWE" | "CNE" | "CF" => {
            concept(obx).map_or(Measured::Nothing, |concept| Measured::Value("valueCodeableConcept", concept))
        }
        "DT" | "TS" | "DTM" if !many => match first.component(1).value().and_then(|text| time::parse(&text)) {
            Some(moment) => Measured::Value("valueDateTime", moment.text.into()),
            None => text(whole),
        },
        "TM" if !many => clock(&whole).map_or_else(|| text(whole), |time| Measured::Value("valueTime", time.into())),
        "TX" | "FT" => Measured::Value("valueString", field.lines().unwrap_or(whole).into()),
        "ED" => {
            let media = [first.component(2).value(), first.component(3).value()];
            let media: Vec<String> = media.into_iter().flatten().collect();
            let media = if media.is_empty() { String::new() } else { format!(" ({})", media.join("/")) };
            let empty = first.component(5).value().is_none();
            Measured::NotShown(if empty {
                format!("An embedded document{media} was announced, but is empty.")
            } else {
                format!("An embedded document{media} came with this result; it is kept in the message as it came.")
            })
        }
        _ => text(whole),
    }
}

/// A unit as it is written, and its code where the source gives one.
struct Unit {
    label: String,
    code: Option<String>,
    system: Option<&'static str>,
}

fn unit(field: Repetition<'_>) -> Option<Unit> {
    let part = |number: usize| field.component(number).value();
    let label = part(1).or_else(|| part(2))?;
    let ucum = part(3).is_some_and(|system| system.eq_ignore_ascii_case("UCUM"));
    Some(Unit { code: ucum.then(|| label.clone()), label, system: ucum.then_some("http://unitsofmeasure.org") })
}

/// A number, perhaps with `<` or `>` before it.
fn quantity(text: &str, unit: Option<&Unit>) -> Option<Value> {
    let text = text.trim();
    let (comparator, number) = ["<=", ">=", "<", ">"]
        .into_iter()
        .find_map(|mark| text.strip_prefix(mark).map(|rest| (Some(mark), rest)))
        .unwrap_or((None, text));
    let mut out = Map::new();
    out.insert("value".to_owned(), Value::Number(decimal(number)?));
    put(&mut out, "comparator", comparator);
    if let Some(unit) = unit {
        put(&mut out, "unit", Some(unit.label.as_str()));
        put(&mut out, "system", unit.system);
        put(&mut out, "code", unit.code.as_deref());
    }
    Some(Value::Object(out))
}

/// SN: comparator, number, separator, number: `>^100`, `^1^:^128`, `^2^-^4`, `^3^+`.
fn structured(sn: Repetition<'_>, unit: Option<&Unit>) -> Option<Measured> {
    let part = |number: usize| sn.component(number).value();
    let first = part(2)?;
    let plain = |text: &str| quantity(text, unit);
    match (part(1).as_deref(), part(3).as_deref(), part(4)) {
        (None, Some(":" | "/"), Some(second)) => {
            let (numerator, denominator) = (quantity(&first, None)?, quantity(&second, None)?);
            Some(Measured::Value("valueRatio", json!({ "numerator": numerator, "denominator": denominator })))
        }
        (None, Some("-"), Some(second)) => {
            Some(Measured::Value("valueRange", json!({ "low": plain(&first)?, "high": plain(&second)? })))
        }
        (comparator @ (None | Some("<" | ">" | "<=" | ">=" | "=")), None, None) => {
            let mark = comparator.filter(|&mark| mark != "=").unwrap_or_default();
            Some(Measured::Value("valueQuantity", plain(&format!("{mark}{first}"))?))
        }
        _ => {
            let words: Vec<String> = [part(1), Some(first), part(3), part(4)].into_iter().flatten().collect();
            let label = unit.map(|unit| format!(" {}", unit.label)).unwrap_or_default();
            Some(Measured::Value("valueString", format!("{}{label}", words.join(" ")).into()))
        }
    }
}

/// Coded values; several repetitions are one concept with all their codes, its text naming each.
fn concept(obx: &Segment<'_>) -> Option<Value> {
    let concepts: Vec<Value> = obx.field(5).repetitions().filter_map(codeable_concept).collect();
    if let [only] = concepts.as_slice() {
        return Some(only.clone());
    }
    let codings: Vec<Value> = concepts.iter().filter_map(|c| c.get("coding")?.as_array()).flatten().cloned().collect();
    let texts: Vec<&str> = concepts.iter().filter_map(|c| c.get("text")?.as_str()).collect();
    let mut out = Map::new();
    put(&mut out, "coding", Some(codings));
    put(&mut out, "text", (!texts.is_empty()).then(|| texts.join("; ")));
    (!out.is_empty()).then_some(Value::Object(out))
}

/// TM `HHMM[SS]` as FHIR time.
fn clock(text: &str) -> Option<String> {
    let digits = text.split(['+', '-', '.']).next().unwrap_or_default();
    let part = |from: usize| digits.get(from..from + 2);
    let second = if digits.len() == 6 { part(4)? } else { "00" };
    let plain = matches!(digits.len(), 4 | 6) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let (hour, minute) = (part(0)?, part(2)?);
    (plain && hour < "24" && minute < "60" && second < "60").then(|| format!("{hour}:{minute}:{second}"))
}

/// OBX-7: the text as it came, and its ends where it reads as two numbers or a limit.
pub(super) fn reference_range(obx: &Segment<'_>) -> Option<Value> {
    let text = obx.field(7).value()?;
    let unit = unit(obx.field(6).repetition(0));
    let bare = |text: &str| decimal(text).and_then(|_| quantity(text, unit.as_ref()));
    let mut out = Map::new();
    let limit = |marks: [&str; 2]| marks.iter().find_map(|mark| bare(text.strip_prefix(mark)?));
    if let Some(high) = limit(["<=", "<"]) {
        out.insert("high".to_owned(), high);
    } else if let Some(low) = limit([">=", ">"]) {
        out.insert("low".to_owned(), low);
    } else if let Some((low, high)) =
        text.match_indices('-').find_map(|(at, _)| Some((bare(&text[..at])?, bare(&text[at + 1..])?)))
    {
        out.insert("low".to_owned(), low);
        out.insert("high".to_owned(), high);
    }
    out.insert("text".to_owned(), text.into());
    Some(json!([out]))
}
