//! The sample messages of another converter: odd in the ways that real senders are.

use serde_json::json;

use super::*;
use crate::feed::Merge;
use crate::feed::hl7v2::map;

#[test]
fn an_admission_with_everything_in_it() {
    let mapped = mapped("hl7v2/ADT-A01-01.hl7");
    assert_eq!(mapped.kind, "ADT^A01");
    assert_eq!(
        mapped.message_id.as_deref(),
        Some("ADTApp|GHHSFacility^2.16.840.1.122848.1.30^ISO|ADT^A01|MSG00001|198908181126+0215")
    );
    assert_eq!(mapped.as_of.unwrap().to_string(), "2029-08-01T05:51:24Z");
    let types: Vec<&str> = mapped.resources.iter().map(|one| one.resource_type.as_str()).collect();
    assert_eq!(
        types,
        ["Patient", "Encounter", "RelatedPerson", "AllergyIntolerance", "Condition", "Procedure", "Observation"]
    );

    let patient = only(&mapped, "Patient");
    assert_eq!(patient["id"], "PATID1234");
    assert_eq!(patient["identifier"].as_array().unwrap().len(), 2);
    assert_eq!(patient["identifier"][0]["system"], "urn:oid:2.16.1");
    assert_eq!(
        patient["name"][0],
        json!({
            "use": "usual", "family": "EVERYMAN", "given": ["ADAM", "A"], "prefix": ["Dr."], "suffix": ["III", "MD"],
            "period": { "start": "1924-10-12" }
        })
    );
    assert_eq!(patient["birthDate"], "1988-08-18");
    assert_eq!(patient["_birthDate"]["extension"][0]["valueDateTime"], "1988-08-18T11:26:00+02:15");
    assert_eq!(patient["deceasedDateTime"].as_str().unwrap(), "2008-08-25T11:16:30+01:15");
    assert_eq!(patient["address"][0]["line"], json!(["1000 Hospital Lane", "Ste. 123"]));
    assert_eq!(patient["telecom"][0], json!({ "system": "phone", "value": "78788788", "use": "mobile" }));
    assert_eq!(patient["generalPractitioner"][1]["display"], "Dr rold H Hippo V");

    let encounter = only(&mapped, "Encounter");
    assert_eq!(encounter["id"], "40007716");
    assert_eq!(encounter["status"], "in-progress");
    assert_eq!(encounter["class"]["code"], "PRENC");
    assert_eq!(encounter["period"], json!({ "start": "2015-02-08T11:34:19+01:10" }));
    let roles: Vec<&str> = encounter["participant"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["type"][0]["coding"][0]["code"].as_str().unwrap())
        .collect();
    assert_eq!(roles, ["ATND", "REF", "CON", "ADM"]);
    assert_eq!(encounter["participant"][0]["individual"]["display"], "Dr. Mohammed Mahi Alaz JR");
    assert_eq!(encounter["reasonCode"][0]["text"], "Chronic pharyngitis");

    let allergy = only(&mapped, "AllergyIntolerance");
    assert_eq!(allergy["code"]["coding"][0]["system"], "urn:hl7v2:coding-system:ICDO");
    assert_eq!(allergy["reaction"][0], json!({ "manifestation": [{ "text": "CODE16" }], "severity": "mild" }));
    let condition = only(&mapped, "Condition");
    assert_eq!(condition["code"]["coding"][0]["system"], "http://snomed.info/sct");
    assert_eq!(condition["verificationStatus"]["coding"][0]["code"], "provisional");
    // The sender repeats a value in a field that holds one number: what came is kept, with its unit.
    let observation = only(&mapped, "Observation");
    assert_eq!(observation["valueString"], "60~120 beats/min");
    assert_eq!(observation["effectiveDateTime"], "1999-07-02");
}

#[test]
fn the_old_messages_with_a_byte_order_mark() {
    let admitted = mapped("hl7v2/ADT01-23.hl7");
    let patient = only(&admitted, "Patient");
    assert_eq!(patient["id"], "10006579");
    assert_eq!(patient["deceasedBoolean"], false);
    assert_eq!(patient["address"][0]["city"], "FOWL");
    assert_eq!(patient["telecom"].as_array().unwrap().len(), 2);
    let encounter = only(&admitted, "Encounter");
    assert_eq!(encounter["class"]["code"], "IMP");
    assert_eq!(encounter["location"][0]["location"]["display"], "1, 101, PREOP, S");
    assert_eq!(only(&admitted, "RelatedPerson")["name"][0]["given"], json!(["HUEY"]));

    let attended = mapped("hl7v2/ADT04-28.hl7");
    assert_eq!(only(&attended, "Patient")["id"], "0000000001");
    assert_eq!(only(&attended, "Encounter")["id"], "1234");
    assert_eq!(attended.as_of.unwrap().to_string(), "2018-10-16T19:55:43Z");
}

#[test]
fn a_discharge_and_a_merge() {
    let discharged = mapped("hl7v2/ADT-A03-01.hl7");
    let encounter = only(&discharged, "Encounter");
    assert_eq!(encounter["status"], "finished");
    assert!(encounter["period"]["end"].is_string());

    let merged = mapped("hl7v2/ADT-A40-01.hl7");
    assert_eq!(merged.merges, [Merge { prior: "56789".to_owned(), surviving: "12345".to_owned() }]);
    assert_eq!(only(&merged, "Patient")["name"][0]["family"], "Test");
}

