//! HL7's own R4 examples, each put under its own id, come back equal in meaning, decimals with their digits.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use store::Dialect;
use weft_tests::api::{Api, sent};
use weft_tests::{left_out, on_both};

use super::synthea::{ordered, unnamed};
use super::{tally, with_id};

/// No resources to keep: carried, never stored.
const CARRIED: [&str; 3] = ["Bundle", "Parameters", "OperationOutcome"];

/// Examples that do not keep to R4 themselves: the definitions say why.
const NOT_R4: &[&str] = &[
    "CodeSystem-v2-0550",
    "DeviceMetric-example",
    "DeviceUseStatement-example",
    "ImplementationGuide-fhir",
    "MedicationRequest-medrx0301",
    "Observation-clinical-gender",
    "Questionnaire-qs1",
    "SearchParameter-codesystem-extensions-CodeSystem-author",
    "SearchParameter-codesystem-extensions-CodeSystem-effective",
    "SearchParameter-codesystem-extensions-CodeSystem-end",
    "SearchParameter-codesystem-extensions-CodeSystem-keyword",
    "SearchParameter-codesystem-extensions-CodeSystem-workflow",
    "SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject",
    "SearchParameter-valueset-extensions-ValueSet-author",
    "SearchParameter-valueset-extensions-ValueSet-effective",
    "SearchParameter-valueset-extensions-ValueSet-end",
    "SearchParameter-valueset-extensions-ValueSet-keyword",
    "SearchParameter-valueset-extensions-ValueSet-workflow",
    "StructureDefinition-Definition",
    "StructureDefinition-Event",
    "StructureDefinition-FiveWs",
    "StructureDefinition-Request",
    "ig-r4",
];
/// Their patient stands only inside them, without an NHS number: nobody could be told who looks at it.
const CONTAINED: &[&str] = &[
    "Claim-100152",
    "Claim-100154",
    "Claim-100155",
    "Claim-MED-00050",
    "Observation-10minute-apgar-score",
    "Observation-1minute-apgar-score",
    "Observation-20minute-apgar-score",
    "Observation-2minute-apgar-score",
    "Observation-5minute-apgar-score",
    "QuestionnaireResponse-3141",
];
/// They name their patient by a name alone, which tells nobody apart.
const NAME_ALONE: &[&str] = &[
    "DiagnosticReport-gingival-mass",
    "Observation-vp-oyster",
    "Procedure-education",
    "Procedure-ob",
    "ServiceRequest-appendectomy-narrative",
    "ServiceRequest-education",
    "ServiceRequest-ob",
    "SupplyDelivery-pumpdelivery",
];
/// Their patient is at another address.
const ELSEWHERE: &[&str] = &[
    "QuestionnaireResponse-bb",
    "QuestionnaireResponse-ussg-fht-answers",
    "ServiceRequest-myringotomy",
    "Person-f002",
    "Person-grahame",
    "Person-pd",
    "Person-pp",
];

/// Each of these must still be refused.
fn refused_ones() -> impl Iterator<Item = &'static str> {
    [NOT_R4, CONTAINED, NAME_ALONE, ELSEWHERE].concat().into_iter()
}

/// HL7's package as the build of the definitions installs it.
fn package() -> Option<PathBuf> {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/fhir/node_modules/hl7.fhir.r4.examples");
    let given = std::env::var_os("WEFT_DEFINITIONS_DIR").map(PathBuf::from);
    given.into_iter().chain([installed]).find(|folder| folder.join("package.json").is_file())
}

/// Every example that is a resource to keep: name, text, value.
fn examples(folder: &Path) -> Vec<(String, String, Value)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut examples = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let Ok(value) = serde_json::from_str::<Value>(&text) else { continue };
        let Some(kind) = value["resourceType"].as_str() else { continue };
        if !CARRIED.contains(&kind) && value["id"].is_string() {
            examples.push((file.file_stem().unwrap().to_string_lossy().into_owned(), text, value));
        }
    }
    examples
}

/// The Patients that some examples speak of and the package has not.
fn spoken_of(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(written)) = fields.get("reference")
                && let Some(id) = written.strip_prefix("Patient/")
            {
                found.insert(id.split('/').next().unwrap_or_default().to_owned());
            }
            fields.values().for_each(|inner| spoken_of(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|item| spoken_of(item, found)),
        _ => {}
    }
}

