//! Whose a resource is: follows its reference to the patient, within the Bundle if it points there. It must not guess:
//! a reference it cannot follow is a reason to refuse the message, not to file the resource under nobody.

use std::collections::HashMap;

use place::NhsNumber;
use serde_json::Value;

use super::types::{Whose, whose};
use crate::feed::{Reason, Subject};
use crate::resource::{self, NHS_NUMBER, each, literal, text};

/// What the entries of a Bundle are called: by `fullUrl`, and by the type and id in it.
#[derive(Default)]
pub(crate) struct Neighbours(HashMap<String, (String, String)>);

impl Neighbours {
    pub(super) fn with_capacity(entries: usize) -> Self {
        Self(HashMap::with_capacity(entries * 2))
    }

    /// Notes that an entry is the resource of this type and source id.
    pub(super) fn add(&mut self, full_url: Option<&str>, resource_type: &str, source_id: &str) {
        let Some(url) = full_url else { return };
        let entry = (resource_type.to_owned(), source_id.to_owned());
        if let Some((kind, id)) = literal(url) {
            // The address may be called by another id than the resource's own.
            if id != source_id {
                self.0.insert(format!("{kind}/{id}"), entry.clone());
            }
        }
        self.0.insert(url.to_owned(), entry);
    }

    fn find(&self, written: &str) -> Option<&(String, String)> {
        self.0.get(written).or_else(|| {
            let (kind, id) = literal(written)?;
            self.0.get(&format!("{kind}/{id}"))
        })
    }
}

/// Whose this resource is. `place` is its entry, or empty for a resource that came alone.
pub(crate) fn of(
    resource_type: &str,
    source_id: &str,
    value: &Value,
    neighbours: &Neighbours,
    place: &str,
) -> Result<Subject, Reason> {
    let seeker =
        Seeker { value, neighbours, at: if place.is_empty() { String::new() } else { format!("{place}.resource.") } };
    let missing = |element: &str| {
        let what = if place.is_empty() { resource_type.to_owned() } else { format!("{place}, {resource_type},") };
        Reason::new("no-subject", format!("{what} does not say which patient it is about; send it with its {element}."))
            .at(format!("{}{element}", seeker.at))
    };
    match whose(resource_type) {
        Some(Whose::Own) => Ok(Subject::Person(source_id.to_owned())),
        Some(Whose::Must(element)) => seeker.follow(value.get(element), element)?.ok_or_else(|| missing(element)),
        Some(Whose::May(element)) => Ok(seeker.follow(value.get(element), element)?.unwrap_or(Subject::Nobody)),
        Some(Whose::Among(list, element)) => {
            let mut found = None;
            for (index, item) in each(value, list).enumerate() {
                let subject = seeker.follow(item.get(element), &format!("{list}[{index}].{element}"));
                match subject {
                    Ok(Some(Subject::Nobody) | None) => {}
                    // A practitioner among the participants may be written in a way that only matters for a patient.
                    Err(reason) => found = found.or(Some(Err(reason))),
                    Ok(Some(subject)) => return Ok(subject),
                }
            }
            found.unwrap_or_else(|| Err(missing(&format!("{list}.{element}"))))
        }
        Some(Whose::Nobody) | None => Ok(Subject::Nobody),
    }
}

/// The element of a type that says whose it is; the id where it is its own.
pub(crate) fn element(resource_type: &str) -> String {
    match whose(resource_type) {
        Some(Whose::Must(element) | Whose::May(element)) => element.to_owned(),
        Some(Whose::Among(list, element)) => format!("{list}.{element}"),
        Some(Whose::Own | Whose::Nobody) | None => "id".to_owned(),
    }
}

/// Follows references of one resource.
struct Seeker<'a> {
    value: &'a Value,
    neighbours: &'a Neighbours,
    at: String,
}