#[test]
fn results_belong_to_their_reports() {
    let mapped = mapped("hl7v2/LAB-ORU-1.hl7");
    assert_eq!(mapped.as_of.unwrap().to_string(), "2014-10-05T23:45:00Z");
    let reports = of(&mapped, "DiagnosticReport");
    let observations = of(&mapped, "Observation");
    assert_eq!((reports.len(), observations.len()), (2, 10));
    for (report, from) in reports.iter().zip([0, 5]) {
        let wanted: Vec<String> =
            observations[from..from + 5].iter().map(|one| format!("Observation/{}", one.source_id)).collect();
        let found: Vec<&str> =
            report.value["result"].as_array().unwrap().iter().map(|one| one["reference"].as_str().unwrap()).collect();
        assert_eq!(found, wanted);
    }
    let statuses: Vec<&str> = observations.iter().map(|one| one.value["status"].as_str().unwrap()).take(5).collect();
    assert_eq!(statuses, ["registered", "preliminary", "registered", "preliminary", "final"]);
    assert!(observations[1].body.contains(r#""valueQuantity":{"value":4.06,"unit":"tera.l-1"}"#));
    assert_eq!(reports[0].value["code"]["coding"][0]["system"], "http://loinc.org");
    // OBR-7 is empty; the results say when.
    assert_eq!(reports[0].value["effectiveDateTime"], "2014-10-06T06:27:00+07:00");
}

#[test]
fn results_before_any_order_are_not_lost() {
    let mapped = mapped("hl7v2/ORU-R01-01.hl7");
    let observations = of(&mapped, "Observation");
    assert_eq!(observations.len(), 5);
    let report = only(&mapped, "DiagnosticReport");
    assert_eq!(report["result"].as_array().unwrap().len(), 3);
    // `\T\` is an escaped `&`.
    assert!(report["conclusion"].as_str().unwrap().contains("O157:H7 & other STECs"));
    let culture = &observations[2].value;
    assert_eq!(culture["valueCodeableConcept"]["text"], "Salmonella species");
    assert_eq!(culture["note"].as_array().unwrap().len(), 2);
    assert_eq!(culture["interpretation"][0]["coding"][0]["code"], "A");
    assert_eq!(culture["referenceRange"][0]["high"], json!({ "value": 80, "unit": "beats/min" }));
    let document = &observations[1].value;
    assert!(document["note"][0]["text"].as_str().unwrap().contains("embedded document"));
}

#[test]
fn a_document_keeps_its_number_and_pieces() {
    let mapped = mapped("hl7v2/MDM-T02-01.hl7");
    let document = only(&mapped, "DocumentReference");
    assert_eq!(document["id"], "1.2.840.317.5947431.51.20080131160038");
    assert_eq!(document["type"]["text"], "Diagnostic imaging");
    assert_eq!(document["date"], "2008-01-31T16:00:00+02:15");
    assert_eq!(document["docStatus"], "final");
    assert_eq!(document["author"][0]["display"], "IvanDoctorovich");
    assert_eq!(document["authenticator"]["display"], "Ivan Doctorovich");
    let media: Vec<&str> = document["content"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["attachment"]["contentType"].as_str().unwrap())
        .collect();
    assert_eq!(media, ["text/plain; charset=utf-8", "application/pdf"]);
    assert_eq!(document["context"]["encounter"][0]["reference"], "Encounter/10000001");
}

#[test]
fn a_type_that_is_not_handled_waits_and_says_so() {
    for (name, kind) in [("ADT-A60-01", "ADT^A60"), ("SIU-S12-01", "SIU^S12")] {
        let reason = map(&read(&format!("hl7v2/{name}.hl7"))[0].bytes).unwrap_err();
        assert_eq!((reason.code.as_str(), reason.location.as_deref()), ("unhandled-type", Some("MSH-9")));
        assert!(reason.sentence.contains(kind), "{}", reason.sentence);
    }
}

#[test]
fn every_shared_sample_maps_or_says_why_not() {
    let Some(shared) = std::env::var_os("WEFT_SHARED_DATA") else {
        eprintln!("NOT RUN: WEFT_SHARED_DATA names no folder, so only the samples in the repository were mapped");
        return;
    };
    let handled = [
        "ADT-A01", "ADT-A02", "ADT-A03", "ADT-A04", "ADT-A08", "ADT-A11", "ADT-A13", "ADT-A28", "ADT-A31", "ADT-A40",
        "ADT01-", "ADT04-", "LAB-ORU", "ORU-R01", "MDM-T02",
    ];
    let mut count = 0;
    for entry in std::fs::read_dir(Path::new(&shared).join("clinical/hl7v2")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".hl7") {
            continue;
        }
        count += 1;
        let bytes = std::fs::read(&path).unwrap();
        let cut: Vec<RawMessage> = crate::feed::hl7v2::messages(bytes.as_slice()).collect::<Result<_, _>>().unwrap();
        assert_eq!(cut.len(), 1, "{name}");
        match map(&cut[0].bytes) {
            Ok(mapped) => {
                assert!(handled.iter().any(|start| name.starts_with(start)), "{name} was mapped");
                holds(&mapped);
            }
            Err(reason) => {
                assert!(!handled.iter().any(|start| name.starts_with(start)), "{name}: {reason}");
                assert_eq!(reason.code, "unhandled-type", "{name}");
            }
        }
    }
    assert_eq!(count, 60);
}
