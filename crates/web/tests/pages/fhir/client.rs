//! A program with a token, and what it sends.

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};

use crate::house::{Answer, House};

/// A program.
pub(crate) struct Client<'h> {
    house: &'h House,
    token: String,
}

impl House {
    /// A program with the token of one of the demonstration's people.
    pub(crate) fn client(&self, persona: &str) -> Client<'_> {
        let request = self.anybody().request("POST", "/sign-in").header(header::ACCEPT, "application/json");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.send(request.body(Body::from(format!("persona={persona}"))).unwrap());
        assert_eq!(answer.status, StatusCode::OK, "{persona}: {}", answer.body);
        assert!(!answer.headers.contains_key(header::SET_COOKIE), "a program is given no cookie");
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        Client { house: self, token }
    }

    /// A program that has none.
    pub(crate) fn stranger(&self) -> Client<'_> {
        Client { house: self, token: String::new() }
    }
}

impl Client<'_> {
    /// A request with these headers and this body; JSON of FHIR unless a header says otherwise.
    pub(crate) fn ask(&self, method: &str, address: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut request = self.house.anybody().request(method, address).header(header::HOST, "weft.example");
        if !self.token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        }
        if !headers.iter().any(|(name, _)| *name == "content-type") && matches!(method, "POST" | "PUT") {
            request = request.header(header::CONTENT_TYPE, "application/fhir+json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.house.send(request.body(body.into()).unwrap())
    }

    pub(crate) fn get(&self, address: &str) -> Answer {
        self.ask("GET", address, &[], Body::empty())
    }

    pub(crate) fn post(&self, address: &str, resource: &Value) -> Answer {
        self.ask("POST", address, &[], resource.to_string())
    }

    pub(crate) fn put(&self, address: &str, headers: &[(&str, &str)], resource: &Value) -> Answer {
        self.ask("PUT", address, headers, resource.to_string())
    }

    /// Registers somebody invented; their id.
    pub(crate) fn register(&self, family: &str) -> String {
        let made = self.post("/fhir/Patient", &patient(family));
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        made.json()["id"].as_str().unwrap().to_owned()
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub(crate) fn word(&self, name: &str) -> &str {
        header_of(&self.headers, name)
    }

    /// The first line of an OperationOutcome: its code, place and words.
    pub(crate) fn issue(&self) -> (String, String, String) {
        let outcome = self.json();
        assert_eq!(outcome["resourceType"], "OperationOutcome", "{}", self.body);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let issue = &outcome["issue"][0];
        (text(&issue["code"]), text(&issue["expression"][0]), text(&issue["diagnostics"]))
    }
}

fn header_of<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

/// Somebody invented.
pub(crate) fn patient(family: &str) -> Value {
    let surgery = json!({ "system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "P88002" });
    json!({
        "resourceType": "Patient", "name": [{ "family": family, "given": ["Test"] }], "birthDate": "1950-06-01",
        "generalPractitioner": [{ "identifier": surgery }]
    })
}

/// A pulse of somebody's.
pub(crate) fn pulse(of: &str, value: &str) -> Value {
    let value: Value = serde_json::from_str(value).unwrap();
    json!({
        "resourceType": "Observation", "status": "final", "code": { "text": "Pulse" },
        "subject": { "reference": format!("Patient/{of}") }, "valueQuantity": { "value": value, "unit": "/min" }
    })
}
