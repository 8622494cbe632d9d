//! The person of a row: which columns say who they are. Becomes a Patient resource. Must not judge who is the same as
//! whom; an NHS number that fails its check is kept as it was written, and never under the NHS number's own system.

use super::column::{Column, Scope};
use super::path::Path;
use super::table::{Located, Table};
use super::template::{Field, parse_fields};
use super::value::{Source, Value};
use serde_json::{Value as Json, json};

/// How a row names its person.
#[derive(Debug)]
pub(super) struct Person {
    /// The columns of the source's own id of the person.
    pub(super) id: Vec<Column>,
    pub(super) id_prefix: String,
    /// The identifier system of that id, if the source has one.
    pub(super) system: Option<String>,
    pub(super) nhs_number: Option<Column>,
    pub(super) fields: Vec<Field>,
    /// A row that says only who the person is, is enough.
    pub(super) alone: bool,
}

/// Keys of `[person]` that are one value at one place of the Patient.
const PLACES: [(&str, &str); 13] = [
    ("title", "name[0].prefix[0]"),
    ("name", "name[0].text"),
    ("given", "name[0].given[0]"),
    ("middle", "name[0].given[1]"),
    ("family", "name[0].family"),
    ("phone", "telecom[0].value"),
    ("sex", "gender"),
    ("birth_date", "birthDate"),
    ("death_date", "deceasedDateTime"),
    ("town", "address[0].city"),
    ("postcode", "address[0].postalCode"),
    ("practice", "generalPractitioner[0].identifier.value"),
    ("practice_name", "generalPractitioner[0].display"),
];

const ODS: &str = "https://fhir.nhs.uk/Id/ods-organization-code";

impl Person {
    /// Reads `[person]`.
    pub(super) fn parse(mut table: Table<'_>, scope: &mut Scope<'_, '_>) -> Self {
        let id = table.texts("id", scope.notes);
        if id.is_empty() {
            scope.notes.add(&table.span, "[person] needs `id`: the column of the source's own number for the person");
        }
        let id = id.iter().map(|name| scope.column(name)).collect();
        let id_prefix = table.text("id_prefix", scope.notes).map(|text| text.text).unwrap_or_default();
        let system = table.text("system", scope.notes).map(|text| text.text);
        let nhs_number = table.text("nhs_number", scope.notes).map(|name| scope.column(&name));
        let alone = table.flag("alone", scope.notes);
        let mut fields = Vec::new();
        for (key, place) in PLACES {
            let Some(value) = table.raw(key).and_then(|raw| Value::parse(raw, &format!("{key} of [person]"), scope))
            else {
                continue;
            };
            // The system of a practice's code or of a telephone number stands only where there is one.
            let fixed = match key {
                "practice" => Some(("generalPractitioner[0].identifier.system", ODS)),
                "phone" => Some(("telecom[0].system", "phone")),
                _ => None,
            };
            if let (Some((place, word)), Source::Column(column)) = (fixed, &value.source) {
                let present = Source::Presence { column: *column, filled: Some(word.to_owned()), empty: None };
                fields.extend(field(place, Value { nulls: value.nulls.clone(), ..Value::of(present) }));
            }
            fields.extend(field(place, value));
        }
        let lines: Vec<Located> = table.texts("address", scope.notes);
        for (index, line) in lines.iter().enumerate() {
            let column = scope.column(line);
            fields.extend(field(&format!("address[0].line[{index}]"), Value::column(column)));
        }
        if let Some(more) = table.table("fields", scope.notes) {
            let written = parse_fields(&more, scope);
            for one in written {
                let taken = ["resourceType", "id", "identifier"].contains(&one.path.first());
                if taken || fields.iter().any(|other| other.path.clashes(&one.path)) {
                    scope.notes.add(&more.span, format!("[person] fills `{}` already", one.name));
                }
                fields.push(one);
            }
        }
        table.finish(scope.notes);
        Self { id, id_prefix, system, nhs_number, fields, alone }
    }

    /// The identifiers of a Patient: the source's own, and the NHS number if there is one.
    pub(super) fn identifiers(&self, local: &str, nhs_number: Option<&str>) -> Json {
        let mut identifiers = vec![match &self.system {
            Some(system) => json!({"system": system, "value": local}),
            None => json!({"value": local}),
        }];
        if let Some(text) = nhs_number {
            identifiers.push(match place::NhsNumber::parse(text) {
                Ok(number) => json!({"system": "https://fhir.nhs.uk/Id/nhs-number", "value": number.as_str()}),
                Err(_) => json!({"type": {"text": "Given as an NHS number, but fails its check"}, "value": text}),
            });
        }
        Json::Array(identifiers)
    }
}

/// A field at a place that this file knows to be a path.
fn field(place: &str, value: Value) -> Option<Field> {
    Path::parse(place).ok().map(|path| Field { path, name: place.to_owned(), value })
}