impl Seeker<'_> {
    /// The subject a reference names: `None` if there is no reference, `Nobody` if it names something that is no patient.
    fn follow(&self, reference: Option<&Value>, element: &str) -> Result<Option<Subject>, Reason> {
        let Some(reference) = reference.filter(|reference| !reference.is_null()) else { return Ok(None) };
        let stated = text(reference, "type");
        if stated.is_some_and(|stated| stated != "Patient") {
            return Ok(Some(Subject::Nobody));
        }
        let Some(written) = text(reference, "reference") else { return self.logical(reference, element) };
        if let Some((kind, id)) = self.neighbours.find(written) {
            return Ok(Some(if kind == "Patient" { Subject::Person(id.clone()) } else { Subject::Nobody }));
        }
        if let Some(id) = written.strip_prefix("urn:uuid:").or_else(|| written.strip_prefix("urn:oid:")) {
            return Ok(Some(Subject::Person(id.to_owned())));
        }
        if let Some(inside) = written.strip_prefix('#') {
            return self.contained(inside, element);
        }
        if let Some(query) = written.split_once('?').filter(|(path, _)| path.rsplit('/').next() == Some("Patient")) {
            return self.conditional(query.1, element);
        }
        match literal(written) {
            Some(("Patient", id)) => Ok(Some(Subject::Person(id.to_owned()))),
            Some(_) => Ok(Some(Subject::Nobody)),
            None if written.contains('?') => Ok(Some(Subject::Nobody)),
            None => Err(self.unresolvable(element, "is not written as FHIR writes a reference")),
        }
    }

    /// A reference by identifier only.
    fn logical(&self, reference: &Value, element: &str) -> Result<Option<Subject>, Reason> {
        let Some(identifier) = reference.get("identifier") else {
            // A name alone (`display`) tells nobody apart.
            return Ok(None);
        };
        match (text(identifier, "system"), text(identifier, "value")) {
            (Some(NHS_NUMBER), Some(number)) => self.nhs_number(number, element).map(Some),
            _ => Err(self.unresolvable(element, "names the patient by an identifier that is not an NHS number")),
        }
    }

    /// `Patient?identifier=system|value`.
    fn conditional(&self, query: &str, element: &str) -> Result<Option<Subject>, Reason> {
        let asked = query.split('&').find_map(|part| part.strip_prefix("identifier="));
        let decoded = asked.map(percent_decoded);
        match decoded.as_deref().and_then(|asked| asked.split_once('|')) {
            Some((NHS_NUMBER, number)) => self.nhs_number(number, element).map(Some),
            _ => Err(self.unresolvable(element, "asks for a patient by something other than the NHS number")),
        }
    }

    /// A patient carried inside the resource, known only if an NHS number is with it.
    fn contained(&self, inside: &str, element: &str) -> Result<Option<Subject>, Reason> {
        let found = each(self.value, "contained").find(|item| text(item, "id") == Some(inside));
        match found {
            Some(item) if text(item, "resourceType") != Some("Patient") => Ok(Some(Subject::Nobody)),
            Some(item) => match resource::identifier(item, NHS_NUMBER) {
                Some(number) => self.nhs_number(number, element).map(Some),
                None => Err(self.unresolvable(element, "names a patient inside the resource who has no NHS number")),
            },
            None => Err(self.unresolvable(element, "names something inside the resource that is not there")),
        }
    }

    fn nhs_number(&self, number: &str, element: &str) -> Result<Subject, Reason> {
        NhsNumber::parse(number)
            .map(Subject::NhsNumber)
            .map_err(|error| self.unresolvable(element, &format!("gives an NHS number that is not one ({error})")))
    }

    fn unresolvable(&self, element: &str, why: &str) -> Reason {
        let place = format!("{}{element}", self.at);
        Reason::new(
            "unresolvable-reference",
            format!("{place} {why}; refer to the patient by the feed's own id or by NHS number."),
        )
        .at(place)
    }
}

/// Text of a query with its percent escapes undone.
fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = (byte == b'%')
            .then(|| bytes.get(at + 1..at + 3))
            .flatten()
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(escaped.unwrap_or(byte));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}
