//! A resource template: which rows it applies to, the resource's type and id, and its fields. Parsed from `[[resource]]`.
//! Knows of FHIR only which element of each type names the person; must not read a row (that is `row`).

use super::column::{Column, Scope, expand};
use super::condition::{self, Condition};
use super::path::Path;
use super::table::Table;
use super::value::Value;
use crate::fact::Kind;
use serde_json::{Value as Json, json};

/// A place in the resource and what goes there.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) path: Path,
    /// The path as it was written, for sentences.
    pub(super) name: String,
    pub(super) value: Value,
}

/// One kind of resource that a row may become.
#[derive(Debug, Clone)]
pub(super) struct Template {
    pub(super) resource_type: String,
    /// What every resource of the template has: type, tag. Cloned for each.
    pub(super) base: Json,
    pub(super) subject: Path,
    pub(super) id: Vec<Column>,
    pub(super) id_prefix: String,
    pub(super) when: Vec<Condition>,
    pub(super) fields: Vec<Field>,
}

/// The element that names the person, by resource type (FHIR R4). A type that is not here cannot be mapped from a row.
const SUBJECTS: [(&str, &str); 32] = [
    ("AdverseEvent", "subject"),
    ("AllergyIntolerance", "patient"),
    ("Appointment", "participant[0].actor"),
    ("CarePlan", "subject"),
    ("CareTeam", "subject"),
    ("ClinicalImpression", "subject"),
    ("Communication", "subject"),
    ("Composition", "subject"),
    ("Condition", "subject"),
    ("Consent", "patient"),
    ("DeviceRequest", "subject"),
    ("DiagnosticReport", "subject"),
    ("DocumentReference", "subject"),
    ("Encounter", "subject"),
    ("EpisodeOfCare", "patient"),
    ("Flag", "subject"),
    ("Goal", "subject"),
    ("Immunization", "patient"),
    ("List", "subject"),
    ("MedicationAdministration", "subject"),
    ("MedicationDispense", "subject"),
    ("MedicationRequest", "subject"),
    ("MedicationStatement", "subject"),
    ("NutritionOrder", "patient"),
    ("Observation", "subject"),
    ("Procedure", "subject"),
    ("QuestionnaireResponse", "subject"),
    ("RelatedPerson", "patient"),
    ("RiskAssessment", "subject"),
    ("ServiceRequest", "subject"),
    ("Specimen", "subject"),
    ("Task", "for"),
];

impl Template {
    /// Reads one `[[resource]]`: one template, or one for each column of its `for_each`.
    pub(super) fn parse(table: &Table<'_>, scope: &mut Scope<'_, '_>) -> Vec<Self> {
        let mut table = table.again();
        let mut each = Vec::new();
        for name in table.texts("for_each", scope.notes) {
            match expand(&name.text) {
                Ok(columns) => each.extend(columns.into_iter().map(Some)),
                Err(sentence) => scope.notes.add(&name.span, sentence),
            }
        }
        if each.is_empty() {
            each.push(None);
        }
        let mut templates = Vec::new();
        for one in each {
            scope.each = one;
            templates.extend(Self::parse_one(table.again(), scope));
            scope.each = None;
        }
        templates
    }

    fn parse_one(mut table: Table<'_>, scope: &mut Scope<'_, '_>) -> Option<Self> {
        let _ = table.raw("for_each");
        let type_text = table.needed_text("type", scope.notes);
        let id = table.texts("id", scope.notes);
        if id.is_empty() {
            scope.notes.add(
                &table.span,
                "[[resource]] needs `id`: the columns that make the source's own id of this resource",
            );
        }
        let id = id.iter().map(|name| scope.column(name)).collect();
        let id_prefix = table.text("id_prefix", scope.notes).map(|text| scope.filled(&text)).unwrap_or_default();
        let kind = table.text("kind", scope.notes).and_then(|word| {
            let known = serde_json::from_value::<Kind>(Json::String(word.text.clone())).is_ok();
            if !known {
                scope.notes.add(&word.span, format!("`{}` is not a kind of fact; use alert, problem, medicine, result, encounter, procedure, document, social-care, plan, contact...", word.text));
            }
            known.then_some(word.text)
        });
        let when = condition::list(&mut table, "when", scope);
        let mut fields = Vec::new();
        match table.table("fields", scope.notes) {
            Some(written) => fields = parse_fields(&written, scope),
            None if !table.has("fields") => scope.notes.add(&table.span, "[[resource]] needs [resource.fields]"),
            None => {}
        }
        table.finish(scope.notes);
        let type_text = type_text?;
        let Some((_, subject)) = SUBJECTS.iter().find(|(name, _)| *name == type_text.text) else {
            let known: Vec<_> = SUBJECTS.iter().map(|(name, _)| *name).collect();
            let what =
                format!("`{}` is not a type that a row can become; use one of {}", type_text.text, known.join(", "));
            scope.notes.add(&type_text.span, what);
            return None;
        };
        for field in &fields {
            if [*subject, "resourceType", "id"].contains(&field.path.first()) {
                let what = format!("{}: the mapping fills `{}` itself", field.name, field.path.first());
                scope.notes.add(&type_text.span, what);
            }
        }
        let mut base = json!({"resourceType": type_text.text, "id": null});
        if let Some(kind) = kind {
            base["meta"] = json!({"tag": [{"system": "https://weft.example/kind", "code": kind}]});
        }
        let subject = Path::parse(subject).ok()?;
        Some(Self { resource_type: type_text.text, base, subject, id, id_prefix, when, fields })
    }
}

/// Reads a table of `path = value`, and notes paths that cannot both be filled.
pub(super) fn parse_fields(table: &Table<'_>, scope: &mut Scope<'_, '_>) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for (key, raw) in table.entries() {
        let path = match Path::parse(&key.text) {
            Ok(path) => path,
            Err(sentence) => {
                scope.notes.add(&key.span, sentence);
                continue;
            }
        };
        if let Some(other) = fields.iter().find(|other| other.path.clashes(&path)) {
            scope.notes.add(&key.span, format!("`{}` and `{}` cannot both be filled", key.text, other.name));
        }
        if let Some(value) = Value::parse(raw, &format!("field \"{}\"", key.text), scope) {
            fields.push(Field { path, name: key.text, value });
        }
    }
    fields
}
