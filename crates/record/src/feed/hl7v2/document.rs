//! MDM^T02: TXA and the OBX beneath it as a FHIR DocumentReference, the letter itself within. Must not read the letter.

use serde_json::{Map, Value, json};

use super::clinical::code_key;
use super::datatype::{clinician, codeable_concept, coded, each, put, words};
use super::message::Segment;
use super::observation::note;
use super::statement::{Statement, derived_id};
use super::time::moment;
use crate::feed::Reason;

/// Adds the document that a notification carries.
pub(super) fn add_document(statement: &mut Statement<'_>, segments: &[Segment<'_>]) -> Result<(), Reason> {
    let Some(txa) = segments.iter().find(|segment| segment.name() == "TXA") else {
        let sentence = "This is a document notification without a TXA segment, so it does not say which document. Ask the \
                        sender to send it whole.";
        return Err(Reason::new("no-document", sentence).at("TXA"));
    };
    let number = document_number(txa, 12);
    let mut out = Map::new();
    put(&mut out, "masterIdentifier", number.as_ref().map(|number| json!({ "value": number })));
    let status = match txa.first(19).as_deref() {
        Some("OB") => "superseded",
        Some("CA") => "entered-in-error",
        _ => "current",
    };
    put(&mut out, "status", Some(status));
    put(&mut out, "docStatus", txa.first(17).map(|code| completion(&code)));
    put(&mut out, "type", txa.first(2).map(|code| kind(&code, codeable_concept(txa.field(2).repetition(0)))));
    put(&mut out, "subject", Some(statement.subject()));
    let active = moment(txa, 4)?;
    let written = moment(txa, 6)?.or(moment(txa, 7)?);
    let date = written.or(active).or(moment(txa, 8)?);
    put(&mut out, "date", date.as_ref().filter(|moment| moment.timed).map(|moment| moment.text.clone()));
    let mut authors = each(txa.field(9), clinician);
    if authors.is_empty() {
        authors = each(txa.field(5), clinician);
    }
    put(&mut out, "author", Some(authors));
    let signed = each(txa.field(22), clinician).into_iter().next();
    put(&mut out, "authenticator", signed.or_else(|| each(txa.field(10), clinician).into_iter().next()));
    put(&mut out, "custodian", statement.sender());
    let confidential = match txa.first(18).as_deref() {
        Some("R" | "RE") => Some("R"),
        Some("V") => Some("V"),
        Some("U" | "UC") => Some("N"),
        _ => None,
    };
    let system = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    put(&mut out, "securityLabel", confidential.map(|code| vec![coded(system, code)]));
    let notes: Vec<String> = segments.iter().filter(|segment| segment.name() == "NTE").filter_map(note).collect();
    put(&mut out, "description", (!notes.is_empty()).then(|| notes.join("\n")));
    put(&mut out, "content", Some(contents(txa, segments)));
    let mut context = Map::new();
    put(&mut context, "encounter", statement.encounter().map(|visit| vec![visit]));
    // A date without a time cannot stand as `date`, which is an instant; as a period it can.
    let day = date.filter(|moment| !moment.timed).map(|moment| json!({ "start": moment.text, "end": moment.text }));
    put(&mut context, "period", day);
    put(&mut context, "related", document_number(txa, 13).map(|number| json!([{ "identifier": { "value": number } }])));
    put(&mut out, "context", Some(context));
    let id = number.unwrap_or_else(|| {
        let control = statement.header.first(10).unwrap_or_default();
        derived_id("document", &[&statement.local, &control])
    });
    statement.add("DocumentReference", &id, out);
    Ok(())
}

/// EI: the number; an authority that is an identifier in itself is not needed to tell documents of one feed apart.
fn document_number(txa: &Segment<'_>, field: usize) -> Option<String> {
    let number = txa.field(field).repetition(0);
    number.component(1).value().or_else(|| number.component(3).value())
}

/// TXA-17 (table 0271).
fn completion(code: &str) -> &'static str {
    match code {
        "AU" | "LA" => "final",
        _ => "preliminary",
    }
}