/// Puts texts under their ids, many in a batch; what became of each.
fn put(api: &Api, some: &[&(String, String, Value)]) -> Vec<(u16, String)> {
    let entries: Vec<String> = some
        .iter()
        .map(|(_, text, value)| {
            let (kind, id) = (value["resourceType"].as_str().unwrap(), value["id"].as_str().unwrap());
            format!(r#"{{"resource":{text},"request":{{"method":"PUT","url":"{kind}/{id}"}}}}"#)
        })
        .collect();
    let bundle = format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{}]}}"#, entries.join(","));
    let done = api.bytes(bundle.as_bytes()).unwrap();
    done.iter()
        .map(|one| {
            let why =
                one.issues.first().map(|issue| format!("{}: {}", issue.at.clone().unwrap_or_default(), issue.words));
            (one.status, why.unwrap_or_default())
        })
        .collect()
}

/// What a client who has only just made people known may not write: what is nobody's and says more than a directory does
/// (nobody has a relationship to it), and what is sensitive (of a person who is not registered with them).
fn is_closed(value: &Value) -> bool {
    let kind = value["resourceType"].as_str().unwrap();
    let mut patients = BTreeSet::new();
    let elements = ["subject", "patient", "individual", "beneficiary", "for"];
    for element in elements.into_iter().filter(|_| kind != "Contract") {
        if let Some(element) = value.get(element) {
            spoken_of(element, &mut patients);
        }
    }
    let open = [access::Class::Directory, access::Class::Nobody].contains(&record::search::class(kind, value));
    let nobodys = !open && patients.is_empty();
    nobodys || record::sensitivity::of(kind, value) != access::Sensitivity::Ordinary
}

#[test]
fn the_examples_of_r4_come_back_equal_in_meaning() {
    let Some(folder) = package() else {
        return left_out("HL7's package of examples is not installed; `cargo xtask test` brings it");
    };
    let all = examples(&folder);
    on_both(|database| {
        let api = Api::of(database.open());
        // The server takes as long as a file does for a tenth of them.
        let every = if database.dialect() == Dialect::Sqlite { 1 } else { 10 };
        let some: Vec<&(String, String, Value)> = all.iter().step_by(every).collect();
        let mut patients = BTreeSet::new();
        some.iter().for_each(|(_, _, value)| spoken_of(value, &mut patients));
        let patients: Vec<(String, String, Value)> = patients
            .into_iter()
            .map(|id| with_id(json!({"resourceType": "Patient", "active": true}), &id))
            .map(|patient| (String::new(), patient.to_string(), patient))
            .collect();
        for chunk in patients.iter().collect::<Vec<_>>().chunks(200) {
            let _ = put(&api, chunk);
        }
        let (mut refused, mut came_back, mut closed) = (BTreeMap::new(), 0, 0);
        for chunk in some.chunks(200) {
            for ((name, text, value), (status, why)) in chunk.iter().zip(put(&api, chunk)) {
                // Weft's own AuditEvents are its looks: nobody writes one.
                let audit = status == 400 && value["resourceType"] == "AuditEvent";
                if audit || status == 403 && is_closed(value) {
                    closed += 1;
                    continue;
                }
                if !matches!(status, 200 | 201) {
                    refused.insert(name.as_str(), format!("{status} {why}"));
                    continue;
                }
                came_back += 1;
                let (kind, id) = (value["resourceType"].as_str().unwrap(), value["id"].as_str().unwrap());
                // As a read would send it, without a look at each of a thousand people.
                let row = record::interaction::row_id(kind, id);
                let mut shown = sent(&api.store.read(|tx| store::resource::current(tx, row)).unwrap().unwrap());
                let mut wanted: Value = serde_json::from_str(text).unwrap();
                unnamed(&mut wanted);
                unnamed(&mut shown);
                assert_eq!(ordered(&shown).to_string(), ordered(&wanted).to_string(), "{name}");
            }
        }
        let known: BTreeSet<&str> = refused_ones().filter(|name| some.iter().any(|one| one.0 == *name)).collect();
        let surprising: Vec<_> = refused.iter().filter(|(name, _)| !known.contains(*name)).collect();
        assert!(surprising.is_empty(), "{} refused:\n{surprising:#?}", surprising.len());
        assert_eq!(refused.len(), known.len(), "some of the known are taken now: {refused:?}");
        assert!((1..150).contains(&(closed * every)), "{closed} are closed");
        assert!(came_back * every > 4_400, "only {came_back} came back");
        tally(&api.store);
    });
}
