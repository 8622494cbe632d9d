//! What the hospital and the practices say of invented people, for tests that need somebody to happen to.

use std::fmt::Write as _;

/// Somebody invented, with a number of the range that is kept for tests.
#[derive(Debug, Clone)]
pub(crate) struct Patient {
    pub(crate) number: String,
    pub(crate) family: &'static str,
    pub(crate) practice: &'static str,
    pub(crate) address: &'static str,
    pub(crate) postcode: &'static str,
}

impl Patient {
    pub(crate) fn new(index: u32, family: &'static str, practice: &'static str) -> Self {
        Self { number: number(index), family, practice, address: "3 Loom Street", postcode: "SK6 6ZZ" }
    }
}

/// The `index`th valid number of a stretch of the tests' range.
fn number(index: u32) -> String {
    let valid = |stem: u32| {
        let digits = format!("{stem:09}");
        let sum: u32 = digits.bytes().zip((2..=10).rev()).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        match 11 - sum % 11 {
            11 => Some(format!("{digits}0")),
            10 => None,
            check => Some(format!("{digits}{check}")),
        }
    };
    (999_400_000..).filter_map(valid).nth(index as usize).unwrap()
}

/// One ADT message. `left` is the time of a discharge; a stay goes on without one.
pub(crate) fn adt(event: &str, class: &str, patient: &Patient, came: &str, left: &str, reason: &str) -> String {
    let at = if left.is_empty() { came } else { left };
    let mut words = String::new();
    let control = format!("T{event}{}{at}", &patient.number[4..]);
    let kind = if class.is_empty() { "I" } else { class };
    write!(
        words,
        "MSH|^~\\&|PAS|Demo Hospital^RWJ^ODS|WEFT|BOROUGH|{at}||ADT^{event}^ADT_{event}|{control}|P|2.4\r\
         EVN|{event}|{at}\r\
         PID|1||S{0}^^^RWJ^MR~{0}^^^NHS^NH||{1}^Jo||19400105|F|||{2}^^Marple^^{3}^GBR^H||||||||||||||||||||NSTS01\r\
         PD1|||PRACTICE^L^{4}\r\
         PV1|1|{kind}|C3^Bay 2^Bed 04^Demo Hospital|E|||||||||||||||V{0}{came}|||||||||||||||||||||||||{came}|{left}\r\
         PV2|||1^{reason}^L\r",
        patient.number, patient.family, patient.address, patient.postcode, patient.practice,
    )
    .unwrap();
    words
}

/// A practice's bundle with one appointment.
pub(crate) fn appointment(patient: &Patient, id: &str, start: &str, what: &str) -> String {
    format!(
        r#"{{"resourceType":"Bundle","type":"transaction","identifier":{{"system":"https://gp.example/export","value":"{id}"}},
        "timestamp":"2026-11-22T06:00:00Z","entry":[
        {{"fullUrl":"https://gp.example/fhir/Patient/{0}","resource":{{"resourceType":"Patient","id":"{0}",
          "identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{0}"}}],
          "name":[{{"family":"{1}","given":["Jo"]}}],"birthDate":"1940-01-05","gender":"female",
          "generalPractitioner":[{{"identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{2}"}}}}]}},
          "request":{{"method":"PUT","url":"Patient/{0}"}}}},
        {{"fullUrl":"https://gp.example/fhir/Appointment/{id}","resource":{{"resourceType":"Appointment","id":"{id}",
          "status":"booked","description":"{what}","start":"{start}",
          "participant":[{{"actor":{{"reference":"Patient/{0}"}},"status":"accepted"}},
                         {{"actor":{{"display":"Nurse D. Sample"}},"status":"accepted"}}]}},
          "request":{{"method":"PUT","url":"Appointment/{id}"}}}}]}}"#,
        patient.number, patient.family, patient.practice
    )
}

/// The community extract's columns, and one contact or caseload entry.
pub(crate) fn community(patient: &Patient, kind: &str, id: &str, service: &str, start: &str, outcome: &str) -> String {
    format!(
        "Row No,Client ID,NHS No,Family Name,Given Name,Date Of Birth,Gender,Post Code,GP Code,Record Type,Activity ID,Service,\
         Team,Start,End,Contact Method,Location,Reason,Outcome,Clinician,Discipline,Priority,Discharge Reason,Last Updated\n\
         1,C{0},{0},{1},Jo,05-Jan-1940,Female,{2},{3},{kind},{id},{service},A team,{start},,Home visit,Own home,Wound,{outcome},\
         Nurse F. Test,Community nurse,,,2026-11-22 06:00:00\n",
        patient.number, patient.family, patient.postcode, patient.practice
    )
}
