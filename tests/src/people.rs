//! People in messages, for tests of the index and of reading: a FHIR Patient or a small Bundle made from a few words.
//! Names are invented; NHS numbers are of the range that is never given to anybody.

use serde_json::{Value, json};

/// What a feed says of somebody.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The feed's own id for them.
    pub id: &'static str,
    /// NHS number.
    pub number: Option<&'static str>,
    /// Family name.
    pub family: &'static str,
    /// Given name.
    pub given: &'static str,
    /// `YYYY-MM-DD`.
    pub birth: &'static str,
    /// `male`, `female`; empty: not said.
    pub sex: &'static str,
    /// Postcode; empty: not said.
    pub postcode: &'static str,
    /// Code of the practice; empty: not said.
    pub practice: &'static str,
    /// Whether the address must be withheld.
    pub restricted: bool,
}

impl Said {
    /// The Patient resource.
    #[must_use]
    pub fn patient(&self) -> Value {
        let mut patient = json!({"resourceType": "Patient", "id": self.id});
        if let Some(number) = self.number {
            patient["identifier"] = json!([{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": number}]);
        }
        if !self.family.is_empty() {
            patient["name"] = json!([{"use": "official", "family": self.family, "given": [self.given]}]);
        }
        if !self.birth.is_empty() {
            patient["birthDate"] = json!(self.birth);
        }
        if !self.sex.is_empty() {
            patient["gender"] = json!(self.sex);
        }
        if !self.postcode.is_empty() {
            patient["address"] =
                json!([{"line": ["4 Hidden Bobbin Yard"], "city": "Marple", "postalCode": self.postcode}]);
        }
        if !self.practice.is_empty() {
            let code = json!({"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": self.practice});
            patient["generalPractitioner"] = json!([{"identifier": code}]);
        }
        if self.restricted {
            let system = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
            patient["meta"] = json!({"security": [{"system": system, "code": "R"}]});
        }
        patient
    }

    /// The bytes of a message that holds only the Patient.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        self.patient().to_string().into_bytes()
    }
}

/// A Bundle of resources, with the source's id for it.
#[must_use]
pub fn bundle(message_id: &str, resources: &[Value]) -> Vec<u8> {
    let entries: Vec<Value> = resources.iter().map(|resource| json!({"resource": resource})).collect();
    let mut bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entries});
    if !message_id.is_empty() {
        bundle["identifier"] = json!({"system": "urn:test", "value": message_id});
    }
    bundle.to_string().into_bytes()
}

/// Margaret Ashworth, as most sources say.
pub const MARGARET: Said = Said {
    id: "m1",
    number: Some("9990001006"),
    family: "Ashworth",
    given: "Margaret",
    birth: "1938-03-14",
    sex: "female",
    postcode: "SK6 6XX",
    practice: "P88002",
    restricted: false,
};