/// TXA-2: the codes of table 0270 in words, unless the source has its own.
fn kind(code: &str, sent: Option<Value>) -> Value {
    let words = match code {
        "AR" => "Autopsy report",
        "CD" => "Cardiodiagnostics",
        "CN" => "Consultation",
        "DI" => "Diagnostic imaging",
        "DS" | "DIS" => "Discharge summary",
        "ED" => "Emergency department report",
        "HP" => "History and physical examination",
        "OP" => "Operative report",
        "PC" => "Psychiatric consultation",
        "PH" => "Psychiatric history and physical examination",
        "PN" => "Procedure note",
        "PR" => "Progress note",
        "SP" => "Surgical pathology",
        "TS" => "Transfer summary",
        _ => return sent.unwrap_or_else(|| words(code)),
    };
    let own_words = sent.as_ref().and_then(|sent| sent.get("text")?.as_str()).filter(|text| *text != code);
    let system = "http://terminology.hl7.org/CodeSystem/v2-0270";
    json!({ "coding": [{ "system": system, "code": code, "display": words }], "text": own_words.unwrap_or(words) })
}

/// The document: the lines of text as one, and each embedded thing. FHIR wants at least one, be it only a title.
fn contents(txa: &Segment<'_>, segments: &[Segment<'_>]) -> Vec<Value> {
    let title = txa.field(2).repetition(0).component(2).value().or_else(|| txa.field(16).value());
    let mut lines: Vec<String> = Vec::new();
    let mut attachments: Vec<Map<String, Value>> = Vec::new();
    for obx in segments.iter().filter(|segment| segment.name() == "OBX") {
        let name = codeable_concept(obx.field(3).repetition(0)).and_then(|c| Some(c.get("text")?.as_str()?.to_owned()));
        match obx.first(2).as_deref() {
            Some("ED") => attachments.push(embedded(obx, name)),
            Some("TX" | "FT" | "ST") => lines.push(obx.field(5).lines().unwrap_or_default()),
            // A pointer or a code beside the document: its words are part of what was sent.
            _ => lines.extend(
                obx.field(5)
                    .value()
                    .map(|text| format!("{}: {text}", name.unwrap_or(code_key(obx.field(3).repetition(0))))),
            ),
        }
    }
    if lines.iter().any(|line| !line.is_empty()) {
        let mut text = Map::new();
        put(&mut text, "contentType", Some("text/plain; charset=utf-8"));
        put(&mut text, "data", Some(base64(lines.join("\n").as_bytes())));
        attachments.insert(0, text);
    }
    if attachments.is_empty() {
        attachments.push(Map::new());
    }
    attachments
        .into_iter()
        .map(|mut attachment| {
            attachment.entry("title").or_insert_with(|| title.clone().unwrap_or("Document".to_owned()).into());
            json!({ "attachment": attachment })
        })
        .collect()
}

/// ED: source, kind, format, encoding, data.
fn embedded(obx: &Segment<'_>, name: Option<String>) -> Map<String, Value> {
    let data = obx.field(5).repetition(0);
    let part = |number: usize| data.component(number).value();
    let format = part(3).unwrap_or_default().to_ascii_lowercase();
    let media = match (part(2).unwrap_or_default().to_ascii_lowercase().as_str(), format.as_str()) {
        (_, "pdf") => "application/pdf".to_owned(),
        (_, "rtf") => "text/rtf".to_owned(),
        (_, "html") => "text/html".to_owned(),
        ("text" | "tx" | "ft", "" | "plain") => "text/plain; charset=utf-8".to_owned(),
        (kind, form) if !kind.is_empty() && !form.is_empty() => format!("{kind}/{form}"),
        _ => "application/octet-stream".to_owned(),
    };
    let mut out = Map::new();
    put(&mut out, "contentType", Some(media));
    let encoded = part(5).map(|text| match part(4).unwrap_or_default().to_ascii_uppercase().as_str() {
        "BASE64" => text.chars().filter(|c| !c.is_whitespace()).collect(),
        // Text, or hexadecimal digits, as they stand: still what was sent, and still readable.
        _ => base64(text.as_bytes()),
    });
    put(&mut out, "data", encoded);
    put(&mut out, "title", name);
    out
}

/// RFC 4648 base64 with padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place <= chunk.len() {
                let index = (group >> (18 - 6 * place)) & 63;
                out.push(char::from(LETTERS[index as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_agrees_with_the_examples_of_its_standard() {
        let examples =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")];
        for (plain, encoded) in examples {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }
}
