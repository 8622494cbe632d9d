//! Demographics from Patients whole, odd and nearly empty.

use super::*;
use serde_json::json;

#[test]
fn a_whole_uk_core_patient_is_read() {
    let patient = json!({
        "resourceType": "Patient",
        "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}]},
        "identifier": [{"system": NHS_NUMBER, "value": "999 000 1006", "extension": [{
            "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
            "valueCodeableConcept": {"coding": [{"code": "01"}]}
        }]}],
        "name": [
            {"use": "maiden", "family": "Hyde", "given": ["Margaret"]},
            {"use": "official", "family": "Ashworth", "given": ["Margaret", "Ann"], "prefix": ["Mrs"]}
        ],
        "birthDate": "1938-03-14", "gender": "female",
        "telecom": [{"system": "phone", "use": "home", "value": "0000 1"}, {"system": "phone", "use": "mobile", "value": "0000 2"}],
        "address": [
            {"use": "old", "line": ["1 Gone Street"], "postalCode": "SK1 1XX"},
            {"use": "home", "line": ["12 Cotton Weaver Row"], "city": "Marple", "postalCode": "sk66xx"}
        ],
        "generalPractitioner": [
            {"display": "Dr Somebody"},
            {"identifier": {"system": ODS_CODE, "value": "p88002"}, "display": "A practice"}
        ],
        "deceasedBoolean": false
    });
    let read = Demographics::from_patient(&patient);
    assert_eq!(read.nhs_number, NhsNumber::parse("9990001006").ok());
    assert_eq!(read.nhs_number_status, NhsNumberStatus::Verified);
    assert_eq!(read.name().map(PersonName::plain).as_deref(), Some("Margaret Ann Ashworth"));
    assert_eq!(read.present_names().count(), 1);
    assert_eq!(read.birth_date.map(|date| date.to_string()).as_deref(), Some("1938-03-14"));
    assert_eq!(read.address().map(Address::plain).as_deref(), Some("12 Cotton Weaver Row, Marple, SK6 6XX"));
    assert_eq!(read.phone.as_deref(), Some("0000 2"));
    assert_eq!((read.practice_ods.as_deref(), read.practice_name.as_deref()), (Some("P88002"), Some("A practice")));
    assert_eq!(read.deceased, Some(Deceased::No));
    assert!(read.restricted);
}

#[test]
fn missing_parts_stay_missing() {
    let read = Demographics::from_patient(&json!({"resourceType": "Patient", "name": [{"use": "official"}]}));
    assert_eq!(read, Demographics::default());
    let read =
        Demographics::from_patient(&json!({"birthDate": "1938", "name": {"text": "Cher"}, "deceasedDateTime": "2020"}));
    assert_eq!((read.birth_date, read.birth_written.as_deref()), (None, Some("1938")));
    assert_eq!(read.name().map(PersonName::plain).as_deref(), Some("Cher"));
    assert_eq!(read.deceased, Some(Deceased::On("2020".to_owned())));
}

#[test]
fn an_invalid_number_is_told_from_none_and_a_valid_one_wins() {
    let of = |values: &[&str]| {
        let identifiers: Vec<Value> =
            values.iter().map(|value| json!({"system": NHS_NUMBER, "value": value})).collect();
        Demographics::from_patient(&json!({"identifier": identifiers})).nhs_number_status
    };
    assert_eq!(of(&[]), NhsNumberStatus::Absent);
    assert_eq!(of(&["1234567890"]), NhsNumberStatus::Invalid);
    assert_eq!(of(&["1234567890", "9990001006"]), NhsNumberStatus::Stated);
    assert_eq!(of(&["9990001006", "12"]), NhsNumberStatus::Stated);
}
